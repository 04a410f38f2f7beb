"""The town's calendar as programs read and set it."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint
from jifen.clocks.dates import selectors as dates
from jifen.clocks.dates.policy import TownCalendar
from jifen.flows import behind, calendar
from jifen.kernel import clock
from jifen.kernel.permissions import grants_of
from tenants.community.permissions import CommunityPermission


class CalendarIn(serializers.Serializer[None]):
    """``section``: clocks, party days and villages' exceptions, as ``jifen.clocks.dates.policy.TownCalendar``."""

    effective_from = serializers.DateField(label="从哪天起执行", required=False)
    section = serializers.DictField(label="日历")


class CalendarOut(serializers.Serializer[None]):
    section = serializers.DictField(help_text="最后一份，现在执行或将要执行的")
    warnings = serializers.ListField(
        child=serializers.CharField(), help_text="按这份日历总会迟的环节，以及保存后会取代它的另一份"
    )


class CalendarVersionOut(serializers.Serializer[Any]):
    effective_from = serializers.DateField(source="since")
    until = serializers.DateField(allow_null=True, help_text="最后一天；空为没有下一份")
    state = serializers.ChoiceField(choices=[("over", "已过"), ("now", "正在执行"), ("coming", "将要执行")])
    made_by_name = serializers.CharField()
    section = serializers.SerializerMethodField()

    def get_section(self, row: dates.Version) -> dict[str, Any]:
        return row.calendar.model_dump(mode="json")


class CalendarWithdrawIn(serializers.Serializer[None]):
    effective_from = serializers.DateField(label="从哪天起执行")


class Calendar(Endpoint):
    permissions = {"get": CommunityPermission.READ, "put": CommunityPermission.MANAGE_TOWN}

    @extend_schema(responses=CalendarOut)
    def get(self, request: Request) -> Response:
        return _shown(dates.calendar_on(date.max), calendar.lasting_concerns())

    @extend_schema(request=CalendarIn, responses=CalendarOut)
    def put(self, request: Request) -> Response:
        """Also moves the dates that have not struck yet."""
        sent = CalendarIn(data=request.data)
        sent.is_valid(raise_exception=True)
        since = sent.validated_data.get("effective_from") or clock.today()
        warnings = calendar.choose(section=sent.validated_data["section"], effective_from=since, by=self.actor)
        return _shown(dates.calendar_on(since), warnings)


class Versions(Endpoint):
    """The calendars that the town has chosen, the last to begin first."""

    permissions = {"get": CommunityPermission.READ}

    @extend_schema(responses=CalendarVersionOut(many=True))
    def get(self, request: Request) -> Response:
        return Response(CalendarVersionOut(dates.versions(), many=True).data)


class Withdrawal(Endpoint):
    permissions = {"post": CommunityPermission.MANAGE_TOWN}

    @extend_schema(request=CalendarWithdrawIn, responses=CalendarVersionOut(many=True))
    def post(self, request: Request) -> Response:
        """A calendar that has not begun does not come; answers with those that stay."""
        sent = CalendarWithdrawIn(data=request.data)
        sent.is_valid(raise_exception=True)
        calendar.withdraw(effective_from=sent.validated_data["effective_from"], by=self.actor)
        return Response(CalendarVersionOut(dates.versions(), many=True).data)


def _shown(chosen: TownCalendar, warnings: list[str]) -> Response:
    return Response({"section": chosen.model_dump(mode="json"), "warnings": warnings})


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
