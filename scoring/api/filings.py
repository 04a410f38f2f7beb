"""Months at the town, and what households say before a deduction posts."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api import papers as pdf
from jifen.kernel.errors import Forbidden, JifenError, NotFound
from jifen.kernel.permissions import require
from scoring.api import serializers
from scoring.api.base import Base
from scoring.models import Filing, Hearing
from scoring.permissions import ScoringPermission as May
from scoring.selectors import access
from scoring.selectors.hearings import hearings_of
from scoring.selectors.months import month_board
from scoring.services import filings, hearings, summaries, telling
from tenants.community import selectors as community


class Filings(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {"list": May.FILE, "retrieve": May.FILE, "answer": May.FILE, "receive": May.FILE}
    serializer_class = serializers.FilingOut
    queryset = Filing.objects.prefetch_related("returned_items")

    @extend_schema(request=serializers.FilingAnswerIn)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Receive (备案), confirm or return (审定) a month; with ``items`` those deeds alone go back."""
        data = self.checked(serializers.FilingAnswerIn)
        data["items"] = {row["item"]: row["note"] for row in data["items"]}
        row = filings.answer(filing=self.get_object(), by=self.actor, **data)
        return Response(serializers.FilingOut(row).data)

    @extend_schema(request=serializers.MonthIn, responses=serializers.ReceivedOut)
    @action(detail=False, methods=["post"])
    def receive(self, request: Request) -> Response:
        """Receive or confirm every sheet of the month that has arrived; says of each other why it was not."""
        done = filings.receive_all(by=self.actor, **self.checked(serializers.MonthIn))
        counts = {"answered": done.answered, "passed_on": done.passed_on, "elsewhere": done.elsewhere}
        refused = [_refused(row, why) for row, why in done.refused]
        return Response(serializers.ReceivedOut(counts | {"refused": refused}).data)


class Months(Base):
    """The town's summary of a month, village by village: ``months/2026-03/``."""

    permissions = {"retrieve": May.FILE, "paper": May.FILE}
    serializer_class = serializers.MonthCellOut
    lookup_value_regex = r"\d{4}-\d{2}"

    @extend_schema(responses=serializers.MonthCellOut(many=True))
    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(serializers.MonthCellOut(month_board(_month(pk), user=request.user.pk), many=True).data)

    @extend_schema(responses=pdf.ANSWERS)
    @action(detail=True, methods=["get"], renderer_classes=pdf.RENDERERS)
    def paper(self, request: Request, pk: str) -> HttpResponse:
        """The summary as a PDF."""
        month = _month(pk)
        return pdf.answer(summaries.pdf(month=month, cells=month_board(month)), summaries.name(month))


def _refused(row: Filing, why: JifenError) -> dict[str, Any]:
    place = row.review.village
    told = {"filing": row.pk, "village": place.pk, "village_name": place.name}
    return told | {"code": why.code, "message": why.message}


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as wrong:
        raise NotFound("没有这个月份，请按2026-03这样写。") from wrong


class Hearings(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {
        "list": May.SIT, "retrieve": May.SIT, "state": May.RECORD, "decide": May.SIT,
        "inform": May.TELL,
    }  # fmt: skip
    serializer_class = serializers.HearingOut
    queryset = Hearing.objects.none()

    def get_queryset(self) -> Any:
        return access.hearings_for(self.request.user).exclude(outcome="void")

    @extend_schema(request=serializers.StatementIn)
    @action(detail=True, methods=["post"])
    def state(self, request: Request, pk: str) -> Response:
        """What the household said, written down by the steward."""
        row: Hearing = self.get_object()
        require(request.user, May.RECORD, village=row.declaration.village_id)
        row = hearings.state(hearing=row, by=self.actor, **self.checked(serializers.StatementIn))
        return Response(serializers.HearingOut(row).data)

    @extend_schema(request=serializers.HearingIn)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """The committee's answer: ``kept``, ``lowered`` (to ``points``, signed) or ``dropped``."""
        row: Hearing = self.get_object()
        access.require_word(request.user, row.item.review)
        row = hearings.decide(hearing=row, by=self.actor, **self.checked(serializers.HearingIn))
        return Response(serializers.HearingOut(row).data)

    @extend_schema(request=serializers.InformIn, responses=serializers.CountOut)
    @action(detail=False, methods=["post"])
    def inform(self, request: Request) -> Response:
        """The steward or the committee has told these households; their days to explain begin."""
        data = self.checked(serializers.InformIn)
        data["village"] = self.village(data["village"], May.TELL)
        return Response(serializers.CountOut({"count": telling.inform(by=self.actor, **data)}).data)


class OwnHearings(mixins.ListModelMixin, Base):
    """Of the caller's household, which explains itself."""

    permissions = {"list": May.READ_OWN, "state": May.READ_OWN}
    serializer_class = serializers.HearingOut
    queryset = Hearing.objects.none()

    def get_queryset(self) -> Any:
        household = community.household_of_user(self.request.user)
        if household is None:
            raise Forbidden
        return hearings_of(household)

    @extend_schema(request=serializers.OwnStatementIn)
    @action(detail=True, methods=["post"])
    def state(self, request: Request, pk: str) -> Response:
        data = self.checked(serializers.OwnStatementIn)
        row = hearings.state(hearing=self.get_object(), by=self.actor, **data)
        return Response(serializers.HearingOut(row).data)
