"""What an objection needs to know of a posting; the posting itself belongs to scoring."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from reporting.errors import PersonUnknown
from reporting.models import Notice, Objection
from tenants.community import selectors as community
from tenants.community.models import Household, Resident

MOST = 20
Posting = Any
"""A row of scoring's, which alone names its model; objections hold a foreign key to it."""
Declaration = Any
"""As above."""

_FACTS = """
SELECT h.id, h.village_id, y.number, y.state = 'open', p.cause = 'reversal'
FROM scoring_posting p
LEFT JOIN scoring_declaration d ON d.id = p.declaration_id
LEFT JOIN LATERAL (SELECT e.household_id, e.year_id FROM scoring_entry e WHERE e.posting_id = p.id
    ORDER BY e.id LIMIT 1) e ON true
JOIN community_household h ON h.id = coalesce(e.household_id, d.household_id)
JOIN scoring_year y ON y.id = e.year_id OR (e.year_id IS NULL AND y.number = extract(year FROM d.happened_on))
WHERE p.id = %s"""


_POINTS = """
SELECT coalesce(
    (SELECT sum(e.amount) FROM scoring_entry e WHERE e.posting_id = o.posting_id AND e.measure = 'merit'),
    (SELECT d.points FROM scoring_declaration d WHERE d.id = o.declaration_id))
FROM reporting_objection o WHERE o.id = %s"""


@dataclass(frozen=True, slots=True)
class Facts:
    household_id: int
    village_id: int
    year: int
    year_open: bool
    is_reversal: bool


def facts(posting: Posting) -> Facts | None:
    """Whose it is and whether its year is open; a deed that a cap left nothing of is its declaration's household's."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [posting.pk])
        row = cursor.fetchone()
    return Facts(*row) if row else None


def points(objection: Objection) -> Decimal | None:
    """What the questioned entry or declaration is worth; ``None`` for a notice as a whole."""
    with connection.cursor() as cursor:
        cursor.execute(_POINTS, [objection.pk])
        [found] = cursor.fetchone() or (None,)
    return Decimal(found) if found is not None else None


def by_id(pk: int) -> Posting | None:
    model: Any = Objection._meta.get_field("posting").related_model
    return model.objects.filter(pk=pk).first()


def reversal_of(posting: Posting) -> Posting | None:
    return type(posting).objects.filter(reverses=posting).first()


def stands_on(posting: Posting, notice: Notice) -> bool:
    """Whether the published snapshot lists it."""
    return any(row["posting"] == posting.pk for row in notice.snapshot.get("changes", []))


def declaration_by_id(pk: int) -> Declaration | None:
    model: Any = Objection._meta.get_field("declaration").related_model
    return model.objects.select_related("rule", "household").filter(pk=pk).first()


def of_declaration(declaration: Declaration) -> Posting | None:
    """Its unreversed posting, if it has come that far."""
    return declaration.postings.filter(reverses=None, reversed_at=None).first()


def person(household: Household, name: str, day: date) -> Resident | None:
    """Who of ``household`` on ``day`` is called ``name``; None for no name.

    Raises:
        PersonUnknown: nobody, or more than one.
    """
    if not name.strip():
        return None
    found = [row.resident for row in community.members_on(household, day) if row.resident.name == name.strip()]
    if len(found) != 1:
        raise PersonUnknown(name=name.strip(), household=household.number)
    return found[0]


def waiting_declarations(household: Household) -> list[Declaration]:
    """Its declarations that are not posted: on their way, or refused; newest first."""
    model: Any = Objection._meta.get_field("declaration").related_model
    rows = model.objects.filter(household=household).exclude(state__in=["posted", "withdrawn"])
    return list(rows.select_related("rule").order_by("-pk")[:MOST])
