"""Opening a town: the owner's part and the town's part."""

from celery import shared_task

from jifen.flows import open_town
from jifen.kernel.database import connection
from jifen.kernel.tasks import OwnerTask, TownTask
from tenants import provisioning
from tenants.models import Town


class Furnishing(TownTask):
    abstract = True
    serves = frozenset({"provisioning", "ready"})


@shared_task(base=OwnerTask, name="flows.provision_town")
def provision_town(town_id: int) -> None:
    town = Town.objects.get(pk=town_id)
    provisioning.provision(town)
    furnish_town.apply_async(headers={"_schema_name": town.schema_name})


@shared_task(base=Furnishing, name="flows.furnish_town")
def furnish_town() -> None:
    open_town.furnish(town=connection.tenant)


def send(town: Town) -> None:
    """Set the owner's worker to ``town``."""
    provision_town.delay(town.pk)
