"""A village's deeds once more under another rulebook: pure, in posting order, deed by deed.

What was posted outside the window is history: it uses caps and is looked back at as it stands, and is not counted. So
an unchanged rulebook changes nothing (but for what was reversed since: that is as if it had never been).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal, NamedTuple

from scoring.rules import engine, sequence, steps
from scoring.rules.base import plain
from scoring.rules.candidates import Candidate, posting_order
from scoring.rules.engine import Award
from scoring.rules.errors import RuleError
from scoring.rules.facts import Facts, People
from scoring.rules.looking import Posted
from scoring.rules.ordering import behind
from scoring.rules.spec import Ladder, Rulebook, RuleSpec

ZERO = Decimal("0.00")
EVERY = 2_000
"""Deeds between two looks at whether somebody stopped the run."""

_ASKS = re.compile("(?:，请[^，。]*)?。?$")
"""What a form asks of somebody who declares: nobody does in a trial."""

Pair = tuple[Decimal, Decimal]
"""Merit and redeemable points."""

Order = tuple[datetime, tuple[object, ...]]
"""The moment of the posting, then the place in it."""

Verdict = Literal["priced", "gone", "kept"]


class Past(NamedTuple):
    """A posted deed. ``declared`` and ``decided`` (signed): what was told, and what people made of it, if anything.

    ``household`` is credited; ``recorded`` is the one that the deed was told of, in whose caps it counts.
    ``merit`` and ``redeemable``: what stands in the ledger for it, in points of ``point_class``. ``others``: what of
    that other households were credited, by household (id). ``reckoned``: its worth before a balance's bounds, where it
    was reckoned by itself (docs/decisions/0012); ``bounded``: its rulebook bounds balances.
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
    point_class: str
    recorded: int
    joined: bool
    posted_at: datetime
    reckoned: Decimal | None
    bounded: bool
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


class Earlier(NamedTuple):
    """A posted deed outside the window, of which the draft has an item. ``worth``: signed, as it was awarded."""

    key: int
    code: str
    household: int
    village: int
    resident: int | None
    day: date
    facts: Mapping[str, Any]
    worth: Decimal
    effective: bool
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the deed is worth under the other rulebook.

    ``verdict``: ``priced`` by it; ``gone``: it has no such item for that day; ``kept``: a person would have to decide,
    the old points stand in. ``award`` explains itself when somebody reads it. ``as_posted``: what each household was
    credited stands as it is.
    """

    past: Past
    merit: Decimal
    redeemable: Decimal
    verdict: Verdict
    award: Award | None = None
    reason: str = ""
    as_posted: bool = False

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
    history: Iterable[Earlier] = (),
    people: Mapping[int, People] | None = None,
    tick: Callable[[int], None] | None = None,
) -> list[Replayed]:
    """Every deed of one village under ``book``, after what ``history`` already used and in the order of posting.

    ``people``: who lives in which household (by id), for rules that ask. ``tick`` hears of every so many deeds.
    """
    rules = {rule.code: rule for rule in book.rules}
    known: dict[tuple[Any, ...], Award | str] = {}
    told: list[tuple[Order, Candidate | Posted]] = [_earlier(rules[one.code], one) for one in history]
    found: dict[str, Replayed] = {}
    by_key: dict[str, Past] = {}
    for number, past in enumerate(deeds, start=1):
        key = _key(past.key)
        by_key[key] = past
        outcome = _priced(book, rules.get(past.code), past, (people or {}).get(past.household), known)
        if isinstance(outcome, Replayed):
            found[key] = outcome
            told += _stood(rules, outcome)
        else:
            told.append(_waiting(key, book, rules[past.code], past, outcome))
        if tick and number % EVERY == 0:
            tick(EVERY)
    for result in sequence.follow(_in_order(told)):
        found[result.key] = _posted(by_key[result.key], result)
    return [found[key] for key in by_key]


def _in_order(told: list[tuple[Order, Candidate | Posted]]) -> Iterator[Candidate | Posted]:
    """Posting by posting; within one, deeds that yield come behind those that they yield to."""
    told.sort(key=lambda one: one[0])
    for _, posting in groupby(told, key=lambda one: one[0][0]):
        yield from behind([one for _, one in posting])


def _key(pk: int) -> str:
    """Sorts as the number does."""
    return f"{pk:019d}"


def _waiting(key: str, book: Rulebook, rule: RuleSpec, past: Past, award: Award) -> tuple[Order, Candidate]:
    """Within one posting the deeds that were reckoned came in the engine's order, the rest by day and record."""
    item = _candidate(key, book, rule, past, award)
    order = _plainly(past) if past.reckoned is None else posting_order(item)
    return (past.posted_at, order), item


