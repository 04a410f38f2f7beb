"""清零提醒: households whose redeemable points end with the year, and when they were last warned."""

from django.db import connection
from django.db.models import F, QuerySet

from jifen.kernel import clock
from scoring.models import Balance, ExpiryWarning, Measure, Year
from scoring.sql import expiry as sql
from tenants.community.models import Household


def warning_for(household: Household) -> ExpiryWarning | None:
    """The village's last warning while its points can still be exchanged; ``None`` when there was none."""
    today = clock.today()
    rows = ExpiryWarning.objects.filter(village=household.village_id, year__number=today.year, last_day__gte=today)
    return rows.select_related("year").first()


def warned(year: int) -> set[tuple[int, int]]:
    """(village, days) that have been warned of ``year``'s end."""
    return set(ExpiryWarning.objects.filter(year__number=year).values_list("village_id", "days"))


def warnings_of(village_id: int, year: int) -> list[ExpiryWarning]:
    """Newest first."""
    return list(ExpiryWarning.objects.filter(village=village_id, year__number=year))


def with_points_left(village_id: int, year: int) -> QuerySet[Balance]:
    """The village's balances with ``free`` points to exchange in ``year``, the most first."""
    rows = Balance.objects.filter(
        year__number=year, measure=Measure.REDEEMABLE, account__household__village=village_id, posted__gt=F("held")
    ).annotate(free=F("posted") - F("held"))
    return rows.select_related("account__household__head", "account__household__group").order_by("-free", "pk")


def accounts_to_tell(year: Year, village_id: int) -> list[int]:
    """Accounts of the people in the village's households with points left."""
    with connection.cursor() as cursor:
        cursor.execute(sql.PEOPLE, {"year": year.pk, "village": village_id, "day": clock.today()})
        return [user for (user,) in cursor.fetchall()]
