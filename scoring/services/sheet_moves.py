"""Open sheets go over to another version of their flow: other chairs, another quorum, another limit.

A move decides nothing. The preview does what the move does and takes it back, so that both always say the same.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Count
from django.urls import reverse

from jifen.approvals import quorum
from jifen.approvals.models import Flow
from jifen.approvals.registry import Shift, UnderWay
from jifen.audit import services as audit
from jifen.inbox import kinds
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import NotFound
from jifen.web.wording import date_cn, period_cn
from scoring import locks
from scoring.models import (
    Filing,
    ItemVerdict,
    Meeting,
    MeetingSeat,
    Presence,
    ReturnedItem,
    Review,
    ReviewItem,
    ReviewSeat,
    ReviewState,
)
from scoring.selectors import sitting
from scoring.selectors.meetings import Standing, standing
from scoring.selectors.sitting import Chair
from scoring.services import filings, review_limits
from scoring.sql import reviews as sql
from tenants.community import selectors as community
from tenants.community.models import VillageRole

CHAIR = "review_chair"
kinds.register(CHAIR, "审核表换了席位")
OPEN = (ReviewState.OPEN, ReviewState.RETURNED)
VILLAGE = "/village/"

CLOSED = "已经审定上报，按原来的版本办完"
THERE = "已经在这一版上"
RECUSED = "镇里退回时留着的各件不能重新定，新坐席位的人和定的人可能要互相回避，请按原来的版本办完"
EMPTY = "本村没有人坐新版的席位，请先任命，或按原来的版本办完"


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet as it stands: who sits, how far the quorum is, how many deeds are undecided, until when there is time."""

    chairs: list[Chair]
    standing: Standing
    pending: int
    due: datetime | None


@dataclass(frozen=True, slots=True)
class _Moved:
    """``fallen``: the signatures that were given on chairs that there are no more; ``paper``: the scan falls away."""

    review: Review
    before: _Table
    after: _Table
    fallen: list[ReviewSeat]
    paper: bool

    @property
    def gains(self) -> tuple[int, ...]:
        return _more(self.after.chairs, self.before.chairs)

    @property
    def loses(self) -> tuple[int, ...]:
        return _more(self.before.chairs, self.after.chairs)


class _Room:
    """The sheets asked about and who sits on each by its own version, and would by the new one."""

    def __init__(self, flow: Flow, sheets: list[Review], posts: dict[int, list[VillageRole]]) -> None:
        self.flow, self.sheets = flow, sheets
        step = quorum.sitting(flow)
        self.was = {one.pk: sitting.seated(posts.get(one.village_id, ()), sitting.step_of(one)) for one in sheets}
        self.becomes = {one.pk: sitting.seated(posts.get(one.village_id, ()), step) for one in sheets}
        self._names = {row.user_id: row.user.display_name for rows in posts.values() for row in rows}

    def named(self, users: Iterable[int]) -> str:
        return "、".join(self._names[user] for user in users)


def under_way(review: Review) -> UnderWay:
    opened = review_limits.day_of(review.opened_at)
    return UnderWay(review.pk, _title(review), opened, review.flow.version, reverse("scoring:sheet", args=[review.pk]))


def still_open() -> list[Review]:
    """The sheets that are not decided, oldest month first."""
    rows = Review.objects.filter(state__in=OPEN).select_related("village", "flow")
    return list(rows.order_by("month", "village__code"))


def preview(flow: Flow) -> list[Shift]:
    """What ``move`` would make of every open sheet on another version; nothing is changed."""
    with transaction.atomic():
        shifts, _ = _move(flow, None)
        transaction.set_rollback(True)
    return shifts


