"""A sheet that the committee leaves too long, and who gets a copy of a decided one: as the sheet's flow says."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from jifen.approvals import quorum
from jifen.approvals.definition import Limit
from jifen.approvals.models import Flow
from jifen.clocks import jobs
from jifen.clocks.jobs import Next
from jifen.inbox import kinds
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.tenancy import require_town
from jifen.web.wording import period_cn
from scoring.models import Review, ReviewState
from scoring.selectors import sitting

LIMIT = "review.limit"
LATE, COPY = "review_late", "review_copy"
kinds.register(LATE, "月审核超时")
kinds.register(COPY, "抄送的月审核")
EVERY = timedelta(days=2)
HOUR = 8
VILLAGE, OFFICE = "/village/", "/office/months/"


def plan(flow: Flow) -> None:
    """When the sheets opened today have been with the committee for as long as the flow lets them."""
    limit = quorum.sitting(flow).limit
    if limit is not None:
        today = clock.today()
        jobs.plan(require_town(), [Next(LIMIT, f"{today}", clock.now() + _length(limit))])


def again(review: Review) -> None:
    """The town has sent the sheet back: its chairs have as long as they had before."""
    anew([review])


def anew(sheets: Iterable[Review]) -> None:
    """The chairs of these sheets have as long as their flow lets them, from now on; what was late is not any more."""
    now, rows = clock.now(), list(sheets)
    Review.objects.filter(pk__in=[review.pk for review in rows]).update(limit_from=now)
    for review in rows:
        review.limit_from = now
    inbox.settle_all(topics=[_topic(review) for review in rows])
    dues = {(day_of(review.opened_at), due) for review in rows if (due := due_at(review)) is not None}
    jobs.plan(require_town(), [Next(LIMIT, f"{opened}@{day_of(due)}", due) for opened, due in sorted(dues)])


def due_at(review: Review) -> datetime | None:
    """When its chairs have had the sheet for as long as its flow lets them; ``None``: it sets no limit."""
    limit = sitting.step_of(review).limit
    return None if limit is None else (review.limit_from or review.opened_at) + _length(limit)


def day_of(moment: datetime) -> date:
    return moment.astimezone(clock.TIME_ZONE).date()


def watch(period: str) -> list[Next]:
    """``2025-04-01``, later ``2025-04-01@2025-04-10``: ``look``, and again after some days while a sheet is left."""
    opened_on, _, _ = period.partition("@")
    if not look(date.fromisoformat(opened_on)):
        return []
    following = clock.today() + EVERY
    return [Next(LIMIT, f"{opened_on}@{following}", clock.at(following, HOUR))]


def over(review: Review) -> None:
    """The sheet is decided: nobody need read any more that it was late, or that she has a chair."""
    inbox.settle_all(topics=[_topic(review), chair_topic(review)])


def look(opened_on: date) -> int:
    """Remind of, or escalate, what was opened on that day and is not decided, once a day; how many sheets.

    What was sent back or went over to another version since then has time of its own.
    """
    start = clock.at(opened_on, 0)
    still = Review.objects.filter(
        state__in=(ReviewState.OPEN, ReviewState.RETURNED),
        opened_at__gte=start,
        opened_at__lt=start + timedelta(days=1),
    )
    rows = still.select_related("village", "flow").order_by("village__code")
    return sum(_late(review) for review in rows if _is_over(review))


def undone(review: Review, count: int) -> None:
    """Whoever sits on the sheet hears that some of it is to be decided anew, and why; nobody is named."""
    members = {chair.user_id for chair in sitting.chairs(review)}
    title = f"{review.village.name}{period_cn(review.month)}的审核表有{count}件要重新审定"
    body = "新登记了亲属关系，这几件原来由须回避的委员定的，请其他委员审定、重新签字。"
    key = f"review.undone.{review.pk}.{clock.now():%Y%m%d%H%M%S%f}"
    _tell(members, LATE, title, body, f"{VILLAGE}sheets/{review.pk}/", key=key, topic=_topic(review))


def copy(review: Review) -> None:
    """Whoever the flow names reads what was decided."""
    users = sitting.holders(review.village_id, sitting.step_of(review).copy_to)
    title = f"抄送：{review.village.name}{period_cn(review.month)}的积分已审定"
    key = f"review.copy.{review.pk}"
    _tell(users, COPY, title, "审定结果已报镇里，张贴和记账后可以逐条查看。", VILLAGE, key=key, topic=key)


def _is_over(review: Review) -> bool:
    due = due_at(review)
    return due is not None and (review.limit_from is None or day_of(due) <= clock.today())


def _late(review: Review) -> bool:
    limit = sitting.step_of(review).limit
    if limit is None:
        return False
    address = f"{VILLAGE}sheets/{review.pk}/"
    told = {"key": f"{_topic(review)}.{clock.today()}", "topic": _topic(review)}
    members = {chair.user_id for chair in sitting.chairs(review)}
    title = f"{review.village.name}{period_cn(review.month)}的审核表超过了办理期限"
    _tell(members, LATE, title, "请尽快开会审定。", address, **told)
    if limit.then == "escalate" and limit.to is not None:
        above = sitting.holders(review.village_id, [limit.to]) - members
        _tell(above, LATE, title, "请督促村里开会审定。", OFFICE, **told)
    return True


def _tell(users: Iterable[int], kind: str, title: str, body: str, address: str, *, key: str, topic: str) -> None:
    found = set(users)
    if found:
        inbox.tell(users=found, kind=kind, title=title, body=body, address=address, key=key, topic=topic)


def chair_topic(review: Review) -> str:
    """What people are told of their chairs."""
    return f"review.chair.{review.pk}"


def _topic(review: Review) -> str:
    return f"review.late.{review.pk}"


def _length(limit: Limit) -> timedelta:
    return timedelta(days=limit.days, hours=limit.hours)
