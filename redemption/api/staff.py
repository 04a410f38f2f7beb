"""Endpoints of a town's own site: the network, plans, redemptions and settlements; a resident's own."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import GenericViewSet
from jifen.approvals import selectors as flows
from jifen.kernel.errors import Forbidden, NotFound
from jifen.kernel.permissions import grants_of
from redemption import selectors
from redemption.api import serializers
from redemption.models import Membership, Settlement
from redemption.permissions import RedemptionPermission
from redemption.services import funds, memberships, offerings, plans, redemptions, settlements
from tenants.community import selectors as community
from tenants.community.models import Village

P = RedemptionPermission


class Base(GenericViewSet):
    """Rows of the villages the caller may read; anything else does not exist for her."""

    def villages(self, permission: RedemptionPermission = P.READ) -> set[int] | None:
        return grants_of(self.request.user).scope(permission, "village")

    def checked(self, form: Any) -> dict[str, Any]:
        filled = form(data=self.request.data)
        filled.is_valid(raise_exception=True)
        return dict(filled.validated_data)

    def village(self, pk: int | None, permission: RedemptionPermission) -> Village | None:
        """The named village, which the caller must hold ``permission`` over; the whole town when none is named."""
        held = self.villages(permission)
        if held is not None and pk not in held:
            raise NotFound if pk is not None else Forbidden
        village = Village.objects.filter(pk=pk).first() if pk is not None else None
        if pk is not None and village is None:
            raise NotFound
        return village

    def made(self, out: Any, row: Any) -> Response:
        return Response(out(row).data, status=status.HTTP_201_CREATED)


class Memberships(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {
        "list": P.READ, "retrieve": P.READ, "accept": P.MANAGE_NETWORK, "refuse": P.MANAGE_NETWORK,
        "agreement": P.MANAGE_NETWORK, "end": P.MANAGE_NETWORK,
    }  # fmt: skip
    serializer_class = serializers.MembershipOut
    queryset = flows.with_item(Membership.objects.select_related("village", "run_by"), memberships.SUBJECT_KIND)

    @extend_schema(request=serializers.AcceptIn)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """The office takes the shop in on these terms; where a flow decides, they go on their way (``item``)."""
        data = self.checked(serializers.AcceptIn)
        data["village"] = self.village(data["village"], P.MANAGE_NETWORK)
        data["run_by"] = community.household_by_number(data["run_by"]) if data["run_by"] else None
        return self._answered(memberships.put_forward(membership=self.get_object(), by=self.actor, **data))

    @extend_schema(request=serializers.AgreementIn)
    @action(detail=True, methods=["post"])
    def agreement(self, request: Request, pk: str) -> Response:
        """The number of the agreement, while a flow decides on the shop."""
        data = self.checked(serializers.AgreementIn)
        return self._answered(memberships.note_agreement(membership=self.get_object(), by=self.actor, **data))

    @extend_schema(request=serializers.ExchangeReasonIn)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        data = self.checked(serializers.ExchangeReasonIn)
        return self._answered(memberships.refuse(membership=self.get_object(), by=self.actor, **data))

    @extend_schema(request=serializers.ExchangeReasonIn)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """The shop leaves the network; where a flow decides, that goes on its way (``item``)."""
        data = self.checked(serializers.ExchangeReasonIn)
        return self._answered(memberships.end(membership=self.get_object(), by=self.actor, **data))

    def _answered(self, row: Membership) -> Response:
        return Response(serializers.MembershipOut(self.queryset.get(pk=row.pk)).data)


class Offerings(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {"list": P.READ, "retrieve": P.READ, "create": P.MANAGE_PLAN, "update": P.MANAGE_PLAN}
    serializer_class = serializers.OfferingOut
    cursor_ordering = "-id"

    def get_queryset(self) -> Any:
        return selectors.shelf(self.villages(P.READ if self.action in ("list", "retrieve") else P.MANAGE_PLAN))

    @extend_schema(request=serializers.OfferingIn, responses={201: serializers.OfferingOut})
    def create(self, request: Request) -> Response:
        data = self.checked(serializers.OfferingIn)
        shop = selectors.shops_for(self.villages(P.MANAGE_PLAN)).filter(pk=data["membership"]).first()
        if shop is None:
            raise NotFound
        return self.made(serializers.OfferingOut, offerings.add(**{**data, "membership": shop}, by=self.actor))

    @extend_schema(request=serializers.OfferingChangeIn)
    def update(self, request: Request, pk: str) -> Response:
        data = self.checked(serializers.OfferingChangeIn)
        row = offerings.change(offering=self.get_object(), by=self.actor, **data)
        return Response(serializers.OfferingOut(row).data)


class Plans(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {"list": P.READ, "retrieve": P.READ, "create": P.MANAGE_PLAN}
    serializer_class = serializers.PlanOut

    def get_queryset(self) -> Any:
        return selectors.plans(self.villages())

    @extend_schema(request=serializers.PlanIn, responses={201: serializers.PlanOut})
    def create(self, request: Request) -> Response:
        data = self.checked(serializers.PlanIn)
        data["village"] = self.village(data["village"], P.MANAGE_PLAN)
        data["windows"] = [(window["opens_on"], window["closes_on"]) for window in data["windows"]]
        return self.made(serializers.PlanOut, plans.make(by=self.actor, **data))


class Funds(mixins.ListModelMixin, Base):
    permissions = {"list": P.READ, "create": P.MANAGE_PLAN}
    serializer_class = serializers.FundOut

    def get_queryset(self) -> Any:
        return selectors.funds(self.villages())

    @extend_schema(request=serializers.FundIn, responses={201: serializers.FundOut})
    def create(self, request: Request) -> Response:
        data = self.checked(serializers.FundIn)
        data["village"] = self.village(data["village"], P.MANAGE_PLAN)
        row = funds.register(by=self.actor, **data)
        return self.made(serializers.FundOut, selectors.funds().get(pk=row.pk))


class Redemptions(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {"list": P.READ, "retrieve": P.READ, "reverse": P.MANAGE_NETWORK}
    serializer_class = serializers.RedemptionOut

    def get_queryset(self) -> Any:
        return selectors.redemptions(self.villages())

    @extend_schema(request=serializers.ExchangeReasonIn)
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        data = self.checked(serializers.ExchangeReasonIn)
        row = redemptions.reverse(redemption=self.get_object(), by=self.actor, **data)
        return Response(serializers.RedemptionOut(row).data)


class OwnRedemptions(mixins.ListModelMixin, Base):
    """What the caller's own household exchanged."""

    permissions = {"list": P.READ_OWN}
    serializer_class = serializers.RedemptionOut

    def get_queryset(self) -> Any:
        household = community.household_of_user(self.request.user)
        return selectors.redemptions_of(household) if household else selectors.redemptions([])


