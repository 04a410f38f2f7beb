"""Who is asked at a step, out of those whom the flow means (pure: no Django).

A real item and a test drive ask the same: who stands back, who stands in, whose work is delegated.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from jifen.approvals.definition import Step, Who
from jifen.approvals.machine import chain

RULE, SUBSTITUTE, DELEGATE, OFFICE = "rule", "substitute", "delegate", "office"
Meant = Callable[[Who], Iterable[int]]
"""The accounts that a ``Who`` means, in their order."""


@dataclass(frozen=True, slots=True)
class Seat:
    """``holder_id`` is whom the flow means; ``user_id`` does it. ``origin``: how she came to it.

    ``part`` is the number of the step's ``who`` that means the holder, the one that weighs most; ``also``: the others.
    """

    user_id: int
    holder_id: int
    origin: str = RULE
    weight: int = 1
    part: int = 0
    also: tuple[int, ...] = ()

    @property
    def parts(self) -> tuple[int, ...]:
        return (self.part, *self.also)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is asked at a step, in order, and who would be but must stand back."""

    seats: tuple[Seat, ...]
    recused: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """Everybody whom a step means, once, and those who stand by, for each part of its ``who``."""

    asked: tuple[Seat, ...]
    stand_ins: Mapping[int, tuple[int, ...]]

    def concerned(self, instead: Mapping[int, int]) -> set[int]:
        """All who may come to have the work."""
        people = {seat.user_id for seat in self.asked} | {one for ids in self.stand_ins.values() for one in ids}
        return people | {one for giver in people for one in chain(giver, instead)}


def meaning(step: Step, meant: Meant) -> Meaning:
    """Each by the part that weighs most, and known by all parts that mean her: one of them may be required.

    Who stands by as a substitute is not asked beside those whose seat it is, unless nobody else holds one.
    """
    found: dict[int, Seat] = {}
    stand_ins = {part: tuple(meant(who.substitute)) for part, who in enumerate(step.who) if who.substitute}
    for part, who in enumerate(step.who):
        people = list(meant(who))
        spare = stand_ins.get(part, ())
        for one in [one for one in people if one not in spare] or people:
            found[one] = _met(found.get(one), Seat(one, one, weight=who.weight, part=part))
    return Meaning(tuple(found.values()), stand_ins)


def _met(known: Seat | None, seat: Seat) -> Seat:
    """One seat of both."""
    if known is None:
        return seat
    main, other = (seat, known) if known.weight < seat.weight else (known, seat)
    return replace(main, also=(*main.also, *other.parts))


def seated(found: Meaning, away: Collection[int], instead: Mapping[int, int]) -> Plan:
    """The seats of those who stand back (``away``) go to substitutes, absent people's to delegates (``instead``)."""
    recused = tuple(seat for seat in found.asked if seat.user_id in away)
    present = [seat for seat in found.asked if seat.user_id not in away]
    present += _substituted(recused, found.stand_ins, {*away, *(seat.user_id for seat in present)})
    return Plan(tuple(_delegated(present, instead, away)), recused)


def of_office(users: Iterable[int]) -> tuple[Seat, ...]:
    """The town's office, where nobody else is left."""
    return tuple(Seat(one, one, OFFICE) for one in users)


def _substituted(recused: Iterable[Seat], stand_ins: Mapping[int, Collection[int]], taken: set[int]) -> Iterator[Seat]:
    for seat in recused:
        spares = (one for part in seat.parts for one in stand_ins.get(part, ()))
        spare = next((one for one in spares if one not in taken), None)
        if spare is not None:
            taken.add(spare)
            yield replace(seat, user_id=spare, origin=SUBSTITUTE)


def _delegated(present: list[Seat], instead: Mapping[int, int], away: Collection[int]) -> Iterator[Seat]:
    """A delegate who must stand back, or is asked herself, does not stand in."""
    taken = {seat.user_id for seat in present}
    for seat in present:
        receiver = next(reversed(chain(seat.user_id, instead)), None)
        if receiver is None or receiver in away or receiver in taken:
            yield seat
        else:
            taken.add(receiver)
            yield replace(seat, user_id=receiver, origin=DELEGATE)
