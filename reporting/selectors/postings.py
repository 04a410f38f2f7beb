"""What an objection needs to know of a posting; the posting itself belongs to scoring."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from reporting.models import Notice, Objection

Posting = Any
"""A row of scoring's, which alone names its model; objections hold a foreign key to it."""

_FACTS = """
SELECT e.household_id, h.village_id, y.number, y.state = 'open', e.reverses_id IS NOT NULL
FROM scoring_entry e
JOIN community_household h ON h.id = e.household_id
JOIN scoring_year y ON y.id = e.year_id
WHERE e.posting_id = %s ORDER BY e.id LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Facts:
    household_id: int
    village_id: int
    year: int
    year_open: bool
    is_reversal: bool


def facts(posting: Posting) -> Facts | None:
    """Whose it is and whether its year is open; None for a posting without entries."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [posting.pk])
        row = cursor.fetchone()
    return Facts(*row) if row else None


def by_id(pk: int) -> Posting | None:
    model: Any = Objection._meta.get_field("posting").related_model
    return model.objects.filter(pk=pk).first()


def reversal_of(posting: Posting) -> Posting | None:
    return type(posting).objects.filter(reverses=posting).first()


def stands_on(posting: Posting, notice: Notice) -> bool:
    """Whether the published snapshot lists it."""
    return any(row["posting"] == posting.pk for row in notice.snapshot.get("changes", []))
