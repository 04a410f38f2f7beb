"""The table of holidays for the provider's programs."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint
from jifen.clocks import holidays
from jifen.clocks.models import Holiday
from jifen.clocks.permissions import ClocksPermission as May


class HolidayIn(serializers.Serializer[None]):
    day = serializers.DateField(label="日期")
    is_off = serializers.BooleanField(label="放假", help_text="false：调休上班")
    name = serializers.CharField(label="节日", max_length=20)


class HolidayOut(serializers.ModelSerializer[Holiday]):
    class Meta:
        model = Holiday
        fields = ["id", "day", "is_off", "name"]


class Holidays(Endpoint):
    permissions = {"get": May.KEEP_HOLIDAYS, "post": May.KEEP_HOLIDAYS}

    @extend_schema(operation_id="holidays_list", responses=HolidayOut(many=True))
    def get(self, request: Request) -> Response:
        return Response(HolidayOut(Holiday.objects.order_by("day"), many=True).data)

    @extend_schema(request=HolidayIn, responses={201: HolidayOut})
    def post(self, request: Request) -> Response:
        """A day that is there already is changed."""
        sent = HolidayIn(data=request.data)
        sent.is_valid(raise_exception=True)
        row = holidays.enter(**sent.validated_data, by=self.actor)
        return Response(HolidayOut(row).data, status=status.HTTP_201_CREATED)


class OneHoliday(Endpoint):
    permissions = {"delete": May.KEEP_HOLIDAYS}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        holidays.remove(holiday=get_object_or_404(Holiday, pk=pk), by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)
