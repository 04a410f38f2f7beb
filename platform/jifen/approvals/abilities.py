"""Which items a person sees, and what she may do with one: for pages and API alike.

The services judge again under the lock; this decides which buttons stand there and what is 404.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from jifen.approvals import machine, registry
from jifen.approvals.models import (
    OPEN_WORK,
    UNDER_WAY,
    Assignment,
    AssignmentState,
    Item,
    ItemState,
    Origin,
    StageState,
    Word,
    WordKind,
)
from jifen.approvals.permissions import ApprovalsPermission as May
from jifen.approvals.selectors import active_stages, paper, turns
from jifen.approvals.selectors.items import MINE, done_keys, last_said, went_on
from jifen.approvals.selectors.people import barred, holds
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.permissions import grants_of


def visible(user: Any, permission: May = May.READ) -> QuerySet[Item]:
    """What she started, has or had work at, was told or asked of, or holds ``permission`` over (the office: all)."""
    rows = Item.objects.select_related("flow")
    villages = grants_of(user).scope(permission, "village")
    if villages is None:
        return rows
    by = Actor.of(user)
    own = Q(starter_realm=by.realm, starter_id=by.id) | Q(village_id__in=villages)
    work = Assignment.objects.filter(user=user.pk).values("stage__item")
    told = Q(copies__user=user.pk) | Q(words__kind=WordKind.ASK, words__to_id=user.pk)
    return rows.filter(own | Q(pk__in=work) | told).distinct()


def resting(user: Any) -> QuerySet[Item]:
    """What somebody has let rest, of all she has to do with: nobody is asked meanwhile; the longest rest first.

    Where she has no work any more she has nothing to do with it, unless she sees it by her post or started it.
    """
    rows = visible(user).filter(state=ItemState.SUSPENDED).order_by("suspended_at", "id")
    villages = grants_of(user).scope(May.READ, "village")
    if villages is None:
        return rows
    by = Actor.of(user)
    asked = Assignment.objects.filter(user=user.pk, stage__state=StageState.ACTIVE, state__in=OPEN_WORK)
    own = Q(starter_realm=by.realm, starter_id=by.id) | Q(village_id__in=villages)
    return rows.filter(own | Q(pk__in=asked.values("stage__item")))


def readable(user: Any) -> QuerySet[Item]:
    """What she sees; what waits for words in the villages whose signed sheets she enters, and what went to somebody to
    whom she has delegated her work: these she only reads."""
    villages = grants_of(user).scope(May.PAPER, "village") or ()
    given = Assignment.objects.filter(holder_id=user.pk, origin=Origin.DELEGATE).values("stage__item")
    seen = Q(pk__in=visible(user).values("pk")) | Q(pk__in=given)
    return Item.objects.filter(seen | _on_paper(villages) if villages else seen).select_related("flow")


def on_paper(user: Any) -> QuerySet[Item]:
    """What waits for others' words in the villages whose signed sheets she enters, oldest first."""
    villages = grants_of(user).scope(May.PAPER, "village") or ()
    asked = Assignment.objects.filter(stage__state=StageState.ACTIVE, state__in=OPEN_WORK).exclude(user=user.pk)
    rows = Item.objects.filter(_on_paper(villages), pk__in=asked.values("stage__item"))
    return rows.select_related("flow").order_by("started_at", "id")


def entered_by(items: Iterable[Item], user: Any) -> list[Item]:
    """Those of the items at which she may enter a word of somebody else, in their order."""
    known = list(items)
    rows = paper.enterable(paper.asked([item.pk for item in known]), user)
    open_to = {row.stage.item_id for row in rows if row.user_id != user.pk}
    return [item for item in known if item.pk in open_to]


def sheet(item: Item, user: Any) -> list[Assignment]:
    """Whose words she may enter now from a signed sheet: those of the first step at which there are any."""
    if not paper.may_enter(item, user):
        return []
    rows = paper.enterable(paper.asked([item.pk]), user)
    return [row for row in rows if row.stage_id == rows[0].stage_id]


def _on_paper(villages: Collection[int]) -> Q:
    guarded = [kind.kind for kind in registry.kinds() if kind.is_guarded]
    return Q(village_id__in=villages, state=ItemState.OPEN) & ~Q(subject_kind__in=guarded)


