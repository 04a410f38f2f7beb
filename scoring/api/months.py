"""Reviews with their items."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.kernel.permissions import grants_of, require
from scoring.api import serializers
from scoring.api.base import Base
from scoring.errors import SeatNotYours
from scoring.models import Review, ReviewItem
from scoring.permissions import ScoringPermission as May
from scoring.selectors.sitting import chair_of
from scoring.services import reviews


class Reviews(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {
        "list": May.READ_LEDGER, "retrieve": May.READ_LEDGER, "items": May.READ_LEDGER, "create": May.REVIEW,
        "rest": May.REVIEW, "sign": May.REVIEW, "close": May.HOLD_MEETING,
    }  # fmt: skip
    serializer_class = serializers.ReviewOut
    queryset = Review.objects.none()

    def get_queryset(self) -> Any:
        reading = self.action in ("list", "retrieve", "items")
        permission = May.READ_LEDGER if reading else May.HOLD_MEETING if self.action == "close" else May.REVIEW
        return self.within(Review.objects.select_related("village"), permission)

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
        count = reviews.decide_rest(review=self.get_object(), by=self.actor)
        return Response(serializers.CountOut({"count": count}).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        seat = chair_of(self.actor.id, row)
        if seat is None:
            raise SeatNotYours
        reviews.sign(review=row, role=seat, by=self.actor)
        return Response(serializers.ReviewOut(row).data)

    @extend_schema(request=None, responses=serializers.FilingOut)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Decide it for good; a steward does when the scan of the signed sheet is in."""
        sheet = self.get_object()
        sits = grants_of(request.user).allows(May.REVIEW, village=sheet.village_id)
        row = (reviews.close if sits else reviews.close_on_paper)(review=sheet, by=self.actor)
        return Response(serializers.FilingOut(row).data)


class ReviewItems(mixins.RetrieveModelMixin, Base):
    permissions = {"retrieve": May.READ_LEDGER, "decide": May.REVIEW}
    serializer_class = serializers.ReviewItemOut
    queryset = ReviewItem.objects.none()

    def get_queryset(self) -> Any:
        rows = ReviewItem.objects.select_related("review", "declaration__household", "declaration__rule")
        return self.within(rows, May.READ_LEDGER, "review__village")

    @extend_schema(request=serializers.VerdictIn)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        require(request.user, May.REVIEW, village=row.review.village_id)
        row = reviews.decide(item=row, by=self.actor, **self.checked(serializers.VerdictIn))
        return Response(serializers.ReviewItemOut(row).data)
