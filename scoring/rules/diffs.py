"""What changed between two rulebooks, in sentences that somebody can read who never saw one (pure).

``diff(book, book) == ()``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

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


@dataclass(frozen=True, slots=True)
class Line:
    """One item's change; ``code`` is empty for what is said of the whole book."""

    code: str
    category: str
    kind: Kind
    text: str


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
