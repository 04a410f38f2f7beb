"""Accounts of villagers and of the town office."""

from django.db import transaction

from jifen.accounts import services as accounts
from jifen.accounts.models import RoleGrant, SiteRole, User
from jifen.audit import services as audit
from jifen.kernel.actors import Actor
from tenants.community.errors import AccountExists, AccountMissing, OwnAccount
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


@transaction.atomic
def reset_password(*, resident: Resident, password: str, by: Actor) -> User:
    """A villager who forgot hers gets a new one, to be changed at the next sign-in; her sessions end.

    Raises:
        AccountMissing: she has no account; and PasswordWeak. Nothing is written.
    """
    if resident.user_id is None:
        raise AccountMissing(name=resident.name)
    user = User.objects.get(pk=resident.user_id)
    accounts.set_password(user=user, password=password, by=by)
    return user


@transaction.atomic
def add_officer(*, username: str, display_name: str, role: str, password: str, by: Actor) -> RoleGrant:
    """One more account of the town office, with its role from today on.

    Raises:
        RoleNotHere, and what ``accounts.create`` refuses. Nothing is written.
    """
    user = accounts.create(
        username=username, display_name=display_name, password=password, must_change_password=True, by=by
    )
    return accounts.grant_role(user=user, role=SiteRole(role), by=by)


@transaction.atomic
def end_officer(*, grant: RoleGrant, by: Actor) -> None:
    """The town office loses an account's role; an account that is no villager's is closed with its last one.

    Raises:
        OwnAccount: nobody shuts herself out, so that one administrator always remains.
    """
    if grant.user_id == by.id:
        raise OwnAccount
    user = grant.user
    accounts.end_role(grant=grant, by=by)
    if not user.role_grants.filter(to_date=None).exists() and not Resident.objects.filter(user=user).exists():
        accounts.set_active(user=user, active=False, by=by)
