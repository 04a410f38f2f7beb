"""Deeds in posting order against what was posted before: everything of a rule that looks back, as a pure function.

Posting order is the deed's day, then the rule's code, then the larger award first: it does not depend on the order of
arrival. A posted deed is never repriced; a late one comes after it and takes what is left of its own period.

For each deed in turn: does something shut it out (a freeze, a warning, a cool-down, another rule)? What is it worth
now (ladder, repetition, highest of its group, what is left to repair, a streak's bonus)? What do the caps leave, the
rule's own, its category's, the rulebook's? Only what is finally awarded uses a cap.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from scoring.rules.candidates import Candidate, Cap, bucket_of, cap_step, caps_of, posting_order
from scoring.rules.effects import Outcome, outcomes
from scoring.rules.engine import Award, prepare
from scoring.rules.limits import Bucket
from scoring.rules.looking import Look, Posted, Probe
from scoring.rules.shares import shared
from scoring.rules.spec import PLAIN, Limit, Rulebook, RuleSpec, Settings
from scoring.rules.steps import Step
from scoring.rules.worth import Worth, shut_by_rule

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class History:
    """``posted``: the deeds that bear on the batch (see :func:`reach`).

    ``used``: what posted, unreversed deeds already take in each bucket, as ``limits.apply_limits`` has it; None to
    count it from ``posted``. ``frozen``: by household, the effects that freeze positive points.
    """

    posted: Sequence[Posted] = ()
    used: Mapping[Bucket, Decimal] | None = None
    frozen: Mapping[str, Sequence[Outcome]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What is left of a candidate. ``uses``: what it takes of each cap. ``effects``: what it brings beyond points.

    ``lifts``: it ends the household's effects that last until repair.
    """

    key: str
    award: Award
    posted: Posted
    uses: tuple[tuple[Bucket, Decimal], ...] = ()
    effects: tuple[Outcome, ...] = ()
    lifts: bool = False


class Reach(NamedTuple):
    """Which posted deeds a batch has to know: under ``rules``, in ``groups``, all deductions and repairs; from a day.

    ``since`` is the first such day; date.min where a streak or a limit without period looks at all.
    """

    rules: frozenset[str]
    groups: frozenset[str]
    negatives: bool
    since: date


def sequence(candidates: Iterable[Candidate], history: History | None = None) -> list[Result]:
    """What each candidate is awarded, in posting order."""
    ordered = sorted(candidates, key=posting_order)
    state = _State(ordered, history or History())
    return [state.take(item) for item in ordered]


def reach(candidates: Iterable[Candidate]) -> Reach:
    """What ``history.posted`` has to hold for ``candidates`` when ``used`` is known."""
    rules, groups, since, negatives = set(), set(), date.max, False
    for item in candidates:
        rule = item.rule
        rules |= {rule.code, *(rule.not_with.rules if rule.not_with else ())}
        if rule.after_warning and rule.after_warning.rule:
            rules.add(rule.after_warning.rule)
        if rule.group:
            groups.add(rule.group.code)
        negatives = negatives or rule.repair is not None
        since = min((since, *(probe.since(item.date) for probe in Look(rule).probes)))
    return Reach(frozenset(rules), frozenset(groups), negatives, since)


class _Plan(NamedTuple):
    caps: tuple[Cap, ...]
    look: Look | None
    probes: tuple[Probe, ...]
    settings: Settings


