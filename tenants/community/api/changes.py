"""Changes of the roster: made at once, or on their way where the town decides by a flow."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.approvals import selectors as flows
from tenants.community import errors
from tenants.community.api import serializers as shapes
from tenants.community.api.base import CommunityViewSet
from tenants.community.models import ChangeKind, ChangeState, RosterChange
from tenants.community.permissions import CommunityPermission as May
from tenants.community.services import changes
from tenants.community.services.households import SUBJECT_KIND

_NEEDED = {
    ChangeKind.MEMBER_IN: ("name", "relation", "id_number", "phone", "from_date"),
    ChangeKind.MEMBER_OUT: ("resident",),
    ChangeKind.HEAD: ("resident", "relation"),
    ChangeKind.SPLIT: ("members", "head", "number", "group", "address"),
    ChangeKind.IDENTITY: ("resident", "name", "id_number", "phone"),
    ChangeKind.MOVED_BACK: ("resident", "relation", "from_date"),
}


class ChangeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CommunityViewSet):
    """``state`` of an answer tells whether it is done or waits for its approval (202, ``item``)."""

    permissions = {
        "list": May.READ,
        "retrieve": May.READ,
        "create": May.MANAGE_ROSTER,
        "amend": May.MANAGE_ROSTER,
        "withdraw": May.MANAGE_ROSTER,
    }
    queryset = RosterChange.objects.none()
    serializer_class = shapes.ChangeOutput

    def get_queryset(self) -> QuerySet[RosterChange]:
        rows = RosterChange.objects.filter(village__in=self.readable()).select_related("village", "household")
        found: QuerySet[RosterChange] = flows.with_item(rows, SUBJECT_KIND)
        return found

    @extend_schema(request=shapes.ChangeInput, responses={201: shapes.ChangeOutput, 202: shapes.ChangeOutput})
    def create(self, request: Request) -> Response:
        values = self.sent(shapes.ChangeInput)
        household = self.household(values["household"])
        if "resident" in values:
            self.resident(values["resident"])
        terms = _terms(values["kind"], values)
        made = changes.make(
            household=household, kind=values["kind"], terms=terms, reason=values["reason"], by=self.actor
        )
        return told(made)

    @extend_schema(request=shapes.ChangeAmendInput, responses=shapes.ChangeOutput)
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, pk: str) -> Response:
        """What was sent back to the caller, mended and handed in again."""
        row: RosterChange = self.get_object()
        self.managed(row.village)
        values = self.sent(shapes.ChangeAmendInput)
        if "resident" in values:
            self.resident(values["resident"])
        said = {name: values.pop(name) for name in ("reason", "text") if name in values}
        terms = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
        changes.amend(change=row, terms=terms, by=self.actor, **said)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses=shapes.ChangeOutput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        row: RosterChange = self.get_object()
        self.managed(row.village)
        changes.withdraw(change=row, by=self.actor)
        return Response(self.get_serializer(self.get_object()).data)


def told(row: RosterChange) -> Response:
    """Created when it is done, accepted when it waits."""
    shown = flows.with_item(RosterChange.objects.select_related("household"), SUBJECT_KIND).get(pk=row.pk)
    waits = row.state == ChangeState.ASKED
    return Response(shapes.ChangeOutput(shown).data, status=202 if waits else status.HTTP_201_CREATED)


def _terms(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Raises:
    MemberMissing, SplitWrong, MovedBackDayMissing: something is left out.
    """
    needed = _NEEDED[ChangeKind(kind)]
    if kind == ChangeKind.MEMBER_IN and "resident" in values:
        needed = ("resident", "relation")
    given = {name: values[name] for name in needed if name in values}
    if kind == ChangeKind.SPLIT and not (given["members"] and {"head", "group"} <= set(given)):
        raise errors.SplitWrong
    if "resident" in needed and "resident" not in given:
        raise errors.MemberMissing
    if kind == ChangeKind.MOVED_BACK and "from_date" not in given:
        raise errors.MovedBackDayMissing
    return given | ({"from_date": given["from_date"].isoformat()} if "from_date" in given else {})
