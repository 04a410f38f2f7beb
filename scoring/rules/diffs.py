"""What changed between two rulebooks, in sentences that somebody can read who never saw one (pure).

``diff(book, book) == ()``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from scoring.rules import field_words
from scoring.rules.spec import Rulebook, RuleSpec

Kind = Literal["added", "removed", "off", "on", "changed", "book", "problem"]
NOTHING = "不设"
WORDS = {
    "number": "编号", "text": "内容", "matter": "事项", "category": "大类", "subject": "对象", "inputs": "填写项",
    "conditions": "条件", "declarers": "由谁申报", "attribution": "记给谁", "shares": "分给几方", "effect": "其他后果",
    "effects": "其他后果", "evidence": "佐证", "proofs": "佐证种类", "redeemable": "能否兑换", "ranked": "是否参加评比",
    "sensitive": "是否不公开事由", "since": "起计日", "until": "截止日", "cooldown": "间隔天数", "streak": "连续奖励",
    "repeat": "多次翻倍", "after_warning": "先提醒", "group": "同组只计一项", "not_with": "不重复计分",
    "repair": "恢复扣分", "multipliers": "按身份的倍数", "heads": "按人数计", "sharing": "怎么分", "rating": "由谁打分",
    "feed": "系统接入", "catch_all": "兜底约定", "point_class": "积分类别", "expires": "有效期",
    "fractions": "小数取法",
}  # fmt: skip
_UNTOLD = frozenset({"code", "sign", "amount", "limits", "once", "active", "title", "figures", "source", "note"})
"""Said in words of their own, or of no account for what a deed is worth."""
_EVIDENCE = {"none": "不需要", "optional": "可有可无", "required": "必须有"}
_DECLARERS = {
    "self": "本人", "neighbour": "邻居", "group_leader": "组长", "steward": "积分管理员", "committee": "审核委员会",
    "feed": "系统接入",
}  # fmt: skip

_CODED = {
    "positive": "加分", "negative": "扣分", "household": "每户", "resident": "每人", "village": "全村", "group": "小组",
    "day": "每天", "week": "每周", "month": "每月", "quarter": "每季", "year": "每年", "points": "分", "count": "次",
    "number": "数字", "money": "金额", "date": "日期", "date_range": "起止日期", "choice": "几选一", "yes_no": "是或否",
    "text": "文字", "person": "人名", "photo": "照片",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One item's change; ``code`` is empty for what is said of the whole book."""

    code: str
    category: str
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an item in work: what people call it, what was read and what stands there now."""

    label: str
    then: str
    now: str


def diff(old: Rulebook, new: Rulebook) -> tuple[Line, ...]:
    """Item by item in the new book's order, what was taken out last; the order of items is no change."""
    before = {rule.code: rule for rule in old.rules}
    after = {rule.code for rule in new.rules}
    lines = [line for rule in new.rules for line in _lines(before.get(rule.code), rule)]
    gone = [_line(rule, "removed", f"取消{_named(rule)}") for rule in old.rules if rule.code not in after]
    return (*_book(old, new), *lines, *gone)


