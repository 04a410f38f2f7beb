"""What changed between two rulebooks, in sentences that somebody can read who never saw one (pure).

``diff(book, book) == ()``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from scoring.rules import field_words, phrases, phrases_amount, phrases_book, printing
from scoring.rules.phrases import NOBODY, Known
from scoring.rules.spec import Category, Rulebook, RuleSpec, SharedLimit

Kind = Literal["added", "removed", "off", "on", "changed", "book", "problem"]
NOTHING = "不设"
NONE = "没有"
TEXTS = {"number": "编号", "text": "内容", "matter": "事项", "category": "大类"}
WORDS = {
    "subject": "对象", "declarers": "由谁申报", "whose": "记给谁", "evidence": "佐证", "counts_for": "用在哪里",
    "sensitive": "是否不公开事由", "window": "起止日期", "cooldown": "隔几天再计", "streak": "连续几期",
    "repeat": "多次的", "after_warning": "先提醒", "group": "同组只计一项", "not_with": "不重复计分",
    "repair": "恢复扣分", "multipliers": "按身份的倍数", "heads": "按人数计", "rating": "由谁打分", "feed": "系统接入",
    "catch_all": "兜底约定", "point_class": "积分类别", "expires": "有效期", "fractions": "小数取法",
}  # fmt: skip
USUAL = {"counts_for": "评比和兑换都算", "sensitive": "公开", "whose": "做这件事的人或户", "fractions": "按整本细则"}
"""What holds where a part says nothing."""
HELD = {
    "whose": ("attribution", "shares", "sharing", "beneficiary", "responsible"), "counts_for": ("redeemable", "ranked"),
    "window": ("since", "until"), "evidence": ("evidence", "proofs"),
}  # fmt: skip
"""Fields of an item that one phrase tells together."""
_EVIDENCE = {"none": "不需要", "optional": "可有可无", "required": "必须有"}
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
    names = known(old, new)
    before = {rule.code: rule for rule in old.rules}
    after = {rule.code for rule in new.rules}
    lines = [line for rule in new.rules for line in _lines(before.get(rule.code), rule, names)]
    gone = [_line(rule, "removed", f"取消{_named(rule, names)}") for rule in old.rules if rule.code not in after]
    return (*_book(old, new, names), *lines, *gone)


def sentences(old: RuleSpec, new: RuleSpec, known: Known = NOBODY) -> list[str]:
    """What is different about one item: “分值原来+2分/次,现在+3分/次”."""
    found = (_renamed(old, new), *_prices(old, new), *_lists(old, new), *_others(old, new, known))
    return [text for text in found if text]


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
    return "、".join(phrases.limit(rule, cap) for cap in rule.limits) or NOTHING


def value_text(rule: RuleSpec, name: str, known: Known = NOBODY) -> str:
    """One field of a rule as people say it."""
    if name == "amount":
        return phrases_amount.whole(rule)
    if name == "limits":
        return limits_text(rule)
    if name == "conditions":
        return "、".join(phrases.condition(rule, one) for one in rule.conditions) or NONE
    return _part(rule, name, known) if name in WORDS else _said(getattr(rule, name))


def known(*books: Rulebook) -> Known:
    """Items and classes under one name, whichever of ``books`` they stand in."""
    rules = {rule.code: rule for book in books for rule in book.rules}
    return printing.known_of(rules.values(), [one for book in books for one in book.settings.classes])


def _lines(old: RuleSpec | None, new: RuleSpec, known: Known) -> Iterable[Line]:
    if old is None:
        yield _line(new, "added", f"新增{_named(new, known)}" if new.active else f"新增“{new.title}”，暂不启用。")
        return
    if old.active and not new.active:
        yield _line(new, "off", f"停用“{new.title}”。")
    elif new.active and not old.active:
        yield _line(new, "on", f"恢复{_named(new, known)}")
    found = sentences(old, new, known)
    if found:
        yield _line(new, "changed", f"“{old.title}”：{'；'.join(found)}。")


def _line(rule: RuleSpec, kind: Kind, text: str) -> Line:
    return Line(rule.code, rule.category, kind, text)


def _named(rule: RuleSpec, known: Known) -> str:
    """The whole item: its price, its caps, and everything else that it says."""
    caps = f"，{'、'.join(phrases.caps(rule))}" if phrases.caps(rule) else ""
    asked = [f"佐证{phrases.proof(rule)}"] if rule.evidence == "required" or rule.proofs else []
    more = "；".join(("", *phrases.also(rule, known), *asked))
    return f"“{rule.title}”：{phrases_amount.whole(rule)}{caps}{more}。"


def _renamed(old: RuleSpec, new: RuleSpec) -> str:
    return f"改名为“{new.title}”" if old.title != new.title else ""


def _prices(old: RuleSpec, new: RuleSpec) -> Iterable[str]:
    if old.amount != new.amount or old.sign != new.sign:
        yield "；".join(_amounts(old, new)) or f"计分办法有改动（仍为{phrases_amount.whole(new)}）"
    if old.limits != new.limits:
        yield _change("上限", limits_text(old), limits_text(new))
    if old.once != new.once:
        yield "现在每户只计一次" if new.once else "不再限于每户只计一次"


def _amounts(old: RuleSpec, new: RuleSpec) -> Iterable[str]:
    if old.amount.kind != new.amount.kind:
        yield _change("分值", phrases_amount.whole(old), phrases_amount.whole(new))
        return
    then, now = phrases_amount.price(old), phrases_amount.price(new)
    before, after = phrases_amount.details(old), phrases_amount.details(new)
    if then != now:
        yield _change("分值", then, now)
    for word in dict.fromkeys((*before, *after)):
        if before.get(word) != after.get(word):
            yield _change(word, before.get(word) or NONE, after.get(word) or NONE)


def _lists(old: RuleSpec, new: RuleSpec) -> Iterable[str]:
    """What an item has several of; those that both have are not told again."""
    for word, told in _SEVERAL.items():
        yield _listed(word, told(old), told(new))


def _listed(word: str, before: Sequence[str], after: Sequence[str]) -> str:
    gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
    if gone and come:
        return _change(word, "、".join(gone), "、".join(come))
    if gone:
        return f"{word}去掉{'、'.join(gone)}"
    return f"{word}增加{'、'.join(come)}" if come else ""


_SEVERAL: dict[str, Callable[[RuleSpec], list[str]]] = {
    "条件": lambda rule: [phrases.condition(rule, one) for one in rule.conditions],
    "填写项": lambda rule: list(map(phrases.asked, rule.inputs)),
    "其他后果": lambda rule: list(map(phrases.effect, rule.consequences)),
}


def _others(old: RuleSpec, new: RuleSpec, known: Known) -> Iterable[str]:
    for name, word in TEXTS.items():
        if getattr(old, name) != getattr(new, name):
            yield _change(word, _said(getattr(old, name)), _said(getattr(new, name)))
    for name, word in WORDS.items():
        then, now = _part(old, name, known), _part(new, name, known)
        if then != now:
            yield _change(word, then, now)
            continue
        for field in HELD.get(name, (name,)):
            if getattr(old, field) != getattr(new, field):
                yield f"{word}有改动（{_spelt_change(field, old, new)}）"


def _part(rule: RuleSpec, name: str, known: Known) -> str:
    return phrases.PARTS[name](rule, known) or USUAL.get(name, NONE)


def _change(word: str, then: str, now: str) -> str:
    return f"{word}原来{_quoted(then)}，现在{_quoted(now)}"


def _quoted(told: str) -> str:
    """In marks where a comma would make it run into the next phrase."""
    if "，" not in told or told.startswith("“"):
        return told
    return f"“{told.replace('“', '‘').replace('”', '’')}”"


def _spelt_change(field: str, old: RuleSpec, new: RuleSpec) -> str:
    """What a phrase does not tell, word for word."""
    then, now = (_spelt(rule.model_dump(mode="json")[field]) or NONE for rule in (old, new))
    return f"{field_words.label([field])}原来{then}，现在{now}"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"“{value}”" if value else NONE


def _book(old: Rulebook, new: Rulebook, known: Known) -> Iterable[Line]:
    """Main classes that came or went, and everything else said of the whole book."""
    before, after = ({one.name: one for one in book.categories} for book in (old, new))
    for name in after:
        if name not in before:
            yield Line("", name, "book", f"新增大类“{name}”。")
    for name in before:
        if name not in after:
            yield Line("", name, "book", f"取消大类“{name}”。")
    for name in before.keys() & after.keys():
        found = "；".join(_categories(before[name], after[name], (old, new), known))
        if found:
            yield Line("", name, "book", f"大类“{name}”：{found}。")
    told = [phrases_book.told(book.settings, known) for book in (old, new)]
    for word in told[0]:
        found = _listed(word, told[0][word], told[1][word])
        if found:
            yield Line("", "", "book", f"整本细则的{found}。")


def _categories(old: Category, new: Category, books: Sequence[Rulebook], known: Known) -> Iterable[str]:
    codes = [code for book in books for code in printing.within(new.name, book.rules)]
    caps = ["、".join(_shared(one, codes, known) for one in category.limits) or NOTHING for category in (old, new)]
    if caps[0] != caps[1]:
        yield _change("合计上限", caps[0], caps[1])
    if old.summary != new.summary:
        yield _change("概述", _said(old.summary), _said(new.summary))


def _shared(cap: SharedLimit, codes: Sequence[str], known: Known) -> str:
    return f"{'加分' if cap.sign == 'positive' else '扣分'}{phrases.shared(cap, codes, known)}"


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
    return (
        _EVIDENCE.get(text) or phrases.DECLARERS.get(text) or _CODED.get(text) or field_words.VALUES.get(text) or text
    )
