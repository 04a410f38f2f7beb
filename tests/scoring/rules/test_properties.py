"""What holds for all rules and all deeds: caps, late deeds, order of arrival, replay, and input of any kind."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen.kernel import cel
from jifen.kernel.errors import JifenError
from scoring.rules import engine, limits, periods, steps
from scoring.rules.candidates import Candidate, bucket_of, caps_of, posting_order
from scoring.rules.engine import Facts, People
from scoring.rules.errors import RuleError
from scoring.rules.looking import Posted, subject
from scoring.rules.sequence import History, Result, sequence
from scoring.rules.spec import Rulebook, RuleSpec
from tests.scoring.rules.build import book, rule

START = date(2024, 1, 15)
PERIODS = ["day", "week", "month", "quarter", "halfyear", "year", "ever"]
SCOPES = ["resident", "household", "village"]
CAPS: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    kind=st.sampled_from(["points", "count"]),
    value=st.integers(1, 12),
    period=st.sampled_from(PERIODS),
    scope=st.sampled_from(SCOPES),
    by=st.sampled_from([None, "event"]),
)
SHARED = st.builds(lambda cap, sign: cap | {"sign": sign, "by": None}, CAPS, st.sampled_from(["positive", "negative"]))
NAMED = SHARED.map(lambda cap: cap | {"rules": ["a-0", "a-2"]})
LADDER = {"kind": "ladder", "unit": "小时", "rungs": [{"at": 3, "points": 2}, {"at": 8, "points": 5}]}
UNITS = {"kind": "per_unit", "points": "1.25", "unit": "棵"}
LOOKS: list[dict[str, Any]] = [
    {},
    {"cooldown": {"days": 9}},
    {"streak": {"length": 2, "bonus": 3, "again": True}},
    {"repeat": {"nth": 2, "grows": True, "most": 5}},
    {"amount": {"kind": "fixed", "points": 5}, "repeat": {"amounts": [3, "1.5", 0]}},
    {"group": {"code": "g", "counts": "highest", "period": "quarter"}},
    {"group": {"code": "h", "counts": "first"}},
    {"not_with": {"rules": ["a-1"], "period": "month"}},
    {"not_with": {"rules": ["a-2"]}},
    {"not_with": {"rules": ["a-0", "a-2"], "period": "quarter", "scope": "resident", "by": "event"}},
    {"repair": {"ceiling": 5}},
    {"ranked": False},
]
BAD_LOOKS: list[dict[str, Any]] = [
    {},
    {"after_warning": {}},
    {"repeat": {}},
    {"streak": {"length": 2, "bonus": 3, "again": True}},
    {"effect": {"kind": "freeze_positive", "until": "months", "months": 1, "text": "暂停"}},
]
SHARES: list[dict[str, Any]] = [
    {},
    {"attribution": "every_member"},
    {"attribution": "every_member", "sharing": "each"},
    {"attribution": "cell", "sharing": "each"},
    {"shares": [{"to": "household", "share": "0.5"}, {"to": "every_member", "share": "0.5"}], "sharing": "each"},
    {"shares": [{"to": "head", "share": "0.7"}, {"to": "cell", "share": "0.3"}], "sharing": "each"},
]
PEOPLE = {home: People(members=tuple(f"{home}{one}" for one in "子丑寅"), cell=("甲", "乙")) for home in "甲乙"}
EVENT = [{"name": "event", "label": "活动", "kind": "text", "required": False}]


@st.composite
def books(draw: st.DrawFn) -> Rulebook:
    """Three positive rules and a negative one, each with something that looks back, and shared caps."""
    made = []
    for place in range(3):
        amount = draw(st.sampled_from([LADDER, UNITS]))
        looks = draw(st.sampled_from(LOOKS))
        limits = draw(st.lists(CAPS, max_size=2))
        whose = draw(st.sampled_from(SHARES))
        made.append(rule(code=f"a-{place}", inputs=EVENT, limits=limits, **({"amount": amount} | looks | whose)))
    bad = (
        draw(st.sampled_from(BAD_LOOKS)) | draw(st.sampled_from(SHARES)) | {"limits": draw(st.lists(CAPS, max_size=1))}
    )
    made.append(rule(code="f-1", sign="negative", amount=UNITS, inputs=EVENT, **bad))
    return book(*made, shared=draw(st.lists(SHARED, max_size=2)), limits=draw(st.lists(SHARED | NAMED, max_size=2)))


DAYS = [0, 1, 2, 8, 16, 17, 45, 46, 76, 167, 168, 351, 352, 420]
"""Few enough that deeds share days; leap day, month ends, half-years and a new year among them."""


def told_on(days: list[int]) -> st.SearchStrategy[list[Any]]:
    """Which rule, which day, how many, whose, and at which event."""
    row = st.tuples(
        st.integers(0, 3), st.sampled_from(days), st.integers(1, 9), st.sampled_from("甲乙"),
        st.sampled_from(["子", None]), st.sampled_from(["", "庙会", "春耕"]),
    )  # fmt: skip
    return st.lists(row, max_size=18)


DEEDS, CROWDED = told_on(DAYS), told_on(DAYS[:2])


def deeds_of(rules: Rulebook, raw: Any) -> list[Candidate]:
    made = []
    for number, (which, days, quantity, home, who, event) in enumerate(raw):
        spec, day = rules.rules[which], START + timedelta(days)
        facts = Facts(date=day, quantity=quantity, inputs={"event": event}, people=PEOPLE[home])
        award = engine.price(spec, facts, rules.settings)
        made.append(
            Candidate(
                key=f"{number:02d}", rule=spec, date=day, award=award, household=home, village="一村", book=rules,
                resident=home + who if who else None,
            )
        )  # fmt: skip
    return made


def outcome(results: list[Result]) -> dict[str, tuple[Decimal, Decimal, str]]:
    return {one.key: (one.award.points, one.award.redeemable, one.award.explanation) for one in results}


@settings(max_examples=150, deadline=None)
@given(books(), DEEDS)
def test_no_cap_of_any_period_or_scope_is_ever_exceeded(rules: Rulebook, raw: Any) -> None:
    used: defaultdict[Any, Decimal] = defaultdict(Decimal)
    bounds = {}
    for result in sequence(deeds_of(rules, raw)):
        for cap in caps_of(result.posted.rule, rules):
            bucket = bucket_of(cap, result.posted)
            bounds[bucket] = cap.limit.value
            got = gained(result, cap.limit.scope)
            used[bucket] += got if cap.limit.kind == "points" else Decimal(bool(got))
    assert all(taken <= bounds[bucket] for bucket, taken in used.items())


def gained(result: Result, scope: str) -> Decimal:
    """What the deed's accounts get of it: all of the village, or those of its own household."""
    worth = result.award.points or result.award.redeemable
    if scope == "resident" or not worth:
        return abs(worth)
    parts = [
        share.points or share.redeemable
        for share in result.award.shares
        if scope == "village" or not others(share.target, result.item)
    ]
    return abs(sum(parts, Decimal(0)))


