"""What an amount says beside its figures, by the word for it: how fractions are taken, what is accumulated (pure)."""

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
from scoring.rules.spec_amounts import QUANTITY, signed_text
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
    items = (
        f"{one.name}{plain(one.most)}分{f'（最低{plain(one.least)}分）' if one.least else ''}" for one in amount.items
    )
    told = {"检查项": "、".join(items), "打分": "报扣了几分" if amount.marks == "deduct" else "报得了几分"}
    return told | ({} if amount.grades else {"总分折算": f"乘{plain(amount.factor)}"})


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
