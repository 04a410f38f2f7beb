"""Whatever a rulebook can say, a town's office can write on a form: walked field by field.

An item on its own form, what holds for the whole on 通用约定, what villages may change on 村里能改什么.
"""

import copy
from collections.abc import Callable, Iterator
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from pydantic import BaseModel, Field, ValidationError

from scoring.rules.base import Model
from scoring.rules.facts import PARTY_MEMBER
from scoring.rules.grants import ANYBODY
from scoring.rules.overlay import Bounds
from scoring.rules.spec import PLAIN, Category, RuleSpec, Settings
from scoring.selectors.drafts import Line
from scoring.services.base_grants import CHILD, ELDER
from scoring.web import rulebook_bounds as bounds
from scoring.web import rulebook_fields as fields
from scoring.web import rulebook_settings as settings
from scoring.web.rulebook_settings import Named
from tenants.community.models import Role
from tests.scoring.desk import rule
from tests.scoring.page_forms import form_on
from tests.scoring.rules.odd_books import AMOUNTS, EXTRAS
from tests.scoring.test_item_forms import BEYOND, LOOKING_BACK, WEDDING, content, fields_of

ELSEWHERE = {
    ("RuleSpec", "active"): "the buttons 先停用 and 恢复使用 below the form",
    ("RuleSpec", "figures"): "a mark of the built-in templates: whether the source document states the figure",
    ("Limit", "figures"): "the same of a cap",
    ("SharedLimit", "figures"): "the same of a cap over several items",
    ("BookLimit", "figures"): "the same of a cap over several items",
    ("Source", "seed"): "the document that a built-in template was made of",
    ("Source", "section"): "the place in it; what a town or a village writes itself says so (draft_bodies.sourced)",
    ("Expiry", "years"): "the form counts in months: 2 years are 24",
}
"""Fields that no form has, and why."""
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


NEIGHBOURS = [
    Named("tidy", "1", "庭院整洁", (("who", "帮了哪一户"),)), Named("help", "2", "帮扶邻里", (("who", "帮了哪一户"),)),
]  # fmt: skip
CAP = {"kind": "points", "value": 30, "scope": "resident", "period": "quarter", "by": "who", "sign": "negative"}
ELDERS = {"member": "elder", "name": "60岁以上老人", "points": 5}
HEADS: list[dict[str, Any]] = [
    {"settings": {
        "fractions": {"places": 1, "rounding": "down"}, "redeem_above_base": True,
        "merit": {"floor": -5, "ceiling": 90},
        "base": [{"when": "month", "points": 2, "members": [ELDERS], "pro_rata": "days", "redeemable": True}],
        "redeemable": {"floor": 1, "ceiling": 80, "negative": "carried"},
        "limits": [CAP | {"rules": ["tidy", "help"]}],
        "classes": [
            {"code": "good", "name": "善行分", "weight": 2, "counts_for": "rank", "expires": {"months": 9}},
            {"code": "fame", "name": "荣誉分", "keeps": True}],
        "pools": [{"code": "fund", "name": "集体收益", "period": "quarter", "measure": "redeemable", "places": 1,
                   "rounding": "nearest", "residue": "next", "least_points": 10}],
        "cells": {"name": "五户联组", "size": 5}},
     "categories": [{"name": "人居环境", "summary": "门前三包", "limits": [CAP]}]},
    {"settings": {"merit": {"negative": "allowed"}, "base": [{"when": "year", "points": 9}],
                  "pools": [{"code": "fund", "name": "集体收益"}]}},
]  # fmt: skip
BOUNDS: list[dict[str, Any]] = [
    {"items": [{"code": "tidy", "keep": True, "least": 1, "most": 5, "cap_most": 9}], "amended_most": 20,
     "slots": {"number": 3, "points": 10, "categories": ["人居环境"]}},
    {"items": [{"code": "tidy", "locked": True}]},
    {"items": [{"code": "tidy", "most": 5}]},
]  # fmt: skip


class Head(Model):
    """What 通用约定 writes."""

    settings: Settings = PLAIN
    categories: Annotated[tuple[Category, ...], Field(strict=False)] = ()


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
    sent = sent_of(render_to_string("scoring/rulebooks/item.html", content(body)), "item-form")
    begun = {"code": body["code"], "sign": "positive", "source": {"section": "本镇自定"}}
    return RuleSpec.model_validate(fields.edited(sent, begun))


def head_written(body: dict[str, Any]) -> Head:
    """The same of what holds for the whole, of a rulebook that says nothing yet."""
    blanks = settings.blanks(body, NEIGHBOURS) | {"may_write": True}
    sent = sent_of(render_to_string("scoring/rulebooks/settings_form.html", blanks), "settings-form")
    begun = {"categories": [{"name": one["name"]} for one in body.get("categories") or []]}
    return Head.model_validate(settings.edited(sent, begun, NEIGHBOURS))


