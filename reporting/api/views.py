"""Notices and objections on a town's own site."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import GenericViewSet
from jifen.files import selectors as files
from jifen.files.models import File
from jifen.kernel.errors import Forbidden
from jifen.kernel.permissions import Access, grants_of
from reporting import asking, errors
from reporting.api import serializers
from reporting.models import Notice, NoticeDraft, Objection
from reporting.permissions import ReportingPermission as May
from reporting.selectors import drafts as drafts_of
from reporting.selectors import notices as notice_selectors
from reporting.selectors import objections as objection_selectors
from reporting.selectors import postings
from reporting.services import answers, drafts, inquiries, notices, objections
from scoring.services.corrections import Correction
from tenants.community import selectors as community
from tenants.community.models import Village


class Base(GenericViewSet):
    def checked(self, form: Any) -> dict[str, Any]:
        filled = form(data=self.request.data)
        filled.is_valid(raise_exception=True)
        return dict(filled.validated_data)

    def files(self, data: dict[str, Any]) -> list[File]:
        """The uploads that ``data`` names; only the sender's own."""
        return files.ready(data["files"], by=self.actor) if data["files"] else []

    def village(self, pk: int | None) -> Village | None:
        """Where she may publish; ``None`` is the town's own notice, which is its office's."""
        if pk is None and self.villages(May.PUBLISH) is not None:
            raise Forbidden
        return None if pk is None else community.village_for(self.request.user, May.PUBLISH, pk)

    def villages(self, permission: May) -> set[int] | None:
        return grants_of(self.request.user).scope(permission, "village")


