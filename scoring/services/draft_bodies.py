"""What may stand in an item of a draft: it may be unfinished, but it is this item and no other."""

import json
from typing import Any

from pydantic import ValidationError

from scoring import rulebook_errors as errors
from scoring.models import Draft
from scoring.rules import problems
from scoring.rules.library import is_slug
from scoring.rules.overlay import Bounds, misfits
from scoring.rules.spec import Category, Rulebook
from scoring.selectors import codes
from scoring.selectors import drafts as seen

LONGEST = 30_000
CHANGES = ("off", "amend")


def checked(draft: Draft, code: str, body: Any) -> dict[str, Any]:
    """``body`` as it is kept: an object of reasonable size that names ``code`` and no other.

    Raises:
        ItemCodeWrong, ItemWrong. ChangeForeign: a change of an item that the town does not have.
    """
    if not is_slug(code):
        raise errors.ItemCodeWrong
    if not isinstance(body, dict):
        raise errors.ItemWrong(why="应当是一组填写项")
    if len(json.dumps(body, ensure_ascii=False)) > LONGEST or "\\u0000" in json.dumps(body):
        raise errors.ItemWrong(why="内容太长或有不能保存的字符")
    return _change(draft, code, body) if seen.is_village(draft) else {**body, "code": code}


def code_in(body: Any) -> str:
    """The code that a body names itself; empty when it names none."""
    inner = body.get("rule", body) if isinstance(body, dict) else {}
    found = inner.get("code") if isinstance(inner, dict) else None
    return found if isinstance(found, str) else ""


def sourced(draft: Draft, body: Any, before: Any = None) -> Any:
    """``body`` with a source: its own, else that of ``before``, else that the town (the village) says it itself."""
    if not isinstance(body, dict) or is_change(body):
        return body
    is_own = body.get("kind") == "add"
    rule = body.get("rule") if is_own else body
    if not isinstance(rule, dict) or "source" in rule:
        return body
    old = before.get("rule", before) if isinstance(before, dict) else {}
    place = {"section": "本村自定" if seen.is_village(draft) else "本镇自定"}
    told = {**rule, "source": (isinstance(old, dict) and old.get("source")) or place}
    return {**body, "rule": told} if is_own else told


def free_code(draft: Draft) -> str:
    """The next code that no item ever had: ``item-1``, a village's own ``own-1``."""
    prefix = "own" if seen.is_village(draft) else "item"
    used = codes.used()
    return next(f"{prefix}-{n}" for n in range(1, len(used) + 2) if f"{prefix}-{n}" not in used)


def is_change(body: dict[str, Any]) -> bool:
    """Whether it changes an item of the town's."""
    return body.get("kind") in CHANGES


def switched(body: dict[str, Any], on: bool) -> dict[str, Any]:
    """A rule, of the town's draft or a village's own, switched on or off."""
    if isinstance(body.get("rule"), dict):
        return {**body, "rule": {**body["rule"], "active": on}}
    return {**body, "active": on}


def head_fault(draft: Draft, head: Any) -> str:
    """Why ``head`` is no rulebook without rules (a village's: no list of its own main classes); empty when it is."""
    if not isinstance(head, dict) or "rules" in head:
        return "应当是一组约定，不含条目"
    if not seen.is_village(draft):
        return seen.check_model(Rulebook, {**head, "rules": [_ANY_RULE | {"category": _first_category(head)}]})
    if set(head) - {"categories"}:
        return "村里只能写自己新增的大类"
    return "；".join(filter(None, (seen.check_model(Category, one) for one in head.get("categories", []))))


def bounds_fault(draft: Draft, bounds: Any) -> str:
    """Why a town's ``bounds`` are none, or do not fit its items as they are, by name; empty when they do."""
    lines = seen.lines(draft)
    try:
        read = Bounds.model_validate(bounds)
    except ValidationError as error:
        titles = {line.code: seen.title_of(line) for line in lines}
        return "；".join(dict.fromkeys(_bound_fault(one, bounds, titles) for one in error.errors()))
    return "；".join(one.text for one in misfits((line.rule for line in lines if line.rule), read))


def _bound_fault(error: Any, bounds: Any, titles: dict[str, str]) -> str:
    """A fault with the item whose row it stands in."""
    steps = error["loc"]
    if steps[:1] != ("items",) or len(steps) < 2 or not isinstance(steps[1], int):
        return problems.told(error)
    bound = bounds["items"][steps[1]]
    code = bound.get("code") if isinstance(bound, dict) else None
    title = titles.get(code, code) if isinstance(code, str) else f"第{steps[1] + 1}条"
    return f"“{title}”{problems.told({**error, 'loc': ('bounds', *steps[2:])})}"


_ANY_RULE: dict[str, Any] = {
    "code": "any", "sign": "positive", "matter": "事项", "title": "名称", "text": "行为",
    "amount": {"kind": "fixed", "points": 1}, "source": {"section": "核对"},
}  # fmt: skip
"""A rulebook has at least one rule; this one stands in while its head alone is checked."""


def _first_category(head: dict[str, Any]) -> Any:
    categories = head.get("categories")
    first = categories[0] if isinstance(categories, list) and categories else None
    return first.get("name") if isinstance(first, dict) else None


def _change(draft: Draft, code: str, body: dict[str, Any]) -> dict[str, Any]:
    """A change of one of the town's items, or an item of the village's own."""
    kind = body.get("kind")
    if kind == "add":
        rule = body.get("rule")
        return {"kind": "add", "rule": {**(rule if isinstance(rule, dict) else {}), "code": code}}
    if kind not in CHANGES:
        raise errors.ItemWrong(why="应当是停用（off）、调整（amend）或新增（add）")
    town = seen.base_book(draft)
    if town is None or all(rule.code != code for rule in town.rules):
        raise errors.ChangeForeign(code=code)
    return {**body, "code": code}
