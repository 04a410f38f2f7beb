"""Deeds in posting order against what was posted before: everything of a rule that looks back, as a pure function.

Posting order is the deed's day, then the rule's code, then the larger award first, and a deed that does not count
together with others behind those (``ordering``): it does not depend on the order of arrival. A posted deed is never
repriced; a late one comes after it and takes what is left of its own period.

For each deed in turn: does something shut it out (a freeze, a warning, a cool-down, another rule)? What is it worth
now (ladder, repetition, highest of its group, what is left to repair, a streak's bonus)? What do the caps leave, the
rule's own, its category's, the rulebook's? Only what is finally awarded uses a cap.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from operator import attrgetter
from typing import NamedTuple

from scoring.rules import periods
from scoring.rules.candidates import Candidate, Cap, bucket_of, cap_step, caps_of, part_of
from scoring.rules.effects import Outcome, outcomes
from scoring.rules.engine import Award, prepare
from scoring.rules.limits import Bucket
from scoring.rules.looking import Look, Posted, Probe
from scoring.rules.ordering import in_order
from scoring.rules.shares import CENT, shared
from scoring.rules.spec import PLAIN, Rulebook, RuleSpec, Settings
from scoring.rules.steps import Step
from scoring.rules.worth import Worth, shut_by_rule

ZERO = Decimal("0.00")
ONE = Decimal(1)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class History:
    """``posted``: the deeds that bear on the batch (see :func:`reach`).

    ``used``: what posted, unreversed deeds already take in each bucket, as ``limits.apply_limits`` has it; None to
    count it from ``posted``. ``frozen``: by household, the effects that freeze positive points, with the days on which
    they end by now; None to find them in ``posted``.
    """

    posted: Sequence[Posted] = ()
    used: Mapping[Bucket, Decimal] | None = None
    frozen: Mapping[str, Sequence[Outcome]] | None = None


class Result(NamedTuple):
    """What is left of a candidate: its award. ``signed`` is what counts against caps.

    ``effective`` is False when it only warned, was shut out or cannot be decided.
    """

    item: Candidate
    award: Award
    signed: Decimal
    effective: bool
    caps: tuple[Cap, ...] = ()

    @property
    def key(self) -> str:
        return self.item.key

    @property
    def posted(self) -> Posted:
        """As later deeds look back at it."""
        item = self.item
        return Posted(
            rule=item.rule, date=item.date, household=item.household, village=item.village, points=self.signed,
            resident=item.resident, inputs=item.inputs, number=item.award.number, effective=self.effective,
            spread=item.spread,
        )  # fmt: skip

    @property
    def uses(self) -> tuple[tuple[Bucket, Decimal], ...]:
        """What it takes of each cap: its points, or one deed."""
        if not self.signed:
            return ()
        worth = abs(self.signed)
        return tuple((bucket_of(cap, self.item), part_of(cap, self.item, worth)) for cap in self.caps)

    @property
    def effects(self) -> tuple[Outcome, ...]:
        """What it brings beyond points."""
        return outcomes(self.item.rule, self.item.date) if self.effective else ()

    @property
    def lifts(self) -> bool:
        """Whether it ends the household's effects that last until repair, of the rules that :func:`ends` says."""
        repair = self.item.rule.repair
        return repair is not None and repair.lifts and self.effective


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
    ordered = in_order(candidates)
    state = _State(ordered, history or History())
    return [state.take(item) for item in ordered]


def follow(told: Iterable[Candidate | Posted]) -> list[Result]:
    """What each candidate is awarded, in the order given; posted deeds among them are remembered as they stand."""
    known = list(told)
    state = _State([one for one in known if isinstance(one, Candidate)], History())
    results: list[Result] = []
    for one in known:
        if isinstance(one, Candidate):
            results.append(state.take(one))
        else:
            state.recall(one)
    return results


