"""Villages, groups, households and their people."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.kernel import clock
from jifen.kernel.reading import whole
from tenants.community import selectors, stars
from tenants.community.api import serializers as shapes
from tenants.community.api.base import CommunityViewSet
from tenants.community.api.changes import told
from tenants.community.models import ApplicationState, ChangeKind, ChangeState, Group, Household, Village
from tenants.community.permissions import CommunityPermission as May
from tenants.community.services import changes, contacts, households, villages


class VillageViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CommunityViewSet):
    permissions = {
        "list": May.READ, "retrieve": May.READ, "create": May.MANAGE_TOWN, "participation": May.READ,
        "total": May.MANAGE_ROSTER, "phone": May.MANAGE_ROSTER, "office_phone": May.MANAGE_TOWN,
    }  # fmt: skip
    queryset = Village.objects.none()
    serializer_class = shapes.VillageOutput

    def get_queryset(self) -> QuerySet[Village]:
        return self.readable()

    @extend_schema(request=shapes.VillageInput, responses={201: shapes.VillageOutput})
    def create(self, request: Request) -> Response:
        made = villages.add(**self.sent(shapes.VillageInput), by=self.actor)
        return Response(shapes.VillageOutput(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=shapes.ParticipationOutput(many=True))
    @action(detail=False, methods=["get"], pagination_class=None)
    def participation(self, request: Request) -> Response:
        """Households that take part against all households, village by village, as of today."""
        rows = selectors.participation_by_village(clock.today(), list(self.readable()))
        told = [{"village": one, "joined": part.joined, "total": part.total} for one, part in rows]
        return Response(shapes.ParticipationOutput(told, many=True).data)

    @extend_schema(request=shapes.TotalInput, responses={201: shapes.TotalOutput})
    @action(detail=True, methods=["post"])
    def total(self, request: Request, pk: str) -> Response:
        """How many households the village has in all on a day; the same day again corrects it."""
        village, values = self.managed(self.get_object()), self.sent(shapes.TotalInput)
        row = villages.record_total(village=village, **values, by=self.actor)
        return Response(shapes.TotalOutput(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.VillagePhoneInput, responses={200: shapes.VillageOutput})
    @action(detail=True, methods=["put"])
    def phone(self, request: Request, pk: str) -> Response:
        """The number that its posters and slips tell people to call."""
        village = self.village(self.get_object().pk)
        changed = contacts.set_village_phone(village=village, **self.sent(shapes.VillagePhoneInput), by=self.actor)
        return Response(shapes.VillageOutput(changed).data)

    @extend_schema(request=shapes.VillagePhoneInput, responses={200: shapes.VillagePhoneInput})
    @action(detail=False, methods=["put"], url_path="office-phone")
    def office_phone(self, request: Request) -> Response:
        """The town office's number: on its own notices, and on those of a village without one."""
        row = contacts.set_town_phone(**self.sent(shapes.VillagePhoneInput), by=self.actor)
        return Response(shapes.VillagePhoneInput({"phone": row.phone}).data)


class GroupViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CommunityViewSet):
    permissions = {"list": May.READ, "retrieve": May.READ, "create": May.MANAGE_ROSTER}
    queryset = Group.objects.none()
    serializer_class = shapes.GroupOutput

    def get_queryset(self) -> QuerySet[Group]:
        return Group.objects.filter(village__in=self.readable())

    @extend_schema(request=shapes.GroupInput, responses={201: shapes.GroupOutput})
    def create(self, request: Request) -> Response:
        values = self.sent(shapes.GroupInput)
        values["village"] = self.village(values["village"])
        made = villages.add_group(**values, by=self.actor)
        return Response(shapes.GroupOutput(made).data, status=status.HTTP_201_CREATED)


class HouseholdViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CommunityViewSet):
    """``?search=`` finds by number, name, pinyin or address; ``?village=`` and ``?group=`` narrow."""

    permissions = {
        "list": May.READ,
        "retrieve": May.READ,
        "create": May.MANAGE_ROSTER,
        "leave": May.MANAGE_ROSTER,
        "renew_card": May.MANAGE_ROSTER,
    }
    queryset = Household.objects.none()
    serializer_class = shapes.HouseholdOutput
    lookup_field = "number"
    lookup_value_regex = r"[^/]+"

    def get_queryset(self) -> QuerySet[Household]:
        rows = selectors.with_joining(selectors.households_for(self.request.user, May.READ), clock.today())
        narrowed = {name: whole(self.request.query_params.get(name, "")) for name in ("village", "group")}
        rows = rows.filter(**{name: value for name, value in narrowed.items() if value is not None})
        return selectors.searched(rows, self.request.query_params.get("search", ""))

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """The stars of a whole page are looked up at once."""
        if kwargs.get("many"):
            kwargs["context"] = {**self.get_serializer_context(), "stars": stars.of(args[0], clock.today())}
        return super().get_serializer(*args, **kwargs)

    @extend_schema(request=shapes.HouseholdInput, responses={201: shapes.HouseholdOutput, 202: shapes.ChangeOutput})
    def create(self, request: Request) -> Response:
        """A new household, taking part from ``join_on``; 202 with the change where it waits for its approval.

        201 without ``joined_since`` where only its joining waits.
        """
        values = self.sent(shapes.HouseholdInput)
        village, reason = self.village(values.pop("village")), values.pop("reason", "")
        terms = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
        made = changes.begin(village=village, terms=terms, reason=reason, by=self.actor)
        if made.household is None:
            return told(made)
        return Response(shapes.HouseholdOutput(made.household).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.LeaveInput, responses={200: shapes.ApplicationOutput, 202: shapes.ChangeOutput})
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, number: str) -> Response:
        """The household takes part no more; 202 with the change where it waits for its approval."""
        household, values = self.household(number), self.sent(shapes.LeaveInput)
        terms = {"on": values["on"].isoformat()}
        made = changes.make(household=household, kind=ChangeKind.LEAVE, terms=terms, by=self.actor)
        if made.state == ChangeState.ASKED:
            return told(made)
        left = household.applications.filter(state=ApplicationState.LEFT).latest("pk")
        return Response(shapes.ApplicationOutput(left).data)

    @extend_schema(request=None, responses=shapes.HouseholdOutput)
    @action(detail=True, methods=["post"], url_path="renew-card")
    def renew_card(self, request: Request, number: str) -> Response:
        """A new code; every copy of the old one stops working."""
        row = households.renew_card(household=self.household(number), by=self.actor)
        return Response(shapes.HouseholdOutput(row).data)
