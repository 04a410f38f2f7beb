"""The town's calendar as programs read and set it."""

from datetime import date

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint
from jifen.clocks.dates import selectors as dates
from jifen.flows import calendar
from jifen.kernel import clock
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