def bearing(book: Rulebook, since: date) -> dict[str, date]:
    """By code, from which day on deeds before ``since`` bear on those after it: by caps, looking back, freezes.

    Items of which none bears on another deed are left out.
    """
    probes = [probe for rule in book.rules if rule.is_sequenced for probe in Look(rule).probes]
    found: dict[str, date] = {}
    for rule in book.rules:
        days = [periods.start(cap.limit.period, since) for cap in caps_of(rule, book)]
        days += [probe.since(since) for probe in probes if probe.matches(rule)]
        if (rule.repair and rule.repair.lifts) or any(one.kind == "freeze_positive" for one in rule.consequences):
            days.append(date.min)
        if days:
            found[rule.code] = min(days)
    return found


def reach(candidates: Iterable[Candidate]) -> Reach:
    """What ``history.posted`` has to hold for ``candidates`` when ``used`` is known."""
    rules, groups, since, negatives = set(), set(), date.max, False
    first: dict[tuple[int, int], Candidate] = {}
    for item in candidates:
        key = (id(item.rule), id(item.book))
        first[key] = min(first.get(key, item), item, key=attrgetter("date"))
    for item in first.values():
        rule, book = item.rule, item.book
        rules |= {rule.code, *(rule.not_with.rules if rule.not_with else ())}
        rules |= {one.code for one in (book.yielding_to(rule) if book else ())}
        if rule.after_warning and rule.after_warning.rule:
            rules.add(rule.after_warning.rule)
        if rule.group:
            groups.add(rule.group.code)
        negatives = negatives or rule.repair is not None
        since = min((since, *(probe.since(item.date) for probe in Look(rule, book).probes)))
    return Reach(frozenset(rules), frozenset(groups), negatives, since)


class _Plan(NamedTuple):
    caps: tuple[Cap, ...]
    look: Look | None
    probes: tuple[Probe, ...]
    settings: Settings
    is_watched: bool