@transaction.atomic
def move(*, flow: Flow, only: Collection[int] | None = None, by: Actor) -> list[Shift]:
    """Move the open sheets on other versions, of ``only`` (ids) when given; what cannot move is told with the reason.

    A signature counts no more when its chair is gone. A change of the chairs has the paper signed anew, as a change
    of attendance has. What was decided on deeds stands, except where the town has those who decide on each other's
    stand back and a new chair is one of them. The days of the limit begin anew.

    Raises:
        NotFound: one of ``only`` is no sheet of this town.
    """
    shifts, moved = _move(flow, only)
    versions = {one.thing.id: one.thing.version for one in shifts}
    review_limits.anew([one.review for one in moved])
    inbox.tell_each([note for one in moved for note in _notes(one) if note.users])
    for one in moved:
        filings.not_hers(one.review, one.loses)
        audit.record(
            by=by,
            action="review.move",
            subject=one.review,
            village_id=one.review.village_id,
            before=versions[one.review.pk],
            after=flow.version,
            gained=list(one.gains),
            lost=list(one.loses),
            unsigned=[seat.role_id for seat in one.fallen],
        )
    return shifts


def _move(flow: Flow, only: Collection[int] | None) -> tuple[list[Shift], list[_Moved]]:
    sheets = _held(flow, only)
    room = _Room(flow, sheets, _posts(sheets))
    problems = _problems(room)
    things = [under_way(review) for review in sheets]
    moved = {one.review.pk: one for one in _gone_over(room, [one for one in sheets if one.pk not in problems])}
    shifts = [
        Shift(thing, problem=problems[thing.id]) if thing.id in problems else _shift(room, thing, moved[thing.id])
        for thing in things
    ]
    return shifts, list(moved.values())


def _held(flow: Flow, only: Collection[int] | None) -> list[Review]:
    """Raises:
    NotFound.
    """
    wanted = {one.pk for one in still_open() if one.flow_id != flow.pk} if only is None else set(only)
    held = locks.reviews(sorted(wanted))
    if len(held) != len(wanted):
        raise NotFound("没有找到这张审核表，请刷新后再选。", field="things")
    return sorted(held, key=lambda review: (review.month, review.village.code))


def _posts(sheets: Iterable[Review]) -> dict[int, list[VillageRole]]:
    """The posts of today, by village."""
    found: dict[int, list[VillageRole]] = {}
    rows = community.roles_on(clock.today()).filter(village__in={review.village_id for review in sheets})
    for row in rows.select_related("user"):
        found.setdefault(row.village_id, []).append(row)
    return found


def _problems(room: _Room) -> dict[int, str]:
    """Why a sheet cannot move, of those that cannot."""
    stood_in, kept = _substitutes(room.sheets), _kept(room.sheets)
    found = {}
    for review in room.sheets:
        why = _closed(review, room.flow) or _unmanned(room, review) or _recused(room, review, kept)
        why = why or _stood_in(room, review, stood_in)
        if why:
            found[review.pk] = why
    return found


def _closed(review: Review, flow: Flow) -> str:
    if review.state not in OPEN:
        return CLOSED
    return THERE if review.flow_id == flow.pk else ""


def _unmanned(room: _Room, review: Review) -> str:
    chairs = room.becomes[review.pk]
    if not chairs:
        return EMPTY
    step = quorum.sitting(room.flow)
    missing = [name for line, name in sitting.required(step).items() if not any(line in one.lines for one in chairs)]
    if missing and step.empty == "block":
        return f"新版必须到会签字的“{'、'.join(missing)}”本村没有人担任，请先任命，或按原来的版本办完"
    return ""


def _kept(sheets: Iterable[Review]) -> set[int]:
    """The mutual sheets of which the town has left deeds as they are, as it sent others back."""
    asked = [one.pk for one in sheets if one.is_mutual and one.state == ReviewState.RETURNED]
    if not asked:
        return set()
    last = Filing.objects.filter(review__in=asked).order_by("review_id", "-pk").distinct("review_id")
    back = ReturnedItem.objects.filter(filing__in=list(last.values_list("pk", flat=True)))
    kept = ReviewItem.objects.filter(review__in=back.values("filing__review")).exclude(pk__in=back.values("item"))
    return set(kept.order_by().values_list("review", flat=True))


