"""A priced deed on its way to the ledger: the caps it meets, and its place in posting order."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_UP, Decimal
from typing import Any, NamedTuple, Protocol

from scoring.rules import periods
from scoring.rules.engine import Award
from scoring.rules.limits import Bucket
from scoring.rules.looking import Told, subject
from scoring.rules.shares import CENT, ONCE, Spread
from scoring.rules.spec import BookLimit, Limit, Rulebook, RuleSpec, SharedLimit
from scoring.rules.spec_limits import keyed
from scoring.rules.steps import Step

ZERO = Decimal("0.00")
ONE = Decimal(1)


class Candidate(NamedTuple):
    """A priced deed waiting to be posted, with the rulebook it was judged by.

    ``points`` (signed) stand in for the award's where the committee or a hearing decided otherwise.
    """

    key: str
    rule: RuleSpec
    date: date
    award: Award
    household: str
    village: str
    resident: str | None = None
    book: Rulebook | None = None
    points: Decimal | None = None

    @property
    def signed(self) -> Decimal:
        """What it is worth before anything that looks back."""
        return self.award.worth if self.points is None else self.points

    @property
    def takes(self) -> bool:
        """Whether it takes under a rule that gives: no cap and no freeze of that rule holds for it."""
        return self.signed < 0 and self.rule.takes

    @property
    def factor(self) -> int:
        """The sign of what it comes to."""
        return -1 if self.takes else self.rule.factor

    @property
    def spread(self) -> Spread:
        """How many times its points the deed brings."""
        return self.award.split.spread if self.award.split else ONCE

    @property
    def inputs(self) -> Mapping[str, Any]:
        return self.award.inputs


class Cap(NamedTuple):
    """A limit with the name and key of its buckets; ``whose`` names what it covers when that is more than a rule."""

    name: str
    key: str
    limit: Limit
    whose: str


class Counts(Protocol):
    """A deed as far as caps count it."""

    @property
    def spread(self) -> Spread: ...


def posting_order(item: Candidate) -> tuple[object, ...]:
    """The same for the same deeds, whatever the order they came in."""
    return (
        item.date, item.rule.code, -abs(item.signed), item.household, item.resident or "",
        -(item.award.number or ZERO), str(sorted(item.inputs.items())) if item.inputs else "", item.key,
    )  # fmt: skip


def caps_of(rule: RuleSpec, book: Rulebook | None) -> tuple[Cap, ...]:
    """The rule's own limits, its category's, the rulebook's."""
    own = [Cap(rule.code, key, limit, _scope_word(limit)) for key, limit in keyed(rule.effective_limits)]
    if book is None:
        return tuple(own)
    for name, key, limit in book.shared_limits(rule):
        word = _shared_word(book, limit) if name == "*" else f"“{name}”"
        own.append(Cap(name if name == "*" else f"@{name}", key, limit, _scope_word(limit) + word))
    return tuple(own)


def _shared_word(book: Rulebook, limit: SharedLimit) -> str:
    """总; of items that the limit names 规则3、规则5合计."""
    named = limit.rules if isinstance(limit, BookLimit) else ()
    return f"{'、'.join(rule.cited for rule in book.rules if rule.code in named)}合计" if named else "总"


def _scope_word(limit: Limit) -> str:
    return "全村" if limit.scope == "village" else ""


def bucket_of(cap: Cap, deed: Told) -> Bucket:
    limit = cap.limit
    return Bucket(cap.name, cap.key, periods.start(limit.period, deed.date), subject(limit.scope, deed, limit.by))


def part_of(cap: Cap, deed: Counts, worth: Decimal) -> Decimal:
    """What a deed of ``worth`` takes of the cap: its points, as often as they are given, or one deed."""
    if cap.limit.kind == "count":
        return ONE
    times = deed.spread.times(cap.limit.scope)
    return worth if times == ONE else (worth * times).quantize(CENT, ROUND_UP)


def cap_step(cap: Cap, had: Decimal, left: Decimal, factor: int) -> Step:
    limit = cap.limit
    if limit.kind == "count":
        return ("count", limit.period, cap.whose, limit.value, had)
    if factor > 0:
        return ("cap", limit.period, cap.whose, limit.value, had, left)
    if left:
        return ("cap_taken", limit.period, cap.whose, limit.value, had, left)
    return ("cap_full", limit.period, cap.whose, limit.value)
