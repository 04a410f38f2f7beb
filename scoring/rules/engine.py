"""What a deed is worth: a pure function of the rule and the facts.

``price`` knows no database and no history; whatever looks back is applied afterwards, in posting order
(``scoring.rules.sequence``; plain caps also set-based, ``scoring.rules.limits``). A rule that cannot be decided gives
no points silently: bad facts raise RuleError, missing ones come back as ``undecided`` for a person to complete.

A rule is prepared once (names, conditions, rounding) and kept; the award carries its steps, the sentence is made when
it is read.
"""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any, NamedTuple

from jifen.kernel import cel
from scoring.rules import expiry, inputs, ratings, steps
from scoring.rules.base import LARGEST_POINTS, plain, settled
from scoring.rules.errors import OutsideWindow, PointsOutOfRange, RuleError, SubjectMismatch
from scoring.rules.facts import Facts, People, Scale, Undecided
from scoring.rules.pricing import PRICING, Deed
from scoring.rules.shares import Share, Split, shared, split_of, told_portions
from scoring.rules.spec import PLAIN, Formula, Ladder, RuleSpec, Settings, Subject
from scoring.rules.spec_sources import PROOF_NAMES
from scoring.rules.steps import Step, about

__all__ = ["Award", "Facts", "People", "Prepared", "Share", "explain", "prepare", "price"]

ZERO = Decimal("0.00")
SAME = Scale()
_ROUNDINGS = {"down": ROUND_DOWN, "nearest": ROUND_HALF_UP, "up": ROUND_UP}
_QUANTA = (Decimal(1), Decimal("0.1"), Decimal("0.01"))
_ADMITS: dict[Subject, frozenset[str]] = {
    "household": frozenset({"household", "resident"}),
    "resident": frozenset({"resident"}),
    "group": frozenset({"group"}),
}
_SUBJECT_NAMES = {"household": "家庭户", "resident": "个人", "group": "村民小组"}
_MOST_PREPARED = 20_000


class Award(NamedTuple):
    """Signed points with two places, before anything that looks back.

    ``undecided`` says what is missing; then nothing is awarded. ``met`` is False when a condition of the rule does not
    hold: decided, and worth nothing. ``points`` rank, ``redeemable`` can be exchanged; ``shares`` say whose they are.
    ``facts`` are what it was priced from: with them and the rule it can be priced again.
    ``scale`` is what multipliers made of the amount, ``number`` what a ladder accumulates.
    """

    points: Decimal
    redeemable: Decimal
    steps: tuple[Step, ...]
    facts: Facts
    undecided: str | None = None
    met: bool = True
    shares: tuple[Share, ...] = ()
    expires_on: date | None = None
    scale: Scale = SAME
    number: Decimal | None = None
    split: Split | None = None

    @property
    def inputs(self) -> Mapping[str, Any]:
        """The rule's own fields, as they were sent."""
        return self.facts.inputs

    @property
    def explanation(self) -> str:
        """The sentence that people read."""
        return steps.explain(self.steps)

    @property
    def worth(self) -> Decimal:
        """Signed points that count against limits: those that rank, or else those that can be exchanged."""
        return self.points or self.redeemable

    def changed(
        self, points: Decimal, redeemable: Decimal, told: tuple[Step, ...], shares: tuple[Share, ...]
    ) -> "Award":
        """The same deed, awarded otherwise."""
        return Award(
            points, redeemable, told, self.facts, self.undecided, self.met, shares, self.expires_on, self.scale,
            self.number, self.split,
        )  # fmt: skip


