"""Items under way go over to a new version. A move decides nothing: what it would decide stays on its old version.

The preview does what the move does and takes it back, so that both always say the same.
"""

from dataclasses import replace

from django.db import transaction

from jifen.approvals import machine, registry
from jifen.approvals.definition import Step
from jifen.approvals.models import Flow, Item, ItemState, Stage, WordKind
from jifen.approvals.selectors.items import active_stages, done_keys
from jifen.approvals.selectors.moving import Landing, standing, to_move
from jifen.approvals.selectors.veils import veil
from jifen.approvals.services import running, staffing
from jifen.approvals.services.words import say
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor

SUSPENDED = "已暂停，请恢复办理后再转"
FINISHED = "已办结"
NOTHING_LEFT = "新流程里已没有要办的步骤，转过去就等于同意，请按原流程办完"
WOULD_REFUSE = "按新流程，已有的表态就等于不同意，请按原流程办完"


class _Decides(Exception):
    """The words that were said already would decide the item in the new version."""

    def __init__(self, state: ItemState) -> None:
        super().__init__(state)
        self.state = state


def preview_move(flow: Flow) -> list[Landing]:
    """What a move would make of every item under way on another version, oldest first; nothing is changed."""
    return [_tried(item, flow, SYSTEM, keep=False) for item in to_move(flow)]


def move_all(flow: Flow, by: Actor) -> list[Landing]:
    """Move what can move, as ``preview_move`` tells; the rest stays as it is."""
    return [_tried(item, flow, by, keep=True) for item in to_move(flow)]


def _tried(item: Item, flow: Flow, by: Actor, *, keep: bool) -> Landing:
    """Its row is locked and looked at again first."""
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=item.pk)
        now = tuple(stage.name for stage, _ in active_stages(item))
        landing = Landing(item, registry.subject(item.subject_kind).title(item), now)
        landing = _why_not(landing) or _moved(landing, flow, by)
        if not keep or not landing.can_move:
            transaction.set_rollback(True)
    return landing


def _why_not(landing: Landing) -> Landing | None:
    if landing.item.finished_at is not None:
        return replace(landing, problem=FINISHED)
    if landing.item.state == ItemState.SUSPENDED:
        return replace(landing, problem=SUSPENDED)
    return None


def _moved(landing: Landing, flow: Flow, by: Actor) -> Landing:
    """Steps known by the same key in both versions keep what was said there; the rest is walked anew."""
    item, old = landing.item, landing.item.flow
    item.flow, item.routes = flow, _routes(item, flow)
    item.save(update_fields=["flow", "routes"])
    try:
        stages, people = _handed_in(item, by) if item.state == ItemState.RETURNED else _landed(item, old, by)
    except _Decides as early:
        return replace(landing, problem=NOTHING_LEFT if early.state == ItemState.APPROVED else WOULD_REFUSE)
    unmanned = "、".join(f"“{stage.name}”" for stage in stages if stage.is_blocked)
    if unmanned:
        return replace(landing, problem=f"新流程的{unmanned}没有能办理的人")
    steps = () if item.state == ItemState.RETURNED else tuple(stage.key for stage in stages)
    told = {"before": old.version, "after": flow.version, "state": item.state, "steps": list(steps)}
    say(item, WordKind.MOVE, by, data=told)
    return replace(landing, steps=steps, people=people)


def _routes(item: Item, flow: Flow) -> machine.Routes:
    """What was chosen is chosen anew; what an administrator passed over stays so, where the version has her step."""
    turns = (WordKind.JUMP, WordKind.RETURN, WordKind.RESUBMIT)
    last = item.words.filter(kind__in=turns).order_by("-id").first()
    target = last.data["target"] if last is not None and last.kind == WordKind.JUMP else ""
    if flow.definition.step(target) is None:
        return {}
    return machine.routes_to(flow.definition, done_keys(item), {}, target)


def _landed(item: Item, old: Flow, by: Actor) -> tuple[list[Stage], tuple[int, ...]]:
    """Raises:
    _Decides.
    """
    for stage, step in active_stages(item):
        before = old.definition.step(stage.key)
        if before is None or _time(before) != _time(step):
            _begin_anew(stage, step)
        staffing.reseat(item, stage, step)
        staffing.staff(item, stage, step)
    running.run(item, by, end=_decides)
    return standing(item)


def _time(step: Step) -> tuple[int, int] | None:
    return (step.limit.days, step.limit.hours) if step.limit else None


def _begin_anew(stage: Stage, step: Step) -> None:
    """Where the step allows another time than before, that runs from now on."""
    stage.due_at = staffing.due(step, clock.now())
    stage.save(update_fields=["due_at"])
    if stage.due_at is not None:
        running.schedule(stage.due_at)


def _handed_in(item: Item, by: Actor) -> tuple[list[Stage], tuple[int, ...]]:
    """Where it would stand if its starter handed it in as it is, who must not decide it by that; it stays with her.

    Raises:
        _Decides.
    """
    with transaction.atomic():
        trial = Item.objects.get(pk=item.pk)
        trial.state = ItemState.OPEN
        running.run(trial, by, end=_decides)
        stages, _ = standing(trial)
        transaction.set_rollback(True)
    return stages, () if veil(item) else (item.starter_id,)


def _decides(item: Item, state: ItemState, by: Actor) -> None:
    """Raises:
    _Decides.
    """
    raise _Decides(state)
