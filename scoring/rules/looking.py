"""What a rule asks of the deeds posted before it: tallies, days, runs, and who was first.

A probe takes in every posted deed that concerns it and answers for a new one in constant time, so that a month of many
deeds stays linear. Probes belong to the rules of one batch; nothing here outlives it.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from scoring.rules import periods
from scoring.rules.shares import ONCE, Spread
from scoring.rules.spec import Cooldown, Ladder, NotWith, Period, Repair, Rulebook, RuleSpec, Scope, Streak

Matches = Callable[[RuleSpec], bool]
Key = tuple[date, str]


class Told(Protocol):
    """A deed as far as others look at it. Ids are opaque; ``resident`` is None when a whole household did it."""

    @property
    def rule(self) -> RuleSpec: ...
    @property
    def date(self) -> date: ...
    @property
    def household(self) -> str: ...
    @property
    def village(self) -> str: ...
    @property
    def resident(self) -> str | None: ...
    @property
    def inputs(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A deed on the ledger, unreversed. ``points``: signed, as posted (those that rank, or else that redeem).

    ``number`` is what a ladder accumulates. ``effective`` is False for one that only warned or was shut out: it brings
    no effects. ``spread``: how many times the points were given.
    """

    rule: RuleSpec
    date: date
    household: str
    village: str
    points: Decimal
    resident: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    number: Decimal | None = None
    effective: bool = True
    spread: Spread = ONCE


def subject(scope: Scope, deed: Told, by: str | None = None) -> str:
    """Whose count a deed falls into; with ``by`` each value of that input apart."""
    if scope == "village":
        whose = f"village:{deed.village}"
    elif scope == "resident" and deed.resident:
        whose = f"resident:{deed.resident}"
    else:
        whose = f"household:{deed.household}"
    return whose if by is None else f"{whose}|{str(deed.inputs.get(by) or '').strip()}"


@dataclass(slots=True)
class Tally:
    """A sum by period and subject: of deeds, of deeds that count, of points (magnitude), or of a ladder's numbers."""

    matches: Matches
    what: Callable[[Posted], Decimal]
    period: Period
    scope: Scope
    by: str | None = None
    sums: defaultdict[Key, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def key(self, deed: Told) -> Key:
        return periods.start(self.period, deed.date), subject(self.scope, deed, self.by)

    def add(self, deed: Posted) -> None:
        self.sums[self.key(deed)] += self.what(deed)

    def of(self, deed: Told) -> Decimal:
        return self.sums.get(self.key(deed), Decimal(0))

    def since(self, day: date) -> date:
        return periods.start(self.period, day)


@dataclass(slots=True)
class First:
    """The first counted deed by period and subject."""

    matches: Matches
    period: Period
    scope: Scope
    by: str | None = None
    found: dict[Key, RuleSpec] = field(default_factory=dict)

    def key(self, deed: Told) -> Key:
        return periods.start(self.period, deed.date), subject(self.scope, deed, self.by)

    def add(self, deed: Posted) -> None:
        if deed.points:
            self.found.setdefault(self.key(deed), deed.rule)

    def of(self, deed: Told) -> RuleSpec | None:
        return self.found.get(self.key(deed))

    def since(self, day: date) -> date:
        return periods.start(self.period, day)


@dataclass(slots=True)
class Days:
    """The days of counted deeds by subject, sorted."""

    matches: Matches
    cooldown: Cooldown
    found: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, deed: Posted) -> None:
        if deed.points:
            insort(self.found[subject(self.cooldown.scope, deed)], deed.date.toordinal())

    def near(self, deed: Told) -> date | None:
        """A counted day less than the cool-down away, before or after: a late deed keeps its distance too."""
        days = self.found.get(subject(self.cooldown.scope, deed), [])
        day = deed.date.toordinal()
        place = bisect_left(days, day)
        for other in days[max(place - 1, 0) : place + 1]:
            if abs(other - day) < self.cooldown.days:
                return date.fromordinal(other)
        return None

    def since(self, day: date) -> date:
        return day - timedelta(days=min(self.cooldown.days, day.toordinal() - 1))


