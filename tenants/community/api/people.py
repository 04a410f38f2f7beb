"""People: members of households, their accounts and relatives; the accounts of the town office."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.accounts import selectors as site_roles
from jifen.accounts import services as accounts
from jifen.accounts.models import RoleGrant
from jifen.kernel import clock
from tenants.community import keys, selectors
from tenants.community.api import serializers as shapes
from tenants.community.api.base import CommunityViewSet
from tenants.community.api.changes import told
from tenants.community.models import ChangeKind, ChangeState, HouseholdMember, Relative, Resident
from tenants.community.permissions import CommunityPermission as May
from tenants.community.services import changes, people, relatives


class ResidentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CommunityViewSet):
    """People as members of their households today; ``?household=`` is a household's number."""

    permissions = {
        "list": May.READ,
        "retrieve": May.READ,
        "create": May.MANAGE_ROSTER,
        "account": May.MANAGE_ROSTER,
        "password": May.MANAGE_ROSTER,
    }
    queryset = HouseholdMember.objects.none()
    serializer_class = shapes.MemberOutput

    def get_queryset(self) -> QuerySet[HouseholdMember]:
        rows = HouseholdMember.objects.filter(
            selectors.in_force(clock.today()), household__village__in=self.readable()
        ).select_related("resident", "household")
        number = self.request.query_params.get("household")
        return rows.filter(household__number=number) if number else rows

    @extend_schema(request=shapes.MemberInput, responses={201: shapes.MemberOutput, 202: shapes.ChangeOutput})
    def create(self, request: Request) -> Response:
        """A new person in the household; 202 with the change where it waits for its approval."""
        values: dict[str, Any] = self.sent(shapes.MemberInput)
        household = self.household(values.pop("household"))
        if "from_date" in values:
            values["from_date"] = values["from_date"].isoformat()
        made = changes.make(household=household, kind=ChangeKind.MEMBER_IN, terms=values, by=self.actor)
        if made.state == ChangeState.ASKED:
            return told(made)
        newest = HouseholdMember.objects.filter(household=household).select_related("resident", "household")
        return Response(shapes.MemberOutput(newest.latest("pk")).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.AccountInput, responses={201: shapes.AccountOutput})
    @action(detail=True, methods=["post"])
    def account(self, request: Request, pk: str) -> Response:
        """An account of her own; she must change the password at her first sign-in."""
        values = self.sent(shapes.AccountInput)
        made = people.give_account(resident=self._hers(), **values, must_change_password=True, by=self.actor)
        return Response(shapes.AccountOutput(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.PasswordInput, responses=shapes.AccountOutput)
    @action(detail=True, methods=["post"])
    def password(self, request: Request, pk: str) -> Response:
        """For one who forgot hers; whoever has a task is reset by somebody above it."""
        resident = self._hers()
        if resident.user is not None:
            keys.check(request.user, resident.user)
        user = people.reset_password(resident=resident, **self.sent(shapes.PasswordInput), by=self.actor)
        return Response(shapes.AccountOutput(user).data)

    def _hers(self) -> Resident:
        member: HouseholdMember = self.get_object()
        self.managed(member.household.village)
        return member.resident


class RelativeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CommunityViewSet):
    """Declared relations that concern people of the caller's villages."""

    permissions = {"list": May.READ, "retrieve": May.READ, "create": May.MANAGE_ROSTER}
    queryset = Relative.objects.none()
    serializer_class = shapes.RelativeOutput

    def get_queryset(self) -> QuerySet[Relative]:
        members = HouseholdMember.objects.filter(selectors.in_force(clock.today()))
        mine = members.filter(household__village__in=self.readable()).values("resident")
        return Relative.objects.filter(Q(resident__in=mine) | Q(other__in=mine))

    @extend_schema(request=shapes.RelativeInput, responses={201: shapes.RelativeOutput})
    def create(self, request: Request) -> Response:
        values = self.sent(shapes.RelativeInput)
        values["resident"] = self.resident(values["resident"])
        other = Resident.objects.filter(pk=values["other"]).first()
        if other is None:
            raise Http404
        made = relatives.declare(**{**values, "other": other}, by=self.actor)
        return Response(shapes.RelativeOutput(made).data, status=status.HTTP_201_CREATED)


class OfficeAccountViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CommunityViewSet):
    """Who works in the town office; one row for each role in force."""

    permissions = {
        "list": May.MANAGE_TOWN,
        "retrieve": May.MANAGE_TOWN,
        "create": May.MANAGE_TOWN,
        "password": May.MANAGE_TOWN,
        "end": May.MANAGE_TOWN,
    }
    queryset = RoleGrant.objects.none()
    serializer_class = shapes.OfficerOutput

    def get_queryset(self) -> QuerySet[RoleGrant]:
        return site_roles.grants_in_force()

    @extend_schema(request=shapes.OfficerInput, responses={201: shapes.OfficerOutput})
    def create(self, request: Request) -> Response:
        made = people.add_officer(**self.sent(shapes.OfficerInput), by=self.actor)
        return Response(shapes.OfficerOutput(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.PasswordInput, responses=shapes.OfficerOutput)
    @action(detail=True, methods=["post"])
    def password(self, request: Request, pk: str) -> Response:
        grant: RoleGrant = self.get_object()
        keys.check(request.user, grant.user)
        accounts.set_password(user=grant.user, **self.sent(shapes.PasswordInput), by=self.actor)
        return Response(shapes.OfficerOutput(grant).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        people.end_officer(grant=self.get_object(), by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)
