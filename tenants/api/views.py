"""Towns on the public site."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import GenericViewSet
from tenants import selectors
from tenants.api.serializers import TownOutput
from tenants.models import Town
from tenants.permissions import TenantsPermission as May
from tenants.services import towns


class TownViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    permissions = {
        "list": May.WATCH_TOWNS,
        "retrieve": May.WATCH_TOWNS,
        "suspend": May.OPEN_TOWN,
        "resume": May.OPEN_TOWN,
        "archive": May.OPEN_TOWN,
    }
    queryset = selectors.all_towns()
    serializer_class = TownOutput
    lookup_field = "code"
    lookup_value_regex = r"\d{9}"

    @extend_schema(request=None, responses=TownOutput)
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, code: str) -> Response:
        town = self.get_object()
        towns.suspend(town=town, by=self.actor)
        return self._shown(town)

    @extend_schema(request=None, responses=TownOutput)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, code: str) -> Response:
        town = self.get_object()
        towns.resume(town=town, by=self.actor)
        return self._shown(town)

    @extend_schema(request=None, responses=TownOutput)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, code: str) -> Response:
        town = self.get_object()
        towns.archive(town=town, by=self.actor)
        return self._shown(town)

    def _shown(self, town: Town) -> Response:
        return Response(TownOutput(town).data)