def bounds_written(body: dict[str, Any]) -> Bounds:
    """The same of what villages may change."""
    spec = RuleSpec.model_validate(rule("tidy", "庭院整洁", 2))
    blanks = bounds.blanks([Line("rule", spec.code, None, spec, None, ())], body, ["人居环境"]) | {"may_write": True}
    sent = sent_of(render_to_string("scoring/rulebooks/bounds_form.html", blanks), "bounds-form")
    return Bounds.model_validate(bounds.edited(sent))


def sent_of(page: str, form: str) -> QueryDict:
    sent = QueryDict(mutable=True)
    for name, values in form_on(page, form).items():
        sent.setlist(name, values)
    return sent


class Sheet(NamedTuple):
    """A form: what it writes, examples of that, and how they come out of it."""

    model: type[BaseModel]
    examples: Callable[[], list[dict[str, Any]]]
    written: Callable[[dict[str, Any]], BaseModel]


SHEETS = {
    "item": Sheet(RuleSpec, items, written),
    "settings": Sheet(Head, lambda: HEADS, head_written),
    "bounds": Sheet(Bounds, lambda: BOUNDS, bounds_written),
}


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
def models_of(sheet: str) -> dict[str, type[BaseModel]]:
    known: set[type[BaseModel]] = set()
    fields_of(SHEETS[sheet].model, known)
    return {one.__name__: one for one in known}


@cache
def models() -> dict[str, type[BaseModel]]:
    return {name: model for sheet in SHEETS for name, model in models_of(sheet).items()}


def choices(model: str, field: str) -> tuple[Any, ...]:
    """The words, or yes and no, that the field may hold."""
    found: set[Any] = set()
    annotation = models()[model].model_fields[field].annotation
    for one in (annotation, *(get_args(annotation) if NoneType in get_args(annotation) else ())):
        found |= {True, False} if one is bool else set(get_args(one)) if get_origin(one) is Literal else set()
    return tuple(found)


@cache
def stated(sheet: str) -> frozenset[tuple[str, str]]:
    """Fields that came out of a form as they were put in, not as they are where nobody says anything."""
    model, examples, write = SHEETS[sheet]
    found: set[tuple[str, str]] = set()
    for body in examples():
        before = model.model_validate(body)
        after = write(before.model_dump(mode="json"))
        for name, field, path in places(before):
            said = at(before, path)
            is_whole = isinstance(said, BaseModel) or (isinstance(said, tuple) and said)
            if said != usual(name, field) and (at(after, path) if is_whole else at(after, path) == said):
                found.add((name, field))
    return frozenset(found)


def changed(model: type[BaseModel], body: dict[str, Any], path: tuple[str | int, ...], value: Any) -> BaseModel | None:
    made = copy.deepcopy(body)
    inner: Any = made
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    try:
        return model.model_validate(made)
    except ValidationError:
        return None


def picked(sheet: str) -> set[tuple[str, str, Any]]:
    """Words of a field that came out of a form."""
    model, examples, write = SHEETS[sheet]
    found: set[tuple[str, str, Any]] = set()
    for body in examples():
        before = model.model_validate(body)
        whole = before.model_dump(mode="json")
        for name, field, path in places(before):
            for value in choices(name, field):
                if (name, field, value) in found or not (made := changed(model, whole, path, value)):
                    continue
                if at(write(made.model_dump(mode="json")), path) == value:
                    found.add((name, field, value))
    return found


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_field_is_written_on_a_form(sheet: str) -> None:
    wanted = {(name, field) for name, model in models_of(sheet).items() for field in model.model_fields}
    assert wanted - stated(sheet) == set(ELSEWHERE) & wanted


def test_what_no_form_has_is_told_of_fields_that_are_there() -> None:
    assert set(ELSEWHERE) <= {(name, field) for name, model in models().items() for field in model.model_fields}


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_word_that_a_field_may_hold_is_offered(sheet: str) -> None:
    wanted = {
        (name, field, value)
        for name, model in models_of(sheet).items()
        for field in model.model_fields
        for value in choices(name, field)
        if (name, field) not in ELSEWHERE
    }
    assert wanted - picked(sheet) == set()


def test_every_member_type_that_granting_knows_has_a_blank() -> None:
    assert set(settings.MEMBERS) == {PARTY_MEMBER, ELDER, CHILD, ANYBODY, *Role.values}


def test_a_head_comes_back_from_an_untouched_form_as_it_was() -> None:
    cap = CAP | {"by": "gone", "figures": "example"}
    told = {"limits": [cap | {"rules": ["tidy", "help"]}, cap | {"by": None}]}
    body = {"settings": told, "categories": [{"name": "人居环境", "summary": "门前三包\n邻里互助", "limits": [cap]}]}
    before = Head.model_validate(body).model_dump(mode="json")
    blanks = settings.blanks(before, NEIGHBOURS) | {"may_write": True}
    page = render_to_string("scoring/rulebooks/settings_form.html", blanks)
    assert "每个帮了哪一户分别算" in page and "每个没有了的那一项分别算" in page
    sent = sent_of(page, "settings-form")
    assert Head.model_validate(settings.edited(sent, before, NEIGHBOURS)) == Head.model_validate(before)
