"""Rules, declarations and batches."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.kernel import clock
from jifen.kernel.errors import Forbidden, NotFound
from jifen.kernel.permissions import Access
from jifen.kernel.reading import whole
from scoring.api import serializers
from scoring.api.base import Base, named_facts, resident_of, rule_of
from scoring.models import JUDGING, Declaration, Declarer, Rule
from scoring.permissions import ScoringPermission as May
from scoring.selectors.rules import versions_in_force
from scoring.services import amending, batches, declarations
from tenants.community import selectors as community
from tenants.community.models import Household, Resident


class Rules(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    """The rulebook is everybody's to read: ``?village=`` for a village's, else the town's."""

    permissions = {"list": Access.SIGNED_IN, "retrieve": Access.SIGNED_IN}
    serializer_class = serializers.RuleOut
    queryset = Rule.objects.none()
    cursor_ordering = ("position", "id")

    @extend_schema(parameters=[OpenApiParameter("village", int)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        if self.action == "retrieve":
            return Rule.objects.filter(version__state__in=JUDGING)
        village = whole(self.request.query_params.get("village", "")) or 0
        return Rule.objects.filter(version__in=versions_in_force(village, clock.today())[:1])


class Declarations(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {
        "list": May.READ_LEDGER, "retrieve": May.READ_LEDGER, "create": May.RECORD, "withdraw": May.RECORD,
        "verify": May.RECORD, "amend": May.RECORD,
    }  # fmt: skip
    serializer_class = serializers.DeclarationOut
    queryset = Declaration.objects.none()

    def get_queryset(self) -> Any:
        need = May.READ_LEDGER if self.action in ("list", "retrieve") else May.RECORD
        rows = Declaration.objects.select_related("household", "rule").prefetch_related("evidence")
        return self.within(rows, need)

    @extend_schema(request=serializers.DeclarationIn, responses={201: serializers.RecordedOut})
    def create(self, request: Request) -> Response:
        data = self.checked(serializers.DeclarationIn)
        household = self.household(data.pop("household"), May.RECORD)
        data["rule"] = rule_of(household.village, data["rule"], data["happened_on"])
        villages = self.villages(May.RECORD)
        data["resident"] = resident_of(data["resident"], "resident", villages)
        data["declarer"] = resident_of(data["declarer"], "declarer", villages)
        data["evidence"] = self.evidence(data["evidence"])
        with named_facts():
            row = declarations.record(household=household, by=self.actor, **data)
        return Response(serializers.RecordedOut(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        row = declarations.withdraw(declaration=self.get_object(), by=self.actor)
        return Response(serializers.DeclarationOut(row).data)

    @extend_schema(request=serializers.VerifyIn)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        data = self.checked(serializers.VerifyIn)
        row = declarations.verify(declaration=self.get_object(), by=self.actor, **data)
        return Response(serializers.DeclarationOut(row).data)

    @extend_schema(request=serializers.AmendIn)
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, pk: str) -> Response:
        """Mend what was sent back to the caller and hand it in again."""
        data = self.checked(serializers.AmendIn)
        data["resident"] = resident_of(data["resident"], "resident", self.villages(May.RECORD))
        data["evidence"] = self.evidence(data["evidence"])
        with named_facts():
            row = amending.amend(declaration=self.get_object(), by=self.actor, **data)
        return Response(serializers.DeclarationOut(row).data)


class OwnDeclarations(mixins.ListModelMixin, Base):
    """What the caller's household declared; a villager declares for it by the net."""

    permissions = {"list": May.READ_OWN, "create": May.DECLARE, "amend": May.DECLARE}
    serializer_class = serializers.OwnDeclarationOut
    queryset = Declaration.objects.none()

    def get_queryset(self) -> Any:
        household = community.household_of_user(self.request.user)
        rows = Declaration.objects.filter(household=household) if household else Declaration.objects.none()
        return rows.select_related("household", "rule", "declarer").prefetch_related("evidence")

    @extend_schema(request=serializers.DeedIn, responses={201: serializers.OwnDeclarationOut})
    def create(self, request: Request) -> Response:
        data = self.checked(serializers.DeedIn)
        household = community.household_of_user(request.user)
        sent = request.data.get("household") if isinstance(request.data, dict) else None
        if household is None or (sent and str(sent) != household.number):
            raise Forbidden("这里只能为本户申报：请去掉 household，或写本户的户号。", field="household")
        data["rule"] = rule_of(household.village, data["rule"], data["happened_on"])
        data["resident"] = self._member(household, data["resident"])
        data["evidence"] = self.evidence(data["evidence"])
        told: dict[str, Any] = {
            "channel": "online",
            "declared_by": Declarer.SELF,
            "declarer": Resident.objects.get(user=request.user.pk),
        }
        with named_facts():
            row = declarations.record(household=household, by=self.actor, **told, **data)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=serializers.AmendIn, responses=serializers.OwnDeclarationOut)
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, pk: str) -> Response:
        """Mend what was sent back to the caller and hand it in again."""
        data, declaration = self.checked(serializers.AmendIn), self.get_object()
        data["resident"] = self._member(declaration.household, data["resident"])
        data["evidence"] = self.evidence(data["evidence"])
        with named_facts():
            row = amending.amend(declaration=declaration, by=self.actor, **data)
        return Response(self.get_serializer(row).data)

    def _member(self, household: Household, pk: int | None) -> Resident | None:
        """One of her own household: nobody learns others' names by trying numbers."""
        if pk is None:
            return None
        found = Resident.objects.filter(pk=pk, memberships__household=household).first()
        if found is None:
            raise NotFound("没有找到这个人，请核对编号。", field="resident")
        return found


class Batches(Base):
    permissions = {"create": May.RECORD}
    serializer_class = serializers.DeedBatchOut

    @extend_schema(request=serializers.DeedBatchIn, responses={201: serializers.DeedBatchOut})
    def create(self, request: Request) -> Response:
        """An inspection round or an activity, all rows or none."""
        data = self.checked(serializers.DeedBatchIn)
        village = self.village(data.pop("village"), May.RECORD)
        data["rows"] = [
            (
                self.household(row["household"], May.RECORD),
                resident_of(row["resident"], "resident", {village.pk}),
                rule_of(village, row["rule"], data["happened_on"]),
                row["facts"],
            )
            for row in data["rows"]
        ]
        made = batches.record_batch(village=village, by=self.actor, **data)
        return Response(serializers.DeedBatchOut(made).data, status=status.HTTP_201_CREATED)
