"""Rulebooks with everything a rule can say, as hypothesis draws them."""

from typing import Any

from hypothesis import strategies as st

from scoring.rules.spec import Rulebook
from tests.scoring.rules.build import rule

WORDS = (
    st.text(
        alphabet=st.sampled_from("清扫院落植树巡逻学习'\"_x000D 0=+-@,，；;\n\t、（）：:{}[]#&*|%是否年月1２é"),
        min_size=1,
        max_size=24,
    )
    .map(str.strip)
    .filter(lambda text: bool(text.strip("'\" \n\t")))
)
POINTS = st.sampled_from(["0.5", "1", "2", "3.25", "10", "300"])
LIMITS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["points", "count"]),
            "value": st.integers(1, 99),
            "period": st.sampled_from(["day", "week", "month", "quarter", "halfyear", "year", "ever"]),
            "scope": st.sampled_from(["resident", "household", "village"]),
            "figures": st.sampled_from(["seed", "example"]),
        }
    ),
    max_size=2,
)
AMOUNTS: list[dict[str, Any]] = [
    {"kind": "fixed", "points": "2", "per": "次"},
    {"kind": "fixed", "points": "5"},
    {"kind": "fixed", "points": "1", "per": "日"},
    {
        "kind": "tiers",
        "per": "人",
        "counted": True,
        "tiers": [{"code": "a", "name": "县级", "points": "3"}, {"code": "b", "name": "村级", "points": "1.5"}],
    },
    {
        "kind": "tiers",
        "per": "次",
        "step": "0.5",
        "tiers": [
            {"code": "mild", "name": "一般", "least": "0.5", "most": "3"},
            {"code": "bad", "name": "较重", "least": "4", "most": "6.5"},
            {"code": "worst", "name": "严重", "points": "10"},
        ],
    },
    {"kind": "range", "least": "0.5", "most": "4", "step": "0.25"},
    {"kind": "per_unit", "points": "3", "unit": "棵", "most": "30", "whole": False, "rounding": "nearest"},
    {"kind": "per_unit", "points": "1", "unit": "元", "each": "100"},
    {"kind": "per_month", "points": "2"},
    {"kind": "bands", "unit": "户", "bands": [{"below": "3", "points": "1"}, {"least": "3", "points": "5"}]},
    {"kind": "bands", "bands": [{"least": "0", "most": "10", "points": "1"}, {"least": "5", "points": "2"}]},
    {
        "kind": "bands",
        "unit": "名",
        "bands": [{"most": "3", "points": "5"}, {"least": "9", "most": "9", "points": "2"}],
    },
    {"kind": "ladder", "unit": "小时", "rungs": [{"at": "20", "points": "2"}, {"at": "50", "points": "5"}]},
    {"kind": "percent", "percent": "1.5", "unit": "元", "most": "20"},
    {"kind": "formula", "formula": "mul(quantity, 2)", "words": "数量乘二", "most": "9"},
    {"kind": "score_card", "items": [{"code": "a", "name": "院落", "most": "60"}], "marks": "deduct"},
]
EXTRAS: list[dict[str, Any]] = [
    {},
    {"once": True},
    {"cooldown": {"days": 9}, "subject": "resident", "attribution": "resident"},
    {
        "inputs": [{"name": "who", "label": "受益人", "kind": "person"}],
        "beneficiary": "who",
        "attribution": "beneficiary",
    },
    {"effect": {"kind": "bar_honours", "text": "取消评优资格"}, "sensitive": True},
    {"effect": {"kind": "leave_programme", "at_zero": True, "text": "扣完即退出积分制"}},
    {"evidence": "required", "proofs": [{"kind": "photo", "least": 2}], "until": "2025-12-31"},
    {"declarers": ["feed"], "feed": {"code": "hi", "name": "水表", "kind": "device"}},
    {"point_class": "good", "active": False, "redeemable": False},
]
SETTINGS: list[dict[str, Any]] = [
    {"classes": [{"code": "good", "name": "善行分"}]},
    {
        "classes": [{"code": "good", "name": "善行分", "weight": "0.5"}],
        "base": [{"when": "year", "points": "60"}],
        "merit": {"negative": "carried"},
        "limits": [{"kind": "points", "value": "100", "period": "month", "sign": "negative"}],
    },
    {
        "classes": [{"code": "good", "name": "善行分"}],
        "limits": [{"kind": "points", "value": "10", "period": "year", "rules": ["q-0", "q-1"]}],
    },
]


@st.composite
def books(draw: st.DrawFn) -> Rulebook:
    """One to five items over two classes and one that is not used."""
    names = draw(st.lists(WORDS, min_size=2, max_size=3, unique=True))
    made = []
    for place in range(draw(st.integers(1, 5))):
        told = {
            "code": f"q-{place}", "sign": draw(st.sampled_from(["positive", "negative"])), "category": names[place % 2],
            "title": draw(WORDS), "text": draw(WORDS), "matter": draw(WORDS), "amount": draw(st.sampled_from(AMOUNTS)),
            "limits": draw(LIMITS), "note": draw(st.none() | WORDS), "number": draw(st.none() | st.just("3.2")),
        }  # fmt: skip
        made.append(rule(**told, **draw(st.sampled_from(EXTRAS))))
    draw(st.randoms()).shuffle(made)
    categories = [{"name": name} for name in names]
    return Rulebook.model_validate(
        {"categories": categories, "rules": made, "settings": draw(st.sampled_from(SETTINGS))}
    )
