"""A flow in people's words (pure: no Django)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from jifen.approvals.definition import Fork, Limit, Step, Who
from jifen.approvals.shares import Fraction

HOW = {"any": "一人同意即可", "all": "全部同意", "in_order": "依次同意", "quorum": "票签"}
LIMIT = {
    "remind": "超时提醒", "escalate": "超时上报", "pass": "超时视为同意", "refuse": "超时视为不同意",
    "return": "超时退回",
}  # fmt: skip
EMPTY = {"skip": "没有人时跳过", "office": "没有人时转镇级办公室", "block": "没有人时停住，等人补齐"}
FORKS = {"parallel": "并行分支", "choose": "条件分支", "inclusive": "按条件并行"}
FORK_HINTS = {
    "parallel": "各路同时办，都办完再往下",
    "choose": "从左到右，走第一条符合条件的路",
    "inclusive": "符合条件的各路都走，都办完再往下",
}
FACTS = {
    "points": "分值", "declared_by": "由谁申报", "has_evidence": "有佐证", "rule": "条目", "category": "大类",
    "count": "件数", "total": "合计", "month": "月份", "amount": "金额", "channel": "渠道", "negative": "是扣分",
    "stage": "第几次提出", "kind": "种类", "discretionary": "分值可酌定", "year": "年度", "households": "户数",
    "is_negative": "是扣分", "is_direct": "直接向镇里提出", "lines": "条数", "village": "村（居）",
    "expiring": "将清零积分", "deeds": "件数", "consent": "镇里备案还是同意", "resolved": "会议决议已记入",
    "charter": "涉及村规民约", "changed": "改动条数", "added": "自加条数",
    "act": "要办的事", "rate": "每分结算（元）", "fen": "结算金额（分）", "redemptions": "兑换笔数",
    "payer": "付款方", "offering": "兑换项目", "reason": "原因", "people": "人数", "outsider": "不够本村条件",
}  # fmt: skip
VALUES = {
    "self": "本人", "neighbour": "邻居", "group_leader": "小组组长", "steward": "积分管理员", "committee": "审核委员",
    "device": "设备", "department": "部门", "feed": "系统接入", "filing": "备案", "confirmation": "审定",
    "entry": "一笔积分", "declaration": "一条申报", "notice": "一份公示", "village_quarter": "村季度公示",
    "town_quarter": "镇季度公示", "consent": "同意",
}  # fmt: skip
"""What facts hold, in people's words."""
_SIGNS = {
    ">=": "不少于", "<=": "不超过", ">": "超过", "<": "低于", "==": "是", "!=": "不是", "&&": "，并且",
    "||": "，或者", "!": "不满足", "in": "属于", "true": "是", "false": "否", "-": "−",
}  # fmt: skip
_EQUAL = {("==", "number"): "等于", ("!=", "number"): "不等于", ("==", "yes_no"): "为", ("!=", "yes_no"): "不为"}
_YES_NO = ("true", "false")
_TOKEN = re.compile(r'\s+|"(?:[^"\\]|\\.)*"|\d+(?:\.\d+)?|[A-Za-z_]\w*|&&|\|\||==|!=|<=|>=|.')
_SHARES = {(1, 2): "二分之一", (1, 3): "三分之一", (2, 3): "三分之二", (3, 4): "四分之三", (4, 5): "五分之四"}


@dataclass(frozen=True, slots=True)
class Names:
    """How roles, accounts, facts and the fields that name people are called here."""

    roles: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[int, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, str] = field(default_factory=dict)

    def fact(self, name: str) -> str:
        return self.facts.get(name) or FACTS.get(name, name)


def who(one: Who, names: Names) -> str:
    """``积分管理员``, ``“村民监督委员会”席位（必须同意）``, ``李四``."""
    text = f"{_LEVELS[one.level] if one.way in ('role', 'seat') else ''}{_plain_who(one, names)}"
    notes = [f"每人计{one.weight}票"] if one.weight > 1 else []
    notes += [f"每{'组' if one.is_of_group else '村'}至少{one.least}人"] if one.least else []
    notes += ["必须同意"] if one.required else []
    notes += [f"回避时由{who(one.substitute, names)}替补"] if one.substitute else []
    return f"{text}（{'，'.join(notes)}）" if notes else text


def whos(many: Iterable[Who], names: Names) -> str:
    return "、".join(who(one, names) for one in many)


def how(step: Step) -> str:
    """``一人同意即可``, ``不少于三分之二同意``."""
    return share(step.quorum) if step.quorum else HOW[step.how]


def share(fraction: Fraction) -> str:
    if fraction.count is not None:
        return f"至少{fraction.count}人同意"
    if fraction.percent is not None:
        return f"{'超过' if fraction.more else '不少于'}{fraction.percent}%同意"
    parts = (fraction.numerator or 1, fraction.denominator or 1)
    if parts == (1, 2) and fraction.more:
        return "过半数同意"
    return f"{'超过' if fraction.more else '不少于'}{_SHARES.get(parts, f'{parts[0]}/{parts[1]}')}同意"


def limit(one: Limit | None, names: Names) -> str:
    """``3天内办结,超时上报镇管理员``; empty for none."""
    if one is None:
        return ""
    time = (f"{one.days}天" if one.days else "") + (f"{one.hours}小时" if one.hours else "")
    to = who(one.to, names) if one.to else ""
    return f"{time}内办结，{LIMIT[one.then]}{to}"


def condition(text: str, names: Names) -> str:
    """``points >= 20 || points < 0`` as ``分值不少于20,或者分值低于0``.

    ``outsider == true`` is ``不够本村条件为“是”``, ``stage == 1`` ``第几次提出等于1``.
    """
    if text.strip() == "true":
        return "任何情况"
    tokens = [token for token in _TOKEN.findall(text) if not token.isspace()]
    return "".join(_word(one, after, names) for one, after in zip_longest(tokens, tokens[1:], fillvalue=""))


def fork(one: Fork) -> str:
    return one.name or FORKS[one.kind]


def notes(step: Step, names: Names) -> list[str]:
    """What else there is to say of a step, one thing each."""
    told = [limit(step.limit, names), EMPTY[step.empty] if step.empty != "block" else ""]
    told += ["前面同意过的人不再问" if step.same_person == "skip" else ""]
    told += [f"抄送{whos(step.copy_to, names)}" if step.copy_to else ""]
    return [one for one in told if one]


_LEVELS = {"village": "", "town": "全镇的", "group": "本组的"}


def _plain_who(one: Who, names: Names) -> str:
    if one.role is not None:
        return names.roles.get(one.role, one.role)
    if one.seat is not None:
        return f"“{one.seat}”席位"
    if one.leader:
        return "当事人所在小组组长"
    if one.superior:
        return "发起人的上级"
    if one.field is not None:
        return names.persons.get(one.field, f"事项里填的“{one.field}”")
    return "、".join(names.users.get(user, "已停用的账号") for user in one.named())


def _word(token: str, after: str, names: Names) -> str:
    """``after``: the token that follows; an equals sign reads by what it compares with."""
    kind = "number" if after[:1].isdigit() else "yes_no" if after in _YES_NO else ""
    if (token, kind) in _EQUAL:
        return _EQUAL[token, kind]
    if token in _YES_NO:
        return f"“{_SIGNS[token]}”"
    if token in _SIGNS:
        return _SIGNS[token]
    if token[0].isalpha() or token[0] == "_":
        return names.fact(token)
    return f"“{VALUES.get(token[1:-1], token[1:-1])}”" if token[0] == '"' else token
