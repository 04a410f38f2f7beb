"""Inspections and activities."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.kernel.errors import NotFound
from scoring.api.base import Base, rule_of
from scoring.api.serializers import FactsIn
from scoring.models import Activity, Inspection
from scoring.permissions import ScoringPermission as May
from scoring.selectors import rounds
from scoring.services import activities, inspections
from tenants.community.models import Resident

SHARED = ("id", "village", "title", "place", "happened_on", "state", "batch")


class ItemIn(serializers.Serializer[Any]):
    name = serializers.CharField(label="名称", max_length=20)
    most = serializers.DecimalField(label="满分", max_digits=12, decimal_places=2)


class InspectionIn(serializers.Serializer[Any]):
    village = serializers.IntegerField(label="村居")
    title = serializers.CharField(label="名称", max_length=80)
    place = serializers.CharField(label="地点", max_length=80)
    happened_on = serializers.DateField(label="日期")
    rules = serializers.ListField(label="条目", child=serializers.IntegerField(), min_length=1, max_length=50)
    items = ItemIn(label="评分项目", many=True, required=False, default=list)


class InspectionOut(serializers.ModelSerializer[Inspection]):
    marked = serializers.IntegerField()
    absent = serializers.IntegerField()

    class Meta:
        model = Inspection
        fields = (*SHARED, "rules", "items", "marked", "absent")
        read_only_fields = fields


class MarkIn(serializers.Serializer[Any]):
    household = serializers.IntegerField(label="农户")
    rule = serializers.IntegerField(label="条目", allow_null=True, default=None)
    made_at = serializers.DateTimeField(label="打分时间")
    tier = serializers.CharField(label="档次", required=False, default="", allow_blank=True, max_length=40)
    scores = serializers.DictField(label="各项得分", child=serializers.CharField(max_length=16), default=dict)
    note = serializers.CharField(label="备注", required=False, default="", allow_blank=True, max_length=100)


class MarksIn(serializers.Serializer[Any]):
    marks = MarkIn(label="打分", many=True)


class MarksOut(serializers.Serializer[Any]):
    wrong = serializers.DictField(label="没有记下的户和原因", child=serializers.CharField())


class EvidenceIn(serializers.Serializer[Any]):
    evidence = serializers.ListField(label="佐证", child=serializers.IntegerField(), required=False, default=list)


class ActivityIn(serializers.Serializer[Any]):
    village = serializers.IntegerField(label="村居")
    rule = serializers.IntegerField(label="条目")
    title = serializers.CharField(label="名称", max_length=80)
    place = serializers.CharField(label="地点", max_length=80)
    happened_on = serializers.DateField(label="日期")
    facts = FactsIn(label="计分要素", required=False, default=dict)


class ActivityOut(serializers.ModelSerializer[Activity]):
    present = serializers.IntegerField()

    class Meta:
        model = Activity
        fields = (*SHARED, "rule", "facts", "secret", "present")
        read_only_fields = fields


class PeopleIn(serializers.Serializer[Any]):
    residents = serializers.ListField(label="到场的人", child=serializers.IntegerField(), min_length=1, max_length=1000)


class StrikeIn(serializers.Serializer[Any]):
    resident = serializers.IntegerField(label="划去哪一位")


class SignedOut(serializers.Serializer[Any]):
    activity = serializers.CharField(source="activity.title")
    signed_at = serializers.DateTimeField()


class Inspections(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    """Walk a village house by house; ``marks`` may be sent twice, late and in any order."""

    permissions = dict.fromkeys(("list", "retrieve", "create", "marks", "submit", "cancel"), May.RECORD)
    queryset = Inspection.objects.none()
    serializer_class = InspectionOut
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Inspection]:
        return rounds.inspections(self.villages(May.RECORD))

    @extend_schema(request=InspectionIn, responses={201: InspectionOut})
    def create(self, request: Request) -> Response:
        data = self.checked(InspectionIn)
        data["village"] = self.village(data["village"], May.RECORD)
        made = inspections.open_inspection(**data, by=self.actor)
        return self._answer(made.pk, status.HTTP_201_CREATED)

    @extend_schema(request=MarksIn, responses=MarksOut)
    @action(detail=True, methods=["post"])
    def marks(self, request: Request, pk: str) -> Response:
        sent = [inspections.Mark(**one) for one in self.checked(MarksIn)["marks"]]
        wrong = inspections.mark(inspection=self._found(pk), marks=sent, by=self.actor)
        return Response({"wrong": {str(home): message for home, message in wrong.items()}})

    @extend_schema(request=EvidenceIn, responses=InspectionOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        evidence = self.evidence(self.checked(EvidenceIn)["evidence"])
        inspections.submit(inspection=self._found(pk), evidence=evidence, by=self.actor)
        return self._answer(int(pk))

    @extend_schema(request=None, responses=InspectionOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        inspections.cancel(inspection=self._found(pk), by=self.actor)
        return self._answer(int(pk))

    def _found(self, pk: str) -> Inspection:
        return rounds.inspection(int(pk), self.villages(May.RECORD))

    def _answer(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        return Response(InspectionOut(rounds.inspection(pk, None)).data, status=code)


class Activities(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    """A list of those present, credited in one act."""

    permissions = dict.fromkeys(("list", "retrieve", "create", "people", "strike", "submit", "cancel"), May.RECORD)
    queryset = Activity.objects.none()
    serializer_class = ActivityOut
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Activity]:
        return rounds.activities(self.villages(May.RECORD))

    @extend_schema(request=ActivityIn, responses={201: ActivityOut})
    def create(self, request: Request) -> Response:
        data = self.checked(ActivityIn)
        data["village"] = self.village(data["village"], May.RECORD)
        data["rule"] = rule_of(data["village"], data["rule"], data["happened_on"])
        made = activities.open_activity(**data, by=self.actor)
        return self._answer(made.pk, status.HTTP_201_CREATED)

    @extend_schema(request=PeopleIn, responses=ActivityOut)
    @action(detail=True, methods=["post"])
    def people(self, request: Request, pk: str) -> Response:
        residents = self.checked(PeopleIn)["residents"]
        activities.sign_by_hand(activity=self._found(pk), residents=residents, by=self.actor)
        return self._answer(int(pk))

    @extend_schema(request=StrikeIn, responses=ActivityOut)
    @action(detail=True, methods=["post"])
    def strike(self, request: Request, pk: str) -> Response:
        """Take somebody off the list who was not there."""
        row = self._found(pk).attendances.filter(resident=self.checked(StrikeIn)["resident"]).first()
        if row is None:
            raise NotFound("签到名单里没有这个人，请核对。", field="resident")
        activities.strike(attendance=row, by=self.actor)
        return self._answer(int(pk))

    @extend_schema(request=EvidenceIn, responses=ActivityOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        evidence = self.evidence(self.checked(EvidenceIn)["evidence"])
        activities.submit(activity=self._found(pk), evidence=evidence, by=self.actor)
        return self._answer(int(pk))

    @extend_schema(request=None, responses=ActivityOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        activities.cancel(activity=self._found(pk), by=self.actor)
        return self._answer(int(pk))

    def _found(self, pk: str) -> Activity:
        return rounds.activity(int(pk), self.villages(May.RECORD))

    def _answer(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        return Response(ActivityOut(rounds.activity(pk, None)).data, status=code)


class OwnAttendances(Base):
    """A villager signs in at an activity by the code shown there."""

    permissions = {"create": May.DECLARE}
    serializer_class = SignedOut

    class ActivityCodeIn(serializers.Serializer[Any]):
        code = serializers.CharField(label="签到码", max_length=43)

    @extend_schema(request=ActivityCodeIn, responses={201: SignedOut})
    def create(self, request: Request) -> Response:
        found = rounds.activity_by_code(self.checked(self.ActivityCodeIn)["code"])
        resident = Resident.objects.filter(user=request.user.pk or 0).first()
        if resident is None:
            raise NotFound
        made = activities.sign_in(activity=found, resident=resident, by=self.actor)
        return Response(SignedOut(made).data, status=status.HTTP_201_CREATED)
