"""Who gets the points of a deed: exact parts that add up to the whole.

Rounding leaves a residue; it goes cent by cent to the largest remainders, the first named first. So the shares of a
split always sum to the points; where everybody gets the whole (``sharing: each``) there are as many wholes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from scoring.rules.base import settled
from scoring.rules.facts import People, Undecided
from scoring.rules.spec import MANY, Portion, RuleSpec, Scope

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


class Share(NamedTuple):
    """Signed points for ``target``: ``actor``, ``household``, ``head``, ``member:<id>``, ``beneficiary``,
    ``responsible``, ``cell:<id>``. ``redeemable`` is the part that can be exchanged."""

    target: str
    points: Decimal
    redeemable: Decimal
    point_class: str | None = None


class Spread(NamedTuple):
    """How many times its points a deed brings, to its household and to the village: more than once where each of
    several gets the whole. Of a 联户组 every household gets its own."""

    household: Decimal
    village: Decimal

    def times(self, scope: Scope) -> Decimal:
        """What a cap of ``scope`` counts, in points of the deed."""
        match scope:
            case "household":
                return self.household
            case "village":
                return self.village
        return ONE


ONE = Decimal(1)
ONCE = Spread(ONE, ONE)


@dataclass(frozen=True, slots=True)
class Split:
    """Who the points go to: targets with their weights; ``whole`` targets each get all of their portion."""

    targets: tuple[str, ...]
    weights: tuple[Decimal, ...]
    whole: tuple[bool, ...]

    @property
    def spread(self) -> "Spread":
        """How often the points are given."""
        if True not in self.whole:
            return ONCE
        wholes = list(zip(self.targets, self.weights, self.whole, strict=True))
        cells = [weight for target, weight, whole in wholes if whole and target.startswith("cell:")]
        in_all = settled(sum(self.weights, ZERO))
        return Spread(in_all - sum(cells[1:], ZERO), in_all)


def split_of(rule: RuleSpec, people: People | None, *, personal: bool) -> Split:
    """The targets of a deed; ``personal`` when one person did it. Undecided when nobody knows who they are."""
    found = [line for portion in rule.portions for line in _lines(rule, portion, people, personal)]
    targets, weights, whole = zip(*found, strict=True)
    return Split(targets, weights, whole)


def told_portions(rule: RuleSpec) -> tuple[tuple[str, Decimal], ...]:
    """(target, share) where the award has to say whose the points are: not for those of the actor or the household."""
    if not rule.shares and rule.attribution in ("resident", "household"):
        return ()
    return tuple((portion.to, portion.share) for portion in rule.portions)


def _lines(
    rule: RuleSpec, portion: Portion, people: People | None, personal: bool
) -> Iterator[tuple[str, Decimal, bool]]:
    if portion.to == "resident":
        yield ("actor" if personal else "household"), portion.share, False
    elif portion.to not in MANY:
        yield portion.to, portion.share, False
    else:
        yield from _many(rule, portion, people or People())


def _many(rule: RuleSpec, portion: Portion, people: People) -> Iterator[tuple[str, Decimal, bool]]:
    ids, name = (people.members, "member") if portion.to == "every_member" else (people.cell, "cell")
    if not ids:
        what = "这一户有哪些人" if name == "member" else "联户组有哪些户"
        raise Undecided(f"不知道{what}")
    each = rule.sharing == "each"
    for one in ids:
        yield f"{name}:{one}", portion.share if each else portion.share / len(ids), each


def shared(
    split: Split, points: Decimal, redeemable: Decimal, quantum: Decimal, point_class: str | None = None
) -> tuple[Share, ...]:
    """``points`` and ``redeemable`` (signed) by target, in multiples of ``quantum``."""
    if len(split.targets) == 1 and split.weights[0] == 1:
        return (Share(split.targets[0], points, redeemable, point_class),)
    merit, spendable = _parts(split, points, quantum), _parts(split, redeemable, quantum)
    return tuple(
        Share(target, one, other, point_class)
        for target, one, other in zip(split.targets, merit, spendable, strict=True)
    )


def _parts(split: Split, points: Decimal, quantum: Decimal) -> list[Decimal]:
    sign = Decimal(1).copy_sign(points)
    if points % quantum:
        quantum = CENT
    exact = [settled(abs(points) * weight) for weight in split.weights]
    parts = _whole(exact, quantum)
    divided = [place for place, whole in enumerate(split.whole) if not whole]
    total = abs(points) * sum((split.weights[place] for place in divided), Decimal(0))
    for place, part in zip(
        divided, largest_remainders(total, [exact[place] for place in divided], quantum), strict=True
    ):
        parts[place] = part
    return [part * sign + ZERO for part in parts]


def _whole(exact: Sequence[Decimal], quantum: Decimal) -> list[Decimal]:
    return [part.quantize(quantum, ROUND_DOWN) for part in exact]


def largest_remainders(total: Decimal, exact: Sequence[Decimal], quantum: Decimal) -> list[Decimal]:
    """``exact`` parts down to ``quantum``, and what is then left of ``total`` by largest remainder, first come first.

    The sum is ``total`` to the quantum it is stated in.
    """
    parts = _whole(exact, quantum)
    left = int(((total - sum(parts, Decimal(0))) / quantum).to_integral_value())
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: max(left, 0)]:
        parts[place] += quantum
    return parts
