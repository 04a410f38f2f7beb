"""Dividends: pools of money parted by points."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api import papers
from jifen.kernel.errors import Forbidden, NotFound
from scoring.api.base import Base
from scoring.models import Dividend
from scoring.permissions import ScoringPermission as May
from scoring.selectors import dividends as selectors
from scoring.services import dividend_papers, dividends
from tenants.community import selectors as community
from tenants.community.models import Household


class DividendIn(serializers.Serializer[Any]):
    """``village`` left out: the whole town. ``pool`` and ``term`` are codes (2025, 2025H1, 2025Q3)."""

    village = serializers.IntegerField(label="村居", required=False, allow_null=True, default=None)
    pool = serializers.CharField(label="分红", max_length=40)
    term = serializers.CharField(label="哪一期", max_length=6)
    amount = serializers.DecimalField(
        label="金额（元）", max_digits=12, decimal_places=2, min_value=Decimal("0.01"), max_value=dividends.MOST
    )


class DividendMake(DividendIn):
    """``mark``: of the preview that was looked at; without it whatever it is now."""

    mark = serializers.CharField(label="预览标记", max_length=64, required=False, default="")


class DividendShareOut(serializers.Serializer[Any]):
    household = serializers.CharField(help_text="户号")
    points = serializers.DecimalField(max_digits=12, decimal_places=2)
    fen = serializers.IntegerField()


class DividendPlanOut(serializers.Serializer[Any]):
    amount_fen = serializers.IntegerField()
    carried_fen = serializers.IntegerField()
    residue_fen = serializers.IntegerField()
    points = serializers.DecimalField(max_digits=12, decimal_places=2)
    told = serializers.CharField()
    mark = serializers.CharField()
    lines = serializers.SerializerMethodField()

    @extend_schema_field(DividendShareOut(many=True))
    def get_lines(self, _plan: dividends.Plan) -> Any:
        return DividendShareOut(self.context["lines"], many=True).data


def _numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Shares by the numbers of their households."""
    homes = Household.objects.filter(pk__in=[row["household_id"] for row in rows])
    numbers = dict(homes.values_list("pk", "number"))
    return [row | {"household": numbers[row["household_id"]]} for row in rows]


class DividendOut(serializers.ModelSerializer[Dividend]):
    state = serializers.ChoiceField(choices=list(dividend_papers.STATES.items()), read_only=True)

    class Meta:
        model = Dividend
        fields = [
            "id", "village", "version", "pool", "name", "terms", "term", "since", "until", "amount_fen", "carried_fen",
            "carried_from", "residue_fen", "households", "points", "told", "state", "made_at", "paid_on",
            "paid_by_name", "voided_at", "voided_by_name", "void_reason",
        ]  # fmt: skip


class DividendPaidIn(serializers.Serializer[Any]):
    paid_on = serializers.DateField(label="发放日期")


class DividendVoidIn(serializers.Serializer[Any]):
    reason = serializers.CharField(label="作废原因", max_length=dividends.LONGEST)


class Dividends(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {
        "list": May.READ_LEDGER, "retrieve": May.READ_LEDGER, "lines": May.READ_LEDGER, "paper": May.READ_LEDGER,
        "workbook": May.READ_LEDGER,
        "create": May.DIVIDE, "preview": May.DIVIDE, "paid": May.DIVIDE, "void": May.DIVIDE,
    }  # fmt: skip
    serializer_class = DividendOut
    queryset = Dividend.objects.none()

    def get_queryset(self) -> Any:
        return selectors.runs_for(self.request.user)

    @extend_schema(request=DividendMake, responses={201: DividendOut})
    def create(self, request: Request) -> Response:
        """Make the run; its shares stand."""
        run = dividends.confirm(by=self.actor, **self._asked(DividendMake))
        return Response(DividendOut(run).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DividendIn, responses=DividendPlanOut)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """What it would give, nothing is kept."""
        plan = dividends.plan(**self._asked(DividendIn))
        rows = [{"household_id": one.household, "points": one.points, "fen": one.fen} for one in plan.lines]
        return Response(DividendPlanOut(plan, context={"lines": _numbered(rows)}).data)

    @extend_schema(responses=DividendShareOut(many=True))
    @action(detail=True, methods=["get"])
    def lines(self, request: Request, pk: str) -> Response:
        """Each household's share."""
        rows = self.get_object().lines.order_by("household_id").values("household_id", "points", "fen")
        return Response(DividendShareOut(_numbered(list(rows)), many=True).data)

    @extend_schema(responses=papers.ANSWERS)
    @action(detail=True, methods=["get"], renderer_classes=papers.RENDERERS)
    def paper(self, request: Request, pk: str) -> HttpResponse:
        """The list to sign."""
        made = dividend_papers.paper(self.get_object(), "pdf")
        return papers.answer(made.body, made.name)

    @extend_schema(responses=papers.WORKBOOK_ANSWERS)
    @action(detail=True, methods=["get"], renderer_classes=papers.WORKBOOK_RENDERERS)
    def workbook(self, request: Request, pk: str) -> HttpResponse:
        """The same list as a workbook."""
        made = dividend_papers.paper(self.get_object(), "xlsx")
        return papers.answer(made.body, made.name, made.content_type)

    @extend_schema(request=DividendPaidIn)
    @action(detail=True, methods=["post"])
    def paid(self, request: Request, pk: str) -> Response:
        run = dividends.pay(run=self._mine(), by=self.actor, **self.checked(DividendPaidIn))
        return Response(DividendOut(run).data)

    @extend_schema(request=DividendVoidIn)
    @action(detail=True, methods=["post"])
    def void(self, request: Request, pk: str) -> Response:
        run = dividends.void(run=self._mine(), by=self.actor, **self.checked(DividendVoidIn))
        return Response(DividendOut(run).data)

    def _mine(self) -> Dividend:
        """The run, if the caller parts money there."""
        run: Dividend = self.get_object()
        if not selectors.runs_for(self.request.user, May.DIVIDE).filter(pk=run.pk).exists():
            raise Forbidden
        return run

    def _asked(self, form: Any) -> dict[str, Any]:
        data = self.checked(form)
        asked = data.pop("village")
        if asked is None and self.villages(May.DIVIDE) is not None:
            raise NotFound("没有找到这个村，请核对编号。", field="village")
        return data | {"village": None if asked is None else self.village(asked, May.DIVIDE)}


class OwnDividendOut(serializers.Serializer[Any]):
    name = serializers.CharField(source="run.name")
    term = serializers.CharField(source="run.term")
    points = serializers.DecimalField(max_digits=12, decimal_places=2)
    fen = serializers.IntegerField()
    told = serializers.CharField()
    paid_on = serializers.DateField(source="run.paid_on", allow_null=True)


class OwnDividends(Base):
    """Of the caller's household."""

    permissions = {"list": May.READ_OWN}
    serializer_class = OwnDividendOut

    @extend_schema(responses=OwnDividendOut(many=True))
    def list(self, request: Request) -> Response:
        household = community.household_of_user(request.user)
        if household is None:
            raise Forbidden
        return Response(OwnDividendOut(selectors.own(household), many=True).data)
