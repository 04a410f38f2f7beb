"""Many households at once: who stands where, and who has points to exchange."""

from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Greatest, Least, Rank, Round

from jifen.kernel import clock
from jifen.kernel.points import ZERO, PointsField
from scoring.models import Balance, Cause, Entry, Measure
from scoring.selectors import classes
from scoring.sql import bounds
from tenants.community.models import Household


def standing_rows(households: QuerySet[Household], year: int) -> QuerySet[Any]:
    """``households`` with ``merit`` (own and members'), ``weighted`` (by the weights of its classes) and ``free`` (to
    exchange) of ``year``, highest weighted merit first."""
    weighed = _merit(year, classes.weights(classes.last_day(year)))
    rows: QuerySet[Any] = _with_free(households, year).annotate(merit=_merit(year), weighted=weighed)
    return rows.order_by("-weighted", "number")


def places(rows: QuerySet[Any]) -> dict[int, int]:
    """By household id its place among all of ``rows`` (of ``standing_rows``); who has the same has the same place."""
    rank = Window(Rank(), order_by=F("weighted").desc())
    return dict(rows.order_by().annotate(place=rank).values_list("pk", "place"))


def households_able_to_redeem(*, year: int, least: Decimal | int) -> list[Household]:
    """Households with at least ``least`` points to redeem in ``year``, by number."""
    found = _with_free(Household.objects.all(), year).filter(free__gt=0, free__gte=least)
    return list(found.select_related("village", "group", "head").order_by("number"))


def _with_free(households: QuerySet[Household], year: int) -> QuerySet[Any]:
    """As ``ledger.available`` has it of one household: above the base where only that part can be exchanged."""
    balance = Balance.objects.filter(
        account__household=OuterRef("pk"), year__number=year, measure=Measure.REDEEMABLE
    ).annotate(left=F("posted") - F("held"))
    told = households.annotate(left=Coalesce(Subquery(balance.values("left")[:1]), ZERO, output_field=PointsField()))
    above = _above_base()
    if not above:
        return told.annotate(free=F("left"))
    granted = Q(cause=Cause.BASE_GRANT) | Q(reverses__cause=Cause.BASE_GRANT)
    base = Entry.objects.filter(granted, household=OuterRef("pk"), year__number=year, measure=Measure.REDEEMABLE)
    kept = Greatest(Coalesce(_sum(base, F("amount")), ZERO, output_field=PointsField()), ZERO)
    return told.annotate(
        kept=Case(When(village__in=above, then=kept), default=ZERO, output_field=PointsField())
    ).annotate(free=Greatest(F("left") - F("kept"), Least(F("left"), ZERO), output_field=PointsField()))


def _above_base() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(bounds.ABOVE_BASE, {"day": clock.today()})
        return [village for (village,) in cursor.fetchall()]


def _merit(year: int, weights: classes.Weights | None = None) -> Coalesce:
    entries = Entry.objects.filter(household=OuterRef("pk"), year__number=year, measure=Measure.MERIT)
    amount: Any = F("amount")
    if weights is not None and weights.villages:
        cases = [
            When(household__village=village, point_class=code, then=Value(weight))
            for village, code, weight in zip(*weights, strict=True)
        ]
        factor = Case(*cases, default=Value(Decimal(1)), output_field=_EXACT)
        amount = ExpressionWrapper(F("amount") * factor, output_field=_EXACT)
    return Coalesce(_sum(entries, amount), ZERO, output_field=PointsField())


_EXACT: "DecimalField[Any, Any]" = DecimalField(max_digits=20, decimal_places=6)


def _sum(entries: QuerySet[Entry], amount: Any) -> Subquery:
    rows = entries.order_by().values("household").annotate(total=Round(Sum(amount), precision=2))
    return Subquery(rows.values("total"))