def _recused(room: _Room, review: Review, kept: set[int]) -> str:
    """What the town has left as it is, when it sent the others back, is decided by nobody anew."""
    gains = review.pk in kept and _more(room.becomes[review.pk], room.was[review.pk])
    return RECUSED if gains else ""


def _substitutes(sheets: Sequence[Review]) -> dict[int, list[MeetingSeat]]:
    rows = MeetingSeat.objects.filter(meeting__review__in=sheets, presence=Presence.SUBSTITUTE)
    found: dict[int, list[MeetingSeat]] = {}
    for row in rows.select_related("meeting", "substitute", "role__user").order_by("pk"):
        found.setdefault(row.meeting.review_id, []).append(row)
    return found


def _stood_in(room: _Room, review: Review, stood_in: dict[int, list[MeetingSeat]]) -> str:
    """Nobody who was asked to sit in for somebody is sent away, and nobody sits twice."""
    before, after = (_roles(chairs) for chairs in (room.was[review.pk], room.becomes[review.pk]))
    users = {chair.user_id for chair in room.becomes[review.pk]}
    for row in stood_in.get(review.pk, ()):
        who = f"{row.substitute.name if row.substitute else ''}替{row.role.user.display_name}到会"
        if row.role_id in before - after:
            return f"{who}，新版没有这一席；请先在审核会上改这一席的到会，已经签了字的按原来的版本办完"
        if row.substitute and row.substitute.user_id in users and row.role_id in after:
            return f"{who}，新版里自己也有席位；请先在审核会上改这一席的到会，已经签了字的按原来的版本办完"
    return ""


def _gone_over(room: _Room, going: list[Review]) -> list[_Moved]:
    before = _tables(going, room.was)
    seats = ReviewSeat.objects.filter(review__in=going).select_related("role__user").order_by("pk")
    fallen = [seat for seat in seats if not _stands(room, seat)]
    changed = [one.pk for one in going if _places(room.was[one.pk]) != _places(room.becomes[one.pk])]
    papers = Meeting.objects.filter(review__in=changed).exclude(paper=None)
    unsigned = set(papers.values_list("review_id", flat=True))

    Review.objects.filter(pk__in=before, state__in=OPEN).update(flow=room.flow)
    ReviewSeat.objects.filter(pk__in=[seat.pk for seat in fallen]).delete()
    papers.update(paper=None)
    for review in going:
        review.flow, review.limit_from = room.flow, clock.now()
    _stand_back(going)

    after = _tables(going, room.becomes)
    return [
        _Moved(
            review,
            before[review.pk],
            after[review.pk],
            [seat for seat in fallen if seat.review_id == review.pk],
            review.pk in unsigned,
        )
        for review in going
    ]


def _stands(room: _Room, seat: ReviewSeat) -> bool:
    """Whether she still sits there, and for no other households than those for which she has signed."""
    before, after = (_places(chairs[seat.review_id]) for chairs in (room.was, room.becomes))
    role = seat.role_id
    return role in before and role in after and before[role] in (None, after[role])


def _stand_back(going: Iterable[Review]) -> None:
    """On a mutual sheet, what was decided by somebody on whose own deeds a new chair decides is decided anew."""
    months: dict[date, list[int]] = {}
    for review in going:
        if review.is_mutual:
            months.setdefault(review.month, []).append(review.village_id)
    with connection.cursor() as cursor:
        for month, villages in sorted(months.items()):
            cursor.execute(sql.REOPEN, {"month": month, "villages": villages, "who": None})


def _tables(sheets: Sequence[Review], chairs: Mapping[int, list[Chair]]) -> dict[int, _Table]:
    rows = ReviewItem.objects.filter(review__in=sheets, verdict=ItemVerdict.PENDING).order_by()
    pending = dict(rows.values_list("review").annotate(n=Count("pk")))
    return {
        one.pk: _Table(chairs[one.pk], standing(one, chairs[one.pk]), pending.get(one.pk, 0), review_limits.due_at(one))
        for one in sheets
    }


