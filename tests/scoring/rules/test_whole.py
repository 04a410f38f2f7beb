"""Every face of an item says the whole of it: on paper, in a comparison, in the editor."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scoring.rules import diffs, printing
from scoring.rules.base import plain
from scoring.rules.phrases_amount import whole
from scoring.rules.spec import RuleSpec
from scoring.selectors.drafts import Line
from scoring.web import rulebook_words
from tests.scoring.rules.build import book, rule

GIFT = {"name": "gift", "label": "捐款金额", "kind": "money"}
PRICE = {"name": "price", "label": "彩礼", "kind": "money", "unit": "元"}
RUNGS = [{"at": 20, "points": 2}, {"at": 50, "points": 5}, {"at": 100, "points": 10}]
LADDER = {"kind": "ladder", "unit": "小时", "rungs": RUNGS}
YARD: dict[str, Any] = {
    "kind": "score_card",
    "items": [{"code": "a", "name": "庭院", "most": 45}, {"code": "b", "name": "厕所", "most": 55, "least": 11}],
}
GRADES = [{"code": "y", "name": "优", "least": 90, "points": 3}, {"code": "n", "name": "差", "least": 0, "points": -4}]
TIERS = [{"code": "a", "name": "省级", "points": 31}, {"code": "b", "name": "县级", "least": 12, "most": 16}]
BANDS = [{"below": 30000, "points": 21}, {"least": 30000, "most": 60000, "points": 7}]
HONOURS = {"kind": "bar_honours", "until": "months", "months": 18, "text": "不得评优"}

AMOUNTS: dict[str, tuple[dict[str, Any], str]] = {
    "fixed": ({"amount": {"kind": "fixed", "points": "2.5", "per": "次"}}, "+2.5分/次"),
    "tiers": ({"amount": {"kind": "tiers", "tiers": TIERS, "step": "0.5"}},
              "省级+31分、县级+12至16分，每0.5分一格"),
    "tiers_counted": ({"amount": {"kind": "tiers", "counted": True, "per": "人", "tiers": [
        TIERS[0], {"code": "c", "name": "市级", "points": 17}]}}, "省级+31分、市级+17分/人，按数量相乘"),
    "range": ({"amount": {"kind": "range", "least": 5, "most": 10, "step": "0.5"}}, "+5至10分，每0.5分一格"),
    "per_unit": ({"amount": {"kind": "per_unit", "unit": "亩", "points": "3.2", "each": 4, "most": 60,
                             "whole": False, "rounding": "down"}},
                 "+3.2分/4亩，不足一份的舍去，一次最多报60亩"),
    "per_month": ({"amount": {"kind": "per_month", "points": 13}}, "+13分/月"),
    "bands": ({"inputs": [PRICE], "amount": {"kind": "bands", "by": "price", "unit": "元", "bands": BANDS}},
              "按“彩礼”：不满30000元计21分、30000至60000元计7分"),
    "ladder": ({"amount": LADDER}, "每户每年累计满20小时计2分、满50小时计5分、满100小时计10分，只计最高一档"),
    "ladder_each": ({"sign": "negative", "amount": LADDER | {"counts": "each", "scope": "resident", "period": "ever"}},
                    "每人累计满20小时扣2分、满50小时扣5分、满100小时扣10分，每到一档都计"),
    "percent": ({"inputs": [GIFT], "amount": {"kind": "percent", "percent": 1, "of": "gift", "most": 20}},
                "按“捐款金额”的1%计分，一次最多20分"),
    "percent_taken": ({"sign": "negative", "amount": {"kind": "percent", "percent": "1.5", "unit": "元"}},
                      "按数量（元）的1.5%扣分"),
    "formula": ({"amount": {"kind": "formula", "formula": "quantity", "words": "每次一分", "least": 6, "most": 23}},
                "每次一分，最多23分，最少6分"),
    "grades": ({"amount": YARD | {"marks": "deduct", "grades": GRADES}},
               "优（90分以上）+3分、差（0分以上）−4分；逐项扣分：庭院45分、厕所55分（最低11分）"),
    "factor": ({"amount": YARD | {"factor": "0.1"}},
               "满分10分，总分乘0.1计分；逐项打分：庭院45分、厕所55分（最低11分）"),
}  # fmt: skip
EXTRAS: dict[str, dict[str, Any]] = {
    "limits": {"limits": [{"kind": "points", "value": 37, "period": "month"},
                          {"kind": "count", "value": 9, "period": "halfyear", "scope": "resident"}]},
    "cooldown": {"cooldown": {"days": 19}},
    "streak": {"streak": {"length": 7, "bonus": 14, "again": True}},
    "repeat": {"repeat": {"nth": 3, "factor": 4, "grows": True, "most": 64}},
    "stated": {"repeat": {"nth": 3, "amounts": [41, 43]}},
    "warning": {"sign": "negative", "after_warning": {"times": 6}},
    "repair": {"repair": {"share": "0.45", "ceiling": 29}},
    "effects": {"effect": HONOURS, "effects": [HONOURS | {"kind": "downgrade_star", "stars": 3, "text": "降星"}]},
    "dated": {"effect": {"kind": "bar_redemption", "until": "date", "day": "2027-05-31", "text": "不得兑换"}},
    "effects_alone": {"sign": "negative", "amount": {"kind": "fixed", "points": 0}, "effect": HONOURS},
    "shares": {"shares": [{"to": "household", "share": "0.65"}, {"to": "head", "share": "0.35"}]},
    "roles": {"multipliers": {"roles": [{"role": "party_member", "name": "党员", "factor": "1.7"}]}},
    "proofs": {"evidence": "required", "proofs": [{"kind": "photo", "least": 8}]},
    "rating": {"amount": {"kind": "range", "least": 5, "most": 10},
               "rating": {"parts": [{"who": "self", "weight": "0.15"}, {"who": "panel", "weight": "0.85", "least": 4}],
                          "least": 33, "most": 66}},
    "catch_all": {"catch_all": {"most": 12}},
    "expires": {"expires": {"months": 27}},
    "fractions": {"fractions": {"places": 1}},
    "window": {"since": "2026-03-04", "until": "2027-08-09"},
}  # fmt: skip
EVERY = {name: told for name, (told, _) in AMOUNTS.items()} | EXTRAS
SKIPPED = {"code", "inputs", "source"}


def figures(told: Any) -> Iterator[str]:
    """Every number and day of a dump, as it is printed."""
    if isinstance(told, Mapping):
        for name, part in told.items():
            shares = name in ("share", "weight")
            yield from (plain(Decimal(part) * 100),) if shares else () if name in SKIPPED else figures(part)
    elif isinstance(told, list | tuple):
        for part in told:
            yield from figures(part)
    elif isinstance(told, date):
        yield f"{told.year}年{told.month}月{told.day}日"
    elif not isinstance(told, bool) and re.fullmatch(r"-?\d+(\.\d+)?", str(told)):
        yield plain(abs(Decimal(told)))


def faces(spec: RuleSpec) -> dict[str, str]:
    """The item on paper and for residents, as a new one in a comparison, and in the editor."""
    printed = printing.item_of(spec, printing.known_of([spec]))
    [line] = diffs.diff(book(rule(code="other")), book(rule(code="other"), spec))
    return {
        "paper": "；".join(printed[name] for name in ("price", "caps", "proof", "also")),
        "comparison": line.text,
        "editor": rulebook_words.sentence(Line("rule", spec.code, None, spec, None, ()), printing.known_of([spec])),
    }


@pytest.mark.parametrize(("told", "sentence"), AMOUNTS.values(), ids=AMOUNTS)
def test_an_amount_says_all_that_it_is_reckoned_by(told: dict[str, Any], sentence: str) -> None:
    spec = rule(**told)
    assert whole(spec) == sentence
    assert {name for name, text in faces(spec).items() if sentence not in text} == set()


@pytest.mark.parametrize("told", EVERY.values(), ids=EVERY)
def test_every_figure_of_an_item_stands_on_every_face_of_it(told: dict[str, Any]) -> None:
    spec = rule(**told)
    wanted = set(figures(spec.model_dump(exclude_defaults=True))) - {"0"}
    assert wanted
    for name, text in faces(spec).items():
        assert {one for one in wanted if one not in text.replace("2027-05-31", "2027年5月31日")} == set(), (name, text)


def test_items_that_do_not_add_up_are_named_on_every_face() -> None:
    first = rule(code="a-1", title="村级表彰", group={"code": "g"}, point_class="good")
    other = rule(code="a-2", title="镇级表彰", group={"code": "g"}, not_with={"rules": ["a-1"]})
    whole_book = book(first, other, classes=[{"code": "good", "name": "善行分"}])
    told = printing.told(whole_book, printing.Cover("细则", "村", "镇", "", None))
    [mine, its] = told["categories"][0]["positive"]
    assert mine["also"] == "每年“村级表彰”（A-1）、“镇级表彰”（A-2）只计最高的一项；计入“善行分”"
    assert its["also"].endswith("“镇级表彰”（A-2）只计最高的一项；与“村级表彰”（A-1）不重复计")
