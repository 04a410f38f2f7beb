"""A line of a workbook that we wrote, with what people changed in it.

An untouched line is the item it was, down to what no column shows; each changed cell changes its field.
"""

from collections.abc import Iterable
from typing import Any

from scoring.rules.spec import Fixed, Limit, RuleSpec
from scoring.rules.workbook import caps, deeds, exporting, items, units
from scoring.rules.workbook import columns as c
from scoring.rules.workbook.plain import plain_text
from scoring.rules.workbook.tables import Line


def edited(base: RuleSpec, line: Line) -> items.Draft:
    """``base`` with the cells of ``line`` that differ from what was written for it. CellUnread says why not."""
    values = base.model_dump(mode="json")
    written = exporting.cells(base)
    changed = [name for name in written if name in line.cells and line.cells[name] != exporting.kept(written[name])]
    doubts: tuple[str, ...] = ()
    for name in changed:
        told, more = _change(base, line, name)
        values |= told
        doubts += more
    return items.Draft(values, doubts)


def _change(base: RuleSpec, line: Line, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    if name in (c.CAP, c.PRICE):
        told = plain_text(line.said(name))
        if caps.together(told)[0] or caps.of_class(told)[0]:
            raise items.CellUnread(name, "几条或者一个大类合起来的上限，请写在“整本细则”的合计上限里")
    if name == c.CAP:
        limits, doubts = items.capped(line)
        return {"limits": _known_caps(base, limits)}, doubts
    if name == c.PRICE:
        return _price(base, line)
    if name == c.PROOF:
        return items.proof(line) or {"evidence": "optional"}, ()
    if name == c.TELLERS:
        return items.tellers(line), ()
    if name == c.LIST:
        raise items.CellUnread(c.LIST, "条目不能从正面清单改到负面清单，请另写一行")
    doubts = tuple(deeds.note(line.said(name))) if name == c.NOTE else ()
    field = {c.CLASS: "category", c.MATTER: "matter", c.TITLE: "title", c.DEED: "text", c.NUMBER: "number"}
    if name in field and name != c.NUMBER and not line.said(name):
        raise items.CellUnread(name, f"“{name}”不能为空")
    return {field.get(name, "note"): line.said(name) or None}, doubts


def _price(base: RuleSpec, line: Line) -> tuple[dict[str, Any], tuple[str, ...]]:
    price = items.price_of(line, plain_text(line.said(c.PRICE)))
    if price.words:
        raise items.CellUnread(c.PRICE, f"没有看懂“{price.words}”")
    if items.sign_of(line, price) != base.sign:
        raise items.CellUnread(c.PRICE, "加分、扣分不能互换，请另写一行")
    told = items.priced(price)
    told["amount"] = _completed(base.amount.model_dump(mode="json"), price.amount)
    told["once"] = price.once if isinstance(base.amount, Fixed) else base.once
    if price.limits:
        own = [limit.model_dump(mode="json") for limit in base.limits]
        told["limits"] = units.without_twins([*own, *_known_caps(base, price.limits)])
    return told, price.doubts


def _completed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """``new`` with what a cell cannot say of the same kind of amount: how much at once, rounding, codes of tiers."""
    if old["kind"] != new["kind"] or old.get("unit") != new.get("unit"):
        return new
    if "tiers" in new:
        codes = {tier["name"]: tier["code"] for tier in old["tiers"]}
        new = new | {"tiers": [tier | {"code": codes.get(tier["name"], tier["code"])} for tier in new["tiers"]]}
    silent = {"most", "rounding", "whole"} if new["kind"] == "per_unit" else {"step"} & set(old)
    if new["kind"] == "tiers":
        silent -= set(new)
    return new | {name: old[name] for name in silent}


def _known_caps(base: RuleSpec, limits: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each cap, as the item had it where it had the same one."""
    known = {limit.text: limit.model_dump(mode="json") for limit in base.limits}
    return [known.get(Limit.model_validate(limit).text, limit) for limit in limits]
