"""What waits in the outbox."""

from jifen.kernel.tenancy import outside
from jifen.outbox.models import Message


def waiting(*, town: str | None = None) -> int:
    """How many messages are not yet applied, of all towns or of the one with this schema."""
    with outside():
        rows = Message.objects.all() if town is None else Message.objects.filter(town=town)
        return rows.count()
