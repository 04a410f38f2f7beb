"""Whatever a rule can say, a town's office can write on the form of an item: walked field by field."""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

from django.http import QueryDict
from django.template.loader import render_to_string
from pydantic import BaseModel, ValidationError

from scoring.rules.spec import RuleSpec
from scoring.web import rulebook_fields as fields
from tests.scoring.desk import rule
from tests.scoring.page_forms import form_on
from tests.scoring.rules.odd_books import AMOUNTS, EXTRAS
from tests.scoring.test_item_forms import BEYOND, LOOKING_BACK, WEDDING, content, fields_of

ELSEWHERE = {
    ("RuleSpec", "active"): "the buttons 先停用 and 恢复使用 below the form",
    ("RuleSpec", "figures"): "a mark of the built-in templates: whether the source document states the figure",
    ("Limit", "figures"): "the same of a cap",
    ("Source", "seed"): "the document that a built-in template was made of",
    ("Source", "section"): "the place in it; what a town or a village writes itself says so (draft_bodies.sourced)",
    ("Expiry", "years"): "the form counts in months: 2 years are 24",
}
"""Fields that the form of an item has not, and why."""
WHO = {"name": "who", "label": "帮了哪一户", "kind": "household", "help": "写户主姓名", "required": False}
APART = {"period": "quarter", "scope": "resident", "by": "who"}
ALSO: list[dict[str, Any]] = [
    {"number": "3.2", "note": "原来是2分", "fractions": {"places": 1, "rounding": "down"}, "inputs": [WHO]},
    {"inputs": [WHO], "group": {"code": "honours", **APART}, "limits": [{"kind": "count", "value": 1, **APART}]},
    {"inputs": [WHO], "not_with": {"rules": ["other"], **APART}},
    {"inputs": [WHO], "beneficiary": "who", "shares": [{"to": "beneficiary", "share": 1}]},
    {"inputs": [{**WEDDING[0], "least": 1, "most": "30"}, *WEDDING[1:]],
     "conditions": [{"when": "tables > 1 && simple", "message": "两桌以上要简办"}]},
    {"streak": {"length": 3, "bonus": 5, "scope": "resident"}, "repair": {"period": "month", "scope": "resident"}},
    {"sign": "negative", "after_warning": {"scope": "resident", "period": "month"}},
    {"effect": {"kind": "freeze_positive", "until": "date", "day": "2026-12-01", "text": "暂停加分"}},
    {"effect": {"kind": "downgrade_star", "stars": 2, "text": "降两星"}},
]  # fmt: skip
PRICED: list[dict[str, Any]] = [
    {"kind": "bands", "by": "tables", "bands": [{"least": 1, "points": 1}]},
    {"kind": "percent", "of": "tables", "percent": 5},
    {"kind": "formula", "formula": "quantity", "words": "数量", "least": 1},
    {"kind": "ladder", "unit": "小时", "counts": "each", "period": "month", "scope": "resident",
     "rungs": [{"at": 20, "points": 2}]},
    {"kind": "score_card", "items": [{"code": "a", "name": "院落", "most": 60}], "factor": "0.1"},
]  # fmt: skip
"""Items that say what no other test's items say."""


class Place(NamedTuple):
    """A field of a model, where an item has it."""

    model: str
    field: str
    path: tuple[str | int, ...]


def items() -> list[dict[str, Any]]:
    priced = ({"amount": amount, "inputs": WEDDING} for amount in (*AMOUNTS, *PRICED))
    told = [*LOOKING_BACK, *BEYOND, *EXTRAS, *ALSO, *priced]
    return [rule("tidy", "庭院整洁", 2, **one) for one in told]


def written(body: dict[str, Any]) -> RuleSpec:
    """The item as its form, sent once, makes it of an item that was just begun."""
    page = render_to_string("scoring/rulebooks/item.html", content(body))
    sent = QueryDict(mutable=True)
    for name, values in form_on(page).items():
        sent.setlist(name, values)
    begun = {"code": body["code"], "sign": "positive", "source": {"section": "本镇自定"}}
    return RuleSpec.model_validate(fields.edited(sent, begun))


def places(one: BaseModel, path: tuple[str | int, ...] = ()) -> Iterator[Place]:
    """Every field that ``one`` states, down to the last."""
    for name in type(one).model_fields:
        value, here = getattr(one, name), (*path, name)
        yield Place(type(one).__name__, name, here)
        if isinstance(value, BaseModel):
            yield from places(value, here)
        elif isinstance(value, tuple):
            for at, part in enumerate(value):
                yield from places(part, (*here, at)) if isinstance(part, BaseModel) else ()


def at(one: Any, path: tuple[str | int, ...]) -> Any:
    """What stands there; None where there is nothing."""
    for step in path:
        if one is None or (isinstance(step, int) and len(one) <= step):
            return None
        one = one[step] if isinstance(step, int) else getattr(one, step, None)
    return one


def usual(model: str, field: str) -> Any:
    return models()[model].model_fields[field].get_default()


@cache
def models() -> dict[str, type[BaseModel]]:
    known: set[type[BaseModel]] = set()
    fields_of(RuleSpec, known)
    return {one.__name__: one for one in known}


def choices(model: str, field: str) -> tuple[Any, ...]:
    """The words, or yes and no, that the field may hold."""
    annotation = models()[model].model_fields[field].annotation
    if annotation is bool:
        return (True, False)
    return get_args(annotation) if get_origin(annotation) is Literal else ()


@cache
def stated() -> frozenset[tuple[str, str]]:
    """Fields that came out of a form as an item has them, not as they are where nobody says anything."""
    found: set[tuple[str, str]] = set()
    for body in items():
        before = RuleSpec.model_validate(body)
        after = written(before.model_dump(mode="json"))
        for model, field, path in places(before):
            said = at(before, path)
            is_whole = isinstance(said, BaseModel) or (isinstance(said, tuple) and said)
            if said != usual(model, field) and (at(after, path) if is_whole else at(after, path) == said):
                found.add((model, field))
    return frozenset(found)


def changed(body: dict[str, Any], path: tuple[str | int, ...], value: Any) -> RuleSpec | None:
    made = copy.deepcopy(body)
    inner: Any = made
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    try:
        return RuleSpec.model_validate(made)
    except ValidationError:
        return None


def picked() -> set[tuple[str, str, Any]]:
    """Words of a field that came out of a form."""
    found: set[tuple[str, str, Any]] = set()
    for body in items():
        before = RuleSpec.model_validate(body)
        whole = before.model_dump(mode="json")
        for model, field, path in places(before):
            for value in choices(model, field):
                if (model, field, value) in found or not (made := changed(whole, path, value)):
                    continue
                if at(written(made.model_dump(mode="json")), path) == value:
                    found.add((model, field, value))
    return found


def test_every_field_of_a_rule_is_written_on_the_form_of_an_item() -> None:
    wanted = {(name, field) for name, model in models().items() for field in model.model_fields}
    assert wanted - stated() == set(ELSEWHERE)


def test_every_word_that_a_field_may_hold_is_offered() -> None:
    wanted = {
        (name, field, value)
        for name, model in models().items()
        for field in model.model_fields
        for value in choices(name, field)
        if (name, field) not in ELSEWHERE
    }
    assert wanted - picked() == set()
