"""What on a sheet a person should look at before it is passed, and why, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db import connection

from jifen.files.looks import NEAR
from jifen.kernel.points import plain
from jifen.web.wording import date_cn
from scoring import ports
from scoring.models import Declarer, Review, ReviewState
from scoring.selectors import promptness
from scoring.selectors.hearings import returned_items
from scoring.sql import exceptions as sql

LIMITS: dict[str, Any] = {"near": NEAR, "window": 400, "days": 1, "share": Decimal("0.8"), "many": 6, "times": 3}
"""Photos: bits apart, days back. A deed told twice: days apart. Caps: from which share. Volume: least, times median."""

REMEMBERED = 300
"""Seconds."""

_WORDS = {
    "returned": ("镇里退回", "镇里的意见：{reason}"),
    "objection": ("有异议", "有人对这条登记提出异议，还在核实"),
    "undecided": ("待定分值", "{reason}，要由审核认定分值"),
    "analogy_committee": ("同类推断", "同类推断条目，须经审核委员会逐件同意，通过时写明依据"),
    "analogy_representatives_meeting": ("同类推断", "同类推断条目，须经村民代表会议同意，通过时写明哪次会议"),
    "analogy_town": ("同类推断", "同类推断条目，须经镇里同意，通过时写明依据，镇里收到以后才记账"),
    "negative": ("扣分", "扣分的行为要逐件核实"),
    "over": ("超过上限", "加上这一件就超过上限，超出的部分记账时不计分"),
    "near": ("接近上限", "加上这一件已接近上限"),
    "photo": ("照片用过", "照片与{day}的一条登记相同或几乎相同"),
    "twin": ("可能重复登记", "同一家{day}已登记过同一条"),
    "discretion": ("分值由评定", "细则给的是一个范围，分值要由审核定"),
    "busy_household": ("这家登记偏多", "这家本月单独登记了{many}件，村里一般{usual}件"),
    "busy_declarer": ("申报人登记偏多", "同一人本月申报了{many}件，一般{usual}件"),
    "tardy": ("迟登", "过了{days}天才登记"),
    "bare": ("没有佐证", "没有照片或材料"),
}  # in the order in which they are shown

_ALWAYS = {"negative", "undecided"}


@dataclass(frozen=True, slots=True)
class Hint:
    """Why a deed needs a look; ``other`` is the declaration it resembles."""

    code: str
    word: str
    why: str
    other: int | None = None


def exceptions(review: Review) -> dict[int, tuple[Hint, ...]]:
    """Per item id its hints, for the items that have any."""
    found: dict[int, list[Hint]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql.FIND, LIMITS | {"review": review.pk})
        for item, code, other, day, many, usual in cursor.fetchall():
            found.setdefault(item, []).append(_hint(code, other, day, many, usual))
    for item, reason in review.items.exclude(declaration__undecided="").values_list("pk", "declaration__undecided"):
        found.setdefault(item, []).append(_hint("undecided", reason=reason))
    for item, days in promptness.late_items(review):
        found.setdefault(item, []).append(_hint("tardy", days=days))
    for item in _trusted(review, found):
        del found[item]
    for item in _objected(review):
        found.setdefault(item, []).append(_hint("objection"))
    for item, note in returned_items(review).items() if review.state == ReviewState.RETURNED else ():
        found.setdefault(item, []).append(_hint("returned", reason=note))
    order = list(_WORDS)
    return {item: tuple(sorted(hints, key=lambda hint: order.index(hint.code))) for item, hints in found.items()}


def remembered(review: Review, *, anew: bool = False) -> dict[int, tuple[Hint, ...]]:
    """``exceptions`` of the whole sheet as they were within the last minutes, for showing alone: while the committee
    goes through thousands of deeds, each answer need not look at every photo again."""
    key = f"scoring-exceptions-{review.pk}"
    found: dict[int, tuple[Hint, ...]] | None = None if anew else cache.get(key)
    if found is None:
        found = exceptions(review)
        cache.set(key, found, REMEMBERED)
    return found


def _hint(
    code: str, other: int | None = None, day: date | None = None, many: int | None = None, usual: Decimal | None = None,
    reason: str = "", days: int | None = None,
) -> Hint:  # fmt: skip
    word, why = _WORDS[code]
    told = why.format(
        day=date_cn(day) if day else "",
        many=many,
        usual=plain(usual) if usual is not None else "",
        reason=reason,
        days=days,
    )
    return Hint(code, word, told, other)


def _trusted(review: Review, found: Mapping[int, list[Hint]]) -> list[int]:
    """Of ``found`` what a feed sent whose rule says 随当月审核表一并通过, unless it takes points or has none yet."""
    rows = review.items.filter(declaration__declared_by=Declarer.FEED, declaration__rule__spec__feed__reviewed=False)
    fed = rows.values_list("pk", flat=True)
    return [item for item in fed if item in found and not _ALWAYS & {hint.code for hint in found[item]}]


def _objected(review: Review) -> list[int]:
    by_declaration = dict(review.items.values_list("declaration_id", "pk"))
    return [by_declaration[one] for one in ports.objected(list(by_declaration), is_told=True) if one in by_declaration]
