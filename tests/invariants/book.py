"""What must not have changed after an attack, and whether everything still adds up."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db import connection

from jifen.clocks import sealing
from jifen.flows import verify
from jifen.kernel.tenancy import outside
from scoring.models import Balance, Entry, Posting

KEPT = (
    "scoring_entry", "scoring_posting", "scoring_balance", "scoring_year", "scoring_yearseal", "scoring_yearstanding",
    "scoring_reviewitem", "audit_auditrow", "audit_auditseal", "reporting_notice", "reporting_listrow",
)  # fmt: skip
PRINT = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t.id), '')) FROM {} t"


def fingerprint() -> dict[str, str]:
    """Every row of the tables that are only ever added to, and of the balances."""
    found = {}
    with connection.cursor() as cursor:
        for table in KEPT:
            cursor.execute(PRINT.format(table))
            [found[table]] = cursor.fetchone() or ("",)
    return found


def sums() -> dict[tuple[int, int, str], Decimal]:
    """What the balances must be."""
    found: defaultdict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    for row in Entry.objects.all():
        found[row.account_id, row.year_id, row.measure] += row.amount
    return dict(found)


def balances() -> dict[tuple[int, int, str], Decimal]:
    return {(row.account_id, row.year_id, row.measure): row.posted for row in Balance.objects.all()}


def unreversed(**of: Any) -> int:
    return Posting.objects.filter(reversed_at=None, reverses=None, **of).count()


def breaches() -> dict[str, int]:
    """What ``jifen verify`` finds in the town and in the public schema, by title."""
    sealing.seal_new()
    with outside():
        return {finding.title: finding.breaches for finding in verify.findings() if finding.breaches}
