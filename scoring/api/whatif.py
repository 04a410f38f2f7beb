"""试算: a draft on the months gone by; the town's under ``whatif-runs``, others under ``village-whatif-runs``."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.kernel.errors import NotFound
from scoring.api.base import Base
from scoring.models import Draft, WhatIfHousehold, WhatIfRun
from scoring.permissions import ScoringPermission as May
from scoring.selectors import whatif as seen
from scoring.whatif import runs
from scoring.whatif.compare import Terms


class WhatIfIn(serializers.Serializer[Any]):
    """``draft``: a draft of the town's or of one's own village's rulebook.

    Numbers of households and the worth of a point that are left out are as the town has them: its list rules, its
    honours, the price at which points were exchanged.
    """

    draft = serializers.IntegerField(label="草稿")
    since = serializers.DateField(label="从哪天", required=False, allow_null=True, default=None)
    until = serializers.DateField(label="到哪天", required=False, allow_null=True, default=None)
    red = serializers.IntegerField(label="红榜户数", min_value=1, max_value=500, required=False)
    black = serializers.IntegerField(label="黑榜户数", min_value=0, max_value=500, required=False)
    honours = serializers.IntegerField(label="评优户数", min_value=0, max_value=500, required=False)
    point_value = serializers.DecimalField(
        label="一分值几元", max_digits=6, decimal_places=2, min_value=Decimal(0), required=False
    )


class WhatIfOut(serializers.ModelSerializer[WhatIfRun]):
    percent = serializers.IntegerField(read_only=True, help_text="0 至 100")

    class Meta:
        model = WhatIfRun
        fields = [
            "id", "village", "title", "draft", "revision", "terms", "since", "until", "state", "done", "total",
            "percent", "summary", "problem", "asked_at", "ended_at",
        ]  # fmt: skip


class WhatIfHouseholdOut(serializers.ModelSerializer[WhatIfHousehold]):
    household = serializers.CharField(source="household.number")

    class Meta:
        model = WhatIfHousehold
        fields = [
            "id", "household", "merit_before", "merit_after", "redeemable_before", "redeemable_after", "rank_before",
            "rank_after", "gain", "red_before", "red_after", "black_before", "black_after", "honoured_before",
            "honoured_after", "undecided", "reasons",
        ]  # fmt: skip


ACTS = ("list", "retrieve", "create", "stop", "households")


class _Runs(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    serializer_class = WhatIfOut
    queryset = WhatIfRun.objects.none()

    def drafts(self) -> QuerySet[Draft]:
        """Drafts that the caller may try."""
        raise NotImplementedError

    @extend_schema(request=WhatIfIn, responses={201: WhatIfOut})
    def create(self, request: Request) -> Response:
        """Goes on in the background: look again at ``percent`` until the state is done."""
        data = self.checked(WhatIfIn)
        draft = self.drafts().select_related("rulebook__village").filter(pk=data.pop("draft")).first()
        if draft is None:
            raise NotFound("没有找到这份草稿，请从草稿列表里选。", field="draft")
        days = {"since": data.pop("since"), "until": data.pop("until")}
        run = runs.start_for_draft(draft=draft, terms=Terms(**data), by=self.actor, **days)
        return Response(WhatIfOut(run).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str) -> Response:
        return Response(WhatIfOut(runs.stop(run=self.get_object(), by=self.actor)).data)

    @extend_schema(
        parameters=[OpenApiParameter("only", str, enum=seen.LISTED)], responses=WhatIfHouseholdOut(many=True)
    )
    @action(detail=True, methods=["get"])
    def households(self, request: Request, pk: str) -> Response:
        """Each household before and after, with the items that changed; at most 500."""
        only: Any = request.query_params.get("only", "")
        rows = seen.households(self.get_object(), only)[:500]
        return Response(WhatIfHouseholdOut(rows, many=True).data)


class TownRuns(_Runs):
    permissions = dict.fromkeys(ACTS, May.MANAGE_RULES)

    def get_queryset(self) -> Any:
        return seen.town_runs()

    def drafts(self) -> QuerySet[Draft]:
        return Draft.objects.filter(rulebook__village=None)


class VillageRuns(_Runs):
    permissions = dict.fromkeys(ACTS, May.ADAPT_RULES)

    def get_queryset(self) -> Any:
        return self.within(seen.village_runs(), May.ADAPT_RULES)

    def drafts(self) -> QuerySet[Draft]:
        rows: QuerySet[Draft] = self.within(Draft.objects.all(), May.ADAPT_RULES, "rulebook__village")
        return rows.exclude(rulebook__village=None)
