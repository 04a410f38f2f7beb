"""清零提醒: households whose redeemable points end with the year, and when they were last warned."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from jifen.kernel import clock
from jifen.kernel.points import ZERO
from scoring.models import ExpiryWarning, Year
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


def with_points_left(village_id: int, year: int) -> dict[int, Decimal]:
    """The village's households (ids) and what of ``year`` they can exchange and would lose, the most first."""
    return _ending(year, village=village_id)


def ending(household: Household, year: int) -> Decimal:
    """What the household can exchange of ``year`` and would lose with its end."""
    return _ending(year, household=household.pk).get(household.pk, ZERO)


def _ending(year: int, village: int | None = None, household: int | None = None) -> dict[int, Decimal]:
    found = Year.objects.filter(number=year).first()
    if found is None:
        return {}
    values: dict[str, Any] = {"year": found.pk, "day": date(year, 12, 31), "village": village, "household": household}
    with connection.cursor() as cursor:
        cursor.execute(sql.HOMES, values)
        return dict(cursor.fetchall())


def accounts_to_tell(year: Year, village_id: int) -> list[int]:
    """Accounts of the people in the village's households with points left."""
    values: dict[str, Any] = {"year": year.pk, "day": date(year.number, 12, 31), "today": clock.today()}
    with connection.cursor() as cursor:
        cursor.execute(sql.PEOPLE, values | {"village": village_id})
        return [user for (user,) in cursor.fetchall()]
