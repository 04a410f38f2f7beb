"""Partner shops, in the public schema: they serve many towns, each under that town's own agreement."""

from django.conf import settings
from django.db import models


class ShopKind(models.TextChoices):
    VILLAGE = "village", "村积分超市"
    SUPERMARKET = "supermarket", "超市"
    FARM = "farm", "农资店"
    SERVICE = "service", "服务门店"


class Shop(models.Model):
    """积分超市/兑换点."""

    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=12, choices=ShopKind)
    address = models.CharField("地址", max_length=120)
    contact = models.CharField("联系人", max_length=40)
    phone = models.CharField("联系电话", max_length=20)
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ShopUser(models.Model):
    """Who works for which shop."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shop_roles")
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="users")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "shop"], name="network_shop_user_once")]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.shop_id}"


class Listing(models.Model):
    """Which towns a shop deals with: an index for the shop's pages. The grant itself is the town's ``Membership``."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="listings")
    town = models.ForeignKey("tenants.Town", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "town"], name="network_listing_once")]

    def __str__(self) -> str:
        return f"{self.shop_id}/{self.town_id}"
