"""Trying an item while it is written: on sample deeds of one household, or on a real one; nothing is kept."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from pydantic import ValidationError

from jifen.kernel import clock, masking, reading
from jifen.kernel.errors import JifenError
from scoring.models import Declaration, Draft
from scoring.rules import asking, cases
from scoring.rules.base import plain
from scoring.rules.spec import Category, Input, Range, Rulebook, RuleSpec, ScoreCard, Settings, Tiers
from scoring.rules.spec_amounts import QUANTITY
from scoring.rules.spec_sources import RATER_NAMES
from scoring.selectors import drafts as seen
from scoring.web import rulebook_scope as scopes
from scoring.web.rulebook_item import line_of
from scoring.whatif import single

MOST = 12
"""Deeds that are tried one after another."""
YES_NO = (("yes", "是"), ("no", "否"))
NAMELESS = ("number", "count", "money", "date", "date_range", "choice", "yes_no")
"""Kinds of fields in which nobody's name can stand."""
PEOPLE = {"person": "李四", "household": "李四家", "text": "见照片", "photo": "photo-1"}

SINGLE, SCORE, RATING = (QUANTITY, "points", "tier", "precedent"), "score-", "rating-"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a sample deed says."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    type: str = "text"
    number: bool = False


def _try(request: HttpRequest, area: str, pk: int, code: str) -> HttpResponse:
    draft = scopes.draft_of(request, area, pk)
    rule = line_of(draft, code).rule
    content: dict[str, Any] = {"rule": rule, "try_url": f"{scopes.urls(area, draft)['items']}{code}/try/"}
    if rule is not None:
        asks = _asks(rule, request.GET)
        real = single.recent(code, draft.rulebook.village_id)
        picked = next((one for one in real if str(one.pk) == request.GET.get("deed")), None)
        content |= {"asks": asks, "real": [(one, _deed_words(one, rule, area)) for one in real], "picked": picked}
        content |= {"is_known": bool(real) or single.is_known(code, draft.rulebook.village_id)}
        if picked is None:
            content |= _answer(draft, rule, {one.name: one.value for one in asks})
        else:
            content |= {"once": single.once_more(_alone(draft, rule), picked)}
    return render(request, "scoring/rulebooks/try.html", content)


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


def _answer(draft: Draft, rule: RuleSpec, told: dict[str, str]) -> dict[str, Any]:
    times = min(reading.whole(told["times"]) or 1, MOST)
    try:
        found = cases.tell(_alone(draft, rule), [_case(rule, told)] * times)
    except ValidationError as error:
        return {"problem": "；".join(seen.told(error)), "told": []}
    except JifenError as error:
        return {"problem": error.message, "told": []}
    return {"told": found, "total": sum(one.points for one in found)}


def _alone(draft: Draft, rule: RuleSpec) -> Rulebook:
    """The item as the only one of its rulebook, under the settings of the whole."""
    told = draft.head.get("settings")
    settings = Settings.model_validate(told) if told else Settings()
    base = seen.base_book(draft) if seen.is_village(draft) else None
    alone = rule.model_copy(update={"active": True, "not_with": None, "after_warning": None})
    own = Category(name=rule.category)
    return Rulebook(categories=(own,), rules=(alone,), settings=base.settings if base else settings)


def _case(rule: RuleSpec, told: dict[str, str]) -> cases.Case:
    data: dict[str, Any] = {"rule": rule.code, "date": told["date"] or clock.today().isoformat()}
    data |= {name: told[name] for name in SINGLE if told.get(name)}
    data["inputs"] = {one.name: _sent(one, told.get(f"in-{one.name}", "")) for one in rule.inputs}
    data["scores"] = {name.removeprefix(SCORE): told[name] or "0" for name in told if name.startswith(SCORE)}
    data["ratings"] = {name.removeprefix(RATING): told[name].split() for name in told if name.startswith(RATING)}
    if rule.subject == "resident" or "resident" in {portion.to for portion in rule.portions}:
        data["resident"] = "李四"
    return cases.Case.model_validate(data)


def _sent(one: Input, value: str) -> Any:
    return [value] if one.kind == "photo" and value else value


def _asks(rule: RuleSpec, sent: QueryDict) -> list[Ask]:
    """What a deed under the rule says, with what was sent or a likely sample."""
    asks = [Ask("date", "哪一天", clock.today().isoformat(), type="date"), *_of_figures(rule)]
    asks += [_of_input(one) for one in rule.inputs]
    asks.append(Ask("times", f"做几次（最多{MOST}次）", "1", number=True))
    return [_filled(one, sent) for one in asks]


def _filled(ask: Ask, sent: QueryDict) -> Ask:
    value = sent.get(ask.name)
    if value is None or (ask.options and value not in dict(ask.options)):
        return ask
    return Ask(ask.name, ask.label, str(value), ask.options, ask.type, ask.number)


def _of_figures(rule: RuleSpec) -> list[Ask]:
    """The figures that the item counts, as its declarations tell them."""
    asked, amount = asking.figures(rule), rule.amount
    found: list[Ask] = []
    if isinstance(amount, Tiers):
        found.append(Ask("tier", "哪一档", amount.tiers[0].code, tuple((one.code, one.name) for one in amount.tiers)))
    if "points" in asked:
        found.append(_points(rule))
    if isinstance(amount, ScoreCard):
        full = amount.marks == "score"
        found += [Ask(f"{SCORE}{one.code}", one.name, plain(one.most) if full else "0", number=True)
                  for one in amount.items]  # fmt: skip
    if rule.rating:
        marks = plain(rule.rating.most)
        found += [Ask(f"{RATING}{one.who}", f"{RATER_NAMES[one.who]}的分数（几份的用空格隔开）",
                      " ".join([marks] * one.least)) for one in rule.rating.parts]  # fmt: skip
    if QUANTITY in asked:
        unit = asking.unit(rule)
        found.append(Ask(QUANTITY, f"多少{unit}" if unit else "数量", "10", number=True))
    if "precedent" in asked:
        found.append(Ask("precedent", "比照哪一条", "相近的一条"))
    return found


def _points(rule: RuleSpec) -> Ask:
    if isinstance(rule.amount, Tiers):
        spans = "、".join(f"{one.name}{one.text}" for one in rule.amount.tiers if one.is_open)
        return Ask("points", f"评议定几分（{spans}）", plain(rule.amount.tiers[0].ends[1]), number=True)
    most = rule.amount.most if isinstance(rule.amount, Range) else ZERO
    return Ask("points", "评议定几分", plain(most), number=True)


def _of_input(one: Input) -> Ask:
    name, label = f"in-{one.name}", f"{one.label}{f'({one.unit})' if one.unit else ''}"
    if one.kind == "choice":
        return Ask(name, label, one.choices[0], tuple((choice, choice) for choice in one.choices))
    if one.kind == "yes_no":
        return Ask(name, label, "yes", YES_NO)
    if one.kind == "date":
        return Ask(name, label, clock.today().isoformat(), type="date")
    if one.kind == "date_range":
        return Ask(name, label, _days(clock.today()))
    if one.kind in PEOPLE:
        return Ask(name, label, PEOPLE[one.kind])
    return Ask(name, label, plain(one.least) if one.least else "10", number=True)


def _days(day: date) -> str:
    return f"{day - timedelta(days=6)}/{day}"


tried = scopes.both(_try)
