"""What each part of an item says, in a phrase of its own: on paper, and where two states are compared (pure).

A phrase says everything that the part holds, so that two parts that differ read differently.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from scoring.rules.base import plain, share_text
from scoring.rules.spec import Condition, Effect, Input, Limit, Repeat, RuleSpec, SharedLimit
from scoring.rules.spec_effects import EFFECT_NAMES
from scoring.rules.spec_limits import EVERY, WHOSE
from scoring.rules.spec_people import MANY, TARGET_NAMES
from scoring.rules.spec_settings import Fractions
from scoring.rules.spec_sources import PROOF_NAMES, RATER_NAMES

PROOFS = {"none": "不需要", "optional": "自愿", "required": "须有"}
APPROVALS = {"committee": "审核委员会", "representatives_meeting": "村民代表会议", "town": "镇里"}
BASES = {
    "committee": "审核委员会哪次会议同意、为什么",
    "representatives_meeting": "哪一天的村民代表会议同意的",
    "town": "按哪份文件、哪次答复报镇里同意",
}
"""What the committee writes down when it passes a deed under a catch-all item."""
ROUNDINGS = {"nearest": "四舍五入", "down": "舍去零头", "up": "零头进一"}
DECLARERS = {
    "self": "本人", "neighbour": "邻居", "group_leader": "组长", "steward": "积分管理员", "committee": "审核委员会",
    "feed": "系统接入",
}  # fmt: skip
SUBJECTS = {"household": "家庭户", "resident": "个人", "group": "村民小组"}
INPUTS = {
    "number": "数字", "count": "个数", "money": "金额", "date": "日期", "date_range": "起止日期", "choice": "几选一",
    "yes_no": "是或否", "text": "文字", "person": "人名", "household": "哪一户", "photo": "照片",
}  # fmt: skip
METHODS = {"average": "取平均", "middle": "去掉最高最低再平均", "median": "取中位数"}
FEEDS = {"device": "设备", "department": "部门"}
STEPS = {"day": "天", "week": "周", "month": "个月", "quarter": "个季度", "halfyear": "个半年", "year": "年"}
UNTIL = {
    "year_end": "到当年年底", "next_year_end": "到下一年年底", "next_year": "只管下一年", "repair": "到改正为止",
    "date": "到{day}止", "months": "满{months}个月", "ever": "一直",
}  # fmt: skip
_SIGNS = {"&&": "并且", "||": "或者", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}


class Known(NamedTuple):
    """How the book calls its items (as others cite them) and its classes of points, by code; who is in each group;
    what each item calls the fields that it asks for."""

    items: Mapping[str, str] = {}
    classes: Mapping[str, str] = {}
    groups: Mapping[str, str] = {}
    asked: Mapping[str, Mapping[str, str]] = {}


NOBODY = Known()
Phrase = Callable[[RuleSpec, Known], str]


def also(rule: RuleSpec, known: Known = NOBODY) -> Iterator[str]:
    """Everything that an item says beside its price, its caps and its evidence, one phrase each."""
    yield from (one.message for one in rule.conditions)
    for name in _SHOWN:
        told = PARTS[name](rule, known)
        if told:
            yield told
        if name == "whose":
            yield from effects(rule)


def effects(rule: RuleSpec) -> list[str]:
    """What follows beside points and until when it holds; not what already stands where others have their price."""
    return [effect(one) for one in rule.consequences if _says_more(rule, one)]


def limit(rule: RuleSpec, cap: Limit) -> str:
    """每户每月最多30分; where each event counts apart 每户累计最多1次（按“会议”分别计）."""
    return f"{cap.text}{_apart(rule, cap.by)}"


def shared(cap: SharedLimit, codes: Iterable[str], known: Known) -> str:
    """The same of a cap over the items with ``codes``, which may call the field by several names."""
    found = [known.asked.get(code, {}).get(cap.by or "") for code in codes]
    labels = "".join(f"“{label}”" for label in dict.fromkeys(filter(None, found)))
    return f"{cap.text}（按{labels}分别计）" if labels else cap.text


def caps(rule: RuleSpec) -> list[str]:
    """Every cap of an item, also that it counts once."""
    return [*(limit(rule, cap) for cap in rule.limits), *(["每户只计一次"] if rule.once else [])]


def condition(rule: RuleSpec, asked: Condition) -> str:
    """“彩礼不超过8万元”（彩礼 ≤ 80000）."""
    return f"“{asked.message}”（{aloud(rule, asked.when)}）"


def aloud(rule: RuleSpec, formula: str) -> str:
    """A formula with the words that people have for its fields and signs."""
    labels = rule.cel_labels()
    plainly = re.sub(r"(\d)\.0+\b", r"\1", formula)
    told = re.sub(r"[A-Za-z_][A-Za-z0-9_]*", lambda found: labels.get(found.group(), found.group()), plainly)
    return re.sub(r"&&|\|\||[<>=!]=", lambda found: _SIGNS[found.group()], told)


def _says_more(rule: RuleSpec, one: Effect) -> bool:
    """Whether the effect is more than the words that already stand where others have their price."""
    return one.lasts or one.at_zero or not rule.is_worth_nothing


def effect(one: Effect) -> str:
    """“两年内不得评优”（取消评优资格，到下一年年底）."""
    parts = [EFFECT_NAMES[one.kind], *([f"降{one.stars}星"] if one.kind == "downgrade_star" else [])]
    parts += ["积分扣完才退出"] if one.at_zero else []
    if one.lasts:
        parts.append(UNTIL[one.until].format(day=one.day or "", months=one.months or ""))
    return f"“{one.text}”（{'，'.join(parts)}）"


def asked(one: Input) -> str:
    """彩礼（金额，元，必填）."""
    span = f"{plain(one.least) if one.least is not None else ''}至{plain(one.most) if one.most is not None else ''}"
    parts = [INPUTS[one.kind], one.unit or "", "" if span == "至" else span, "、".join(one.choices)]
    parts += ["必填" if one.required else "可以不填", one.help or ""]
    return f"{one.label}（{'，'.join(filter(None, parts))}）"


def proof(rule: RuleSpec) -> str:
    """须有（照片2份）."""
    kinds = proof_kinds(rule)
    return f"{PROOFS[rule.evidence]}{f'（{kinds}）' if kinds else ''}"


def proof_kinds(rule: RuleSpec) -> str:
    """照片2份、证明人1份; empty where any will do."""
    return "、".join(f"{PROOF_NAMES[one.kind]}{one.least}份" for one in rule.proofs)


def fractions(kept: Fractions | None) -> str:
    """保留1位小数，四舍五入."""
    if kept is None:
        return ""
    return f"{f'保留{kept.places}位小数' if kept.places else '只计整分'}，{ROUNDINGS[kept.rounding]}"


def _apart(rule: RuleSpec, name: str | None) -> str:
    item = rule.input(name) if name else None
    return f"（按“{item.label}”分别计）" if item else ""


def _cooldown(rule: RuleSpec, _known: Known) -> str:
    asked = rule.cooldown
    return f"{_own(asked.scope)}计分后{asked.days}天内不再计" if asked else ""


def _streak(rule: RuleSpec, _known: Known) -> str:
    asked = rule.streak
    if asked is None:
        return ""
    again = "，每满一轮再{what}" if asked.again else ""
    length = f"{asked.length}{STEPS[asked.period]}"
    what = "奖" if rule.sign == "positive" else "扣"
    return f"{_own(asked.scope)}连续{length}都有的，另{what}{plain(asked.bonus)}分{again and again.format(what=what)}"


def _repeat(rule: RuleSpec, _known: Known) -> str:
    asked = rule.repeat
    if asked is None:
        return ""
    grows = "，以后每多一次再乘一次" if asked.grows else ""
    most = f"，最多{plain(asked.most)}倍" if asked.most else ""
    if asked.amounts:
        return f"{_within(asked.scope, asked.period)}{_series(asked)}"
    warned = "（提醒的不算次数）" if rule.after_warning else ""
    return f"{_within(asked.scope, asked.period)}第{asked.nth}次起按{plain(asked.factor)}倍计{grows}{most}{warned}"


def _series(asked: Repeat) -> str:
    """第2次3分、第3次起1分."""
    last = len(asked.amounts) - 1
    return "、".join(
        f"第{asked.nth + place}次{'起' if place == last else ''}{plain(points)}分"
        for place, points in enumerate(asked.amounts)
    )


def _after_warning(rule: RuleSpec, known: Known) -> str:
    asked = rule.after_warning
    if asked is None:
        return ""
    whose = _within(asked.scope, asked.period)
    if asked.rule:
        return f"{whose}先有{asked.times}次{known.items.get(asked.rule, asked.rule.upper())}，再扣分"
    return f"{whose}先提醒{asked.times}次，再扣分"


def _group(rule: RuleSpec, known: Known) -> str:
    asked = rule.group
    if asked is None:
        return ""
    counts = "最高" if asked.counts == "highest" else "最先"
    whose = known.groups.get(asked.code, "同组条目")
    return f"{_within(asked.scope, asked.period)}{whose}只计{counts}的一项{_apart(rule, asked.by)}"


def _not_with(rule: RuleSpec, known: Known) -> str:
    asked = rule.not_with
    if asked is None:
        return ""
    named = "、".join(known.items.get(code, code.upper()) for code in asked.rules)
    within = _within(asked.scope, "" if asked.period == "day" else asked.period)
    return f"{within}与{named}不重复计{_apart(rule, asked.by)}"


def _multipliers(rule: RuleSpec, _known: Known) -> str:
    asked = rule.multipliers
    if asked is None:
        return ""
    several = "，几种身份的相乘" if asked.several == "product" else ""
    return "、".join(f"{one.name}按{plain(one.factor)}倍计" for one in asked.roles) + several


def _heads(rule: RuleSpec, _known: Known) -> str:
    return {"none": "", "times": "按家庭人数计", "average": "按家庭人均计"}[rule.heads]


def _repair(rule: RuleSpec, known: Known) -> str:
    asked = rule.repair
    if asked is None:
        return ""
    named = "、".join(known.items.get(code, code.upper()) for code in asked.rules)
    share = "" if asked.share == 1 else f"的{share_text(asked.share)}"
    most = "不超过所扣的分" if asked.ceiling is None else f"{WHOSE[asked.scope]}最多{plain(asked.ceiling)}分"
    stays = "" if asked.lifts else "，其他后果不解除"
    return f"恢复{named}以前扣的分{share}，{EVERY[asked.period]}{most}{stays}"


def _counts_for(rule: RuleSpec, _known: Known) -> str:
    if not rule.redeemable:
        return "只参加评比，不能兑换"
    return "" if rule.ranked else "只用于兑换，不参加评比"


def _whose(rule: RuleSpec, _known: Known) -> str:
    """Where the points go, when not to the household or person that the deed is told of."""
    if rule.shares:
        told = f"积分分给{'、'.join(f'{TARGET_NAMES[one.to]}{share_text(one.share)}' for one in rule.shares)}"
    elif rule.attribution not in ("household", "resident"):
        told = f"积分计给{TARGET_NAMES[rule.attribution]}"
    else:
        return ""
    if any(portion.to in MANY for portion in rule.portions):
        told += "，平分" if rule.sharing == "split" else "，每人（户）都得全分"
    named = (rule.input(name) for name in (rule.beneficiary, rule.responsible) if name)
    return told + "".join(f"，看“{item.label}”" for item in named if item)


def _rating(rule: RuleSpec, _known: Known) -> str:
    asked = rule.rating
    if asked is None:
        return ""
    parts = "、".join(
        f"{RATER_NAMES[one.who]}占{share_text(one.weight)}{f'（至少{one.least}份）' if one.least > 1 else ''}"
        for one in asked.parts
    )
    return f"由几个人打分：{parts}，{plain(asked.least)}至{plain(asked.most)}分，{METHODS[asked.method]}"


def _feed(rule: RuleSpec, _known: Known) -> str:
    asked = rule.feed
    if asked is None:
        return ""
    return f"由{asked.name}（{FEEDS[asked.kind]}）送来，{'每月再审' if asked.reviewed else '随当月审核表一并通过'}"


def consent(rule: RuleSpec) -> str:
    """Whose word a deed under a catch-all item needs beside the usual; empty for other items."""
    if rule.catch_all is None:
        return ""
    waits = "，镇里收到以后才记账" if rule.catch_all.approval == "town" else ""
    return f"兜底条目，须经{APPROVALS[rule.catch_all.approval]}同意{waits}"


def _catch_all(rule: RuleSpec, _known: Known) -> str:
    asked = rule.catch_all
    if asked is None:
        return ""
    named = "，须写明比照哪一条" if asked.names_a_rule else ""
    return f"最多{plain(asked.most)}分，须经{APPROVALS[asked.approval]}同意{named}"


def _window(rule: RuleSpec, _known: Known) -> str:
    return f"只计{rule.window_text}的行为" if rule.window_text else ""


def _expires(rule: RuleSpec, _known: Known) -> str:
    return f"{rule.expires.length}个月内有效" if rule.expires else ""


def _class(rule: RuleSpec, known: Known) -> str:
    return f"计入“{known.classes.get(rule.point_class, rule.point_class)}”" if rule.point_class else ""


def _own(scope: str) -> str:
    """Of a household it goes without saying."""
    return "" if scope == "household" else WHOSE[scope]


def _within(scope: str, period: str) -> str:
    return f"{_own(scope)}{EVERY.get(period, '')}"


PARTS: dict[str, Phrase] = {
    "cooldown": _cooldown,
    "streak": _streak,
    "repeat": _repeat,
    "after_warning": _after_warning,
    "group": _group,
    "not_with": _not_with,
    "multipliers": _multipliers,
    "heads": _heads,
    "repair": _repair,
    "counts_for": _counts_for,
    "whose": _whose,
    "rating": _rating,
    "feed": _feed,
    "catch_all": _catch_all,
    "window": _window,
    "expires": _expires,
    "point_class": _class,
    "fractions": lambda rule, _known: fractions(rule.fractions),
    "evidence": lambda rule, _known: proof(rule),
    "declarers": lambda rule, _known: "、".join(DECLARERS[one] for one in rule.declarers),
    "subject": lambda rule, _known: SUBJECTS[rule.subject],
    "sensitive": lambda rule, _known: "不公开事由" if rule.sensitive else "",
}
"""By part; a part without anything to say has an empty phrase."""
_SHOWN = tuple(PARTS)[: tuple(PARTS).index("evidence")]
