"""What whoever records a list should know at once: the same as of a single deed, told once for all households.

One query for each rule of the list, however long it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from jifen.kernel.points import ZERO
from jifen.web.wording import date_cn
from scoring.models import Batch, Declaration
from scoring.rules import periods
from scoring.rules.spec_limits import Limit
from scoring.selectors import cautions as single
from scoring.selectors.rules import spec_of

NAMED = 3
"""Households that a sentence names before it counts the rest."""
Key = tuple[str, int | None]


def batch_cautions(batch: Batch) -> list[str]:
    """In plain sentences: told twice, beyond a cap of the rule, or of a month that is reviewed already."""
    rows = Declaration.objects.filter(batch=batch).select_related("rule", "household__head", "resident")
    by_rule: defaultdict[str, list[Declaration]] = defaultdict(list)
    for row in rows.order_by("pk"):
        by_rule[row.rule.code].append(row)
    found = [told for made in by_rule.values() for told in _of_rule(made)]
    first = next(iter(by_rule.values()), [])
    return [*found, late] if first and (late := single.late(first[0])) else found


def _of_rule(made: Sequence[Declaration]) -> list[str]:
    limits = [limit for limit in spec_of(made[0].rule).effective_limits if limit.is_plain]
    day = made[0].happened_on
    since = min([day, *(periods.start(limit.period, day) for limit in limits)])
    rows = single.others(made[0]).exclude(pk__in=[row.pk for row in made]).filter(happened_on__gte=since)
    earlier = list(rows.only("household_id", "resident_id", "happened_on", "points"))
    told = [_twice(made, earlier), *(_beyond(made, earlier, limit) for limit in limits)]
    return [one for one in told if one]


def _twice(made: Sequence[Declaration], earlier: Iterable[Declaration]) -> str:
    had = {(row.household_id, row.resident_id) for row in earlier if row.happened_on == made[0].happened_on}
    again = [row for row in made if (row.household_id, row.resident_id) in had]
    if not again:
        return ""
    where = f"{_who(again)}{date_cn(made[0].happened_on)}的“{made[0].rule.title}”"
    return f"{where}已经登记过，请核对是不是重复登记；重复的请撤回。"


def _beyond(made: Sequence[Declaration], earlier: Iterable[Declaration], limit: Limit) -> str:
    first = periods.start(limit.period, made[0].happened_on)
    had: defaultdict[Key, Decimal] = defaultdict(lambda: ZERO)
    for row in earlier:
        if periods.start(limit.period, row.happened_on) == first:
            for key in _keys(row, limit):
                had[key] += _counted(row, limit)
    over = []
    for row in made:
        for key in _keys(row, limit):
            had[key] += _counted(row, limit)
        if had[_keys(row, limit)[0]] > limit.value:
            over.append(row)
    if not over:
        return ""
    period = periods.NAMES[limit.period]
    return f"“{made[0].rule.title}”{limit.text}，{_who(over)}{period}已经登记满，超出的部分记账时不计分。"


def _keys(row: Declaration, limit: Limit) -> list[Key]:
    """What a cap counts ``row`` under; the first is the one it is measured at."""
    if limit.scope == "village":
        return [("village", None)]
    household: Key = ("household", row.household_id)
    if limit.scope == "resident" and row.resident_id is not None:
        return [("resident", row.resident_id), household]
    return [household]


def _counted(row: Declaration, limit: Limit) -> Decimal:
    """A deed that is worth nothing uses up nothing."""
    if not row.points:
        return ZERO
    return Decimal(1) if limit.kind == "count" else abs(row.points)


def _who(rows: Sequence[Declaration]) -> str:
    names = dict.fromkeys(row.household.head.name if row.household.head else row.household.number for row in rows)
    shown = "、".join(list(names)[:NAMED])
    return f"{shown}等{len(names)}户" if len(names) > NAMED else shown