def others(target: str, item: Candidate) -> bool:
    """Whether a share goes to another household of the cell."""
    return target.startswith("cell:") and target != f"cell:{item.household}"


@settings(max_examples=100, deadline=None)
@given(books(), CROWDED.flatmap(lambda raw: st.tuples(st.just(raw), st.permutations(raw))))
def test_the_order_of_arrival_changes_nothing_before_posting(rules: Rulebook, told: Any) -> None:
    """The totals of every household, rule and day stay; equal deeds of one day may change places."""
    first, other = told
    assert totals(sequence(deeds_of(rules, first))) == totals(sequence(deeds_of(rules, other)))


def totals(results: list[Result]) -> dict[Any, Decimal]:
    found: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for one in results:
        found[one.posted.household, one.posted.rule.code, one.posted.date] += one.posted.points
    return {key: value for key, value in found.items() if value}


@settings(max_examples=100, deadline=None)
@given(books(), DEEDS)
def test_replay_gives_the_same_awards_to_the_letter(rules: Rulebook, raw: Any) -> None:
    again = Rulebook.model_validate_json(rules.model_dump_json())
    assert outcome(sequence(deeds_of(rules, raw))) == outcome(sequence(deeds_of(again, raw)))


@settings(max_examples=100, deadline=None)
@given(books(), DEEDS, DEEDS)
def test_a_late_deed_never_reprices_a_posted_one(rules: Rulebook, raw: Any, late: Any) -> None:
    """What is posted goes into the history as it is; caps still hold over both."""
    first = sequence(deeds_of(rules, raw))
    before = outcome(first)
    second = sequence(deeds_of(rules, late), History(posted=[one.posted for one in first]))
    assert outcome(first) == before
    used: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for bucket, part in [use for one in (*first, *second) for use in one.uses]:
        used[bucket] += part
    caps = [cap for spec in rules.rules for cap in caps_of(spec, rules)]
    bounds = {(cap.name, cap.key): cap.limit.value for cap in caps}
    assert all(taken <= bounds[bucket.rule, bucket.limit] for bucket, taken in used.items())


