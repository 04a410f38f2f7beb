"""Endpoints for shops, on the public site. Each enters a town only through the shop's active membership there."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import ViewSet
from jifen.files import selectors as files
from jifen.kernel.errors import NotFound
from redemption import selectors
from redemption.api import serializers
from redemption.errors import NotInNetwork
from redemption.models import Redemption, Settlement
from redemption.network import selectors as network
from redemption.permissions import RedemptionPermission
from redemption.services import customers, grants, memberships, redemptions, settlements, signatures
from tenants.models import Town

REDEEM = RedemptionPermission.REDEEM


class ShopTowns(ViewSet):
    """The towns that the caller's shops deal with, and applying to another one."""

    permissions = {"list": REDEEM, "create": REDEEM}

    @extend_schema(responses=serializers.ListingOut(many=True))
    def list(self, request: Request) -> Response:
        return Response(serializers.ListingOut(network.listings_of(request.user), many=True).data)

    @extend_schema(request=serializers.ApplyIn, responses={201: serializers.MembershipOut})
    def create(self, request: Request) -> Response:
        data = checked(serializers.ApplyIn, request)
        shops = {shop.pk: shop for shop in network.shops_of(request.user)}
        shop = shops.get(data["shop_id"]) if data["shop_id"] else next(iter(shops.values()), None)
        town = Town.objects.filter(code=data["town_code"], state="ready").first()
        if shop is None or town is None:
            raise NotInNetwork
        row = memberships.apply(shop=shop, town=town, by=self.actor)
        row.village = None
        return Response(serializers.MembershipOut(row).data, status=status.HTTP_201_CREATED)


class ShopCustomers(ViewSet):
    """A household by its code: number, masked head, points available. Nothing else of it is ever shown."""

    permissions = {"list": REDEEM}

    @extend_schema(parameters=[serializers.CodeIn], responses=serializers.CustomerOut)
    def list(self, request: Request, town_code: str) -> Response:
        query = serializers.CodeIn(data=request.query_params)
        query.is_valid(raise_exception=True)
        with grants.acting(request.user, town_code) as membership:
            found = customers.show(membership=membership, code=query.validated_data["code"])
            return Response(serializers.CustomerOut(found).data)


class ShopOfferings(ViewSet):
    permissions = {"list": REDEEM}

    @extend_schema(responses=serializers.OfferingOut(many=True))
    def list(self, request: Request, town_code: str) -> Response:
        with grants.acting(request.user, town_code) as membership:
            return Response(serializers.OfferingOut(selectors.offerings_of(membership), many=True).data)


class ShopRedemptions(ViewSet):
    """Hold, then capture or release; the list is today's."""

    permissions = {
        "list": REDEEM, "retrieve": REDEEM, "create": REDEEM, "capture": REDEEM, "release": REDEEM, "voucher": REDEEM,
    }  # fmt: skip
    queryset = Redemption.objects.none()

    @extend_schema(responses=serializers.RedemptionOut(many=True))
    def list(self, request: Request, town_code: str) -> Response:
        with grants.acting(request.user, town_code) as membership:
            return Response(serializers.RedemptionOut(selectors.of_shop_today(membership), many=True).data)

    @extend_schema(responses=serializers.RedemptionOut)
    def retrieve(self, request: Request, town_code: str, pk: str) -> Response:
        with grants.acting(request.user, town_code) as membership:
            return _shown(selectors.redemption_of(membership, pk))

    @extend_schema(request=serializers.HoldIn, responses={201: serializers.RedemptionOut})
    def create(self, request: Request, town_code: str) -> Response:
        data, by = checked(serializers.HoldIn, request), self.actor
        with grants.acting(request.user, town_code) as membership:
            offering = selectors.offering_of(membership, data.pop("offering"))
            chosen = data.pop("exception")
            excuse = selectors.exception_of(membership, chosen) if chosen else None
            signature = signatures.keep(data.pop("signature"), by=by)
            key = request.headers["Idempotency-Key"]
            terms: dict[str, Any] = {"signature": signature, "exception": excuse, "idempotency_key": key, "by": by}
            row = redemptions.hold(**data, offering=offering, **terms)
            return _shown(row, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=serializers.RedemptionOut)
    @action(detail=True, methods=["post"])
    def capture(self, request: Request, town_code: str, pk: str) -> Response:
        by = self.actor
        with grants.acting(request.user, town_code) as membership:
            return _shown(redemptions.capture(redemption=selectors.redemption_of(membership, pk), by=by))

    @extend_schema(request=None, responses=serializers.RedemptionOut)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, town_code: str, pk: str) -> Response:
        by = self.actor
        with grants.acting(request.user, town_code) as membership:
            return _shown(
                redemptions.release(redemption=selectors.redemption_of(membership, pk), by=by, reason="店里取消")
            )

    @extend_schema(responses={200: {"type": "object", "properties": {"url": {"type": "string"}}}})
    @action(detail=True, methods=["get"])
    def voucher(self, request: Request, town_code: str, pk: str) -> Response:
        """A link that reads the voucher for five minutes."""
        with grants.acting(request.user, town_code) as membership:
            row = selectors.redemption_of(membership, pk)
            if not hasattr(row, "voucher"):
                raise NotFound("凭证还在生成，请稍后再试。")
            return Response({"url": files.link(row.voucher.file, download=True)})


class ShopSettlements(ViewSet):
    permissions = {"list": REDEEM, "agree": REDEEM}
    queryset = Settlement.objects.none()

    @extend_schema(responses=serializers.SettlementOut(many=True))
    def list(self, request: Request, town_code: str) -> Response:
        with grants.acting(request.user, town_code) as membership:
            rows = selectors.settlements().filter(membership=membership)
            return Response(serializers.SettlementOut(rows, many=True).data)

    @extend_schema(request=None, responses=serializers.SettlementOut)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, town_code: str, pk: str) -> Response:
        by = self.actor
        with grants.acting(request.user, town_code) as membership:
            row = settlements.agree(settlement=selectors.settlement_of(membership, pk), by=by)
            return Response(serializers.SettlementOut(row).data)


def checked(form: Any, request: Request) -> dict[str, Any]:
    filled = form(data=request.data)
    filled.is_valid(raise_exception=True)
    return dict(filled.validated_data)


def _shown(row: Redemption, code: int = status.HTTP_200_OK) -> Response:
    return Response(serializers.RedemptionOut(row).data, status=code)