class Settlements(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {
        "list": P.READ, "retrieve": P.READ, "create": P.MANAGE_NETWORK, "agree": P.MANAGE_NETWORK,
        "put_forward": P.MANAGE_NETWORK, "pay": P.MANAGE_NETWORK,
    }  # fmt: skip
    serializer_class = serializers.SettlementOut

    def get_queryset(self) -> Any:
        return flows.with_item(selectors.settlements(self.villages()), settlements.SUBJECT_KIND)

    @extend_schema(request=serializers.DrawIn, responses={201: serializers.SettlementOut(many=True)})
    def create(self, request: Request) -> Response:
        """A statement for each shop and payer with something unsettled in the period."""
        rows = settlements.draw_all(by=self.actor, **self.checked(serializers.DrawIn))
        return Response(serializers.SettlementOut(rows, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: str) -> Response:
        """The sum is right; where a flow decides payments, it goes on its way (``item``)."""
        return self._shown(settlements.agree(settlement=self.get_object(), by=self.actor))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="put-forward")
    def put_forward(self, request: Request, pk: str) -> Response:
        """Ask the flow again for what it refused."""
        return self._shown(settlements.put_forward(settlement=self.get_object(), by=self.actor))

    @extend_schema(request=serializers.PayIn)
    @action(detail=True, methods=["post"])
    def pay(self, request: Request, pk: str) -> Response:
        data = self.checked(serializers.PayIn)
        return self._shown(settlements.pay(settlement=self.get_object(), by=self.actor, **data))

    def _shown(self, row: Settlement) -> Response:
        return Response(serializers.SettlementOut(self.get_queryset().get(pk=row.pk)).data)