def of(item: Item, user: Any) -> set[str]:
    """The operations she may press, by their names in the API."""
    if item.state not in UNDER_WAY:
        return _always(item, user)
    by, administers = Actor.of(user), holds(user, May.ADMINISTER, None)
    found = _always(item, user)
    found |= {"comment", "ask", "copy"} if visible(user).filter(pk=item.pk).exists() else set()
    found |= _decider(item, user.pk) if item.state == ItemState.OPEN else set()
    found |= _starter(item, by) if item.is_started_by(by) else set()
    found |= _administrator(item) if administers else set()
    found |= {"paper"} if item.state == ItemState.OPEN and _on_sheet(item, user) else set()
    found |= {"withdraw"} if registry.subject(item.subject_kind).may_withdraw(item, by) else set()
    found |= {"remove"} if added(item, user.pk, administers).exists() else set()
    found |= {"wake"} if item.state == ItemState.SUSPENDED and turns.may_wake(item, by) else set()
    return found - set(registry.subject(item.subject_kind).forbids(item))


def own_row(item: Item, user_id: int) -> Assignment | None:
    """Her work at the item now, if it is her turn."""
    rows = Assignment.objects.filter(stage__item=item, stage__state=StageState.ACTIVE, user=user_id)
    return rows.filter(state__in=MINE).select_related("stage").order_by("stage_id").first()


def added(item: Item, user_id: int, administers: bool) -> QuerySet[Assignment]:
    """Those whom she (an administrator: anybody) added and may take away again."""
    rows = Assignment.objects.filter(stage__item=item, stage__state=StageState.ACTIVE, origin=Origin.ADDED)
    rows = rows.filter(state__in=OPEN_WORK).select_related("user", "stage")
    return rows if administers else rows.filter(added_by_id=user_id)


def returnable(item: Item, stage_key: str) -> list[tuple[str, str]]:
    """Where it can be sent back to: ``(target, word)``; the starter first when there is one."""
    passed = done_keys(item)
    steps = [step for step in machine.earlier(item.flow.definition, stage_key) if step.key in passed]
    home = registry.subject(item.subject_kind).sent_home
    if not home and item.starter_realm != SYSTEM.realm:
        home = f"发起人（{item.starter_name}）"
    starter = [("starter", home)] if home else []
    return starter + [(step.key, step.name) for step in reversed(steps)]


def _always(item: Item, user: Any) -> set[str]:
    asked = Word.objects.filter(item=item, kind=WordKind.ASK, to_id=user.pk, answered_by=None)
    told = item.copies.filter(user=user.pk, read_at=None).exists()
    under_way = item.state in UNDER_WAY
    return ({"answer"} if under_way and asked.exists() else set()) | ({"read"} if told else set())


def _on_sheet(item: Item, user: Any) -> bool:
    """Whether it waits for words that a signed sheet of hers may bring: somebody else's, or several."""
    rows = sheet(item, user)
    step = item.flow.definition.step(rows[0].stage.key) if rows else None
    return any(row.user_id != user.pk for row in rows) or (step is not None and step.how != "any")


def _decider(item: Item, user_id: int) -> set[str]:
    row = own_row(item, user_id)
    if row is None:
        return _spoken(item, user_id)
    found = {"approve", "reject", "transfer", "add", "suspend"}
    found |= {"return"} if returnable(item, row.stage.key) else set()
    found |= {"points"} if registry.subject(item.subject_kind).points_range(item) else set()
    step = {stage.pk: step for stage, step in active_stages(item)}.get(row.stage_id)
    if row.state == AssignmentState.CLAIMED:
        return found | {"release"}
    present = list(Assignment.objects.filter(stage=row.stage_id, state__in=MINE).values_list("state", flat=True))
    open_to = len(present) > 1 and AssignmentState.CLAIMED not in present
    return found | ({"claim"} if step is not None and step.how == "any" and open_to else set())


def _spoken(item: Item, user_id: int) -> set[str]:
    """She has said her word and may take it back as long as nobody went on from there."""
    said = last_said(item, user_id)
    if said is None or went_on(item, said) or barred(item, {user_id}):
        return set()
    return {"take_back"}


def _starter(item: Item, by: Actor) -> set[str]:
    if item.state == ItemState.RETURNED:
        return {"resubmit", "withdraw"}
    return {"remind", "withdraw"} if item.state == ItemState.OPEN else {"withdraw"}


def _administrator(item: Item) -> set[str]:
    found = {"terminate"}
    if item.state == ItemState.SUSPENDED:
        return found
    blocked = item.stages.filter(state=StageState.ACTIVE, is_blocked=True).exists()
    claimed = Assignment.objects.filter(
        stage__item=item, stage__state=StageState.ACTIVE, state=AssignmentState.CLAIMED
    ).exists()
    return (
        found
        | {"jump"}
        | ({"release"} if claimed else set())
        | ({"remind", "suspend"} if item.state == ItemState.OPEN else set())
        | ({"add"} if blocked else set())
    )
