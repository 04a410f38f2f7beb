"""What holds for a whole rulebook as sentences with blanks: fractions, base points, balances, shared caps, pools."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from scoring.rules import phrases_book
from scoring.rules.facts import PARTY_MEMBER
from scoring.rules.grants import ANYBODY
from scoring.rules.spec import Settings
from scoring.rules.spec_limits import EVERY
from scoring.web.rulebook_more import GONE
from scoring.web.rulebook_rows import Body, coded, number, rows, text
from tenants.community.models import Role

_SPLIT = re.compile(r"[、，,；;]+")


@dataclass(frozen=True, slots=True)
class Named:
    """An item that a cap may name. ``asks``: (name, label) of what is filled in of its deeds."""

    code: str
    number: str
    title: str
    asks: tuple[tuple[str, str], ...] = ()

    def spoken(self, among: "Sequence[Named]") -> str:
        """By number where it has one of its own, else by title, else by code."""
        for field in ("number", "title"):
            said = getattr(self, field)
            if said and not _SPLIT.search(said) and sum(getattr(one, field) == said for one in among) == 1:
                return str(said)
        return self.code


WHEN = {"joining": "参加时", "month": "每月", "quarter": "每季度", "year": "每年"}
PRO_RATA = {"none": "不满一期也给全数", "months": "按剩下的月数折算", "days": "按剩下的天数折算"}
NEGATIVE = {
    "": "还没有定",
    "allowed": "可以是负数，年底结清",
    "zero": "扣到0为止",
    "carried": "可以是负数，转到下一年接着扣",
}
COUNTS_FOR = {"both": "参加评比，也能兑换", "rank": "只参加评比", "redeem": "只能兑换"}
ROUNDING = {"nearest": "四舍五入", "down": "舍去", "up": "进一"}
CENTS = {2: "算到分（0.01元）", 1: "算到角（0.1元）", 0: "算到整元"}
"""Of a household's dividend: the places that are kept of a yuan."""
CENTS_ROUNDING = {"down": "舍去", "nearest": "四舍五入"}
POOL_PERIODS = {"quarter": "每季度", "halfyear": "每半年", "year": "每年"}
WHOLE = ""
"""Of a shared cap: it holds for the whole rulebook, not for one main class."""
MEMBERS = {
    PARTY_MEMBER: "党员", "elder": "60岁以上老人", "child": "14岁以下儿童", Role.GROUP_LEADER.value: "组长",
    Role.STEWARD.value: "积分管理员", Role.COMMITTEE.value: "审核委员", Role.SUPERVISOR.value: "监督员",
    Role.VOLUNTEER.value: "志愿者", ANYBODY: "其他家人",
}  # fmt: skip
"""Member types of base points, all that granting knows: each has a blank."""
CHOICES = {
    "when_names": WHEN, "pro_rata_names": PRO_RATA, "negative_names": NEGATIVE, "counts_names": COUNTS_FOR,
    "rounding_names": ROUNDING, "pool_periods": POOL_PERIODS, "residue_names": phrases_book.RESIDUE, "periods": EVERY,
    "measure_names": phrases_book.MEASURES, "cents_names": CENTS, "cents_rounding_names": CENTS_ROUNDING,
}  # fmt: skip


def edited(sent: QueryDict, head: Mapping[str, Any], items: Sequence[Named] = ()) -> Body:
    """The head of a town's rulebook as the form makes it; what the form does not show stays. ``items``: those that a
    cap may name."""
    before = dict(head.get("settings") or {})
    made = before | {
        "fractions": {"places": number(text(sent, "places")), "rounding": text(sent, "rounding")},
        "base": _base(sent, before.get("base")),
        "redeem_above_base": "redeem_above_base" in sent,
        "merit": _balance(sent, "merit"),
        "redeemable": _balance(sent, "redeemable"),
        "classes": _classes(sent, before.get("classes")),
        "pools": _pools(sent, before.get("pools")),
        "cells": _cells(sent),
    }
    limits = _limits(sent, items, _shared(head))
    made["limits"] = [row for name, row in limits if name == WHOLE]
    summaries = {row["name"]: row.get("summary") for row in rows(sent, "category", ("name", "summary"), needs="name")}
    categories = [
        {**one, "limits": [row for name, row in limits if name == one["name"]]} | _summary(one, summaries)
        for one in head.get("categories") or []
    ]
    return {**head, "settings": made, "categories": categories}