def sentences(old: RuleSpec, new: RuleSpec) -> list[str]:
    """What is different about one item: “分值原来+2分/次,现在+3分/次”."""
    return [text for text in (_renamed(old, new), *_prices(old, new), *_others(old, new)) if text]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Every field in which two states of one item differ, written out; either may be unfinished."""
    before, after = _whole(old), _whole(new)
    names = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    rules = _rule(old), _rule(new)
    return [
        Difference(field_words.label([name]), _written(rules[0], name, before), _written(rules[1], name, after))
        for name in names
    ]


def limits_text(rule: RuleSpec) -> str:
    """All caps of a rule in one phrase; 不设 when it has none."""
    return "、".join(limit.text for limit in rule.limits) or NOTHING


def value_text(rule: RuleSpec, name: str) -> str:
    """One field of a rule as people say it."""
    if name == "amount":
        return rule.price_text
    return limits_text(rule) if name == "limits" else _said(getattr(rule, name))


def _lines(old: RuleSpec | None, new: RuleSpec) -> Iterable[Line]:
    if old is None:
        yield _line(new, "added", f"新增{_named(new)}" if new.active else f"新增“{new.title}”，暂不启用。")
        return
    if old.active and not new.active:
        yield _line(new, "off", f"停用“{new.title}”。")
    elif new.active and not old.active:
        yield _line(new, "on", f"恢复{_named(new)}")
    found = sentences(old, new)
    if found:
        yield _line(new, "changed", f"“{old.title}”：{'；'.join(found)}。")


def _line(rule: RuleSpec, kind: Kind, text: str) -> Line:
    return Line(rule.code, rule.category, kind, text)


def _named(rule: RuleSpec) -> str:
    caps = f"，{limits_text(rule)}" if rule.limits else ""
    return f"“{rule.title}”：{rule.price_text}{caps}。"


def _renamed(old: RuleSpec, new: RuleSpec) -> str:
    return f"改名为“{new.title}”" if old.title != new.title else ""


def _prices(old: RuleSpec, new: RuleSpec) -> Iterable[str]:
    if old.amount != new.amount or old.sign != new.sign:
        yield _was(old, new)
    if old.limits != new.limits:
        yield f"上限原来{limits_text(old)}，现在{limits_text(new)}"
    if old.once != new.once:
        yield "现在每户只计一次" if new.once else "不再限于每户只计一次"


def _was(old: RuleSpec, new: RuleSpec) -> str:
    if old.price_text == new.price_text:
        return f"计分办法有改动（仍为{new.price_text}）"
    return f"分值原来{old.price_text}，现在{new.price_text}"


def _others(old: RuleSpec, new: RuleSpec) -> Iterable[str]:
    for name in type(new).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if name in _UNTOLD or before == after:
            continue
        word = WORDS.get(name, "其他约定")
        told = (_said(before), _said(after))
        yield f"{word}原来{told[0]}，现在{told[1]}" if all(told) and told[0] != told[1] else f"{word}有改动"


def _said(value: Any) -> str:
    """Short values in Chinese; empty for what is better not spelt out."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None:
        return "没有"
    if isinstance(value, tuple) and value and all(isinstance(one, str) and one in _DECLARERS for one in value):
        return "、".join(_DECLARERS[one] for one in value)
    if isinstance(value, str):
        return _EVIDENCE.get(value) or ("" if value.isascii() else f"“{value}”")
    return ""


def _book(old: Rulebook, new: Rulebook) -> Iterable[Line]:
    """Main classes that came or went, and everything else said of the whole book."""
    before, after = ([one.name for one in book.categories] for book in (old, new))
    for name in after:
        if name not in before:
            yield Line("", name, "book", f"新增大类“{name}”。")
    for name in before:
        if name not in after:
            yield Line("", name, "book", f"取消大类“{name}”。")
    rest = set(type(new).model_fields) - {"categories", "rules"}
    if any(getattr(old, name) != getattr(new, name) for name in rest):
        yield Line("", "", "book", "整本细则的通用约定有改动。")


def _rule(body: Mapping[str, Any]) -> RuleSpec | None:
    try:
        return RuleSpec.model_validate(body)
    except ValidationError:
        return None


def _whole(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """With what is understood without being written, where the item is finished."""
    rule = _rule(body)
    return rule.model_dump(mode="json") if rule else body


def _written(rule: RuleSpec | None, name: str, body: Mapping[str, Any]) -> str:
    """A field in full: nothing that somebody wrote may be overwritten unread."""
    if rule is not None and name in ("amount", "limits"):
        return value_text(rule, name)
    return _spelt(body.get(name)) or "没有"


def _spelt(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(filter(None, map(_spelt, value)))
    if isinstance(value, Mapping):
        parts = ((field_words.label([name]), _spelt(part)) for name, part in value.items())
        return "（" + "，".join(f"{label}{told}" for label, told in parts if told) + "）"
    text = "" if value is None else str(value)
    return _EVIDENCE.get(text) or _DECLARERS.get(text) or _CODED.get(text) or text
