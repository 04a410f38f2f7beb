"""Trying an item while it is written: on sample deeds of one household, or on a real one; nothing is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from pydantic import ValidationError

from jifen.kernel import clock, masking, reading
from jifen.kernel.errors import JifenError
from scoring.models import Declaration, Draft
from scoring.rules import asking, cases, comparisons, inputs
from scoring.rules.looking import Posted
from scoring.rules.spec import Input, Rulebook, RuleSpec, Tiers
from scoring.rules.spec_amounts import QUANTITY
from scoring.selectors import drafts as seen
from scoring.web import rulebook_asks as asks
from scoring.web import rulebook_scope as scopes
from scoring.web.rulebook_item import line_of
from scoring.whatif import single

NAMELESS = ("number", "count", "money", "date", "date_range", "choice", "yes_no")
"""Kinds of fields in which nobody's name can stand."""
SINGLE = (QUANTITY, "points", "tier", "precedent")
PERSON = "李四"
MANY = 50
"""People of a household, households of a cell."""


def _try(request: HttpRequest, area: str, pk: int, code: str) -> HttpResponse:
    draft = scopes.draft_of(request, area, pk)
    rule = line_of(draft, code).rule
    content: dict[str, Any] = {"rule": rule, "try_url": f"{scopes.urls(area, draft)['items']}{code}/try/"}
    if rule is not None:
        content |= _tried(request, draft, rule, area)
    return render(request, "scoring/rulebooks/try.html", content)


def _tried(request: HttpRequest, draft: Draft, rule: RuleSpec, area: str) -> dict[str, Any]:
    try:
        book = seen.with_item(draft, rule)
    except ValidationError as error:
        return {"problem": "；".join(seen.told(error)), "told": []}
    asked = asks.asks(rule, book, request.GET)
    real = single.recent(rule.code, draft.rulebook.village_id)
    picked = next((one for one in real if str(one.pk) == request.GET.get("deed")), None)
    content = {"asks": asked, "real": [(one, _deed_words(one, rule, area)) for one in real], "picked": picked}
    content |= {"is_known": bool(real) or single.is_known(rule.code, draft.rulebook.village_id)}
    if picked is not None:
        return content | {"once": single.once_more(book, picked)}
    return content | _answer(book, rule, {one.name: one.value for one in asked})


def _deed_words(deed: Declaration, rule: RuleSpec, area: str) -> str:
    """A real deed in a line: the day, whose (masked), how much. What somebody wrote in words is left out."""
    head = deed.household.head
    where = f"{deed.village.name} " if area == "office" else ""
    told = [
        f"{deed.happened_on.month}月{deed.happened_on.day}日",
        f"{where}{masking.name(head.name) if head else '某'}家",
    ]
    facts = deed.facts
    if facts.get("quantity"):
        told.append(f"{facts['quantity']}{asking.unit(rule)}")
    if isinstance(rule.amount, Tiers):
        told += [one.name for one in rule.amount.tiers if one.code == facts.get("tier")]
    shown = {one.name: one for one in rule.inputs if one.kind in NAMELESS}
    inputs = facts.get("inputs") or {}
    told += [f"{one.label}{_value(inputs[name])}{one.unit or ''}" for name, one in shown.items() if name in inputs]
    return "，".join(told)


def _value(value: Any) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value)


def _answer(book: Rulebook, rule: RuleSpec, told: dict[str, str]) -> dict[str, Any]:
    days = asks.days(told)
    try:
        found = cases.tell(book, [_case(rule, told, day) for day in days], _before(book, rule, told))
    except ValidationError as error:
        return {"problem": "；".join(seen.told(error)), "told": []}
    except JifenError as error:
        return {"problem": error.message, "told": []}
    return {"told": found, "total": sum(one.points for one in found), "dated": len(set(days)) > 1}


def _before(book: Rulebook, rule: RuleSpec, told: dict[str, str]) -> list[Posted]:
    """The deed under another item that was posted before."""
    code = told.get("before")
    points, day = reading.yuan(told.get("before-points", "")), reading.day(told["date"]) or clock.today()
    if not code or points is None:
        return []
    return [cases.earlier(book.rule(code), day, points, PERSON if _is_personal(rule) else None)]


def _case(rule: RuleSpec, told: dict[str, str], day: str) -> cases.Case:
    data: dict[str, Any] = {"rule": rule.code, "date": day}
    data |= {name: told[name] for name in SINGLE if told.get(name)}
    if "quantity" in data:
        data["quantity"] = comparisons.figure(data["quantity"], asking.unit(rule))
    data["inputs"] = {one.name: _sent(one, told.get(f"in-{one.name}", "")) for one in rule.inputs}
    for name, prefix in (("scores", asks.SCORE), ("ratings", asks.RATING)):
        data[name] = {key.removeprefix(prefix): told[key] for key in told if key.startswith(prefix)}
    data["scores"] = {name: mark or "0" for name, mark in data["scores"].items()}
    data["ratings"] = {name: marks.split() for name, marks in data["ratings"].items()}
    if asking.needs_people(rule):
        data["people"] = _around(told)
    if _is_personal(rule):
        data["resident"] = PERSON
    return cases.Case.model_validate(data)


def _around(told: dict[str, str]) -> dict[str, list[str]]:
    counted = {name: min(reading.whole(told.get(name, "")) or 0, MANY) for name in ("heads", "cell")}
    numbered = {name: [str(place) for place in range(1, many + 1)] for name, many in counted.items()}
    return {"roles": [told["role"]] if told.get("role") else [], "members": numbered["heads"], "cell": numbered["cell"]}


def _is_personal(rule: RuleSpec) -> bool:
    return rule.subject == "resident" or "resident" in {portion.to for portion in rule.portions}


def _sent(one: Input, value: str) -> Any:
    """As it was written; a figure as conditions read it (8万 is 80000)."""
    return [value] if one.kind == "photo" and value else inputs.written(one, value)


tried = scopes.both(_try)
