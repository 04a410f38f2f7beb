"""Notices and objections on a town's own site."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import GenericViewSet
from jifen.kernel.errors import Forbidden
from jifen.kernel.permissions import Access, grants_of, require
from reporting import asking
from reporting.api import serializers
from reporting.models import Notice, Objection
from reporting.permissions import ReportingPermission as May
from reporting.selectors import notices as notice_selectors
from reporting.selectors import objections as objection_selectors
from reporting.selectors import postings
from reporting.services import notices, objections
from tenants.community import selectors as community


class Base(GenericViewSet):
    def checked(self, form: Any) -> dict[str, Any]:
        filled = form(data=self.request.data)
        filled.is_valid(raise_exception=True)
        return dict(filled.validated_data)

    def villages(self, permission: May) -> set[int] | None:
        return grants_of(self.request.user).scope(permission, "village")


class Notices(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {"list": Access.SIGNED_IN, "retrieve": Access.SIGNED_IN, "create": May.PUBLISH}
    serializer_class = serializers.NoticeOut

    def get_queryset(self) -> QuerySet[Notice]:
        return notice_selectors.published(asking.villages_of(self.request.user)).select_related("corrects")

    def get_serializer_class(self) -> type[serializers.NoticeOut]:
        return serializers.NoticeWhole if self.action == "retrieve" else serializers.NoticeOut

    @extend_schema(request=serializers.PublishIn, responses={201: serializers.NoticeOut})
    def create(self, request: Request) -> Response:
        """Publish a quarter; one that hangs already is answered with."""
        data = self.checked(serializers.PublishIn)
        pk = data.pop("village")
        if pk is None and self.villages(May.PUBLISH) is not None:
            raise Forbidden
        village = None if pk is None else community.village_for(request.user, May.PUBLISH, pk)
        made = notices.publish_quarter(village=village, by=self.actor, **data)
        return Response(serializers.NoticeOut(made).data, status=status.HTTP_201_CREATED)


class Objections(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    """For those who look into them: the village's people and the town office."""

    permissions = {"list": May.READ, "retrieve": May.READ, "answer": May.ANSWER}
    serializer_class = serializers.ObjectionOut

    def get_queryset(self) -> QuerySet[Objection]:
        return objection_selectors.all_of(self.villages(May.READ))

    @extend_schema(request=serializers.AnswerIn)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        data = self.checked(serializers.AnswerIn)
        found = self.get_object()
        require(request.user, May.ANSWER, village=found.village_id)
        number = data.pop("posting")
        data["posting"] = postings.by_id(number) if number else None
        row = objections.answer(objection=found, by=self.actor, **data)
        return Response(serializers.ObjectionOut(row).data)


class OwnObjections(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    """A villager's, for her household."""

    permissions = {"list": May.OBJECT, "retrieve": May.OBJECT, "create": May.OBJECT}
    serializer_class = serializers.ObjectionOut

    def get_queryset(self) -> QuerySet[Objection]:
        household = community.household_of_user(self.request.user)
        return objection_selectors.of_households([household.pk] if household else [])

    @extend_schema(request=serializers.ObjectionIn, responses={201: serializers.ObjectionOut})
    def create(self, request: Request) -> Response:
        data = self.checked(serializers.ObjectionIn)
        about = asking.about(request.user, posting=data["posting"], notice=data["notice"])
        made = objections.raise_objection(**about._asdict(), text=data["text"], by=self.actor)
        return Response(serializers.ObjectionOut(made).data, status=status.HTTP_201_CREATED)
