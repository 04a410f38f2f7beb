"""Nothing is left in hand when the platform stops: the outbox is applied, the audit trail sealed."""

from jifen.audit import services as audit
from jifen.kernel.tenancy import entered, outside
from jifen.outbox import services as outbox
from tenants import selectors as tenants


def settle() -> None:
    """Applies every message and seals every audit row, of the public schema and of each town."""
    with outside():
        while outbox.drain():
            pass
        audit.seal()
    for town in tenants.ready_towns():
        with entered(town.schema_name):
            audit.seal()
