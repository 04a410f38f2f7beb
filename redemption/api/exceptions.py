"""Endpoints of exceptions: a village's or the town's, and a shop's own on the public site."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import ViewSet
from jifen.approvals import selectors as flows
from jifen.kernel.errors import NotFound
from redemption import selectors
from redemption.api import serializers
from redemption.api.shops import REDEEM, checked
from redemption.api.staff import Base, P
from redemption.errors import CardByVillage
from redemption.models import ExceptionKind, RedemptionException
from redemption.services import customers, exceptions, grants
from tenants.community.models import Household


class Exceptions(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    """Redemptions that would be refused: asked for by a village, answered by the office or the town's flow."""

    permissions = {
        "list": P.READ, "retrieve": P.READ, "create": P.MANAGE_PLAN, "decide": P.MANAGE_NETWORK,
        "amend": P.MANAGE_PLAN, "withdraw": P.MANAGE_PLAN,
    }  # fmt: skip
    serializer_class = serializers.RedemptionExceptionOut
    queryset = RedemptionException.objects.none()

    def get_queryset(self) -> Any:
        return shown(selectors.exceptions(self.villages()))

    @extend_schema(request=serializers.VillageExceptionIn, responses={201: serializers.RedemptionExceptionOut})
    def create(self, request: Request) -> Response:
        data = self.checked(serializers.VillageExceptionIn)
        data["household"] = self._household(data["household"])
        data["offering"] = selectors.shelf().filter(pk=data["offering"]).first()
        if data["offering"] is None:
            raise NotFound(field="offering")
        row = exceptions.ask(by=self.actor, **data)
        return self.made(serializers.RedemptionExceptionOut, self.get_queryset().get(pk=row.pk))

    @extend_schema(request=serializers.ExceptionAnswerIn)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """The office's word; refused where a flow decides."""
        data = self.checked(serializers.ExceptionAnswerIn)
        return self._told(exceptions.decide(exception=self.get_object(), by=self.actor, **data))

    @extend_schema(request=serializers.ExceptionAmendIn)
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, pk: str) -> Response:
        """What was sent back to the caller, mended and handed in again."""
        data = self.checked(serializers.ExceptionAmendIn)
        return self._told(exceptions.amend(exception=self.get_object(), by=self.actor, **data))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        return self._told(exceptions.withdraw(exception=self.get_object(), by=self.actor))

    def _told(self, row: RedemptionException) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=row.pk)).data)

    def _household(self, number: str) -> Household:
        rows = Household.objects.select_related("village", "group").filter(number=number)
        held = self.villages(P.MANAGE_PLAN)
        found = (rows if held is None else rows.filter(village_id__in=held)).first()
        if found is None:
            raise NotFound(field="household")
        return found


class ShopExceptions(ViewSet):
    """What a shop asked for, and what it may use."""

    permissions = {"list": REDEEM, "create": REDEEM, "withdraw": REDEEM}
    queryset = RedemptionException.objects.none()

    @extend_schema(responses=serializers.RedemptionExceptionOut(many=True))
    def list(self, request: Request, town_code: str) -> Response:
        with grants.acting(request.user, town_code) as membership:
            rows = shown(selectors.exceptions().filter(membership=membership))[:MOST]
            return Response(serializers.RedemptionExceptionOut(rows, many=True).data)

    @extend_schema(request=serializers.ShopExceptionIn, responses={201: serializers.RedemptionExceptionOut})
    def create(self, request: Request, town_code: str) -> Response:
        data, by = checked(serializers.ShopExceptionIn, request), self.actor
        if data["kind"] == ExceptionKind.CARD:
            raise CardByVillage
        with grants.acting(request.user, town_code) as membership:
            data["household"] = customers.find(membership=membership, code=data.pop("household_code"))
            data["offering"] = selectors.offering_of(membership, data["offering"])
            row = exceptions.ask(by=by, **data)
            out = serializers.RedemptionExceptionOut(shown(selectors.exceptions()).get(pk=row.pk))
            return Response(out.data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=serializers.RedemptionExceptionOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, town_code: str, pk: str) -> Response:
        by = self.actor
        with grants.acting(request.user, town_code) as membership:
            row = exceptions.withdraw(exception=selectors.exception_of(membership, pk), by=by)
            return Response(serializers.RedemptionExceptionOut(row).data)


MOST = 200


def shown(rows: Any) -> Any:
    """With each one's item and use."""
    return selectors.with_use(flows.with_item(rows, exceptions.SUBJECT_KIND))
