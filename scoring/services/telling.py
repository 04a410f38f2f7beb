"""告知: whom no message reaches is told by people; what was said is answered; both are asked for until they are done.

The stewards tell, by word of mouth, by telephone, on paper or, where the town allows it, on the village's board; the
sheet's chairs answer. One due row for each town and day looks what is still to be done; what takes too long, the town
office hears of.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole
from jifen.audit import services as audit
from jifen.clocks import jobs
from jifen.clocks import services as clocks
from jifen.clocks.jobs import Next
from jifen.inbox import kinds
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import require_town
from jifen.web.wording import date_cn
from scoring import hearing_errors, locks, policies
from scoring.models import Hearing, HearingOutcome, Telling
from scoring.selectors import sitting
from scoring.selectors.hearings import unanswered_in, untold_in
from scoring.sql import hearings as sql
from tenants.community import selectors as community
from tenants.community.models import Role, Village

CLOSE_JOB = "hearing.close"
WATCH_JOB = "hearing.watch"
KIND = "hearing"
kinds.register(KIND, "扣分前听取说明")
WAYS = (Telling.PHONE, Telling.ORAL, Telling.PAPER, Telling.BOARD)
"""How people tell; a message is the platform's."""
EVERY = timedelta(days=2)
HOUR = 8
UNTOLD, UNANSWERED = "hearing-untold", "hearing-unanswered"


@transaction.atomic
def inform(*, village: Village, hearings: Collection[int], how: str, told_on: date, by: Actor) -> int:
    """``by`` has told these households (ids of hearings) on ``told_on``: their days begin; returns how many.

    What is posted on the village's board counts as told when the town's days for it are over.

    Raises:
        NobodyToTell, TellingUnknown, ToldInFuture, ToldTooEarly. BoardDoesNotTell: the town has not allowed it.
        HearingTold: one of them is told or ended already, or another village's; nothing is recorded.
    """
    more = _checked(hearings, how, told_on)
    held = locks.hearings(hearings)
    first = max((_day(row.opened_at) for row in held), default=told_on)
    if told_on < first:
        raise hearing_errors.ToldTooEarly(day=date_cn(first))
    ours = untold_in([village.pk]).filter(pk__in=hearings).values_list("pk", flat=True)
    untils = _informed(list(ours), how, told_on, more, by)
    if len(untils) != len(set(hearings)):
        raise hearing_errors.HearingTold
    closing(untils)
    _settle(UNTOLD, village, untold_in([village.pk]).exists())
    audit.record(
        by=by, action="hearing.inform", village_id=village.pk, how=how, told_on=told_on.isoformat(),
        hearings=sorted(set(hearings)),
    )  # fmt: skip
    return len(untils)


def closing(days: Iterable[date]) -> None:
    """When these days are over, what nobody explained posts by itself."""
    now = clock.now()
    for until in sorted(set(days)):
        due = max(clock.at(until + timedelta(days=1), 0, 30), now)
        clocks.schedule(town=require_town(), kind=CLOSE_JOB, period=until.isoformat(), due_at=due)


def ask(village: Village) -> None:
    """The village's stewards hear at once whom they have to tell."""
    count = untold_in([village.pk]).count()
    if count:
        _tell_stewards(village, count, clock.today(), late=False)
        _plan_watch()


def said(hearing: Hearing) -> None:
    """Who sits on the sheet hears that a household has explained itself."""
    village = hearing.declaration.village
    days = policies.on(clock.today()).review.answer_days
    body = f"请在{date_cn(clock.today() + timedelta(days=days))}（含）前答复，答复以前不会扣分。"
    _tell(_seats([hearing]), village, UNANSWERED, "有户说明了扣分的情况，请答复", body, f"said:{hearing.pk}")
    _plan_watch()


def answered(village: Village) -> None:
    """Nobody is asked any more when nothing is left to answer."""
    _settle(UNANSWERED, village, unanswered_in([village.pk]).exists())


