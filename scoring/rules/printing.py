"""The printed 积分细则: what stands on its cover and in its tables, as data for paper (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scoring.rules import phrases, phrases_amount, phrases_book
from scoring.rules.base import EXAMPLE_LABEL
from scoring.rules.phrases import Known
from scoring.rules.spec import PointClass, Rulebook, RuleSpec
from scoring.rules.spec_limits import SharedLimit


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
    rules, known = [rule for rule in book.rules if rule.active], known_of(book.rules, book.settings.classes)
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
        "categories": [_category(one.name, one.summary, rules, one.limits, known) for one in book.categories],
        "settings": list(phrases_book.printed(book.settings, known)),
        "has_examples": any(map(_is_example, rules)),
        "example_label": EXAMPLE_LABEL,
    }


def conventions(book: Rulebook) -> list[str]:
    """What holds beyond single items, as it is printed: of the whole rulebook, then of its main classes."""
    names = known_of(book.rules, book.settings.classes)
    classes = (
        f"“{one.name}”本类合计：{_limits(one.limits, within(one.name, book.rules), names)}"
        for one in book.categories
        if one.limits
    )
    return [*phrases_book.printed(book.settings, names), *classes]


def within(category: str, rules: Iterable[RuleSpec]) -> list[str]:
    """The codes of the items of a main class."""
    return [rule.code for rule in rules if rule.category == category]


def cited(rules: Iterable[RuleSpec]) -> dict[str, str]:
    """How other items name each of ``rules``, by code: “参加会议”（3.2）."""
    return {rule.code: citation(rule.title, rule.number or rule.code.upper()) for rule in rules}


def known_of(rules: Iterable[RuleSpec], classes: Iterable[PointClass] = ()) -> Known:
    """What ``rules`` and ``classes`` are called where an item names them, and who is in each group."""
    found = list(rules)
    groups = {rule.code: rule.group.code for rule in found if rule.group}
    asked = {rule.code: {one.name: one.label for one in rule.inputs} for rule in found}
    return known(cited(found), groups, {one.code: one.name for one in classes}, asked)


def known(
    names: Mapping[str, str],
    group_of: Mapping[str, str],
    classes: Mapping[str, str],
    asked: Mapping[str, Mapping[str, str]] | None = None,
) -> Known:
    """The same of ``names`` (``cited``) and each item's group, by code."""
    groups: dict[str, list[str]] = {}
    for code, group in group_of.items():
        groups.setdefault(group, []).append(names[code])
    return Known(names, classes, {group: "、".join(told) for group, told in groups.items()}, asked or {})


def citation(title: str, number: str) -> str:
    """An item as another one names it."""
    return f"“{title}”（{number}）"


def _category(
    name: str, summary: str | None, rules: Iterable[RuleSpec], limits: Iterable[SharedLimit], known: Known
) -> dict[str, Any]:
    mine = [rule for rule in rules if rule.category == name]
    return {
        "name": name,
        "summary": summary or "",
        "limits": _limits(limits, [rule.code for rule in mine], known),
        "positive": [item_of(rule, known) for rule in mine if rule.sign == "positive"],
        "negative": [item_of(rule, known) for rule in mine if rule.sign == "negative"],
    }


def _limits(limits: Iterable[SharedLimit], codes: Sequence[str], known: Known) -> str:
    return "、".join(phrases.shared(limit, codes, known) for limit in limits)


def item_of(rule: RuleSpec, known: Known) -> dict[str, Any]:
    """One item as it is printed; ``known`` is what it may name."""
    return {
        "number": rule.number or rule.code.upper(),
        "matter": rule.matter,
        "title": rule.title,
        "text": rule.text if rule.text != rule.title else "",
        "price": phrases_amount.whole(rule),
        "caps": "、".join(phrases.caps(rule)),
        "proof": phrases.proof(rule),
        "also": "；".join(phrases.also(rule, known)),
        "example": _is_example(rule),
    }


def _is_example(rule: RuleSpec) -> bool:
    return rule.figures == "example" or any(limit.figures == "example" for limit in rule.limits)
