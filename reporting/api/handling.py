"""How objections are handled: the days and who looks into them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint
from jifen.kernel import clock
from reporting import policies
from reporting.permissions import ReportingPermission as May


class HandlingShape(serializers.Serializer[Any]):
    answer_days = serializers.IntegerField(label="村里几天内答复", min_value=1, max_value=policies.LONGEST_DAYS)
    town_answer_days = serializers.IntegerField(label="镇里几天内答复", min_value=1, max_value=policies.LONGEST_DAYS)
    appeal_days = serializers.IntegerField(label="几天内可以请镇里复核", min_value=1, max_value=policies.LONGEST_DAYS)
    investigated_by = serializers.MultipleChoiceField(
        label="由谁核实", choices=[("committee", "村审核委员会"), ("town", "镇级办公室")], allow_empty=False
    )


class Handling(Endpoint):
    permissions = {"get": May.HANDLING, "put": May.HANDLING}

    @extend_schema(operation_id="objection_handling", responses=HandlingShape)
    def get(self, request: Request) -> Response:
        """As it is today; what was set today holds from tomorrow on."""
        now = policies.on(clock.today())
        days = {name: getattr(now, name) for name in ("answer_days", "town_answer_days", "appeal_days")}
        return Response({**days, "investigated_by": list(now.bodies)})

    @extend_schema(operation_id="objection_handling_set", request=HandlingShape, responses=HandlingShape)
    def put(self, request: Request) -> Response:
        """From tomorrow on; answers with what holds today."""
        form = HandlingShape(data=request.data)
        form.is_valid(raise_exception=True)
        data = dict(form.validated_data)
        bodies = sorted(data.pop("investigated_by"))
        policies.set_handling(**data, investigated_by=bodies, by=self.actor)
        return self.get(request)
