"""年度存折归档: a sealed year's passbooks, village by village, in volumes that are made one after another."""

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring.models import YearSeal, YearVolume
from scoring.sql import volumes as sql

SIZE = 200
"""Households in a volume."""


@transaction.atomic
def plan(*, seal: YearSeal) -> list[int]:
    """The ids of the seal's volumes, planned at the first call."""
    with connection.cursor() as cursor:
        cursor.execute(sql.PLAN, {"seal": seal.pk, "size": SIZE})
    return list(seal.volumes.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def archive(*, volume: YearVolume, file: File, by: Actor) -> bool:
    """Keep the volume's paper; False when somebody did before."""
    waiting = YearVolume.objects.filter(pk=volume.pk, file=None)
    if not waiting.update(file=file, archived_at=clock.now()):
        return False
    audit.record(by=by, action="year.archive", subject=volume, village_id=volume.village_id)
    return True