def _plainly(deed: Past | Earlier) -> tuple[object, ...]:
    return (deed.day, "", ZERO, "", "", ZERO, "", _key(deed.key))


def _earlier(rule: RuleSpec, deed: Earlier) -> tuple[Order, Posted]:
    quantity = deed.facts.get("quantity") if isinstance(rule.amount, Ladder) else None
    return (deed.posted_at, _plainly(deed)), Posted(
        rule=rule, date=deed.day, household=str(deed.household), village=str(deed.village), points=deed.worth,
        resident=str(deed.resident) if deed.resident else None, inputs=deed.facts.get("inputs") or {},
        number=Decimal(quantity) if quantity else None, effective=deed.effective,
    )  # fmt: skip


def _stood(rules: Mapping[str, RuleSpec], one: Replayed) -> list[tuple[Order, Posted]]:
    """A deed whose old points stand in uses caps as it did."""
    past = one.past
    if one.verdict != "kept":
        return []
    worth = past.reckoned if past.reckoned is not None else past.merit or past.redeemable
    stood = Earlier(
        past.key, past.code, past.recorded, past.village, past.resident, past.day, past.facts, worth, True,
        past.posted_at,
    )  # fmt: skip
    return [_earlier(rules[past.code], stood)]


def _posted(past: Past, result: sequence.Result) -> Replayed:
    """A deed that is worth what it was stands as its balance's bounds left it: those are not tried."""
    award = result.award
    if past.bounded and past.reckoned == result.signed:
        return Replayed(past, past.merit, past.redeemable, "priced", award, as_posted=True)
    return Replayed(past, award.points, award.redeemable, "priced", award)


def _candidate(key: str, book: Rulebook, rule: RuleSpec, past: Past, award: Award) -> Candidate:
    return Candidate(
        key=key, rule=rule, date=past.day, award=award, household=str(past.recorded), village=str(past.village),
        resident=str(past.resident) if past.resident else None, book=book, points=_decided(past, award),
    )  # fmt: skip


def _priced(
    book: Rulebook, rule: RuleSpec | None, past: Past, people: People | None, known: dict[tuple[Any, ...], Award | str]
) -> Award | Replayed:
    if rule is None:
        return Replayed(past, ZERO, ZERO, "gone", reason="新细则没有这一条，不计分")
    if not past.joined:
        return Replayed(past, ZERO, ZERO, "gone", reason="行为当日该户未参加积分制，不计分")
    shut = _shut(rule, past.day)
    if shut:
        return Replayed(past, ZERO, ZERO, "gone", reason=f"{shut}，{_lost(past)}")
    same = (rule.code, past.day, past.resident is None, _fingerprint(past.facts), id(people) if people else 0)
    outcome = known.get(same)
    if outcome is None:
        outcome = known[same] = _asked(book, rule, past, people)
    if isinstance(outcome, str):
        return Replayed(
            past, past.merit, past.redeemable, "kept", reason=f"新细则下要由人认定（{outcome}），暂按原来的分计",
            as_posted=True,
        )  # fmt: skip
    return outcome


def _shut(rule: RuleSpec, day: date) -> str:
    """Why the draft's item takes no deed of ``day``; empty when it does."""
    if not rule.active:
        return "这一条在修订稿里已停用"
    return "" if rule.counts_on(day) else f"这一条在修订稿里只计{rule.window_text}的行为"


def _lost(past: Past) -> str:
    points = past.merit or past.redeemable
    if not points:
        return "不再计分"
    return f"当时扣的{plain(-points)}分不再扣" if points < 0 else f"当时计的{plain(points)}分不再计"


def _asked(book: Rulebook, rule: RuleSpec, past: Past, people: People | None) -> Award | str:
    """The award; or why a person has to decide."""
    facts = facts_of(past, people)
    try:
        award = engine.price(rule, facts, book.settings)
    except RuleError as error:
        return _ASKS.sub("", error.message)
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
