"""迟登: deeds that were recorded later than the town's calendar asks, counted from the day they happened.

Nobody is reminded of them day by day; the committee sees them on its sheet and the office counts them.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import TruncDate

from jifen.clocks.dates import selectors as dates
from jifen.clocks.dates.policy import within_wording
from jifen.kernel import clock
from jifen.web.wording import date_cn
from scoring.models import Declaration, DeclarationState, Posting, Review


def within(month: date) -> int | None:
    """Days after which a deed of ``month`` is recorded late; None where it may be recorded at any time."""
    rules = dates.calendar_of(f"{month:%Y-%m}").record
    return rules.within if rules.each == "days" else None


def late_items(review: Review) -> list[tuple[int, int]]:
    """The sheet's items that were recorded late, with the days it took."""
    most = within(review.month)
    if most is None:
        return []
    rows = _late(Declaration.objects.filter(review_item__review=review), most)
    return [(row.review_item.pk, row.taken.days) for row in rows.select_related("review_item")]


def late_in(month: date) -> dict[int, int]:
    """By village: how many deeds of ``month`` were recorded late."""
    most = within(month)
    if most is None:
        return {}
    rows = Declaration.objects.filter(happened_on__gte=month, happened_on__lt=clock.next_month(month))
    corrected = Posting.objects.exclude(corrects=None).exclude(declaration=None).values("declaration")
    rows = rows.exclude(state=DeclarationState.WITHDRAWN).exclude(pk__in=corrected)
    return dict(Counter(_late(rows, most).order_by().values_list("village_id", flat=True)))


def asked_of(village: int) -> str:
    """Until when deeds are to be recorded, for the form of a deed."""
    today = clock.today()
    last = dates.dates("record", f"{today:%Y-%m}", village).due
    month = f"{today.month}月的事登记到{date_cn(last)}为止"
    most = within(today)
    if most is None:
        return f"{month}。"
    since = date_cn(today - timedelta(days=most))
    return f"{within_wording(most)}登记：今天登记{since}起的事不算迟；更早的也能登，审核时会标出“迟登”。{month}。"


def _late(rows: QuerySet[Declaration], most: int) -> Any:
    """With the time ``taken``. Deeds told one by one; a round or an activity is recorded when it ends."""
    recorded = TruncDate("recorded_at", tzinfo=clock.TIME_ZONE)
    taken = ExpressionWrapper(recorded - F("happened_on"), output_field=DurationField())
    return rows.filter(batch=None).annotate(taken=taken).filter(taken__gt=timedelta(days=most))
