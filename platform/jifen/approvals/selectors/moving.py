"""What would become of items under way if a new version took them over."""

from dataclasses import dataclass

from django.db.models import QuerySet

from jifen.approvals import machine, registry
from jifen.approvals.definition import Step
from jifen.approvals.models import Flow, Item, ItemState
from jifen.approvals.selectors.items import active_stages, done_keys, facts_of
from jifen.approvals.selectors.people import plan


@dataclass(frozen=True, slots=True)
class Landing:
    """Where one item would land: the keys of its steps there, the accounts that get work, or why it cannot move."""

    item: Item
    title: str
    now: tuple[str, ...]
    steps: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    problem: str = ""

    @property
    def can_move(self) -> bool:
        return not self.problem


def preview_move(flow: Flow) -> list[Landing]:
    """Every item under way on another version, oldest first."""
    return [landing(item, flow) for item in to_move(flow)]


def to_move(flow: Flow) -> QuerySet[Item]:
    rows = Item.objects.filter(subject_kind=flow.subject_kind, finished_at=None).exclude(flow=flow)
    return rows.select_related("flow").order_by("started_at", "id")


def landing(item: Item, flow: Flow) -> Landing:
    """Steps known by the same key in both versions stay done; the rest is walked anew."""
    title = registry.subject(item.subject_kind).title(item)
    now = tuple(stage.name for stage, _ in active_stages(item))
    if item.state == ItemState.RETURNED:
        return Landing(item, title, now, people=(item.starter_id,))
    if item.state == ItemState.SUSPENDED:
        return Landing(item, title, now, problem="已暂停，请恢复办理后再转")
    waiting = machine.walk(flow.definition, done_keys(item), {}, facts_of(item)).waiting
    if not waiting:
        return Landing(item, title, now, problem="新流程里已没有要办的步骤，请按原流程办完")
    return _among(item, title, now, waiting)


def _among(item: Item, title: str, now: tuple[str, ...], waiting: tuple[Step, ...]) -> Landing:
    plans = [(step, plan(item, step).seats) for step in waiting]
    people = tuple(dict.fromkeys(seat.user_id for _, seats in plans for seat in seats))
    unmanned = "、".join(f"“{step.name}”" for step, seats in plans if not seats)
    problem = f"新流程的{unmanned}没有能办理的人" if unmanned else ""
    return Landing(item, title, now, tuple(step.key for step in waiting), people, problem)
