"""联户组 and their households."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.community import selectors
from tenants.community.api import serializers as shapes
from tenants.community.api.base import CommunityViewSet
from tenants.community.models import Cell
from tenants.community.permissions import CommunityPermission as May
from tenants.community.services import cells


class CellViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CommunityViewSet):
    """Points that a rule gives to the cell go to the households in it on the day of the deed."""

    permissions = {
        "list": May.READ,
        "retrieve": May.READ,
        "create": May.MANAGE_ROSTER,
        "put_in": May.MANAGE_ROSTER,
        "take_out": May.MANAGE_ROSTER,
    }
    queryset = Cell.objects.none()
    serializer_class = shapes.CellOutput

    def get_queryset(self) -> QuerySet[Cell]:
        return selectors.cells_for(self.request.user, May.READ).prefetch_related("members__household")

    @extend_schema(request=shapes.CellInput, responses={201: shapes.CellOutput})
    def create(self, request: Request) -> Response:
        values = self.sent(shapes.CellInput)
        made = cells.make(village=self.village(values["village"]), name=values["name"], by=self.actor)
        return Response(shapes.CellOutput(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.PutInInput, responses=shapes.CellOutput)
    @action(detail=True, methods=["post"], url_path="put-in")
    def put_in(self, request: Request, pk: str) -> Response:
        """The households are in it from a day on; all or none."""
        row, values = self._mine(), self.sent(shapes.PutInInput)
        cells.put_in(cell=row, **values, by=self.actor)
        return Response(shapes.CellOutput(self.get_object()).data)

    @extend_schema(request=shapes.TakeOutInput, responses=shapes.CellOutput)
    @action(detail=True, methods=["post"], url_path="take-out")
    def take_out(self, request: Request, pk: str) -> Response:
        """The household is in it no more from a day on."""
        row, values = self._mine(), self.sent(shapes.TakeOutInput)
        cells.take_out(cell=row, household=self.household(values["household"]), on=values["on"], by=self.actor)
        return Response(shapes.CellOutput(self.get_object()).data)

    def _mine(self) -> Cell:
        row: Cell = self.get_object()
        self.managed(row.village)
        return row
