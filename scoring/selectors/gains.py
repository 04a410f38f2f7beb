"""What the last twelve months brought to households, as the checks of a new rulebook weigh it."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from scoring.rules.findings import Past
from scoring.sql.gains import GAINS

YEAR = timedelta(days=365)


def past(village: int | None, day: date) -> Past:
    """Gross gains of the twelve months up to ``day``: in one village (id), or in the whole town for None."""
    told: dict[str, Any] = {"after": day - YEAR, "until": day, "village": village}
    with connection.cursor() as cursor:
        cursor.execute(GAINS, told)
        median, highest, items = cursor.fetchone() or (None, None, None)
    most = {code: Decimal(points) for code, points in json.loads(items or "{}").items()}
    return Past(median or Decimal(0), highest or Decimal(0), most)
