"""How much the district holds."""

from collections import Counter
from typing import Any

from jifen.approvals.models import Assignment, AssignmentState, Item, Origin, Word, WordKind
from jifen.kernel.tenancy import entered
from jifen.local.demo.tellers import VILLAGERS
from redemption.models import Redemption
from reporting.models import Notice, Objection
from scoring.models import Declaration, Entry, ReturnedItem
from tenants import selectors as tenants
from tenants.community.models import Household, HouseholdMember, Village

COUNTED: dict[str, Any] = {
    "villages": Village.objects.all(),
    "households": Household.objects.all(),
    "residents": HouseholdMember.objects.filter(to_date=None),
    "declarations": Declaration.objects.all(),
    "photos": Declaration.objects.filter(evidence__isnull=False),
    "entries": Entry.objects.all(),
    "redemptions": Redemption.objects.filter(state="captured"),
    "notices": Notice.objects.all(),
    "objections": Objection.objects.all(),
    "told_by_villagers": Declaration.objects.filter(declared_by__in=VILLAGERS),
    "approvals": Item.objects.all(),
    "sent_back": Word.objects.filter(kind=WordKind.RETURN),
    "transferred": Word.objects.filter(kind=WordKind.TRANSFER),
    "moved": Word.objects.filter(kind=WordKind.MOVE),
    "delegated": Assignment.objects.filter(origin=Origin.DELEGATE, state=AssignmentState.DONE),
    "recused": Assignment.objects.filter(state=AssignmentState.RECUSED),
    "returned_by_town": ReturnedItem.objects.all(),
}


def count() -> dict[str, int]:
    """Over all ready towns; ``towns`` first."""
    towns = list(tenants.ready_towns())
    total: Counter[str] = Counter()
    for town in towns:
        with entered(town.schema_name):
            total.update({key: rows.all().count() for key, rows in COUNTED.items()})
    return {"towns": len(towns), **total}
