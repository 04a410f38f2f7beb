"""Whose signatures a sheet takes: the seats that its flow names, among those who hold a post in the village."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from jifen.approvals import quorum, registry
from jifen.approvals import selectors as flows
from jifen.approvals.definition import Definition, Step, Who
from jifen.approvals.models import Flow
from jifen.kernel import clock
from scoring.models import Review, ReviewState
from tenants.community import selectors as community
from tenants.community.models import Role, VillageRole

_REMINDING = ("remind", "escalate")
_UNDECIDED = (ReviewState.OPEN, ReviewState.RETURNED)


@dataclass(frozen=True, slots=True)
class Chair:
    """A post that sits; ``lines``: places of the flow's words that name it, the first being 0.

    ``group_id``: it sits for deeds of this group's households alone.
    """

    role_id: int
    user_id: int
    weight: int
    lines: frozenset[int]
    group_id: int | None = None


def step_of(review: Review) -> Step:
    return quorum.sitting(review.flow)


def chairs(review: Review) -> list[Chair]:
    """The chairs of the sheet; who holds several posts sits on one of them.

    A decided sheet keeps the committee of the day on which it was decided.
    """
    rows = community.roles_on(day_of(review)).filter(village=review.village_id)
    return seated(rows, step_of(review))


def seated(rows: Iterable[VillageRole], step: Step) -> list[Chair]:
    """The chairs on which the holders of these posts sit."""
    lines = step.who
    found: dict[int, Chair] = {}
    for row in sorted(rows, key=_order):
        fitting = {place: who for place, who in enumerate(lines) if names(who, row)}
        if fitting and row.user_id not in found:
            weight = max(who.weight for who in fitting.values())
            found[row.user_id] = Chair(row.pk, row.user_id, weight, frozenset(fitting), _bound(row, fitting.values()))
    return list(found.values())


def of_all(chairs: Sequence[Chair]) -> Sequence[Chair]:
    """The chairs that sit for the whole village; where there is none, all of them."""
    return [chair for chair in chairs if chair.group_id is None] or chairs


def group_of(user_id: int, review: Review) -> int | None:
    """The group for whose households alone the account sits on the sheet; ``None``: for everybody's, or not at all."""
    row = chair_of(user_id, review)
    return _bound(row, [who for who in step_of(review).who if names(who, row)]) if row else None


def seated_today(review: Review) -> set[int]:
    """The accounts on the chairs that the sheet's flow names, by the posts of today."""
    rows = community.roles_on(clock.today()).filter(village=review.village_id)
    return {chair.user_id for chair in seated(rows, step_of(review))}


def chair_of(user_id: int, review: Review) -> VillageRole | None:
    """The post with which the account sits on the sheet today."""
    rows = community.roles_on(clock.today()).filter(user=user_id, village=review.village_id)
    lines = step_of(review).who
    return next((row for row in sorted(rows, key=_order) if any(names(who, row) for who in lines)), None)


def sits_on(user_id: int, reviews: Sequence[Review]) -> set[int]:
    """Ids of those of the sheets on which the account has a chair today, as ``chair_of`` says of each."""
    posts = list(community.roles_on(clock.today()).filter(user=user_id)) if reviews else []
    flows_of = Flow.objects.in_bulk({review.flow_id for review in reviews}) if posts else {}
    lines = {pk: quorum.sitting(flow).who for pk, flow in flows_of.items()}
    return {
        review.pk
        for review in reviews
        for row in posts
        if row.village_id == review.village_id and any(names(who, row) for who in lines[review.flow_id])
    }


def sitters(review: Review) -> list[str]:
    """The names of those who have a chair on the sheet today, in the order of their posts."""
    rows = community.roles_on(clock.today()).filter(village=review.village_id).select_related("user")
    known = {row.pk: row.user.display_name for row in rows}
    return [known[chair.role_id] for chair in seated(rows, step_of(review))]


def seating(user_id: int) -> Q:
    """The sheets on which the account sits by the posts it holds today; none that was decided before it held them."""
    found = Q(pk__in=())
    posts = list(community.roles_on(clock.today()).filter(user=user_id))
    versions = list(Flow.objects.filter(subject_kind="review")) if posts else []
    for row in posts:
        seats = [flow.pk for flow in versions if any(names(who, row) for who in quorum.sitting(flow).who)]
        ours = Q(state__in=_UNDECIDED) | Q(decided_at__gte=clock.at(row.from_date, 0))
        found |= Q(village=row.village_id, flow__in=seats) & ours
    return found


def sits(user_id: int) -> bool:
    """Whether the flow in force seats the account by a post it holds today, or an earlier one on a sheet still open."""
    definition = flows.in_force("review")
    lines = quorum.deciding(definition).who if definition else ()
    posts = community.roles_on(clock.today()).filter(user=user_id) if lines else ()
    seated = any(names(who, row) for row in posts for who in lines)
    return seated or Review.objects.filter(seating(user_id), state__in=_UNDECIDED).exists()


def names(who: Who, row: VillageRole) -> bool:
    """Whether ``who`` means this post."""
    if who.is_of_group and row.group_id is None:
        return False
    if who.leader:
        return row.role == Role.GROUP_LEADER
    return row.role == who.role if who.role else bool(who.seat) and row.seat == who.seat


def _bound(row: VillageRole, fitting: Iterable[Who]) -> int | None:
    return row.group_id if all(who.is_of_group for who in fitting) else None


def required(step: Step) -> dict[int, str]:
    """The places of the words without which nothing is decided, and what they are called."""
    return {place: _called(who) for place, who in enumerate(step.who) if who.required}


def holders(village_id: int, many: Iterable[Who]) -> set[int]:
    """The accounts that the words mean in the village."""
    place = registry.Place(village_id)
    return {user for who in many for user in (*who.named(), *registry.holders(who, place))}


def day_of(review: Review) -> date:
    """Whose posts count: today's, for a decided sheet those of the day on which it was decided."""
    decided = None if review.state in _UNDECIDED else review.decided_at
    return decided.astimezone(clock.TIME_ZONE).date() if decided else clock.today()


def _order(row: VillageRole) -> tuple[bool, int]:
    return row.role != Role.COMMITTEE, row.pk


def _called(who: Who) -> str:
    return who.seat or Role(str(who.role)).label


def unfit(definition: Definition) -> str:
    """Why a sheet cannot be decided by this flow, in Chinese; empty when it can."""
    steps = list(definition.all_steps())
    if len(steps) != 1 or len(definition.steps) != 1:
        return "月审核由一次会议审定，只能有一个步骤；会后报镇里的步骤请写在“月度备案和审定”的流程里"
    [step] = steps
    if step.when:
        return "月审核每月都要开，不能写条件"
    for who in step.who:
        if who.level == "town" or not (who.leader or who.seat or who.role in Role.values):
            return "月审核只能由本村的职责或席位办理，请改选审核委员、村民小组组长、积分志愿者或席位名称"
        if who.required and who.is_of_group:
            return "只审本组农户的职责（小组组长、本组志愿者）不能写“必须同意”，请把它去掉"
        if who.substitute:
            return "月审核的替补在审核会上登记，流程里不写"
    if step.limit and step.limit.then not in _REMINDING:
        return "月审核超时只能提醒或上报，不能自动同意、不同意或退回"
    return ""