@settings(max_examples=150, deadline=None)
@given(books(), DEEDS, st.integers(0, 18))
def test_two_that_do_not_count_together_never_do(rules: Rulebook, raw: Any, cut: int) -> None:
    """Whichever comes first, in one batch or in two."""
    first = sequence(deeds_of(rules, raw[:cut]))
    results = [*first, *sequence(deeds_of(rules, raw[cut:]), History(posted=[one.posted for one in first]))]
    counted = [one.posted for one in results if one.posted.points]
    for spec in rules.rules:
        asked = spec.not_with
        others = set(asked.rules) - {spec.code} if asked else set()
        own = {not_with_key(spec, one) for one in counted if one.rule.code == spec.code} if others else set()
        assert not own & {not_with_key(spec, one) for one in counted if one.rule.code in others}


def not_with_key(spec: RuleSpec, deed: Posted) -> Any:
    asked = spec.not_with
    assert asked is not None
    return periods.start(asked.period, deed.date), subject(asked.scope, deed, asked.by)


@settings(max_examples=100, deadline=None)
@given(books(), DEEDS, st.integers(0, 18))
def test_caps_counted_from_the_deeds_are_the_caps_that_were_kept(rules: Rulebook, raw: Any, cut: int) -> None:
    """``used`` from the first batch's uses, or from its posted deeds: the second batch gets the same."""
    ordered = sorted(raw, key=lambda row: row[1])
    first = sequence(deeds_of(rules, ordered[:cut]))
    used: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for bucket, part in [use for one in first for use in one.uses]:
        used[bucket] += part
    posted = [one.posted for one in first]
    kept = sequence(deeds_of(rules, ordered[cut:]), History(posted=posted, used=used))
    assert outcome(kept) == outcome(sequence(deeds_of(rules, ordered[cut:]), History(posted=posted)))


@settings(max_examples=100, deadline=None)
@given(CAPS.filter(lambda cap: cap["by"] is None), DEEDS, st.sampled_from(["positive", "negative"]))
def test_for_one_plain_cap_the_sequence_is_what_the_set_based_reference_gives(cap: Any, raw: Any, sign: str) -> None:
    spec = rule(sign=sign, amount=UNITS, inputs=EVENT, limits=[cap])
    rules = book(*[spec.model_copy(update={"code": f"a-{number}"}) for number in range(4)])
    deeds = sorted(deeds_of(rules, raw), key=posting_order)
    plain = [
        limits.Candidate(one.key, one.rule, one.date, one.award.points, one.household, one.village, one.resident)
        for one in deeds
    ]
    assert [one.award.points for one in sequence(deeds)] == [one.points for one in limits.apply_limits(plain)]


@settings(max_examples=100, deadline=None)
@given(books(), DEEDS)
def test_nothing_is_worth_more_or_less_than_its_sentence_says(rules: Rulebook, raw: Any) -> None:
    for one in sequence(deeds_of(rules, raw)):
        award = one.award
        assert award.points * one.posted.rule.factor >= 0
        for worth, parts in (
            (award.points, [share.points for share in award.shares]),
            (award.redeemable, [share.redeemable for share in award.shares]),
        ):
            lost = abs(worth) * one.item.spread.village - abs(sum(parts, Decimal(0)))
            assert lost == 0 or (one.item.spread.village > 1 and 0 < lost < len(parts) * Decimal("0.01"))
        assert steps.explain(steps.load(steps.dump(award.steps))) == award.explanation