class Prepared:
    """A rule with everything that is the same for all its deeds."""

    __slots__ = (
        "_admits", "_called", "_conditions", "_expires", "_fields", "_first", "_formula", "_portions", "_pricer",
        "_proofs", "_required", "_scaled", "_simple", "factor", "ladder", "mark", "mode", "quantum", "rule", "settings",
    )  # fmt: skip

    def __init__(self, rule: RuleSpec, settings: Settings) -> None:
        fractions = rule.fractions or settings.fractions
        self.rule, self.settings, self.factor = rule, settings, Decimal(rule.factor)
        self.mark = "+" if rule.factor > 0 else "−"
        self.quantum, self.mode = _QUANTA[fractions.places], _ROUNDINGS[fractions.rounding]
        self.ladder = rule.amount if isinstance(rule.amount, Ladder) else None
        self._pricer = PRICING[type(rule.amount)]
        self._first: Step = ("rule", rule.label, rule.title)
        self._admits = _ADMITS[rule.subject]
        self._fields = bool(rule.inputs)
        self._required = any(item.required for item in rule.inputs)
        self._conditions = tuple(
            (cel.compile_expression(one.when, rule.cel_fields(), condition=True), one.message)
            for one in rule.conditions
        )
        self._formula = _formula(rule)
        self._proofs = rule.proofs if rule.evidence == "required" else ()
        self._scaled = rule.multipliers is not None or rule.heads != "none"
        self._expires = expiry.last_day(rule, date(2000, 1, 1), settings) is not None
        self._simple = _simple_split(rule)
        self._portions = told_portions(rule)
        self._called = (settings.cells.name,) if settings.cells else ()

    def price(self, facts: Facts) -> Award:
        """See :func:`price`."""
        self._check(facts)
        values = inputs.read(self.rule, facts.inputs) if self._fields or facts.inputs else {}
        deed = Deed(self.rule, facts, values, self.mark, self._formula)
        try:
            rated = self._rate(deed) if self.rule.rating else ()
            unmet = self._unmet(deed)
            if unmet:
                return self._nothing(facts, ("unmet", unmet), met=False)
            return self._award(deed, rated)
        except Undecided as reason:
            return self._nothing(facts, ("undecided", str(reason)), undecided=str(reason))

    def _rate(self, deed: Deed) -> tuple[Step, ...]:
        """What several people's marks come to stands in for the quantity."""
        if self.rule.rating is None:
            return ()
        deed.rated, step = ratings.figure(self.rule.rating, deed.facts.ratings)
        return (step,)

    def _check(self, facts: Facts) -> None:
        rule = self.rule
        if not rule.active:
            raise RuleError(f"“{rule.title}”已停用，请另选条目。", field="rule")
        if not rule.counts_on(facts.date):
            raise OutsideWindow(f"“{rule.title}”只计{rule.window_text}的行为，请核对日期或另选条目。")
        if facts.subject not in self._admits:
            raise SubjectMismatch(f"“{rule.title}”只对{_SUBJECT_NAMES[rule.subject]}计分，请核对对象。")

    def _unmet(self, deed: Deed) -> str | None:
        """The message of the first condition that does not hold."""
        if self._required:
            absent = inputs.missing(self.rule, deed.values)
            if absent:
                raise Undecided(f"没有填写{'、'.join(absent)}")
        if self._proofs:
            self._check_proofs(deed.facts.proofs)
        if not self._conditions:
            return None
        scope = deed.scope()
        for expression, message in self._conditions:
            try:
                if not expression.holds(scope):
                    return message
            except cel.ExpressionFailed:
                raise Undecided(f"填写的内容不足以判断“{message}”") from None
        return None

    def _check_proofs(self, sent: Mapping[str, int] | None) -> None:
        if sent is None:
            return
        short = [(proof, proof.least - sent.get(proof.kind, 0)) for proof in self._proofs]
        told = [f"{PROOF_NAMES[proof.kind]}{number}份" for proof, number in short if number > 0]
        if told:
            raise Undecided(f"还缺{'、'.join(told)}")

    def _award(self, deed: Deed, before: tuple[Step, ...]) -> Award:
        magnitude, told = self._pricer(deed, self.rule.amount)
        scale = SAME
        if self._scaled:
            scale, more = self._scale(magnitude, deed.facts.people)
            magnitude, told = scale.of(magnitude), told + more
        self._check_catch_all(magnitude, deed.facts)
        magnitude = settled(magnitude)
        worth = self.rounded(magnitude)
        if worth != magnitude and self.ladder is None:
            told = (*told, ("rounded", self.factor * worth))
        if self._portions:
            told = (*told, ("shared", self._portions, self.rule.sharing, _heads(deed.facts.people), *self._called))
        split = self._simple[deed.facts.subject == "resident"] if self._simple else self._split(deed.facts)
        number = deed.quantity if self.ladder else None
        return self.award((self._first, *before, *told), self.factor * worth, deed.facts, split, scale, number)

    def award(
        self,
        told: tuple[Step, ...],
        signed: Decimal,
        facts: Facts,
        split: Split,
        scale: Scale,
        number: Decimal | None,
    ) -> Award:
        """An award of ``signed`` points, by measure and share."""
        signed = signed + ZERO
        points = signed if self.rule.ranked else ZERO
        redeemable = signed if self.rule.redeemable else ZERO
        shares = shared(split, points, redeemable, self.quantum, self.rule.point_class)
        ends = expiry.last_day(self.rule, facts.date, self.settings) if self._expires else None
        return Award(points, redeemable, told, facts, None, True, shares, ends, scale, number, split)

    def rounded(self, magnitude: Decimal) -> Decimal:
        """``magnitude`` as the rule keeps it, with two places; Undecided when nobody can mean it."""
        if magnitude > LARGEST_POINTS:
            raise Undecided("算出的分值太大，请核对")
        return settled(magnitude).quantize(self.quantum, self.mode) + ZERO

    def _scale(self, magnitude: Decimal, people: People | None) -> tuple[Scale, tuple[Step, ...]]:
        if people is None:
            raise Undecided("不知道是谁做的、家里几口人")
        scale = SAME
        told: tuple[Step, ...] = ()
        if self.rule.multipliers is not None:
            factor, names = self.rule.multipliers.factor(people.roles)
            scale = Scale(times=factor)
            told = (("times", names, factor, self._shown(scale, magnitude)),) if names else ()
        if self.rule.heads == "none":
            return scale, told
        heads = len(people.members)
        if not heads:
            raise Undecided("不知道家里几口人")
        if self.rule.heads == "times":
            scale = scale._replace(times=scale.times * heads)
            return scale, (*told, ("heads", heads, self._shown(scale, magnitude)))
        scale = scale._replace(over=Decimal(heads))
        return scale, (*told, ("average", heads, self._shown(scale, magnitude)))

    def _shown(self, scale: Scale, magnitude: Decimal) -> Decimal | str | None:
        """What it comes to so far; of a ladder nobody knows before what was accumulated is looked at."""
        return None if self.ladder else about(self.factor * settled(scale.of(magnitude)))

    def _check_catch_all(self, magnitude: Decimal, facts: Facts) -> None:
        bound = self.rule.catch_all
        if bound is None:
            return
        if bound.names_a_rule and not facts.precedent:
            raise Undecided("没有写明比照哪一条")
        if magnitude > bound.most:
            raise PointsOutOfRange(f"“{self.rule.title}”最多{plain(bound.most)}分，请核对。")

    def _split(self, facts: Facts) -> Split:
        return split_of(self.rule, facts.people, personal=facts.subject == "resident")

    def _nothing(self, facts: Facts, step: Step, *, undecided: str | None = None, met: bool = True) -> Award:
        return Award(ZERO, ZERO, (self._first, step), facts, undecided, met)