class _State:
    """What is known while a batch is taken in."""

    def __init__(self, candidates: Sequence[Candidate], history: History) -> None:
        self.used: dict[Bucket, Decimal] = dict(history.used or {})
        self.frozen: defaultdict[str, list[Outcome]] = defaultdict(list)
        pairs = {(id(item.rule), id(item.book)): (item.rule, item.book) for item in candidates}
        self._looks = {key: look for key, (rule, book) in pairs.items() if (look := _look(rule, book)) is not None}
        self._all = [probe for look in self._looks.values() for probe in look.probes]
        self._plans: dict[tuple[int, int], _Plan] = {}
        self._books = {item.rule.code: item.book for item in candidates}
        self._book = candidates[-1].book if candidates else None
        for household, found in (history.frozen or {}).items():
            self.frozen[household] += found
        for deed in history.posted:
            self.recall(deed, counted=history.used is None, freezes=history.frozen is None)

    def recall(self, deed: Posted, *, counted: bool = True, freezes: bool = True) -> None:
        """Remember a posted deed: with ``counted`` it uses its caps, with ``freezes`` it stops what comes after."""
        plan = self._plan(deed.rule, self._books.get(deed.rule.code, self._book))
        if counted and deed.points and not (deed.points < 0 and deed.rule.takes):
            for cap in plan.caps:
                self._use(bucket_of(cap, deed), part_of(cap, deed, abs(deed.points)))
        self._absorb(deed, plan, freezes=freezes)

    def _plan(self, rule: RuleSpec, book: Rulebook | None) -> _Plan:
        key = (id(rule), id(book))
        found = self._plans.get(key)
        if found is None:
            probes = tuple(probe for probe in self._all if probe.matches(rule))
            settings = book.settings if book else PLAIN
            is_watched = bool(probes or rule.consequences or rule.repair)
            found = _Plan(caps_of(rule, book), self._looks.get(key), probes, settings, is_watched)
            self._plans[key] = found
        return found

    def _absorb(self, deed: Posted, plan: _Plan, *, freezes: bool = True) -> None:
        for probe in plan.probes:
            probe.add(deed)
        if not deed.effective or not freezes:
            return
        if deed.rule.sign == "negative":
            for outcome in outcomes(deed.rule, deed.date):
                if outcome.kind == "freeze_positive":
                    self.frozen[deed.household].append(outcome)
        elif deed.rule.repair and deed.rule.repair.lifts:
            self._lift(deed)

    def _lift(self, deed: Posted) -> None:
        """Freezes until repair end on the day before it: deeds from its day on count again, earlier ones do not."""
        last = deed.date - ONE_DAY
        self.frozen[deed.household] = [
            replace(one, last=last, until_repair=False) if one.until_repair and ends(deed.rule, one.code) else one
            for one in self.frozen[deed.household]
        ]

    def _use(self, bucket: Bucket, part: Decimal) -> None:
        self.used[bucket] = self.used.get(bucket, ZERO) + part

    def take(self, item: Candidate) -> Result:
        """Award one deed, and remember it."""
        plan, award = self._plan(item.rule, item.book), item.award
        if item.points is None and (award.undecided or not award.met):
            return Result(item, award, ZERO, effective=False)
        told: list[Step] = [] if item.points is None else [("adjusted", item.points)]
        signed = item.signed
        worth = abs(signed)
        shut = self._shut(item, plan.look) if signed or plan.look else None
        if shut is not None:
            worth = ZERO
            told.append(shut)
        elif plan.look is not None:
            worth = Worth(item, plan.look, plan.settings, told).found(worth)
        caps = () if item.takes else plan.caps
        if worth and caps:
            worth = self._capped(item, plan, worth, told)
        signed = worth * item.factor + ZERO
        if told or signed != award.worth:
            award = _changed(award, item, signed, told, plan.settings)
        result = Result(item, award, signed, shut is None, caps)
        if plan.is_watched:
            self._absorb(result.posted, plan)
        return result

    def _shut(self, item: Candidate, look: Look | None) -> Step | None:
        """Why the deed gives nothing at all, whatever it is worth."""
        if item.rule.sign == "positive" and self.frozen and not item.takes:
            for outcome in self.frozen.get(item.household, ()):
                if outcome.holds_on(item.date) and not ends(item.rule, outcome.code):
                    return ("frozen", outcome.last.isoformat() if outcome.last else "", outcome.title)
        return None if look is None else shut_by_rule(item, look)

    def _capped(self, item: Candidate, plan: _Plan, worth: Decimal, told: list[Step]) -> Decimal:
        """What the caps leave of ``worth``; they are used by that alone."""
        used, buckets, spread = self.used, [], item.spread
        for cap in plan.caps:
            bucket, limit = bucket_of(cap, item), cap.limit
            had, times = used.get(bucket, ZERO), spread.times(limit.scope)
            if limit.kind == "count":
                left = worth if had < limit.value else ZERO
            elif times == ONE:
                left = min(worth, max(limit.value - had, ZERO))
            else:
                in_all = ("in_all", item.rule.factor * worth * times)
                told += [in_all] if in_all not in told else []
                left = _for_each(worth, times, max(limit.value - had, ZERO), prepare(item.rule, plan.settings).quantum)
            if left != worth:
                told.append(cap_step(cap, had, left if limit.kind == "count" else left * times, item.rule.factor))
                if left and limit.kind == "points" and times != ONE:
                    told.append(("apiece", item.rule.factor * left))
            if not left:
                return ZERO
            worth = left
            buckets.append(bucket)
        for cap, bucket in zip(plan.caps, buckets, strict=True):
            self._use(bucket, part_of(cap, item, worth))
        return worth


def _for_each(worth: Decimal, times: Decimal, most: Decimal, quantum: Decimal) -> Decimal:
    """What each gets when ``worth``, given ``times`` times, may come to ``most`` in all: everybody the same."""
    if worth * times <= most:
        return worth
    return (most / times).quantize(CENT if worth % quantum else quantum, ROUND_DOWN) + ZERO


def _look(rule: RuleSpec, book: Rulebook | None) -> Look | None:
    """What deeds under ``rule`` ask of those before them; None when nothing."""
    look = Look(rule, book)
    return look if rule.is_sequenced or look.rivals else None


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


def ends(rule: RuleSpec, code: str) -> bool:
    """Whether a deed under ``rule`` is the repair that effects of rule ``code`` wait for; no freeze stops it."""
    repair = rule.repair
    return repair is not None and repair.lifts and (not repair.rules or not code or code in repair.rules)
