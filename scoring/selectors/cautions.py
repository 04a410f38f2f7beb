"""What whoever records a deed should know at once; nothing of it refuses the record."""

from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from jifen.kernel import clock
from jifen.kernel.points import ZERO, plain
from jifen.web.wording import date_cn
from scoring import policies
from scoring.models import Declaration, DeclarationState, Review, ReviewState
from scoring.rules import periods
from scoring.rules.spec_limits import Limit
from scoring.selectors.rules import spec_of

_GONE = (DeclarationState.WITHDRAWN, DeclarationState.REJECTED)


def cautions(saved: Declaration) -> list[str]:
    """In plain sentences: told twice, beyond a cap of the rule, or of a month that is reviewed already."""
    found = [_twice(saved), *(_beyond(saved, limit) for limit in spec_of(saved.rule).effective_limits), late(saved)]
    return [one for one in found if one]


def after_caps(saved: Declaration) -> Decimal:
    """What is left of its points under the caps of its own item, as deeds stand recorded now, with its sign.

    The ledger has the last word: caps over several items and what looks back are asked only there.
    """
    worth = abs(saved.points)
    for limit in spec_of(saved.rule).effective_limits:
        if limit.is_plain:
            left = limit.value - _had(saved, limit)
            worth = min(worth, max(left, ZERO)) if limit.kind == "points" else worth if left >= 1 else ZERO
    return worth.copy_sign(saved.points) if worth else ZERO


def others(saved: Declaration) -> QuerySet[Declaration]:
    """Deeds under the same rule, of whichever version, that count or may yet."""
    rows = Declaration.objects.filter(village=saved.village_id, rule__code=saved.rule.code)
    return rows.exclude(pk=saved.pk).exclude(state__in=_GONE)


def _twice(saved: Declaration) -> str:
    same = others(saved).filter(household=saved.household_id, resident=saved.resident_id)
    count = same.filter(happened_on=saved.happened_on).count()
    if not count:
        return ""
    return f"这户{date_cn(saved.happened_on)}的同一条目已经登记过{count}件，请核对是不是重复登记；重复的请撤回。"


def _beyond(saved: Declaration, limit: Limit) -> str:
    """What the others of the period leave of the cap, before the committee and the ledger have spoken."""
    if not limit.is_plain:
        return ""
    had = _had(saved, limit)
    wanted = Decimal(1) if limit.kind == "count" else abs(saved.points)
    if had + wanted <= limit.value:
        return ""
    unit = "次" if limit.kind == "count" else "分"
    period = periods.NAMES[limit.period]
    return f"这条细则{limit.text}，{period}已登记{plain(had)}{unit}，超出的部分记账时不计分。"


def _had(saved: Declaration, limit: Limit) -> Decimal:
    """Points, or deeds that brought some, that the others of the period count under the cap."""
    rows = [row for row in _sharing(saved, limit) if row]
    return Decimal(len(rows)) if limit.kind == "count" else sum((abs(row) for row in rows), ZERO)


def _sharing(saved: Declaration, limit: Limit) -> list[Decimal]:
    """Points of the other deeds that the cap counts together with ``saved``."""
    first = periods.start(limit.period, saved.happened_on)
    rows = others(saved).filter(happened_on__gte=first)
    if limit.scope != "village":
        alone = limit.scope == "resident" and saved.resident_id is not None
        rows = rows.filter(Q(resident=saved.resident_id) if alone else Q(household=saved.household_id))
    days = rows.values_list("happened_on", "points")
    return [points for day, points in days if periods.start(limit.period, day) == first]


def late(saved: Declaration) -> str:
    """A deed goes to the first later sheet that still takes deeds, when that of its own month does not."""
    own = clock.month_start(saved.happened_on)
    month = _next_sheet(saved)
    if month == own:
        return ""
    return f"{own.month}月的登记期限已过，这件事并入{month.month}月审核。"


def _next_sheet(saved: Declaration) -> date:
    month, today = clock.month_start(saved.happened_on), clock.month_start(clock.today())
    decided = Review.objects.filter(village=saved.village_id, month__gte=month).exclude(state=ReviewState.OPEN)
    closed = set(decided.values_list("month", flat=True))
    while month < today and (month in closed or _is_past(saved, month)):
        month = clock.next_month(month)
    return month


def _is_past(saved: Declaration, month: date) -> bool:
    last = policies.recorded_before(month)
    return last is not None and saved.recorded_at >= last
