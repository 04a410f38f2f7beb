"""A year's close by program: the dry run, the day, and what two people decide. Each answers with the dry run."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint
from jifen.flows import close_year, dry_run
from jifen.flows.api import serializers
from scoring import selectors as scoring
from scoring.permissions import ScoringPermission as May


class _Year(Endpoint):
    def told(self, number: int) -> Response:
        return Response(serializers.PreviewOut(dry_run.preview(scoring.year(number))).data)

    def checked(self, form: Any) -> dict[str, Any]:
        filled = form(data=self.request.data)
        filled.is_valid(raise_exception=True)
        return dict(filled.validated_data)


class Closing(_Year):
    permissions = {"get": May.CLOSE_YEAR}

    @extend_schema(operation_id="years_closing", responses=serializers.PreviewOut)
    def get(self, request: Request, number: int) -> Response:
        """What closing the year would do; changes nothing."""
        return self.told(number)


class Day(_Year):
    permissions = {"post": May.CLOSE_YEAR}

    @extend_schema(operation_id="years_closing_day", request=serializers.YearDayIn, responses=serializers.PreviewOut)
    def post(self, request: Request, number: int) -> Response:
        """Set the day on which the year is sealed."""
        close_year.set_day(number=number, by=self.actor, **self.checked(serializers.YearDayIn))
        return self.told(number)


class Proposal(_Year):
    permissions = {"post": May.CLOSE_YEAR, "delete": May.CLOSE_YEAR}

    @extend_schema(operation_id="years_closing_propose", request=None, responses=serializers.PreviewOut)
    def post(self, request: Request, number: int) -> Response:
        """The first person's word that the year be closed."""
        close_year.propose(number=number, by=self.actor)
        return self.told(number)

    @extend_schema(operation_id="years_closing_withdraw", request=None, responses=serializers.PreviewOut)
    def delete(self, request: Request, number: int) -> Response:
        """Take back what was asked, closing or reopening."""
        close_year.withdraw(number=number, by=self.actor)
        return self.told(number)


class Confirmation(_Year):
    permissions = {"post": May.CLOSE_YEAR}

    @extend_schema(operation_id="years_closing_confirm", request=None, responses=serializers.PreviewOut)
    def post(self, request: Request, number: int) -> Response:
        """The second person's word: a close is carried out on its day, a reopening at once."""
        close_year.confirm(number=number, by=self.actor)
        return self.told(number)


class Reopening(_Year):
    permissions = {"post": May.CLOSE_YEAR}

    @extend_schema(operation_id="years_reopening", request=serializers.YearReasonIn, responses=serializers.PreviewOut)
    def post(self, request: Request, number: int) -> Response:
        """The first person's word that a sealed year be opened again."""
        close_year.propose_reopening(number=number, by=self.actor, **self.checked(serializers.YearReasonIn))
        return self.told(number)