SCALARS = st.none() | st.integers() | st.text(max_size=8) | st.decimals() | st.booleans() | st.dates() | st.floats()
ANYTHING = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text(max_size=3), SCALARS, max_size=2)
CARD = {"kind": "score_card", "items": [{"code": "a", "name": "院", "most": 5}, {"code": "b", "name": "屋", "most": 5}]}
KINDS: list[dict[str, Any]] = [
    {"kind": "bands", "by": "x", "bands": [{"below": 3, "points": 1}, {"least": 3, "points": 2}]},
    {"kind": "percent", "percent": 3, "of": "x"},
    {"kind": "formula", "formula": "mul(x, quantity) + (s ? 1 : 0)", "words": "公式"},
    {"kind": "tiers", "tiers": [{"code": "a", "name": "甲", "points": 1}, {"code": "b", "name": "乙", "points": 2}],
     "counted": True, "per": "人"},
    {"kind": "range", "least": 0, "most": 9},
    LADDER,
    CARD,
    CARD | {"marks": "deduct", "factor": 1_000_000},
]  # fmt: skip
ASKED = [
    {"name": "x", "label": "数", "kind": "number", "required": False},
    {"name": "s", "label": "签了", "kind": "yes_no", "required": False},
    {"name": "d", "label": "期间", "kind": "date_range", "required": False},
    {"name": "p", "label": "照片", "kind": "photo", "required": False},
]
RATED = {"parts": [{"who": "panel"}]}
MORE: list[dict[str, Any]] = [
    {},
    {"rating": RATED},
    {"heads": "average", "attribution": "every_member"},
    {"multipliers": {"roles": [{"role": "r", "name": "甲", "factor": 1_000_000}]}, "heads": "times"},
    {"conditions": [{"when": "p >= 1 && d_days > 2 || known(x)", "message": "齐全"}]},
    {"catch_all": {"most": 9}, "evidence": "required", "proofs": [{"kind": "photo"}]},
]


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(KINDS), st.sampled_from(MORE), ANYTHING, ANYTHING, ANYTHING,
    st.dictionaries(st.sampled_from(["x", "s", "d", "p", "zz"]), ANYTHING, max_size=4),
    st.dictionaries(st.sampled_from(["a", "b", "c"]), ANYTHING, max_size=3),
    st.dictionaries(st.sampled_from(["panel", "self"]), ANYTHING, max_size=2),
    st.none() | st.builds(People, st.just(frozenset({"r"})), st.tuples(st.text(max_size=2)) | st.just(())),
)  # fmt: skip
def test_no_input_crashes_the_engine_or_earns_without_an_explanation(
    amount: Any, more: Any, quantity: Any, tier: Any, points: Any, inputs: Any, scores: Any, ratings: Any, people: Any
) -> None:
    if amount["kind"] in ("tiers", "ladder", "score_card"):
        more = {key: part for key, part in more.items() if key != "rating"}
    spec: RuleSpec = rule(amount=amount, inputs=ASKED, **more)
    facts = Facts(
        date=START, quantity=quantity, tier=tier, points=points, inputs=inputs, scores=scores, ratings=ratings,
        people=people, proofs={"photo": 1},
    )  # fmt: skip
    try:
        award = engine.price(spec, facts)
    except RuleError as refusal:
        assert refusal.message
        return
    assert award.points >= 0
    assert award.points == 0 or (award.undecided is None and award.met)
    assert award.explanation.startswith(spec.label)


FIELDS: dict[str, cel.Kind] = {"x": "number", "t": "text", "d": "date", "s": "yes_no"}
WORDS = [
    *FIELDS,
    *cel.FUNCTIONS,
    "(",
    ")",
    ",",
    "+",
    "-",
    "<",
    "==",
    "&&",
    "||",
    "!",
    "?",
    ":",
    "[",
    "]",
    "in",
    '"红"',
    "3",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40), SCALARS, SCALARS)
def test_no_expression_leaves_the_sandbox(words: list[str], number: Any, text: Any) -> None:
    values: dict[str, cel.Value] = {
        "x": number if isinstance(number, int) else 1,
        "t": str(text),
        "d": START,
        "s": True,
    }
    try:
        result = cel.compile_expression(" ".join(words), FIELDS).evaluate(values)
    except JifenError as refusal:
        assert refusal.code in ("expression_invalid", "expression_failed")
        return
    assert isinstance(result, Decimal | bool | str)


def test_what_would_cost_too_much_is_refused_when_the_rule_is_saved() -> None:
    many = " || ".join(['contains(t, "红")'] * 11)
    with pytest.raises(cel.ExpressionInvalid, match="要算的太多"):
        cel.compile_expression(many, FIELDS)
