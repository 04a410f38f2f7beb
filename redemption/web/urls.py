"""Addresses of the exchange: ``town`` on a town's site, ``public_site`` on the public one; namespace ``redemption``."""

from django.urls import URLPattern, URLResolver, include, path

from redemption.web import exceptions, network, resident, shop, staff


def _staff(area: str) -> list[URLPattern]:
    def at(route: str, view: object, name: str) -> URLPattern:
        return path(f"exchange/{route}", view, {"area": area}, name=f"{area}_{name}")  # type: ignore[call-overload,no-any-return]

    return [
        at("", staff.redemption_list, "redemptions"),
        at("<int:pk>/", staff.redemption, "redemption"),
        at("<int:pk>/voucher/", staff.voucher, "voucher"),
        at("network/", network.network, "network"),
        at("network/<int:pk>/", network.membership, "membership"),
        at("shelf/", network.shelf, "shelf"),
        at("shelf/<int:pk>/", network.offering, "offering"),
        at("plans/", network.plan_list, "plans"),
        at("plans/new/", network.plan_new, "plan_new"),
        at("funds/new/", network.fund_new, "fund_new"),
        at("settlements/", staff.settlement_list, "settlements"),
        at("settlements/<int:pk>/", staff.settlement, "settlement"),
        at("settlements/<int:pk>/table/", staff.settlement_table, "settlement_table"),
        at("settlements/<int:pk>/paper/", staff.settlement_paper, "settlement_paper"),
        at("exceptions/", exceptions.exception_list, "exceptions"),
        at("exceptions/new/", exceptions.exception_new, "exception_new"),
        at("exceptions/<int:pk>/", exceptions.exception, "exception"),
        at("exceptions/<int:pk>/amend/", exceptions.exception_amend, "exception_amend"),
        at("cards/", staff.cards_page, "cards"),
        at("cards/sheet/", staff.card_sheet, "card_sheet"),
        at("cards/passbook/", staff.passbook, "passbook"),
    ]


resident_pages: list[URLPattern] = [
    path("code/", resident.code, name="code"),
    path("shops/", resident.shops, name="shops"),
    path("redemptions/", resident.redemptions, name="own_redemptions"),
    path("redemptions/<int:pk>/voucher/", resident.voucher, name="own_voucher"),
    path("passbook/print/", resident.passbook, name="own_passbook"),
]

town: list[URLPattern | URLResolver] = [
    *resident_pages,
    path("office/", include(_staff("office"))),
    path("village/", include(_staff("village"))),
]

public_site: list[URLPattern] = [
    path("shop/", shop.home, name="shop_home"),
    path("shop/join/", shop.join, name="shop_join"),
    path("shop/towns/", shop.towns, name="shop_towns"),
    path("shop/<str:town_code>/", shop.counter, name="shop_counter"),
    path("shop/<str:town_code>/customer/", shop.customer, name="shop_customer"),
    path("shop/<str:town_code>/hold/", shop.hold, name="shop_hold"),
    path("shop/<str:town_code>/today/", shop.today, name="shop_today"),
    path("shop/<str:town_code>/exceptions/", exceptions.shop_list, name="shop_exceptions"),
    path("shop/<str:town_code>/exceptions/ask/", exceptions.shop_ask, name="shop_exception_ask"),
    path("shop/<str:town_code>/exceptions/<int:pk>/", exceptions.shop_show, name="shop_exception"),
    path("shop/<str:town_code>/exceptions/<int:pk>/use/", exceptions.shop_use, name="shop_exception_use"),
    path("shop/<str:town_code>/bills/", shop.bills, name="shop_bills"),
    path("shop/<str:town_code>/bills/<int:pk>/", shop.bill, name="shop_bill"),
    path("shop/<str:town_code>/<int:pk>/", shop.redemption, name="shop_redemption"),
    path("shop/<str:town_code>/<int:pk>/finish/", shop.finish, name="shop_finish"),
    path("shop/<str:town_code>/<int:pk>/voucher/", shop.voucher, name="shop_voucher"),
]
