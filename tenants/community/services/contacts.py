"""联系电话: whom a poster, a slip and a notice's page tell people to call."""

import re

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel.actors import Actor
from jifen.kernel.identity import contact_problem
from tenants.community.errors import ContactWrong
from tenants.community.models import TownProfile, Village


def cleaned(phone: str) -> str:
    """Without blanks; empty stays empty.

    Raises:
        ContactWrong.
    """
    plain = re.sub(r"\s", "", phone).replace("－", "-").replace("—", "-")
    problem = contact_problem(plain) if plain else None
    if problem:
        raise ContactWrong(problem=problem)
    return plain


@transaction.atomic
def set_village_phone(*, village: Village, phone: str, by: Actor) -> Village:
    """The village's number on what is announced from now on; empty takes it away.

    Raises:
        ContactWrong: nothing is written.
    """
    row = Village.objects.select_for_update().get(pk=village.pk)
    row.phone = cleaned(phone)
    row.save(update_fields=["phone"])
    audit.record(by=by, action="village.phone", subject=row, village_id=row.pk, phone=row.phone)
    return row


@transaction.atomic
def set_town_phone(*, phone: str, by: Actor) -> TownProfile:
    """The office's number: on the town's own notices, and on those of a village without one.

    Raises:
        ContactWrong: nothing is written.
    """
    row = TownProfile.objects.select_for_update().get()
    row.phone = cleaned(phone)
    row.save(update_fields=["phone"])
    audit.record(by=by, action="town.phone", subject=row, phone=row.phone)
    return row