class _State:
    """What is known while a batch is taken in."""

    def __init__(self, candidates: Sequence[Candidate], history: History) -> None:
        self.used: dict[Bucket, Decimal] = dict(history.used or {})
        self.frozen: defaultdict[str, list[tuple[str, Outcome]]] = defaultdict(list)
        rules = {id(item.rule): item.rule for item in candidates}
        self._looks = {key: Look(rule) for key, rule in rules.items() if rule.is_sequenced}
        self._all = [probe for look in self._looks.values() for probe in look.probes]
        self._plans: dict[tuple[int, int], _Plan] = {}
        self._books = {item.rule.code: item.book for item in candidates}
        self._book = candidates[-1].book if candidates else None
        for household, found in history.frozen.items():
            self.frozen[household] += [("", outcome) for outcome in found]
        for deed in history.posted:
            self._recall(deed, counted=history.used is None)

    def _recall(self, deed: Posted, *, counted: bool) -> None:
        plan = self._plan(deed.rule, self._books.get(deed.rule.code, self._book))
        if counted and deed.points:
            for cap in plan.caps:
                self._use(bucket_of(cap, deed), cap.limit, abs(deed.points))
        self._absorb(deed, plan)

    def _plan(self, rule: RuleSpec, book: Rulebook | None) -> _Plan:
        key = (id(rule), id(book))
        found = self._plans.get(key)
        if found is None:
            probes = tuple(probe for probe in self._all if probe.matches(rule))
            settings = book.settings if book else PLAIN
            found = self._plans[key] = _Plan(caps_of(rule, book), self._looks.get(id(rule)), probes, settings)
        return found

    def _absorb(self, deed: Posted, plan: _Plan) -> None:
        for probe in plan.probes:
            probe.add(deed)
        if not deed.effective:
            return
        if deed.rule.sign == "negative":
            for outcome in outcomes(deed.rule, deed.date):
                if outcome.kind == "freeze_positive":
                    self.frozen[deed.household].append((deed.rule.code, outcome))
        elif deed.rule.repair and deed.rule.repair.lifts and deed.points:
            self._lift(deed)

    def _lift(self, deed: Posted) -> None:
        """Freezes until repair end with it."""
        repair = deed.rule.repair
        kept = self.frozen[deed.household]
        self.frozen[deed.household] = [
            (code, one)
            for code, one in kept
            if not (one.until_repair and repair and (not repair.rules or not code or code in repair.rules))
        ]

    def _use(self, bucket: Bucket, limit: Limit, worth: Decimal) -> Decimal:
        part = worth if limit.kind == "points" else Decimal(1)
        self.used[bucket] = self.used.get(bucket, ZERO) + part
        return part

    def take(self, item: Candidate) -> Result:
        """Award one deed, and remember it."""
        plan = self._plan(item.rule, item.book)
        if item.points is None and (item.award.undecided or not item.award.met):
            return Result(item.key, item.award, _posted(item, ZERO, effective=False))
        signed = item.signed
        told: list[Step] = [] if item.points is None else [("adjusted", item.points)]
        worth = abs(signed)
        shut = self._shut(item, plan.look) if signed or plan.look else None
        if shut is not None:
            worth = ZERO
            told.append(shut)
        elif plan.look is not None:
            worth = Worth(item, plan.look, plan.settings, told).found(worth)
        worth, uses = self._capped(item, plan, worth, told) if worth else (worth, ())
        return self._result(item, plan, worth, told, uses, is_effective=shut is None)

    def _shut(self, item: Candidate, look: Look | None) -> Step | None:
        """Why the deed gives nothing at all, whatever it is worth."""
        if item.rule.sign == "positive" and self.frozen:
            for _, outcome in self.frozen.get(item.household, ()):
                if outcome.holds_on(item.date):
                    return ("frozen", outcome.last.isoformat() if outcome.last else "")
        return None if look is None else shut_by_rule(item, look)

    def _capped(
        self, item: Candidate, plan: _Plan, worth: Decimal, told: list[Step]
    ) -> tuple[Decimal, tuple[tuple[Bucket, Decimal], ...]]:
        found = []
        for cap in plan.caps:
            bucket, limit = bucket_of(cap, item), cap.limit
            had = self.used.get(bucket, ZERO)
            if limit.kind == "count":
                left = worth if had < limit.value else ZERO
            else:
                left = min(worth, max(limit.value - had, ZERO))
            if left != worth:
                told.append(cap_step(cap, had, left, item.rule.factor))
            if not left:
                return ZERO, ()
            worth = left
            found.append((bucket, limit))
        return worth, tuple((bucket, self._use(bucket, limit, worth)) for bucket, limit in found)

    def _result(
        self, item: Candidate, plan: _Plan, worth: Decimal, told: list[Step],
        uses: tuple[tuple[Bucket, Decimal], ...], *, is_effective: bool,
    ) -> Result:  # fmt: skip
        award, rule = item.award, item.rule
        signed = worth * rule.factor + ZERO
        if told or signed != award.worth:
            award = _changed(award, item, signed, told, plan.settings)
        posted = _posted(item, signed, effective=is_effective)
        self._absorb(posted, plan)
        brings = outcomes(rule, item.date) if is_effective and rule.consequences else ()
        return Result(item.key, award, posted, uses, brings, bool(rule.repair and rule.repair.lifts and signed))


def _posted(item: Candidate, signed: Decimal, *, effective: bool) -> Posted:
    return Posted(
        rule=item.rule, date=item.date, household=item.household, village=item.village, points=signed,
        resident=item.resident, inputs=item.inputs, number=item.award.number, effective=effective,
    )  # fmt: skip


def _changed(award: Award, item: Candidate, signed: Decimal, told: Sequence[Step], settings: Settings) -> Award:
    """The award with what is left; what can be exchanged never exceeds it."""
    rule = item.rule
    spendable = signed if abs(award.redeemable) >= abs(award.worth) else _least(award.redeemable, signed)
    points = signed if rule.ranked else ZERO
    redeemable = spendable if rule.redeemable else ZERO
    quantum = prepare(rule, settings).quantum
    found = shared(award.split, points, redeemable, quantum, rule.point_class) if award.split else ()
    return award.changed(points, redeemable, (*award.steps, *told), found)


def _least(one: Decimal, other: Decimal) -> Decimal:
    return min(abs(one), abs(other)).copy_sign(other)


def repairs(result: Result, code: str) -> bool:
    """Whether the effects that a deed under rule ``code`` brought until repair end with ``result``."""
    repair = result.posted.rule.repair
    return result.lifts and repair is not None and (not repair.rules or code in repair.rules)