def blanks(head: Mapping[str, Any], items: Sequence[Named] = ()) -> dict[str, Any]:
    """What the page shows of a head; a row of empty blanks stands at the end of each list."""
    told = Settings().model_dump(mode="json") | dict(head.get("settings") or {})
    shared = [
        {**one, "at": at, "named": _spoken(one.get("rules") or (), items)} for at, one in enumerate(_shared(head))
    ]
    empty: Body = {"kinds": [(name, label, None) for name, label in MEMBERS.items()]}
    return CHOICES | {
        "months_choices": sorted(
            {6, 12, 24, 36, *(row["months"] for row in map(_class_row, told["classes"] or []) if row["months"])}
        ),
        "fractions": told["fractions"],
        "base": [*(_base_row(one, place) for place, one in enumerate(told["base"] or [])), empty],
        "redeem_above_base": told["redeem_above_base"],
        "balances": [("merit", "评比积分", told["merit"]), ("redeemable", "可兑换积分", told["redeemable"])],
        "classes": [*(_class_row(one) for one in told["classes"] or []), {}],
        "pools": [*(told["pools"] or []), {}],
        "cells": told["cells"] or {},
        "shared": [*shared, {}],
        "shared_fields": _fields(items, [one.get("by") for one in shared]),
        "categories": head.get("categories") or [],
        "category_names": [one["name"] for one in head.get("categories") or []],
        "item_names": [one.spoken(items) for one in items],
    }


def _shared(head: Mapping[str, Any]) -> list[Body]:
    """Every cap over several items, those of the whole first; ``of``: the main class it holds for."""
    shared = [{**one, "of": WHOLE} for one in (head.get("settings") or {}).get("limits") or []]
    for category in head.get("categories") or []:
        shared += [{**one, "of": category["name"]} for one in category.get("limits") or []]
    return shared


def _fields(items: Sequence[Named], chosen: Sequence[Any]) -> list[tuple[str, str]]:
    """What deeds are told with, by its name, as the items call it; also what is ``chosen`` and no item asks for."""
    found: dict[str, dict[str, None]] = {name: {} for one in items for name, _ in one.asks}
    for one in items:
        for name, label in one.asks:
            found[name][label] = None
    lost = {name: {GONE: None} for name in chosen if name and name not in found}
    return [(name, "、".join(labels)) for name, labels in (found | lost).items()]


def _summary(one: Mapping[str, Any], told: Mapping[str, str | None]) -> Body:
    """Of a main class that the form has."""
    said = told.get(one["name"])
    return {"summary": "\n".join(said.splitlines()) if said else None} if one["name"] in told else {}


def _base_row(one: Mapping[str, Any], place: int) -> Body:
    """``kinds``: (column, label, points) of the member types that have a blank, those that bring points first, in the
    order in which they count; ``others``: names of the rest."""
    members = one.get("members") or []
    points = {row["member"]: row.get("points") for row in members}
    told = [name for name in points if name in MEMBERS]
    return {
        **one,
        "at": place,
        "kinds": [(name, MEMBERS[name], points.get(name)) for name in dict.fromkeys((*told, *MEMBERS))],
        "others": [row["name"] for row in members if row["member"] not in MEMBERS],
    }


def _base(sent: QueryDict, before: Any) -> list[Body]:
    old, made = list(before or []), []
    columns = ("at", "when", "points", "pro_rata", "redeemable", *MEMBERS)
    for row in rows(sent, "base", columns, needs=""):
        if not any(row.get(name) for name in ("points", *MEMBERS)):
            continue
        place = number(row.get("at"))
        kept = dict(old[place]) if isinstance(place, int) and place < len(old) else {}
        made.append({
            **kept, "when": row.get("when", "joining"), "points": row.get("points", "0"),
            "members": _members(row, kept.get("members") or []),
            "pro_rata": row.get("pro_rata", "none"), "redeemable": row.get("redeemable") == "yes",
        })  # fmt: skip
    return made