class Notices(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    permissions = {"list": Access.SIGNED_IN, "retrieve": Access.SIGNED_IN, "create": May.PUBLISH}
    serializer_class = serializers.NoticeOut
    queryset = Notice.objects.none()

    def get_queryset(self) -> QuerySet[Notice]:
        return notice_selectors.published(asking.villages_of(self.request.user)).select_related("corrects")

    def get_serializer_class(self) -> type[serializers.NoticeOut]:
        return serializers.NoticeWhole if self.action == "retrieve" else serializers.NoticeOut

    @extend_schema(request=serializers.NoticePublishIn, responses={201: serializers.NoticeOut})
    def create(self, request: Request) -> Response:
        """Publish a quarter; one that hangs already is answered with. A town that approves its notices sends drafts."""
        data = self.checked(serializers.NoticePublishIn)
        village = self.village(data.pop("village"))
        made = notices.publish_quarter(village=village, by=self.actor, **data)
        return Response(serializers.NoticeOut(made).data, status=status.HTTP_201_CREATED)


class NoticeDrafts(mixins.ListModelMixin, Base):
    """What is approved before it hangs, in towns that have chosen a flow for their notices."""

    permissions = {"list": May.READ, "retrieve": May.READ, "create": May.PUBLISH}
    serializer_class = serializers.NoticeDraftOut

    def get_queryset(self) -> QuerySet[NoticeDraft]:
        return drafts_of.readable(self.villages(May.READ))

    @extend_schema(responses=serializers.NoticeDraftWhole)
    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(serializers.NoticeDraftWhole(self.get_object()).data)

    @extend_schema(request=serializers.NoticePublishIn, responses={201: serializers.NoticeDraftOut})
    def create(self, request: Request) -> Response:
        """Compute a quarter and send it to those who approve it; one under way is answered with."""
        data = self.checked(serializers.NoticePublishIn)
        made = drafts.send(village=self.village(data.pop("village")), by=self.actor, **data)
        return Response(serializers.NoticeDraftOut(made).data, status=status.HTTP_201_CREATED)


class Objections(mixins.ListModelMixin, Base):
    """For those who take objections in and those who look into them: the village's people and the town office."""

    permissions = {
        "list": May.READ, "retrieve": May.READ, "create": May.ENTER, "answer": May.ANSWER, "opinion": May.READ,
    }  # fmt: skip
    serializer_class = serializers.ObjectionOut

    def get_queryset(self) -> QuerySet[Objection]:
        return objection_selectors.for_staff(self.request.user)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """A page of the list, as the asker sees it."""
        rows, *rest = args or ([],)
        return super().get_serializer(objection_selectors.as_seen(rows, self.request.user), *rest, **kwargs)

    @extend_schema(responses=serializers.ObjectionOut)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._seen(self.get_object())

    @extend_schema(request=serializers.EnteredIn, responses={201: serializers.ObjectionOut})
    def create(self, request: Request) -> Response:
        """``is_direct`` is for the town office; what a village takes in it also sees."""
        data = self.checked(serializers.EnteredIn)
        if data["is_direct"] and self.villages(May.ENTER) is not None:
            raise Forbidden
        wanted = {name: data[name] for name in ("posting", "notice", "declaration")}
        about = asking.entered(request.user, household=data["household"], **wanted)
        told = {name: data[name] for name in ("text", "channel", "is_direct")}
        made = objections.raise_objection(**about._asdict(), **told, paper=self.files(data), by=self.actor)
        return self._seen(made, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.ObjectionAnswerIn, responses=serializers.ObjectionOut)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Where no flow decides: close it."""
        return self._said(answers.answer)

    @extend_schema(request=serializers.ObjectionOpinionIn, responses=serializers.ObjectionOut)
    @action(detail=True, methods=["post"])
    def opinion(self, request: Request, pk: str) -> Response:
        """In a flow: the caller's word with what she found; the last one closes it."""
        return self._said(inquiries.speak, serializers.ObjectionOpinionIn)

    def _said(
        self, act: Callable[..., Objection], form: type[serializers.ObjectionAnswerIn] = serializers.ObjectionAnswerIn
    ) -> Response:
        data = self.checked(form)
        found = self.get_object()
        row = act(
            objection=found,
            upheld=data["upheld"],
            finding=data["finding"],
            posting=postings.by_id(data["posting"]) if data["posting"] else None,
            correction=_correction(found, data["correction"]) if data["correction"] else None,
            evidence=self.files(data),
            by=self.actor,
        )
        return self._seen(row)

    def _seen(self, row: Objection, code: int = status.HTTP_200_OK) -> Response:
        [seen] = objection_selectors.as_seen([row], self.request.user)
        return Response(serializers.ObjectionOut(seen).data, status=code)


def _correction(found: Objection, data: dict[str, Any]) -> Correction:
    wrong = found.posting.declaration if found.posting else found.declaration
    if wrong is None:
        raise errors.CorrectionOfNothing
    household = community.household_by_number(data["household"] or wrong.household.number)
    return Correction(household, postings.person(household, data["person"], wrong.happened_on), data["facts"])


class OwnObjections(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    """A villager's, for her household."""

    permissions = {"list": May.OBJECT, "retrieve": May.OBJECT, "create": May.OBJECT, "appeal": May.OBJECT}
    serializer_class = serializers.OwnObjectionOut
    queryset = Objection.objects.none()

    def get_queryset(self) -> QuerySet[Objection]:
        household = community.household_of_user(self.request.user)
        return objection_selectors.of_households([household.pk] if household else [])

    @extend_schema(request=serializers.ObjectionIn, responses={201: serializers.OwnObjectionOut})
    def create(self, request: Request) -> Response:
        data = self.checked(serializers.ObjectionIn)
        proofs = self.files(data)
        wanted = {name: data[name] for name in ("posting", "notice", "declaration")}
        about = asking.about(request.user, **wanted)
        told = {"text": data["text"], "is_direct": data["is_direct"], "proofs": proofs}
        made = objections.raise_objection(**about._asdict(), **told, by=self.actor)
        return Response(serializers.OwnObjectionOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=serializers.AppealIn, responses={201: serializers.OwnObjectionOut})
    @action(detail=True, methods=["post"])
    def appeal(self, request: Request, pk: str) -> Response:
        """The second stage: the town looks at what the village dismissed."""
        data = self.checked(serializers.AppealIn)
        made = objections.appeal(objection=self.get_object(), text=data["text"], proofs=self.files(data), by=self.actor)
        return Response(serializers.OwnObjectionOut(made).data, status=status.HTTP_201_CREATED)
