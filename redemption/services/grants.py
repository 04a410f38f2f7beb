"""A shop acts in a town only through an active membership that the town itself keeps (I13)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jifen.kernel.tenancy import PUBLIC, current_schema, entered
from redemption.errors import NotInNetwork
from redemption.models import Membership, MembershipState
from redemption.network.selectors import shop_ids
from tenants.models import Town, TownState


def acting_shop(user: Any, town: Town) -> Membership:
    """The active membership in ``town`` of a shop that ``user`` (of the public site) works for.

    Raises:
        NotInNetwork: there is none, the town is not served, or ``user`` is no account of the public site.
    """
    if current_schema() != PUBLIC or town.state != TownState.READY:
        raise NotInNetwork
    shops = shop_ids(user)
    with entered(town.schema_name):
        found = Membership.objects.filter(shop_id__in=shops, state=MembershipState.ACTIVE).first()
    if found is None:
        raise NotInNetwork
    return found


@contextmanager
def acting(user: Any, town_code: str) -> Iterator[Membership]:
    """Serves the town inside the block, as the shop that ``user`` works for.

    Raises:
        NotInNetwork: as ``acting_shop``; an unknown town answers the same.
    """
    town = Town.objects.filter(code=town_code).first()
    if town is None:
        raise NotInNetwork
    membership = acting_shop(user, town)
    with entered(town.schema_name):
        yield membership
