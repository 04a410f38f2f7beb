"""Where many subjects stand on their way, in three queries however many they are."""

from collections.abc import Collection
from dataclasses import dataclass

from jifen.approvals.models import Assignment, Item, ItemState, Stage, StageState
from jifen.approvals.selectors.items import MINE


@dataclass(frozen=True, slots=True)
class Stand:
    """Of an item under way: its state, the names of the steps it waits at, and who is asked there by account."""

    state: str
    steps: tuple[str, ...]
    people: dict[int, str]

    @property
    def label(self) -> str:
        return str(ItemState(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.state == ItemState.OPEN

    def waits_for(self, user_id: int) -> bool:
        return self.is_open and user_id in self.people


def stands(subject_kind: str, subject_ids: Collection[int]) -> dict[int, Stand]:
    """By subject; those without an item under way are left out."""
    items = Item.objects.filter(subject_kind=subject_kind, subject_id__in=subject_ids, finished_at=None)
    active = Stage.objects.filter(state=StageState.ACTIVE, item__in=items).order_by("pk")
    found = {one.subject_id: Stand(one.state, (), {}) for one in items}
    for subject, name in active.values_list("item__subject_id", "name"):
        found[subject] = Stand(found[subject].state, (*found[subject].steps, name), found[subject].people)
    asked = Assignment.objects.filter(stage__in=active.order_by(), state__in=MINE).order_by("stage_id", "pk")
    for subject, user, name in asked.values_list("stage__item__subject_id", "user_id", "user__display_name"):
        found[subject].people[user] = name
    return found
