"""Menu entries of the exchange."""

from jifen.web import nav
from redemption.permissions import RedemptionPermission as May


def register() -> None:
    for area in ("office", "village"):
        view = f"redemption:{area}_redemptions"
        nav.register(area, nav.Entry("积分兑换", view, "gift", 61, May.READ, group=nav.QUARTERLY))
    nav.register(
        "",
        nav.Entry("积分码", "redemption:code", "qrcode", 20, May.READ_OWN),
    )
    nav.register(
        "shop",
        nav.Entry("兑换", "redemption:shop_home", "scan", 10, May.REDEEM),
        nav.Entry("合作镇", "redemption:shop_towns", "building-store", 30, May.REDEEM),
    )