def watch(day: date) -> list[Next]:
    """Remind the stewards of whom nobody has told and the chairs of what is unanswered; the office when it is late.

    Days missed while nothing ran are made good by one look. Returns the next, when anything is left.
    """
    day = min(day, clock.today()) + EVERY * max(0, (clock.today() - day) // EVERY)
    late = day - timedelta(days=policies.on(day).review.answer_days)
    found = [_remind(village, day, late) for village in Village.objects.filter(pk__in=_undone()).order_by("pk")]
    following = day + EVERY
    return [Next(WATCH_JOB, following.isoformat(), clock.at(following, HOUR))] if any(found) else []


def _checked(hearings: Collection[int], how: str, told_on: date) -> int:
    """How many days the way of telling takes by itself."""
    if not hearings:
        raise hearing_errors.NobodyToTell
    if how not in WAYS:
        raise hearing_errors.TellingUnknown
    if told_on > clock.today():
        raise hearing_errors.ToldInFuture
    if how != Telling.BOARD:
        return 0
    days = policies.on(told_on).review.board_days
    if not days:
        raise hearing_errors.BoardDoesNotTell
    return days


def _informed(hearings: list[int], how: str, told_on: date, more: int, by: Actor) -> list[date]:
    """Until when each of them may explain."""
    today = clock.today()
    values: dict[str, Any] = {"hearings": hearings, "how": how, "told_on": told_on, "more": more, "name": by.name}
    values |= {"today": today, "told_at": clock.now() if told_on == today else clock.at(told_on, 12)}
    with connection.cursor() as cursor:
        cursor.execute(sql.INFORM, values)
        return [until for (until,) in cursor.fetchall()]


def _plan_watch() -> None:
    following = clock.today() + EVERY
    jobs.plan(require_town(), [Next(WATCH_JOB, following.isoformat(), clock.at(following, HOUR))])


def _remind(village: Village, day: date, late: date) -> bool:
    untold, unanswered = untold_in([village.pk]), unanswered_in([village.pk])
    if count := untold.count():
        is_late = _day(min(untold.values_list("opened_at", flat=True))) <= late
        _tell_stewards(village, count, day, late=is_late)
    waiting = unanswered.count()
    if waiting:
        is_late = any(_day(row.stated_at) <= late for row in unanswered if row.stated_at)
        title = f"{waiting}户说明了扣分的情况，还没有答复"
        _tell(_seats(unanswered) | _office(is_late), village, UNANSWERED, title, _word(is_late), f"unanswered:{day}")
    return bool(count or waiting)


def _tell_stewards(village: Village, count: int, day: date, *, late: bool) -> None:
    rows = community.roles_on(clock.today()).filter(village=village, role=Role.STEWARD)
    users = set(rows.values_list("user_id", flat=True)) | _office(late)
    body = f"{_word(late)}请打电话、当面或书面告知，再记下来；告知以前不开始计算说明期，也不会扣分。"
    _tell(users, village, UNTOLD, f"有{count}笔扣分等人告知该户", body, f"untold:{day}:{count}")


def _tell(users: set[int], village: Village, topic: str, title: str, body: str, key: str) -> None:
    inbox.tell(
        users=users,
        kind=KIND,
        title=f"{village.name}：{title}",
        body=body,
        address=f"{reverse('scoring:hearings')}?village={village.pk}",
        key=f"hearing:{village.pk}:{key}",
        topic=f"{topic}/{village.pk}",
    )


def _settle(topic: str, village: Village, is_open: bool) -> None:
    if not is_open:
        inbox.settle(topic=f"{topic}/{village.pk}")


def _seats(hearings: Iterable[Hearing]) -> set[int]:
    """Who holds today what the flows of their sheets name."""
    sheets = {hearing.item.review_id: hearing.item.review for hearing in hearings}.values()
    return {user for one in sheets for user in sitting.seated_today(one)}


def _office(is_late: bool) -> set[int]:
    """The town office, for what takes too long."""
    people = accounts.holders(SiteRole.TOWN_OFFICER).values_list("pk", flat=True)
    return set(people) if is_late else set()


def _undone() -> QuerySet[Hearing, int]:
    """Ids of the villages where somebody has to tell or to answer."""
    rows = Hearing.objects.filter(outcome=HearingOutcome.OPEN).filter(Q(told_at=None) | ~Q(statement=""))
    return rows.values_list("declaration__village", flat=True)


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.TIME_ZONE).date()


def _word(is_late: bool) -> str:
    return "已经超过期限，同时告诉了镇里。" if is_late else ""
