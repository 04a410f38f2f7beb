"""Items under way that a new version could take over, and what becomes of each."""

from dataclasses import dataclass

from django.db.models import QuerySet

from jifen.approvals.models import Assignment, Flow, Item, Stage, StageState
from jifen.approvals.selectors.items import MINE


@dataclass(frozen=True, slots=True)
class Landing:
    """Where one item lands: the keys of its steps there, the accounts whose turn it is, or why it cannot move.

    An item that was sent back to its starter lands at no step: the starter hands it in again.
    """

    item: Item
    title: str
    now: tuple[str, ...]
    steps: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    problem: str = ""

    @property
    def can_move(self) -> bool:
        return not self.problem


def to_move(flow: Flow) -> QuerySet[Item]:
    """Every item under way on another version, oldest first."""
    rows = Item.objects.filter(subject_kind=flow.subject_kind, finished_at=None).exclude(flow=flow)
    return rows.select_related("flow").order_by("started_at", "id")


def standing(item: Item) -> tuple[list[Stage], tuple[int, ...]]:
    """The stages where an item stands, and the accounts whose turn it is there."""
    stages = list(Stage.objects.filter(item=item, state=StageState.ACTIVE).order_by("id"))
    rows = Assignment.objects.filter(stage__in=stages, state__in=MINE).order_by("stage", "seat", "rank", "id")
    return stages, tuple(dict.fromkeys(rows.values_list("user_id", flat=True)))
