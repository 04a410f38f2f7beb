"""A kind of subject for the pages and the API to work on: what its room was told, and who must stand back."""

from decimal import Decimal
from typing import Any, ClassVar

from jifen.accounts.models import User
from jifen.approvals import registry, services
from jifen.approvals.models import Item
from jifen.approvals.persons import PersonField
from jifen.kernel.actors import SYSTEM, Actor


class Deed(registry.SubjectKind):
    kind = "deed"
    name = "积分登记"
    facts = {"points": "number", "declared_by": "text"}
    persons = {"recorder": PersonField("登记人", "starter"), "head": PersonField("户主", "head", stands_back=True)}
    near: ClassVar[set[int]] = set()

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []

    def on_approved(self, item: Item, by: Actor) -> None:
        self.told.append(("approved", item.subject_id))

    def on_rejected(self, item: Item, by: Actor) -> None:
        self.told.append(("rejected", item.subject_id))

    def bars(self, item: Item, users: set[int]) -> set[int]:
        return users & self.near

    def points_range(self, item: Item) -> tuple[Decimal, Decimal]:
        return Decimal(1), Decimal(30)

    def title(self, item: Item) -> str:
        return f"张三 打扫公共场所{item.subject_id}"


OFFICER = {"name": "经办", "who": {"role": "town_officer"}}
ADMIN = {"name": "主任", "who": {"role": "town_admin"}}


def started(
    *steps: Any, by: Actor | User = SYSTEM, points: str = "5", subject: int = 1, village: int | None = None
) -> Item:
    """An item on a flow of ``steps``, just begun."""
    services.install(subject_kind="deed", steps=steps or (OFFICER,), by=SYSTEM)
    actor = by if isinstance(by, Actor) else Actor.of(by)
    facts = {"points": points, "declared_by": "self"}
    item = services.start(subject_kind="deed", subject_id=subject, village_id=village, facts=facts, by=actor)
    assert item is not None
    return item
