"""How the town names itself."""

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel.actors import Actor
from tenants.community.models import TownProfile


@transaction.atomic
def set_up(*, name: str, office_name: str, by: Actor, phone: str = "", address: str = "") -> TownProfile:
    """Make or change the one row."""
    row, _ = TownProfile.objects.update_or_create(
        pk=1, defaults={"name": name, "office_name": office_name, "phone": phone, "address": address}
    )
    audit.record(by=by, action="town.profile", subject=row)
    return row
