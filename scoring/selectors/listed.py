"""The rows behind a figure: the deeds of a month's sheets, the entries of some months."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from scoring.models import Entry, Hearing, HearingOutcome, ItemVerdict, Measure, ReviewItem
from tenants.community.models import Village

PASSED = (ItemVerdict.APPROVED, ItemVerdict.ADJUSTED)
SHOWN = {"": "全部", "plus": "加分", "minus": "扣分", "adjusted": "调整", "rejected": "不通过", "recused": "有人回避"}
SIGNS = {"": "全部", "plus": "加分", "minus": "扣分"}
_RECUSED = """
SELECT DISTINCT back.item
FROM scoring_review sheet
CROSS JOIN LATERAL scoring_sitters(sheet.id) AS s (id)
CROSS JOIN LATERAL scoring_stands_back(sheet.id, s.id) AS back (item)
WHERE sheet.month = %(month)s"""


def sheet_items(*, month: date, village_id: int | None, show: str) -> QuerySet[ReviewItem]:
    """What ``selectors.months.board`` counts in its column ``show`` (a key of ``SHOWN``), of one village or of all."""
    rows = ReviewItem.objects.filter(review__month=month).select_related(
        "review__village", "declaration__rule", "declaration__resident", "declaration__household__head"
    )
    if village_id is not None:
        rows = rows.filter(review__village=village_id)
    if show == "plus":
        rows = rows.filter(points__gt=0, verdict__in=PASSED)
    elif show == "minus":
        dropped = Hearing.objects.filter(outcome=HearingOutcome.DROPPED).values("item")
        rows = rows.filter(points__lt=0, verdict__in=PASSED).exclude(pk__in=dropped)
    elif show == "recused":
        rows = rows.filter(pk__in=_recused(month))
    elif show:
        rows = rows.filter(verdict=show)
    return rows.order_by("review__village__code", "declaration__happened_on", "pk")


def entries(*, year: int, months: tuple[int, int], villages: Iterable[Village | int], sign: str) -> QuerySet[Entry]:
    """Merit entries booked in the months from … to …, oldest first; a correction has the sign of what it takes back."""
    rows = (
        Entry.objects.filter(year__number=year, month__range=months, measure=Measure.MERIT)
        .filter(household__village__in=villages)
        .select_related("household__head", "household__village", "account__resident", "rule", "reverses__rule")
        .alias(first=Coalesce(F("reverses__amount"), F("amount")))
    )
    if sign == "plus":
        rows = rows.filter(first__gt=0)
    elif sign == "minus":
        rows = rows.filter(first__lt=0)
    return rows.order_by("happened_on", "household__number", "pk")


def _recused(month: date) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_RECUSED, {"month": month})
        return [item for (item,) in cursor.fetchall()]
