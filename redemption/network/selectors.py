"""Shops of the public site, and who works for them."""

from collections.abc import Iterable
from typing import Any

from jifen.kernel.permissions import Grant, allotted_to
from jifen.kernel.tenancy import PUBLIC, current_schema
from redemption.network.models import Listing, Shop, ShopUser


def shop_ids(user: Any) -> list[int]:
    """The shops ``user`` works for; none in a town, whose accounts are other people with the same numbers."""
    if current_schema() != PUBLIC:
        return []
    return list(ShopUser.objects.filter(user_id=user.pk).order_by("shop_id").values_list("shop_id", flat=True))


def shops_of(user: Any) -> list[Shop]:
    return list(Shop.objects.filter(pk__in=shop_ids(user)))


def listings_of(user: Any) -> list[Listing]:
    """The towns that ``user``'s shops deal with or have asked; the grant itself is checked in the town."""
    rows = Listing.objects.filter(shop_id__in=shop_ids(user), town__state="ready").select_related("town", "shop")
    return list(rows.order_by("town__code"))


def grants(user: Any) -> Iterable[Grant]:
    """The grant source of shops."""
    return [Grant(allotted_to("shop"), "shop", shop_id) for shop_id in shop_ids(user)]
