"""Sealing the audit trails of the public schema and of every served town."""

from django_tenants.utils import get_tenant_model

from jifen.audit import selectors as audit_selectors
from jifen.audit import services as audit
from jifen.kernel.tenancy import PUBLIC, entered

BATCH = 10_000


def seal_new() -> int:
    """Seal where rows are newer than the last sealed one; returns how many rows."""
    return _seal(late=False)


def seal_late() -> int:
    """Seal where a row of the last hour was left over, as one that committed late; returns how many rows."""
    return _seal(late=True)


def _seal(*, late: bool) -> int:
    towns = get_tenant_model().objects.filter(state="ready").values_list("schema_name", flat=True)
    return sum(_seal_one(schema) for schema in audit_selectors.schemas_to_seal([PUBLIC, *towns], late=late))


def _seal_one(schema: str) -> int:
    total = 0
    with entered(schema):
        while sealed := audit.seal(limit=BATCH):
            total += sealed
            if sealed < BATCH:
                break
    return total
