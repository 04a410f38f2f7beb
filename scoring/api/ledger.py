"""The ledger: entries, postings, passbooks, years."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint
from jifen.kernel import clock, reading
from jifen.kernel.errors import Forbidden
from scoring import selectors
from scoring.api import serializers
from scoring.api.base import Base
from scoring.models import Entry, Posting, Year
from scoring.permissions import ScoringPermission as May
from scoring.services import corrections
from tenants.community import selectors as community


class Entries(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {"list": May.READ_LEDGER, "retrieve": May.READ_LEDGER}
    serializer_class = serializers.EntryOut
    queryset = Entry.objects.none()

    def get_queryset(self) -> Any:
        rows = Entry.objects.select_related("household", "year", "account")
        return self.within(rows, May.READ_LEDGER, "household__village")


class Postings(mixins.RetrieveModelMixin, Base):
    permissions = {"retrieve": May.READ_LEDGER, "reverse": May.CORRECT}
    serializer_class = serializers.PostingOut
    queryset = Posting.objects.none()

    def get_queryset(self) -> Any:
        rows = Posting.objects.prefetch_related("entries__household", "entries__year", "entries__account")
        return self.within(rows, May.READ_LEDGER, "entries__household__village").distinct()

    @extend_schema(request=serializers.ReasonIn, responses={201: serializers.PostingOut})
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        """更正: entries that mirror the posting's; the answer is the new posting."""
        data = self.checked(serializers.ReasonIn)
        made = corrections.take_back(posting=self.get_object(), by=self.actor, **data)
        return Response(serializers.PostingOut(made).data, status=status.HTTP_201_CREATED)


class Passbooks(Base):
    """A household's passbook by its number."""

    permissions = {"retrieve": May.READ_LEDGER}
    serializer_class = serializers.PassbookOut
    lookup_value_regex = "[^/]+"

    @extend_schema(parameters=[OpenApiParameter("year", int)])
    def retrieve(self, request: Request, pk: str) -> Response:
        household = self.household(pk, May.READ_LEDGER)
        return Response(serializers.PassbookOut(selectors.passbook(household, _year(request))).data)


class OwnPassbook(Endpoint):
    """The caller's own household's."""

    permissions = {"get": May.READ_OWN}

    @extend_schema(parameters=[OpenApiParameter("year", int)], responses=serializers.PassbookOut)
    def get(self, request: Request) -> Response:
        household = community.household_of_user(request.user)
        if household is None:
            raise Forbidden
        return Response(serializers.PassbookOut(selectors.passbook(household, _year(request))).data)


class Years(mixins.ListModelMixin, Base):
    permissions = {"list": May.READ_LEDGER}
    serializer_class = serializers.YearOut
    queryset = Year.objects.all()
    cursor_ordering = "-number"


def _year(request: Request) -> int:
    return reading.year(request.query_params.get("year", "")) or clock.today().year