_kept: dict[tuple[int, int], Prepared] = {}


def prepare(rule: RuleSpec, settings: Settings = PLAIN) -> Prepared:
    """``rule`` made ready; the same objects are made ready once."""
    key = (id(rule), id(settings))
    found = _kept.get(key)
    if found is not None and found.rule is rule and found.settings is settings:
        return found
    if len(_kept) >= _MOST_PREPARED:
        _kept.clear()
    made = _kept[key] = Prepared(rule, settings)
    return made


def price(rule: RuleSpec, facts: Facts, settings: Settings = PLAIN) -> Award:
    """What ``rule`` gives or takes for ``facts``; RuleError when they are wrong, ``undecided`` when they are short.

    ``settings`` are those of the rulebook that the rule stands in.
    """
    return prepare(rule, settings).price(facts)


def explain(award: Award) -> str:
    """The sentence that people read, from the steps that the award carries."""
    return award.explanation


def _heads(people: People | None) -> tuple[int, int]:
    """How many members the household has, and how many households its cell."""
    return (len(people.members), len(people.cell)) if people else (0, 0)


def _formula(rule: RuleSpec) -> cel.Expression | None:
    if not isinstance(rule.amount, Formula):
        return None
    return cel.compile_expression(rule.amount.formula, rule.cel_fields(), gives="number")


def _simple_split(rule: RuleSpec) -> tuple[Split, Split] | None:
    """The splits of a household's and of a person's deed, where no list of people is needed."""
    try:
        return split_of(rule, None, personal=False), split_of(rule, None, personal=True)
    except Undecided:
        return None
