"""Accounts of villagers."""

from django.db import transaction

from jifen.accounts import services as accounts
from jifen.accounts.models import User
from jifen.audit import services as audit
from jifen.kernel.actors import Actor
from tenants.community.errors import AccountExists
from tenants.community.models import Resident


@transaction.atomic
def give_account(
    *, resident: Resident, username: str, password: str | None, by: Actor, must_change_password: bool = False
) -> User:
    """An account for a villager, under her own name; without a password she cannot sign in yet.

    Raises:
        AccountExists: she has one; and what ``accounts.create`` refuses. Nothing is written.
    """
    resident = Resident.objects.select_for_update(no_key=True).get(pk=resident.pk)
    if resident.user_id is not None:
        held = User.objects.get(pk=resident.user_id)
        raise AccountExists(name=resident.name, username=held.username)
    user = accounts.create(
        username=username,
        display_name=resident.name,
        password=password,
        must_change_password=must_change_password,
        by=by,
    )
    Resident.objects.filter(pk=resident.pk).update(user=user)
    audit.record(by=by, action="resident.give_account", subject=resident)
    return user