@dataclass(slots=True)
class Runs:
    """The periods with a counted deed, by subject."""

    matches: Matches
    streak: Streak
    found: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, deed: Posted) -> None:
        if deed.points:
            self.found[subject(self.streak.scope, deed)].add(periods.place(self.streak.period, deed.date))

    def fresh(self, deed: Told) -> int:
        """How many bonuses the deed completes; none when its period already had one."""
        places = self.found.get(subject(self.streak.scope, deed), set())
        here = periods.place(self.streak.period, deed.date)
        if here in places:
            return 0
        before, after = _run(places, here, -1), _run(places, here, 1)
        return max(self._due(before + 1 + after) - self._due(before) - self._due(after), 0)

    def _due(self, length: int) -> int:
        times = length // self.streak.length
        return times if self.streak.again else min(times, 1)

    def since(self, day: date) -> date:
        return date.min


def _run(places: set[int], here: int, step: int) -> int:
    length = 0
    while here + step * (length + 1) in places:
        length += 1
    return length


def _deeds(_deed: Posted) -> Decimal:
    return Decimal(1)


def _counted(deed: Posted) -> Decimal:
    return Decimal(bool(deed.points))


def _worth(deed: Posted) -> Decimal:
    return abs(deed.points)


def _number(deed: Posted) -> Decimal:
    return deed.number or Decimal(0)


Probe = Tally | First | Days | Runs
"""``matches`` says which rules' deeds it takes in with ``add``; ``since`` is the first day that bears on a day."""


class Look:
    """All that one rule asks; a probe is None where it does not ask."""

    __slots__ = (
        "cooling", "first", "given", "group", "ladder", "repeat", "rivals", "rule", "shut_out", "streak", "taken",
        "warned",
    )  # fmt: skip

    def __init__(self, rule: RuleSpec, book: Rulebook | None = None) -> None:
        self.rule = rule
        same = _same(rule.code)
        self.cooling = Days(same, rule.cooldown) if rule.cooldown else None
        self.streak = Runs(same, rule.streak) if rule.streak else None
        self.repeat = Tally(same, _counted, rule.repeat.period, rule.repeat.scope) if rule.repeat else None
        self.ladder = _ladder(rule.amount, same) if isinstance(rule.amount, Ladder) else None
        self.warned = _warned(rule)
        self.shut_out = _shut_out(rule.not_with, rule.not_with.rules) if rule.not_with else None
        self.rivals = _rivals(rule, book)
        self.first, self.group = _group(rule)
        self.taken = _taken(rule.repair) if rule.repair else None
        self.given = _given(rule.repair) if rule.repair else None

    @property
    def probes(self) -> Iterator[Probe]:
        """Those that the rule has."""
        found: tuple[Probe | None, ...] = (
            self.cooling, self.streak, self.repeat, self.ladder, self.warned, self.shut_out, self.first, self.group,
            self.taken, self.given, *self.rivals,
        )  # fmt: skip
        return (probe for probe in found if probe is not None)


def _same(code: str) -> Matches:
    return lambda rule: rule.code == code


def _ladder(amount: Ladder, same: Matches) -> Tally:
    return Tally(same, _number, amount.period, amount.scope)


def _warned(rule: RuleSpec) -> Tally | None:
    asked = rule.after_warning
    return Tally(_same(asked.rule or rule.code), _deeds, asked.period, asked.scope) if asked else None


def _shut_out(asked: NotWith, codes: Sequence[str]) -> First:
    return First(lambda rule: rule.code in codes, asked.period, asked.scope, asked.by)


def _rivals(rule: RuleSpec, book: Rulebook | None) -> tuple[First, ...]:
    """Deeds under rules that do not count together with this one: posted first, they shut it out."""
    others = book.yielding_to(rule) if book else ()
    return tuple(_shut_out(other.not_with, (other.code,)) for other in others if other.not_with)


def _group(rule: RuleSpec) -> tuple[First | None, Tally | None]:
    asked = rule.group
    if asked is None:
        return None, None

    def matches(other: RuleSpec) -> bool:
        return other.group is not None and other.group.code == asked.code

    if asked.counts == "first":
        return First(matches, asked.period, asked.scope, asked.by), None
    return None, Tally(matches, _worth, asked.period, asked.scope, asked.by)


def mends(repair: Repair, rule: RuleSpec) -> bool:
    """Whether ``repair`` gives back what ``rule`` takes."""
    return rule.sign == "negative" and (not repair.rules or rule.code in repair.rules)


def _taken(asked: Repair) -> Tally:
    return Tally(lambda rule: mends(asked, rule), _worth, asked.period, asked.scope)


def _given(asked: Repair) -> Tally:
    def matches(other: RuleSpec) -> bool:
        if other.repair is None:
            return False
        return not asked.rules or not other.repair.rules or bool(set(asked.rules) & set(other.repair.rules))

    return Tally(matches, _worth, asked.period, asked.scope)
