"""Declared relations between people of different households; each counts both ways (I11)."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from tenants.community import errors, ports
from tenants.community.models import Relative, RelativeKind, Resident


@transaction.atomic
def declare(*, resident: Resident, other: Resident, kind: str, on: date, by: Actor) -> Relative:
    """``other`` is the ``kind`` of ``resident``; neither decides on the other's household from now on.

    What one of them has decided on a sheet that is still open is decided anew by others.

    Raises:
        DateInFuture, RelativeWrong, RelativeDeclared: nothing is written.
    """
    if on > clock.today():
        raise errors.DateInFuture
    if resident == other:
        raise errors.RelativeWrong
    if Relative.objects.filter(Q(resident=resident, other=other) | Q(resident=other, other=resident)).exists():
        raise errors.RelativeDeclared
    row = Relative.objects.create(
        resident=resident, other=other, kind=RelativeKind(kind), declared_on=on, recorded_at=clock.now()
    )
    audit.record(by=by, action="relative.declare", subject=row)
    ports.related(resident, other, by)
    return row
