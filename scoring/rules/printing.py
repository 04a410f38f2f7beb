"""The printed 积分细则: what stands on its cover and in its tables, as data for paper (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from scoring.rules import phrases, phrases_book
from scoring.rules.base import EXAMPLE_LABEL
from scoring.rules.spec import Rulebook, RuleSpec
from scoring.rules.workbook import exporting


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
        "settings": list(phrases_book.printed(book.settings, names)),
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
        "caps": "、".join(phrases.caps(rule)),
        "proof": phrases.proof(rule),
        "also": "；".join(phrases.also(rule, phrases.Known(names))),
        "example": _is_example(rule),
    }


def _is_example(rule: RuleSpec) -> bool:
    return rule.figures == "example" or any(limit.figures == "example" for limit in rule.limits)
