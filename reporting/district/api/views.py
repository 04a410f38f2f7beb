from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint, ViewSet
from reporting.district import selectors
from reporting.district.api import serializers
from reporting.district.permissions import DistrictPermission

YEAR = OpenApiParameter("year", int, description="积分年度；不写为最近一个记过账的年度")


class OverviewEndpoint(Endpoint):
    """All towns of the reader's districts."""

    permissions = {"get": DistrictPermission.READ}

    @extend_schema(parameters=[YEAR], responses=serializers.OverviewOut)
    def get(self, request: Request) -> Response:
        towns = list(selectors.towns_for(request.user))
        year = selectors.year_asked(request.GET.get("year", ""), selectors.years(towns))
        return Response(serializers.OverviewOut(selectors.overview(towns, year)).data)


class DistrictTowns(ViewSet):
    """One town with its villages, by its code."""

    permissions = {"retrieve": DistrictPermission.READ}
    lookup_value_regex = "[0-9]{1,9}"

    @extend_schema(parameters=[YEAR], responses=serializers.TownWhole)
    def retrieve(self, request: Request, pk: str) -> Response:
        town = selectors.town_for(request.user, pk)
        whole = selectors.overview([town], selectors.year_asked(request.GET.get("year", ""), selectors.years([town])))
        return Response(serializers.TownWhole(whole.towns[0]).data)
