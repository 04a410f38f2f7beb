"""A kind of subject of its own, and people of the town's office who are named outright.

desk.people("甲", "乙")       accounts, as actors
desk.start(step(甲), …)       an item on its way through these steps
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole
from jifen.approvals import registry, services
from jifen.approvals.models import Item, Stage
from jifen.approvals.persons import PersonField
from jifen.kernel.actors import SYSTEM, Actor


class Deed(registry.SubjectKind):
    """What the registered room was told; ``near`` must stand back, ``named`` are the people of any field.

    Everybody has a say but those who are ``silent``; nothing may reach those whom it goes ``past``.
    """

    kind = "deed"
    name = "登记"
    facts = {"points": "number"}

    def __init__(self) -> None:
        self.told: list[str] = []
        self.endings: dict[int, list[str]] = {}
        self.near: set[int] = set()
        self.named: set[int] = set()
        self.silent: set[int] = set()
        self.past: set[int] = set()

    def on_approved(self, item: Item, by: Actor) -> None:
        self._end(item, "approved")

    def on_rejected(self, item: Item, by: Actor) -> None:
        self._end(item, "rejected")

    def on_returned(self, item: Item, by: Actor) -> None:
        self.told.append("returned")

    def on_withdrawn(self, item: Item, by: Actor) -> None:
        self._end(item, "withdrawn")

    def _end(self, item: Item, word: str) -> None:
        self.told.append(word)
        self.endings.setdefault(item.pk, []).append(word)

    def bars(self, item: Item, users: set[int]) -> set[int]:
        return users & self.near

    def goes_past(self, item: Item, users: set[int]) -> set[int]:
        return users & self.past

    def posts(self, users: Collection[int]) -> Iterable[tuple[int, int | None]]:
        return [(user, None) for user in users if user not in self.silent]

    def points_range(self, item: Item) -> tuple[Decimal, Decimal]:
        return Decimal(1), Decimal(10)

    persons = {"investigators": PersonField("核查人", "none")}

    def people(self, item: Item, field: str) -> set[int]:
        return self.named


def step(*people: Actor, name: str = "", **more: Any) -> dict[str, Any]:
    """A step of these people, called after the first of them."""
    return {"name": name or people[0].name, "who": {"users": [one.id for one in people]}} | more


def vote(*people: Actor, **more: Any) -> dict[str, Any]:
    return step(*people, how="quorum", quorum={"numerator": 1, "denominator": 2, "more": True}) | more


class Desk:
    def __init__(self, deed: Deed) -> None:
        self.deed = deed
        self.starter = self.person("申报人")
        self._subjects = 0

    def person(self, name: str, role: SiteRole | None = None) -> Actor:
        user = accounts.create(username=f"u-{name}", display_name=name, password=None, by=SYSTEM)
        if role is not None:
            accounts.grant_role(user=user, role=role, by=SYSTEM)
        return Actor.of(user)

    def people(self, *names: str) -> list[Actor]:
        return [self.person(name) for name in names]

    def install(self, *steps: Mapping[str, Any]) -> None:
        services.install(subject_kind="deed", steps=steps, by=SYSTEM)

    def start(self, *steps: Mapping[str, Any], points: str = "5", by: Actor | None = None) -> Item:
        if steps:
            self.install(*steps)
        self._subjects += 1
        item = services.start(
            subject_kind="deed", subject_id=self._subjects, village_id=None, facts={"points": points},
            by=by or self.starter,
        )  # fmt: skip
        assert item is not None
        return item

    def say(self, item: Item, *people: Actor, verdict: str = "approve") -> Item:
        for by in people:
            item = services.decide(item=item, verdict=verdict, reason="看过", by=by)
        return item

    def at(self, item: Item) -> list[str]:
        """The steps where it stands."""
        return list(Stage.objects.filter(item=item, state="active").order_by("id").values_list("name", flat=True))

    def turn(self, item: Item) -> set[str]:
        """Whose turn it is."""
        return names(item, "active", "claimed")


def names(item: Item, *states: str) -> set[str]:
    stages = Stage.objects.filter(item=item, state="active", assignments__state__in=states)
    return set(stages.values_list("assignments__user__display_name", flat=True))


def fingerprint(item: Item) -> list[Any]:
    """Everything about an item: a refused act changes none of it."""
    rows: Iterable[Any] = item.stages.order_by("id").values_list("id", "key", "state", "is_blocked", "due_at")
    work = item.stages.order_by("assignments__id").values_list(
        "assignments__user", "assignments__state", "assignments__verdict"
    )
    fresh = Item.objects.filter(pk=item.pk).values_list("state", "facts", "routes", "flow", "reminders")
    return [list(fresh), list(rows), list(work), item.words.count()]
