"""Applications, consents, roles and rosters."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.accounts.models import User
from jifen.kernel import clock
from jifen.kernel.permissions import require
from tenants.community import appointing, roster, selectors
from tenants.community.api import serializers as shapes
from tenants.community.api.base import CommunityViewSet
from tenants.community.api.changes import told
from tenants.community.models import (
    Application,
    ChangeKind,
    ChangeState,
    Consent,
    Group,
    RosterImport,
    VillageRole,
)
from tenants.community.permissions import CommunityPermission as May
from tenants.community.services import applications, changes, consents, roles


class ApplicationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CommunityViewSet):
    permissions = {
        "list": May.READ,
        "retrieve": May.READ,
        "create": May.MANAGE_ROSTER,
        "join": May.MANAGE_ROSTER,
        "refuse": May.MANAGE_ROSTER,
    }
    queryset = Application.objects.none()
    serializer_class = shapes.ApplicationOutput

    def get_queryset(self) -> QuerySet[Application]:
        return Application.objects.filter(household__village__in=self.readable()).select_related("household__village")

    @extend_schema(request=shapes.ApplicationInput, responses={201: shapes.ApplicationOutput})
    def create(self, request: Request) -> Response:
        values = self.sent(shapes.ApplicationInput)
        made = applications.apply(
            household=self.household(values["household"]), applicant=self.resident(values["applicant"]),
            on=values["on"], by=self.actor,
        )  # fmt: skip
        return Response(shapes.ApplicationOutput(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.JoinInput, responses={200: shapes.ApplicationOutput, 202: shapes.ChangeOutput})
    @action(detail=True, methods=["post"])
    def join(self, request: Request, pk: str) -> Response:
        """The household takes part; 202 with the change where it waits for its approval."""
        row, values = self._mine(), self.sent(shapes.JoinInput)
        terms = {"application": row.pk, "on": values["on"].isoformat(), "agreement": values.get("agreement", "")}
        made = changes.make(household=row.household, kind=ChangeKind.JOIN, terms=terms, by=self.actor)
        if made.state == ChangeState.ASKED:
            return told(made)
        row.refresh_from_db()
        return Response(shapes.ApplicationOutput(row).data)

    @extend_schema(request=shapes.RefuseInput, responses=shapes.ApplicationOutput)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        row = applications.refuse(application=self._mine(), **self.sent(shapes.RefuseInput), by=self.actor)
        return Response(shapes.ApplicationOutput(row).data)

    def _mine(self) -> Application:
        row: Application = self.get_object()
        self.managed(row.household.village)
        return row


class ConsentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CommunityViewSet):
    permissions = {
        "list": May.READ,
        "retrieve": May.READ,
        "create": May.MANAGE_ROSTER,
        "withdraw": May.MANAGE_ROSTER,
    }
    queryset = Consent.objects.none()
    serializer_class = shapes.ConsentOutput

    def get_queryset(self) -> QuerySet[Consent]:
        return Consent.objects.filter(resident__memberships__household__village__in=self.readable()).distinct()

    @extend_schema(request=shapes.ConsentInput, responses={201: shapes.ConsentOutput})
    def create(self, request: Request) -> Response:
        values = self.sent(shapes.ConsentInput)
        values["resident"] = self.resident(values["resident"])
        if "guardian" in values:
            values["guardian"] = self.resident(values["guardian"])
        made = consents.give(**values, by=self.actor)
        return Response(shapes.ConsentOutput(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.WithdrawInput, responses=shapes.ConsentOutput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        row: Consent = self.get_object()
        self.resident(row.resident_id)
        consents.withdraw(consent=row, **self.sent(shapes.WithdrawInput), by=self.actor)
        row.refresh_from_db()
        return Response(shapes.ConsentOutput(row).data)


class VillageRoleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CommunityViewSet):
    permissions = {
        "list": May.READ,
        "retrieve": May.READ,
        "create": May.MANAGE_ROSTER,
        "end": May.MANAGE_ROSTER,
    }
    queryset = VillageRole.objects.none()
    serializer_class = shapes.RoleOutput

    def get_queryset(self) -> QuerySet[VillageRole]:
        return VillageRole.objects.filter(village__in=self.readable()).select_related("user", "village")

    @extend_schema(request=shapes.RoleInput, responses={201: shapes.RoleOutput})
    def create(self, request: Request) -> Response:
        values = self.sent(shapes.RoleInput)
        village = self.village(values.pop("village"))
        appointing.check(request.user, values["role"])
        user = get_object_or_404(User, pk=values.pop("user"))
        number = values.pop("group", None)
        group = get_object_or_404(Group, village=village, number=number) if number else None
        made = roles.appoint(user=user, village=village, group=group, **values, by=self.actor)
        return Response(shapes.RoleOutput(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        row: VillageRole = self.get_object()
        self.managed(row.village)
        appointing.check(request.user, row.role)
        roles.end(role=row, on=clock.today(), by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RosterImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CommunityViewSet):
    permissions = {"list": May.MANAGE_ROSTER, "retrieve": May.MANAGE_ROSTER, "create": May.MANAGE_ROSTER}
    queryset = RosterImport.objects.none()
    serializer_class = shapes.RosterOutput

    def get_queryset(self) -> QuerySet[RosterImport]:
        return selectors.imports_for(self.request.user, May.MANAGE_ROSTER)

    @extend_schema(request={"multipart/form-data": shapes.RosterInput}, responses={201: shapes.RosterOutput})
    def create(self, request: Request) -> Response:
        """Good rows go in; ``bad_rows_file`` holds the others with their reasons."""
        values = self.sent(shapes.RosterInput)
        village = self.village(values["village"]) if "village" in values else None
        if village is None:
            require(request.user, May.MANAGE_ROSTER, village=0)
        file = values["file"]
        result = roster.import_file(body=file.read(), name=file.name, village=village, by=self.actor)
        return Response(shapes.RosterOutput(result.record).data, status=status.HTTP_201_CREATED)
