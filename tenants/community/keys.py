"""Whose password whom may reset: for pages and API alike.

A steward who could reset a committee member's password could decide in her name; a clerk who could reset the
administrator's, in his. So whoever has a task is reset by somebody above it.
"""

from typing import Any

from django.db.models import Q

from jifen.accounts.models import RoleGrant, User
from jifen.kernel import clock
from jifen.kernel.permissions import grants_of
from tenants.community import errors
from tenants.community.models import VillageRole
from tenants.community.permissions import CommunityPermission as May


def refusal(user: Any, account: User) -> errors.PasswordRefused | None:
    """Why ``user``, who keeps the roster of the village concerned, may not reset the password of ``account``."""
    if account.pk == user.pk:
        return errors.PasswordOwn()
    lasting = Q(to_date=None) | Q(to_date__gt=clock.today())
    held = grants_of(user)
    if RoleGrant.objects.filter(lasting, user=account).exists():
        return None if held.allows(May.MANAGE_TOWN) else errors.PasswordOfTown(name=account.display_name)
    if held.scope(May.MANAGE_ROSTER, "village") is None:
        return None
    if VillageRole.objects.filter(lasting, user=account).exists():
        return errors.PasswordOfOffice(name=account.display_name)
    return None


def check(user: Any, account: User) -> None:
    """Raises:
    PasswordOwn, PasswordOfTown, PasswordOfOffice: ``user`` may not reset it.
    """
    if refused := refusal(user, account):
        raise refused
