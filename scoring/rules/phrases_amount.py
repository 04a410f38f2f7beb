"""What an amount says: its price, the whole of it, and by the word for it what the price leaves out (pure)."""

from collections.abc import Callable, Mapping
from typing import Any

from scoring.rules import phrases
from scoring.rules.base import plain
from scoring.rules.spec import (
    Bands,
    Formula,
    Ladder,
    Percent,
    PerUnit,
    Range,
    RuleSpec,
    ScoreCard,
    Tiers,
)
from scoring.rules.spec_amounts import QUANTITY, ladder_text, signed_text
from scoring.rules.spec_limits import EVERY, WHOSE

FREE = "不限"
UNITS = {"exact": "零头照实算", "down": "不足一份的舍去", "nearest": "零头四舍五入", "up": "不足一份的算一份"}


def details(rule: RuleSpec) -> Mapping[str, str]:
    """{一次最多报: 100棵, …}; what the price itself says stays out."""
    told = DETAILS.get(type(rule.amount))
    return told(rule, rule.amount) if told else {}


def price(rule: RuleSpec) -> str:
    """The price as the rulebook prints it, with the name of each tier and what each grade takes."""
    mark = "+" if rule.sign == "positive" else "−"
    match rule.amount:
        case Tiers(tiers=tiers, per=per) if not rule.takes:
            return "、".join(f"{tier.name}{mark}{tier.text}分" for tier in tiers) + (f"/{per}" if per else "")
        case ScoreCard(grades=grades) if grades:
            return "、".join(
                f"{one.name}（{plain(one.least)}分以上）{signed_text(one.points * rule.factor)}分" for one in grades
            )
    return rule.price_text


def whole(rule: RuleSpec) -> str:
    """The price with all that it is reckoned by: 按“捐款金额”的1%计分，一次最多20分. Wherever a whole item is told."""
    told = WHOLE.get(type(rule.amount))
    return told(rule, rule.amount) if told else price(rule)


def _whole_tiers(rule: RuleSpec, amount: Tiers) -> str:
    step = f"，每{plain(amount.step)}分一格" if amount.is_open and amount.step != 1 else ""
    return f"{price(rule)}{'，按数量相乘' if amount.counted else ''}{step}"


def _whole_range(rule: RuleSpec, amount: Range) -> str:
    return price(rule) + (f"，每{plain(amount.step)}分一格" if amount.step != 1 else "")


def _whole_units(rule: RuleSpec, amount: PerUnit) -> str:
    part = "" if amount.whole else f"，{UNITS[amount.rounding]}"
    most = f"，一次最多报{plain(amount.most)}{amount.unit}" if amount.most else ""
    return f"{price(rule)}{part}{most}"


def _whole_bands(rule: RuleSpec, amount: Bands) -> str:
    return price(rule) if amount.by == QUANTITY else f"按{_figure(rule, amount.by)}：{price(rule)}"


def _whole_ladder(rule: RuleSpec, amount: Ladder) -> str:
    rungs = ladder_text(amount, "计" if rule.sign == "positive" else "扣")
    counts = "只计最高一档" if amount.counts == "highest" else "每到一档都计"
    every = "" if amount.period == "ever" else EVERY[amount.period]
    return f"{WHOSE[amount.scope]}{every}累计{rungs}，{counts}"


def _whole_percent(rule: RuleSpec, amount: Percent) -> str:
    unit = f"（{amount.unit}）" if amount.unit and amount.of == QUANTITY else ""
    most = f"，一次最多{plain(amount.most)}分" if amount.most else ""
    word = "计分" if rule.sign == "positive" else "扣分"
    return f"按{_figure(rule, amount.of)}{unit}的{plain(amount.percent)}%{word}{most}"


def _whole_formula(rule: RuleSpec, amount: Formula) -> str:
    return price(rule) + (f"，最少{plain(amount.least)}分" if amount.least else "")


def _whole_card(rule: RuleSpec, amount: ScoreCard) -> str:
    factor = "" if amount.grades or amount.factor == 1 else f"，总分乘{plain(amount.factor)}计分"
    marks = "逐项扣分" if amount.marks == "deduct" else "逐项打分"
    return f"{price(rule)}{factor}；{marks}：{_card_items(amount)}"


def _figure(rule: RuleSpec, name: str) -> str:
    item = rule.input(name)
    return f"“{item.label}”" if item else "数量" if name == QUANTITY else name


def _tiers(_rule: RuleSpec, amount: Tiers) -> dict[str, str]:
    step = {"评定时每格": f"{plain(amount.step)}分"} if amount.is_open else {}
    return {"乘以数量": "是" if amount.counted else "否"} | step


def _range(_rule: RuleSpec, amount: Range) -> dict[str, str]:
    return {"评定时每格": f"{plain(amount.step)}分"}


def _per_unit(_rule: RuleSpec, amount: PerUnit) -> dict[str, str]:
    return {
        "数量": f"只报整{amount.unit}" if amount.whole else UNITS[amount.rounding],
        "一次最多报": f"{plain(amount.most)}{amount.unit}" if amount.most else FREE,
    }


def _bands(rule: RuleSpec, amount: Bands) -> dict[str, str]:
    return {"看哪个数": _figure(rule, amount.by)}


def _ladder(_rule: RuleSpec, amount: Ladder) -> dict[str, str]:
    return {
        "各级": "只计最高的一级" if amount.counts == "highest" else "每到一级都计",
        "累计": f"{WHOSE[amount.scope]}{EVERY[amount.period]}",
    }


def _percent(rule: RuleSpec, amount: Percent) -> dict[str, str]:
    return {
        "按哪个数": _figure(rule, amount.of),
        "一次最多": f"{plain(amount.most)}分" if amount.most else FREE,
    }


def _formula(rule: RuleSpec, amount: Formula) -> dict[str, str]:
    return {"算式": phrases.aloud(rule, amount.formula), "至少": f"{plain(amount.least)}分"}


def _card(_rule: RuleSpec, amount: ScoreCard) -> dict[str, str]:
    told = {"检查项": _card_items(amount), "打分": "报扣了几分" if amount.marks == "deduct" else "报得了几分"}
    return told | ({} if amount.grades else {"总分折算": f"乘{plain(amount.factor)}"})


def _card_items(amount: ScoreCard) -> str:
    return "、".join(
        f"{one.name}{plain(one.most)}分{f'（最低{plain(one.least)}分）' if one.least else ''}" for one in amount.items
    )


DETAILS: dict[type, Callable[[RuleSpec, Any], dict[str, str]]] = {
    Tiers: _tiers,
    Range: _range,
    PerUnit: _per_unit,
    Bands: _bands,
    Ladder: _ladder,
    Percent: _percent,
    Formula: _formula,
    ScoreCard: _card,
}
"""One function per kind that says more than its price."""
WHOLE: dict[type, Callable[[RuleSpec, Any], str]] = {
    Tiers: _whole_tiers,
    Range: _whole_range,
    PerUnit: _whole_units,
    Bands: _whole_bands,
    Ladder: _whole_ladder,
    Percent: _whole_percent,
    Formula: _whole_formula,
    ScoreCard: _whole_card,
}
"""The same kinds, told whole."""
