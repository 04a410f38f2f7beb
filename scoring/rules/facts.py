"""What a deed is told to be: the facts that a price is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from pydantic_core import PydanticCustomError

from scoring.rules.base import exact
from scoring.rules.errors import RuleError

Figure = Decimal | int | str | None


PARTY_MEMBER, PARTY_HOUSEHOLD, HEAD, CADRE = "party_member", "party_household", "head", "cadre"
ROLES = {
    PARTY_MEMBER: "党员", PARTY_HOUSEHOLD: "党员户", HEAD: "户主", CADRE: "村干部", "steward": "积分管理员",
    "committee": "审核委员", "supervisor": "监督员", "group_leader": "村民小组组长", "volunteer": "积分志愿者",
}  # fmt: skip
"""Who an actor may be: what deeds are told with, and multipliers look at."""


@dataclass(frozen=True, slots=True)
class People:
    """Who acted and who is around: the actor's role codes, the household's members, the households of its cell.

    ``members`` and ``cell`` are opaque ids; shares name them again (``member:7``, ``cell:3``).
    """

    roles: frozenset[str] = frozenset()
    members: tuple[str, ...] = ()
    cell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """One deed. ``points`` are the points chosen in a range; ``inputs`` are the rule's own fields, as sent.

    ``scores``: by item of a card. ``ratings``: marks by who gave them. ``proofs``: how many pieces of evidence by kind;
    None where evidence is checked elsewhere. ``precedent``: the rule that a catch-all deed is likened to.
    """

    date: date
    subject: Literal["household", "resident", "group"] = "household"
    quantity: Figure = None
    tier: str | None = None
    points: Figure = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, Any] = field(default_factory=dict)
    ratings: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    proofs: Mapping[str, int] | None = None
    people: People | None = None
    precedent: str | None = None


class Scale(NamedTuple):
    """What multipliers make of an amount: ``times`` as much, divided by ``over``."""

    times: Decimal = Decimal(1)
    over: Decimal = Decimal(1)

    def of(self, magnitude: Decimal) -> Decimal:
        """``magnitude`` scaled; exact where the division comes out."""
        return magnitude * self.times / self.over


class Undecided(Exception):
    """The facts do not suffice; the text says what is missing."""


def number(sent: Any, error: type[RuleError], name: str) -> Decimal:
    """``sent`` as an exact number; ``error`` says in words what is wrong with ``name``."""
    try:
        return exact(sent.strip() if isinstance(sent, str) else sent)
    except PydanticCustomError as reason:
        raise error(f"{name}：{reason.message()}。") from None
