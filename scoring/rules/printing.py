"""The printed 积分细则: what stands on its cover and in its tables, as data for paper (pure)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from scoring.rules.base import EXAMPLE_LABEL, plain
from scoring.rules.periods import NAMES
from scoring.rules.spec import Rulebook, RuleSpec, Settings
from scoring.rules.spec_limits import EVERY, WHOSE
from scoring.rules.spec_people import TARGET_NAMES
from scoring.rules.spec_sources import PROOF_NAMES, RATER_NAMES
from scoring.rules.workbook import exporting

PROOFS = {"none": "不需要", "optional": "自愿", "required": "须有"}
STEPS = {"day": "天", "week": "周", "month": "个月", "quarter": "个季度", "halfyear": "个半年", "year": "年"}
APPROVALS = {"committee": "审核委员会", "representatives_meeting": "村民代表会议", "town": "镇里"}
RESIDUE = {"kept": "留在资金里", "next": "并入下一期", "largest": "按零头大小发完"}
NEGATIVE = {
    "allowed": "扣到负分的记欠分，欠分期间不能兑换，年终了结",
    "zero": "积分扣完为止，不记负分",
    "carried": "年终还是负分的，从下一年积分里扣",
}


@dataclass(frozen=True, slots=True)
class Cover:
    """``issuer``: who made it law; ``resolution``: the meeting or paper behind it; ``until``: the last day, if any."""

    title: str
    place: str
    issuer: str
    resolution: str
    effective_from: date | None
    until: date | None = None
    number: str = ""
    state: str = ""


def told(book: Rulebook, cover: Cover) -> dict[str, Any]:
    """Cover and tables; items that are off stay out. Examples are marked with ``example``."""
    rules, names = [rule for rule in book.rules if rule.active], cited(book.rules)
    return {
        "title": cover.title,
        "place": cover.place,
        "issuer": cover.issuer,
        "resolution": cover.resolution,
        "number": cover.number,
        "state": cover.state,
        "effective_from": cover.effective_from or "",
        "until": cover.until or "",
        "counts": [sum(rule.sign == sign for rule in rules) for sign in ("positive", "negative")],
        "categories": [_category(one.name, one.summary, rules, one.limits, names) for one in book.categories],
        "settings": list(_settings(book.settings, names)),
        "has_examples": any(map(_is_example, rules)),
        "example_label": EXAMPLE_LABEL,
    }


def cited(rules: Iterable[RuleSpec]) -> dict[str, str]:
    """How other items name each of ``rules``, by code: “参加会议”（3.2）."""
    return {rule.code: citation(rule.title, rule.number or rule.code.upper()) for rule in rules}


def citation(title: str, number: str) -> str:
    """An item as another one names it."""
    return f"“{title}”（{number}）"


def _category(
    name: str, summary: str | None, rules: Iterable[RuleSpec], limits: Iterable[Any], names: Mapping[str, str]
) -> dict[str, Any]:
    mine = [rule for rule in rules if rule.category == name]
    return {
        "name": name,
        "summary": summary or "",
        "limits": "、".join(limit.text for limit in limits),
        "positive": [item_of(rule, names) for rule in mine if rule.sign == "positive"],
        "negative": [item_of(rule, names) for rule in mine if rule.sign == "negative"],
    }


def item_of(rule: RuleSpec, names: Mapping[str, str]) -> dict[str, Any]:
    """One item as it is printed; ``names`` of the items it may name (``cited``)."""
    return {
        "number": rule.number or rule.code.upper(),
        "matter": rule.matter,
        "title": rule.title,
        "text": rule.text if rule.text != rule.title else "",
        "price": exporting.price(rule).removesuffix(exporting.ELSEWHERE),
        "caps": "、".join((*(limit.text for limit in rule.limits), *(["每户只计一次"] if rule.once else []))),
        "proof": _proof(rule),
        "also": "；".join(_also(rule, names)),
        "example": _is_example(rule),
    }


def _is_example(rule: RuleSpec) -> bool:
    return rule.figures == "example" or any(limit.figures == "example" for limit in rule.limits)


def _proof(rule: RuleSpec) -> str:
    kinds = "、".join(f"{PROOF_NAMES[one.kind]}{one.least}份" for one in rule.proofs)
    return f"{PROOFS[rule.evidence]}{f'（{kinds}）' if kinds else ''}"


def _also(rule: RuleSpec, names: Mapping[str, str]) -> Iterator[str]:
    """Everything else an item says, one phrase each."""
    yield from (condition.message for condition in rule.conditions)
    yield from _looks_back(rule, names)
    yield from _people(rule)
    yield from _whose(rule)
    yield from (effect.text for effect in rule.consequences)
    if rule.since or rule.until:
        yield f"只计{rule.window_text}的行为"
    if rule.expires:
        yield f"{rule.expires.length}个月内有效"


def _looks_back(rule: RuleSpec, names: Mapping[str, str]) -> Iterator[str]:
    if rule.cooldown:
        yield f"计分后{rule.cooldown.days}天内不再计"
    if rule.streak:
        length = f"{rule.streak.length}{STEPS[rule.streak.period]}"
        yield f"连续{length}都有的，另奖{plain(rule.streak.bonus)}分{'，每满一轮再奖' if rule.streak.again else ''}"
    if rule.repeat:
        yield f"{NAMES[rule.repeat.period]}第{rule.repeat.nth}次起按{plain(rule.repeat.factor)}倍计"
    if rule.after_warning:
        yield f"先提醒{rule.after_warning.times}次，再扣分"
    if rule.group:
        yield "与同组条目只计最高的一项" if rule.group.counts == "highest" else "与同组条目只计最先的一项"
    if rule.not_with:
        yield f"与{'、'.join(names.get(code, code.upper()) for code in rule.not_with.rules)}不重复计"


def _people(rule: RuleSpec) -> Iterator[str]:
    if rule.multipliers:
        yield "、".join(f"{one.name}按{plain(one.factor)}倍计" for one in rule.multipliers.roles)
    if rule.heads != "none":
        yield "按家庭人数计" if rule.heads == "times" else "按家庭人均计"
    if rule.repair:
        yield f"恢复以前扣的分，{EVERY[rule.repair.period]}{_ceiling(rule)}"
    if not rule.redeemable:
        yield "只参加评比，不能兑换"
    if not rule.ranked:
        yield "只用于兑换，不参加评比"


def _whose(rule: RuleSpec) -> Iterator[str]:
    """Where the points go, when not to the household or person that the deed is told of, and who gives them."""
    if rule.shares:
        yield f"积分分给{'、'.join(f'{TARGET_NAMES[one.to]}{plain(one.share * 100)}%' for one in rule.shares)}"
    elif rule.attribution not in ("household", "resident"):
        yield f"积分计给{TARGET_NAMES[rule.attribution]}"
    if rule.rating:
        parts = "、".join(f"{RATER_NAMES[one.who]}占{plain(one.weight * 100)}%" for one in rule.rating.parts)
        yield f"由几个人打分：{parts}"
    if rule.feed:
        yield f"由{rule.feed.name}送来"
    if rule.catch_all:
        yield f"最多{plain(rule.catch_all.most)}分，须经{APPROVALS[rule.catch_all.approval]}同意"


def _ceiling(rule: RuleSpec) -> str:
    if rule.repair is None or rule.repair.ceiling is None:
        return "不超过所扣的分"
    return f"{WHOSE[rule.repair.scope]}最多{plain(rule.repair.ceiling)}分"


def _settings(settings: Settings, names: Mapping[str, str]) -> Iterator[str]:
    """What holds for the whole book, where it says anything; ``names`` of its items (``cited``)."""
    for limit in settings.limits:
        whose = "、".join(names.get(code, code.upper()) for code in limit.rules) or "各条目"
        yield f"{whose}{'加分' if limit.sign == 'positive' else '扣分'}合计{limit.text}"
    for grant in settings.base:
        when = "参加时" if grant.when == "joining" else EVERY[grant.when]
        members = "、".join(f"{one.name}{plain(one.points)}分" for one in grant.members)
        yield f"基础分：{when}每户{plain(grant.points)}分{f'，另按家庭成员：{members}' if members else ''}"
    if settings.redeem_above_base:
        yield "基础分以上的部分才可以兑换"
    if settings.merit.negative != "allowed":
        yield NEGATIVE[settings.merit.negative]
    for one in settings.classes:
        yield f"设“{one.name}”一类{f'，折算{plain(one.weight)}计入总分' if one.weight != 1 else ''}"
    yield from _bounds(settings)
    for pool in settings.pools:
        least = f"，满{plain(pool.least_points)}分的参加" if pool.least_points else ""
        yield f"{EVERY[pool.period]}按积分分配“{pool.name}”{least}，除不尽的{RESIDUE[pool.residue]}"
    if settings.cells:
        yield f"联户组叫“{settings.cells.name}”，每组{settings.cells.size}户左右"


def _bounds(settings: Settings) -> Iterator[str]:
    for measure, kept in (("评比积分", settings.merit), ("可兑换积分", settings.redeemable)):
        if kept.floor is not None:
            yield f"{measure}最低{plain(kept.floor)}分"
        if kept.ceiling is not None:
            yield f"{measure}最高{plain(kept.ceiling)}分"
