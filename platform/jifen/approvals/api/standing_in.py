"""Delegations of the caller, and handing everything over when a post changes hands."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint, GenericViewSet
from jifen.approvals import services
from jifen.approvals.api import serializers
from jifen.approvals.models import Delegation
from jifen.approvals.permissions import ApprovalsPermission as May
from jifen.kernel.permissions import Access


class Delegations(mixins.ListModelMixin, GenericViewSet):
    permissions = {"list": Access.SIGNED_IN, "create": Access.SIGNED_IN, "revoke": Access.SIGNED_IN}
    serializer_class = serializers.DelegationOut
    queryset = Delegation.objects.none()

    def get_queryset(self) -> Any:
        return Delegation.objects.filter(giver=self.request.user.pk)

    @extend_schema(request=serializers.DelegationIn, responses={201: serializers.DelegationOut})
    def create(self, request: Request) -> Response:
        form = serializers.DelegationIn(data=request.data)
        form.is_valid(raise_exception=True)
        row = services.delegate(giver=self.actor.id, **form.validated_data, by=self.actor)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=serializers.DelegationOut)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        services.revoke(delegation=row, by=self.actor)
        row.refresh_from_db()
        return Response(self.get_serializer(row).data)


class HandOvers(Endpoint):
    permissions = {"post": May.ADMINISTER}

    @extend_schema(request=serializers.HandOverIn, responses=serializers.HandOverOut)
    def post(self, request: Request) -> Response:
        form = serializers.HandOverIn(data=request.data)
        form.is_valid(raise_exception=True)
        done = services.hand_over(**form.validated_data, by=self.actor)
        stayed = [{"item": item.pk, "detail": why} for item, why in done.stayed]
        told = {"moved": len(done.moved), "started": len(done.started), "stayed": stayed}
        return Response(serializers.HandOverOut(told).data)
