"""Menu entries of the exchange."""

from jifen.web import nav
from redemption.permissions import RedemptionPermission as May


def register() -> None:
    nav.register("office", nav.Entry("积分兑换", "redemption:office_redemptions", "gift", 40, May.READ))
    nav.register("village", nav.Entry("积分兑换", "redemption:village_redemptions", "gift", 40, May.READ))
    nav.register(
        "",
        nav.Entry("积分码", "redemption:code", "qrcode", 20, May.READ_OWN),
    )
    nav.register(
        "shop",
        nav.Entry("兑换", "redemption:shop_home", "scan", 10, May.REDEEM),
        nav.Entry("合作镇", "redemption:shop_towns", "building-store", 30, May.REDEEM),
    )
