"""The towns' background work for the provider's programs: how it stands, a town's share, another try."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint
from jifen.clocks import selectors, services
from jifen.clocks.permissions import ClocksPermission as May
from jifen.kernel.tenancy import town_named


class TownWorkOut(serializers.Serializer[selectors.TownWork]):
    town = serializers.CharField(source="town.schema_name")
    name = serializers.CharField(source="town.name")
    waiting = serializers.IntegerField()
    running = serializers.IntegerField()
    failed = serializers.IntegerField()
    late = serializers.IntegerField()
    oldest = serializers.DateTimeField(allow_null=True)
    concurrency = serializers.IntegerField()


class TroubleOut(serializers.Serializer[selectors.Trouble]):
    pk = serializers.IntegerField()
    is_work = serializers.BooleanField()
    is_failed = serializers.BooleanField()
    name = serializers.CharField()
    period = serializers.CharField()
    since = serializers.DateTimeField()
    problem = serializers.CharField()


class ShareIn(serializers.Serializer[None]):
    concurrency = serializers.IntegerField()


class TownWork(Endpoint):
    permissions = {"get": May.WATCH_WORK}

    @extend_schema(responses=TownWorkOut(many=True))
    def get(self, request: Request) -> Response:
        return Response([TownWorkOut(row).data for row in selectors.town_work()])


class Troubles(Endpoint):
    permissions = {"get": May.WATCH_WORK}

    @extend_schema(operation_id="town_work_troubles", responses=TroubleOut(many=True))
    def get(self, request: Request, town: str) -> Response:
        found = selectors.troubles(town_named(town).schema_name)
        return Response([asdict(one) for one in found])


class Share(Endpoint):
    permissions = {"post": May.SHARE_WORK}

    @extend_schema(request=ShareIn, responses={204: None})
    def post(self, request: Request, town: str) -> Response:
        sent = ShareIn(data=request.data)
        sent.is_valid(raise_exception=True)
        services.set_concurrency(town=town_named(town).schema_name, by=self.actor, **sent.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Again(Endpoint):
    """``kind``: due, or work."""

    permissions = {"post": May.SHARE_WORK}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, town: str, kind: str, number: int) -> Response:
        services.try_again(town=town_named(town).schema_name, pk=number, is_work=kind == "work", by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)