def _members(row: Mapping[str, str], before: list[Body]) -> list[Body]:
    """A type keeps its place and its name: who is of several counts by the first of them."""
    old = {one["member"]: one for one in before}
    names = [*old, *(name for name in MEMBERS if name not in old)]
    made = []
    for name in names:
        points = row.get(name) if name in MEMBERS else old[name].get("points")
        if points:
            made.append({"member": name, "name": MEMBERS.get(name), **old.get(name, {}), "points": points})
    return made


def _balance(sent: QueryDict, name: str) -> Body:
    floor, ceiling = text(sent, f"{name}-floor"), text(sent, f"{name}-ceiling")
    return {"floor": floor or None, "ceiling": ceiling or None, "negative": text(sent, f"{name}-negative") or None}


def _class_row(one: Mapping[str, Any]) -> Body:
    expires = one.get("expires") or {}
    months = expires.get("months") or 12 * (expires.get("years") or 0)
    return {**one, "months": months or ""}


def _classes(sent: QueryDict, before: Any) -> list[Body]:
    """A class keeps its code, so that its items stay in it."""
    old = {one["code"]: one for one in before or []}
    made = []
    for row in coded(rows(sent, "class", ("code", "name", "weight", "counts_for", "months"), needs="name"), "class"):
        months = row.pop("months", "")
        kept = old.get(row["code"], {})
        lapses = {"expires": None if months in ("", "always") else {"months": number(months)}}
        made.append({**kept, "weight": "1", **row, **lapses, "keeps": months == "always"})
    return made


def _pools(sent: QueryDict, before: Any) -> list[Body]:
    old = {one["code"]: one for one in before or []}
    columns = ("code", "name", "period", "measure", "places", "rounding", "residue", "least_points")
    made = []
    for row in coded(rows(sent, "pool", columns, needs="name"), "pool"):
        places = {"places": number(row["places"])} if "places" in row else {}
        made.append({**old.get(row["code"], {}), "least_points": "0", **row, **places})
    return made


def _cells(sent: QueryDict) -> Body | None:
    name, size = text(sent, "cells-name"), number(text(sent, "cells-size"))
    return {"name": name or "十户联组", "size": 10 if size is None else size} if name or size is not None else None


def _limits(sent: QueryDict, items: Sequence[Named], before: Sequence[Body]) -> list[tuple[str, Body]]:
    """(main class, or empty for the whole; the cap). A cap that names its items is one of the whole book."""
    columns = ("at", "of", "named", "sign", "scope", "period", "value", "kind", "by")
    made: list[tuple[str, Body]] = []
    for row in rows(sent, "shared", columns, needs="value"):
        of, named, place = row.pop("of", WHOLE), row.pop("named", ""), number(row.pop("at", ""))
        old = before[place] if isinstance(place, int) and place < len(before) else {}
        cap: Body = {name: old[name] for name in ("figures",) if name in old} | {"by": None, **row}
        if named:
            made.append((WHOLE, {**cap, "rules": [_code(one, items) for one in _SPLIT.split(named) if one.strip()]}))
        else:
            made.append((of, cap))
    return made


def _code(told: str, items: Sequence[Named]) -> str:
    """The code of the one item that ``told`` names by number, title or code; else what was written, to be refused."""
    said = told.strip().strip('“”"')
    for field in ("number", "title", "code"):
        found = [one.code for one in items if getattr(one, field) == said]
        if len(found) == 1:
            return found[0]
    return said


def _spoken(codes: Sequence[str], items: Sequence[Named]) -> str:
    known = {one.code: one for one in items}
    return "、".join(known[code].spoken(items) if code in known else code for code in codes)
