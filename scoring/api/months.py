"""Reviews with their items."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.kernel.permissions import require
from scoring.api import serializers
from scoring.api.base import Base
from scoring.models import Review, ReviewItem
from scoring.permissions import ScoringPermission as May
from scoring.selectors import access
from scoring.services import reviews


class Reviews(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {
        "list": May.SIT, "retrieve": May.SIT, "items": May.SIT, "create": May.REVIEW, "rest": May.SIT,
        "sign": May.SIT, "close": May.SIT,
    }  # fmt: skip
    serializer_class = serializers.ReviewOut
    queryset = Review.objects.none()

    def get_queryset(self) -> Any:
        return access.sheets_for(self.request.user)

    @extend_schema(request=serializers.ReviewIn, responses={201: serializers.ReviewOut})
    def create(self, request: Request) -> Response:
        data = self.checked(serializers.ReviewIn)
        village = self.village(data["village"], May.REVIEW)
        row = reviews.open_month(village=village, month=data["month"], by=self.actor)
        return Response(serializers.ReviewOut(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=serializers.ReviewItemOut(many=True))
    @action(detail=True, methods=["get"])
    def items(self, request: Request, pk: str) -> Response:
        rows = ReviewItem.objects.filter(review=self.get_object()).select_related(
            "declaration__household", "declaration__rule"
        )
        page = self.paginate_queryset(rows.prefetch_related("declaration__evidence"))
        return self.get_paginated_response(serializers.ReviewItemOut(page or [], many=True).data)

    @extend_schema(request=None, responses=serializers.CountOut)
    @action(detail=True, methods=["post"])
    def rest(self, request: Request, pk: str) -> Response:
        """Approve what is not decided, except what the caller is barred from."""
        count = reviews.decide_rest(review=self._hers(), by=self.actor)
        return Response(serializers.CountOut({"count": count}).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        row: Review = self.get_object()
        reviews.sign(review=row, role=access.require_word(request.user, row), by=self.actor)
        return Response(serializers.ReviewOut(row).data)

    @extend_schema(request=None, responses=serializers.FilingOut)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Decide it for good; a steward does when the scan of the signed sheet is in."""
        sheet = self.get_object()
        sits = access.has_word(request.user, sheet)
        if not sits:
            require(request.user, May.HOLD_MEETING, village=sheet.village_id)
        row = (reviews.close if sits else reviews.close_on_paper)(review=sheet, by=self.actor)
        return Response(serializers.FilingOut(row).data)

    def _hers(self) -> Review:
        """The sheet, on which she has a word."""
        row: Review = self.get_object()
        access.require_word(self.request.user, row)
        return row


class ReviewItems(mixins.RetrieveModelMixin, Base):
    permissions = {"retrieve": May.SIT, "decide": May.SIT}
    serializer_class = serializers.ReviewItemOut
    queryset = ReviewItem.objects.none()

    def get_queryset(self) -> Any:
        rows = ReviewItem.objects.select_related("review__flow", "declaration__household", "declaration__rule")
        return rows.filter(review__in=access.sheets_for(self.request.user).values("pk"))

    @extend_schema(request=serializers.VerdictIn)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        access.require_word(request.user, row.review)
        row = reviews.decide(item=row, by=self.actor, **self.checked(serializers.VerdictIn))
        return Response(serializers.ReviewItemOut(row).data)
