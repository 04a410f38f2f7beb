"""A village's deeds once more under another rulebook: pure, in posting order, deed by deed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from scoring.rules import engine, sequence, steps
from scoring.rules.candidates import Candidate
from scoring.rules.engine import Award
from scoring.rules.errors import OutsideWindow, RuleError
from scoring.rules.facts import Facts, People
from scoring.rules.spec import Rulebook, RuleSpec

ZERO = Decimal("0.00")
EVERY = 2_000
"""Deeds between two looks at whether somebody stopped the run."""

Pair = tuple[Decimal, Decimal]
"""Merit and redeemable points."""

Verdict = Literal["priced", "gone", "kept"]


class Past(NamedTuple):
    """A posted deed. ``declared`` and ``decided`` (signed): what was told, and what people made of it, if anything.

    ``merit`` and ``redeemable``: what stands in the ledger for it, in points of ``point_class``. ``others``: what of
    that other households were credited, by household (id).
    """

    key: int
    code: str
    household: int
    village: int
    resident: int | None
    day: date
    facts: Mapping[str, Any]
    declared: Decimal
    decided: Decimal | None
    merit: Decimal
    redeemable: Decimal
    point_class: str = ""
    others: Mapping[int, Pair] = {}

    @property
    def home(self) -> int:
        """The household that its own points go to."""
        return self.household

    @property
    def credited(self) -> dict[int, Pair]:
        """What each household had of it, its own first."""
        merit, redeemable = (sum((pair[place] for pair in self.others.values()), ZERO) for place in (0, 1))
        return {self.household: (self.merit - merit, self.redeemable - redeemable), **self.others}


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the deed is worth under the other rulebook.

    ``verdict``: ``priced`` by it; ``gone``: it has no such item for that day; ``kept``: a person would have to decide,
    the old points stand in. ``award`` explains itself when somebody reads it.
    """

    past: Past
    merit: Decimal
    redeemable: Decimal
    verdict: Verdict
    award: Award | None = None
    reason: str = ""

    @property
    def why(self) -> str:
        """The sentence that people read: it cites the number that the rulebook prints, never a code."""
        if self.reason or self.award is None:
            return self.reason
        (name, label, *more), *rest = self.award.steps
        said = "细则" if label == f"规则{self.past.code.upper()}" else label
        return steps.explain([(name, said, *more), *rest])


def replay(
    book: Rulebook,
    deeds: Iterable[Past],
    *,
    people: Mapping[int, People] | None = None,
    tick: Callable[[int], None] | None = None,
) -> list[Replayed]:
    """Every deed of one village under ``book``, as if nothing had been posted before them.

    ``people``: who lives in which household (by id), for rules that ask. ``tick`` hears of every so many deeds.
    """
    rules = {rule.code: rule for rule in book.rules}
    known: dict[tuple[Any, ...], Award | str] = {}
    waiting: list[Candidate] = []
    found: dict[str, Replayed] = {}
    by_key: dict[str, Past] = {}
    for number, past in enumerate(deeds, start=1):
        key = f"{past.key:019d}"
        by_key[key] = past
        outcome = _priced(book, rules.get(past.code), past, (people or {}).get(past.household), known)
        if isinstance(outcome, Replayed):
            found[key] = outcome
        else:
            waiting.append(_candidate(key, book, rules[past.code], past, outcome))
        if tick and number % EVERY == 0:
            tick(EVERY)
    for result in sequence.sequence(waiting):
        past = by_key[result.key]
        found[result.key] = Replayed(past, result.award.points, result.award.redeemable, "priced", result.award)
    return [found[key] for key in by_key]


def _candidate(key: str, book: Rulebook, rule: RuleSpec, past: Past, award: Award) -> Candidate:
    return Candidate(
        key=key, rule=rule, date=past.day, award=award, household=str(past.household), village=str(past.village),
        resident=str(past.resident) if past.resident else None, book=book, points=_decided(past, award),
    )  # fmt: skip


def _priced(
    book: Rulebook, rule: RuleSpec | None, past: Past, people: People | None, known: dict[tuple[Any, ...], Award | str]
) -> Award | Replayed:
    if rule is None:
        return Replayed(past, ZERO, ZERO, "gone", reason="新细则没有这一条，不计分")
    same = (rule.code, past.day, past.resident is None, _fingerprint(past.facts), id(people) if people else 0)
    outcome = known.get(same)
    if outcome is None:
        outcome = known[same] = _asked(book, rule, past, people)
    if isinstance(outcome, str):
        kind: Verdict = "gone" if outcome.startswith("=") else "kept"
        reason = outcome.lstrip("=")
        if kind == "gone":
            return Replayed(past, ZERO, ZERO, kind, reason=reason)
        return Replayed(
            past, past.merit, past.redeemable, kind, reason=f"新细则下要由人认定（{reason}），暂按原来的分计"
        )
    return outcome


def _asked(book: Rulebook, rule: RuleSpec, past: Past, people: People | None) -> Award | str:
    """The award; or a reason, with ``=`` before it when the deed is worth nothing at all."""
    facts = facts_of(past, people)
    try:
        award = engine.price(rule, facts, book.settings)
    except OutsideWindow as error:
        return f"={error.message}"
    except RuleError as error:
        return error.message if rule.active else f"={error.message}"
    if award.undecided and past.decided is None:
        return award.undecided
    return award


def facts_of(past: Past, people: People | None) -> Facts:
    """Kept facts as the engine takes them; people known when the deed was told stand before those of today."""
    kept = past.facts
    told = kept.get("people")
    cell = tuple(told["cell"]) if told else ()
    around = (
        People(frozenset(told["roles"]), tuple(told["members"]), cell or (people or People()).cell) if told else people
    )
    return Facts(
        date=past.day,
        subject="household" if past.resident is None else "resident",
        quantity=kept.get("quantity"),
        tier=kept.get("tier"),
        points=kept.get("points"),
        inputs=kept.get("inputs") or {},
        scores=kept.get("scores") or {},
        ratings=kept.get("ratings") or {},
        people=around,
        precedent=kept.get("precedent"),
    )


def _decided(past: Past, award: Award) -> Decimal | None:
    """What people decided holds in proportion: a third off what was told is a third off what it would be told."""
    if past.decided is None:
        return None
    if award.undecided or not past.declared or award.worth == past.declared:
        return past.decided
    return (award.worth * past.decided / past.declared).quantize(Decimal("0.01"))


def _fingerprint(facts: Mapping[str, Any]) -> str:
    return repr(facts) if facts else ""
