"""The towns' year at a glance for the district's programs: days and figures alone."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint
from jifen.flows.glance import Cell, glance
from jifen.kernel import clock, reading
from reporting.district import selectors as district
from reporting.district.permissions import DistrictPermission


class StepOut(serializers.Serializer[Any]):
    step = serializers.CharField(help_text="取值：record、review、filing、notice、redemption、year")
    period = serializers.CharField()
    due = serializers.DateField()
    state = serializers.CharField(help_text="done、late、over、open")
    villages = serializers.IntegerField(help_text="超期的村数；镇里没办的算一处")
    is_escalated = serializers.BooleanField()


class TownYearOut(serializers.Serializer[Any]):
    town = serializers.CharField(source="town.code")
    name = serializers.CharField(source="town.name")
    late = serializers.IntegerField()
    steps = serializers.SerializerMethodField()

    @extend_schema(responses=StepOut(many=True))
    def get_steps(self, one: Any) -> list[dict[str, Any]]:
        cells = [(line.step, cell) for line in one.lines for cell in line.cells if isinstance(cell, Cell)]
        return [
            {
                "step": step,
                "period": cell.period,
                "due": cell.due.isoformat(),
                "state": cell.state,
                "villages": cell.villages,
                "is_escalated": cell.is_escalated,
            }
            for step, cell in cells
        ]


class DistrictCalendar(Endpoint):
    """``?year=2026``; this year without it."""

    permissions = {"get": DistrictPermission.READ}

    @extend_schema(responses=TownYearOut(many=True))
    def get(self, request: Request) -> Response:
        year = reading.year(request.query_params.get("year", "")) or clock.today().year
        return Response(TownYearOut(glance(district.towns_for(request.user), year), many=True).data)
