"""Where the endpoints of the exchange are."""

from jifen.api.routing import public_router, town_router
from redemption.api import exceptions, shops, staff

TOWN = r"towns/(?P<town_code>[0-9]{1,9})"

public_router.register("shop-towns", shops.ShopTowns, basename="shop-town")
public_router.register(f"{TOWN}/customers", shops.ShopCustomers, basename="shop-customer")
public_router.register(f"{TOWN}/offerings", shops.ShopOfferings, basename="shop-offering")
public_router.register(f"{TOWN}/redemptions", shops.ShopRedemptions, basename="shop-redemption")
public_router.register(f"{TOWN}/redemption-exceptions", exceptions.ShopExceptions, basename="shop-exception")
public_router.register(f"{TOWN}/settlements", shops.ShopSettlements, basename="shop-settlement")

town_router.register("memberships", staff.Memberships, basename="membership")
town_router.register("offerings", staff.Offerings, basename="offering")
town_router.register("redemption-plans", staff.Plans, basename="redemption-plan")
town_router.register("funds", staff.Funds, basename="fund")
town_router.register("redemptions", staff.Redemptions, basename="redemption")
town_router.register("redemption-exceptions", exceptions.Exceptions, basename="redemption-exception")
town_router.register("own-redemptions", staff.OwnRedemptions, basename="own-redemption")
town_router.register("settlements", staff.Settlements, basename="settlement")