def _more(chairs: Iterable[Chair], others: Iterable[Chair]) -> tuple[int, ...]:
    """The accounts that have one of ``chairs`` and none of ``others``."""
    had = {chair.user_id for chair in others}
    return tuple(chair.user_id for chair in chairs if chair.user_id not in had)


def _roles(chairs: Iterable[Chair]) -> set[int]:
    return {chair.role_id for chair in chairs}


def _places(chairs: Iterable[Chair]) -> dict[int, int | None]:
    """The chairs, and the group for which alone each sits."""
    return {chair.role_id: chair.group_id for chair in chairs}


def _title(review: Review) -> str:
    return f"{review.village.name}{period_cn(review.month)}"


def _shift(room: _Room, thing: UnderWay, moved: _Moved) -> Shift:
    told = tuple((what, how) for what, how in _lines(room, moved) if how)
    return Shift(thing, told, moved.gains, moved.loses)


def _lines(room: _Room, moved: _Moved) -> Iterator[tuple[str, str]]:
    before, after = moved.before, moved.after
    for what, users in (("得到席位", moved.gains), ("不再有席位", moved.loses)):
        yield what, room.named(users)
    yield "席位", _turned(*(room.named([chair.user_id for chair in one.chairs]) for one in (before, after)))
    yield "签字不再算", "、".join(seat.actor_name for seat in moved.fallen)
    yield "签字原件", "作废，到会的重新签字后再传" if moved.paper else ""
    yield "法定人数", _turned(_quorum(before.standing), _quorum(after.standing))
    yield "还缺签字", "、".join(after.standing.unsigned)
    yield "回避后还缺签字", _unsigned(after.standing)
    reopened = after.pending - before.pending
    yield "重新审定", f"{reopened}件，定的人现在要回避" if reopened else ""
    yield "办理期限", _turned(*("不限" if one.due is None else f"到{date_cn(one.due)}" for one in (before, after)))


def _quorum(found: Standing) -> str:
    unit = found.unit
    return f"共{found.seats}{unit}须{found.needed}{unit}，已签{found.signed}{unit}"


def _unsigned(found: Standing) -> str:
    """Of how many deeds too few have signed, as some stand back, where enough have signed the sheet."""
    count = found.unsigned_items if found.signed >= found.needed else 0
    return f"{count}件，须回避的委员签字不算数，请不须回避的委员签字" if count else ""


def _turned(before: str, after: str) -> str:
    return f"{before}，不变" if before == after else f"{before} → {after}"


def _notes(moved: _Moved) -> Iterator[inbox.Note]:
    """Who gets a chair, who loses hers, and who has to sign again as she sits on another or for other households."""
    review, title = moved.review, _title(moved.review)
    signed = {seat.role.user_id for seat in moved.fallen}
    sheet = reverse("scoring:sheet", args=[review.pk])
    version = f"审核表改按流程第{review.flow.version}版办理，"
    lost = "新版没有您的席位：签过的字不再算，已经定的各件不变。"
    seated = {chair.user_id for chair in moved.after.chairs}
    told = (
        (moved.gains, f"{title}的审核表请您参加审定", f"{version}您有席位，请打开看看，定完后签字。", sheet),
        (moved.loses, f"{title}的审核表上您不再有席位", version + lost, VILLAGE),
        (signed & seated, f"{title}的审核表请您重新签字", f"{version}您的席位变了，请重新签字。", sheet),
    )
    topic = review_limits.chair_topic(review)
    key = f"{topic}:{clock.now():%Y%m%d%H%M%S%f}"
    for users, heading, body, address in told:
        yield inbox.Note(tuple(users), CHAIR, heading, key, body, address, topic)
