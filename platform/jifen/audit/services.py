"""Write the audit trail and seal it."""

from collections.abc import Sequence

import structlog
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from jifen.audit.models import AuditRow
from jifen.audit.sql import SEAL
from jifen.kernel import clock, locking
from jifen.kernel.actors import Actor

log = structlog.get_logger(__name__)


def record(
    *, by: Actor, action: str, subject: Model | None = None, village_id: int | None = None, **data: object
) -> None:
    """Write that ``by`` did ``action`` (``review.decide``) to ``subject``, in the current transaction.

    ``data`` holds ids and figures that JSON can say (Decimals as strings), never personal data.
    """
    AuditRow.objects.create(
        **by.columns(),
        at=timezone.now(),
        business_at=clock.now(),
        action=action,
        subject_kind=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        village_id=village_id,
        data={name: _plain(value) for name, value in data.items()},
    )


def seal(*, limit: int = 10_000, rows: Sequence[int] | None = None) -> int:
    """Seal up to ``limit`` unsealed rows of the schema being served, or those with these ids; returns how many.

    One statement under one lock: rows that commit late with a lower id come into the next seal.
    """
    with transaction.atomic():
        locking.advisory("audit.seal")
        with connection.cursor() as cursor:
            cursor.execute(SEAL, {"limit": limit, "rows": rows if rows is None else list(rows), "now": timezone.now()})
            [sealed] = cursor.fetchone() or (0,)
    return int(sealed)


def _plain(value: object) -> object:
    """What JSON has no word for becomes its text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return str(value)
