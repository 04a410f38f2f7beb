"""The town's calendar as programs read and set it."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint
from jifen.clocks.dates import selectors as dates
from jifen.flows import behind, calendar
from jifen.kernel import clock
from jifen.kernel.permissions import grants_of
from tenants.community.permissions import CommunityPermission


class CalendarShape(serializers.Serializer[None]):
    """``section``: clocks, party day and villages' exceptions, as ``jifen.clocks.dates.policy.TownCalendar``."""

    effective_from = serializers.DateField(required=False)
    section = serializers.DictField()


class Calendar(Endpoint):
    permissions = {"get": CommunityPermission.READ, "put": CommunityPermission.MANAGE_TOWN}

    @extend_schema(responses=CalendarShape)
    def get(self, request: Request) -> Response:
        return Response({"section": dates.calendar_on(date.max).model_dump(mode="json")})

    @extend_schema(request=CalendarShape, responses=CalendarShape)
    def put(self, request: Request) -> Response:
        """Also moves the dates that have not struck yet."""
        sent = CalendarShape(data=request.data)
        sent.is_valid(raise_exception=True)
        since = sent.validated_data.get("effective_from") or clock.today()
        calendar.choose(section=sent.validated_data["section"], effective_from=since, by=self.actor)
        return self.get(request)


class LateOut(serializers.Serializer[Any]):
    """``village`` is empty where it is the town itself that is late (the year)."""

    step = serializers.CharField(help_text="取值：record、review、filing、notice、redemption、year")
    period = serializers.CharField()
    village = serializers.IntegerField(source="village.pk", allow_null=True, default=None)
    place = serializers.CharField()
    name = serializers.CharField()
    due = serializers.DateField()
    days = serializers.IntegerField()


class Late(Endpoint):
    """What is late in the villages that the caller may see."""

    permissions = {"get": CommunityPermission.READ}

    @extend_schema(responses=LateOut(many=True))
    def get(self, request: Request) -> Response:
        held = grants_of(request.user).scope(CommunityPermission.READ, "village")
        return Response(LateOut(behind.late_now(held), many=True).data)
