"""Items and every operation on them. An item that is none of the caller's does not exist (404)."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import GenericViewSet
from jifen.approvals import abilities, selectors, services
from jifen.approvals.api import serializers as forms
from jifen.approvals.errors import PaperMissing, QuestionUnknown
from jifen.approvals.models import Item, Word
from jifen.approvals.permissions import ApprovalsPermission as May
from jifen.files import selectors as files
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import Access, Requirement

Run = Callable[[Item, dict[str, Any], Actor], object]


def _plain(service: Any) -> Run:
    """The service takes what the form holds."""
    return lambda item, data, by: service(item=item, **data, by=by)


def _decide(verdict: str) -> Run:
    return lambda item, data, by: services.decide(item=item, verdict=verdict, **data, by=by)


def _answer(item: Item, data: dict[str, Any], by: Actor) -> object:
    question = Word.objects.filter(item=item, pk=data["question"]).first()
    if question is None:
        raise QuestionUnknown
    return services.answer(question=question, text=data["text"], by=by)


def _paper(item: Item, data: dict[str, Any], by: Actor) -> object:
    scans = files.ready([data["scan"]], by=by)
    if not scans:
        raise PaperMissing
    words = [services.PaperWord(one["user"], one["verdict"], one["reason"]) for one in data["words"]]
    terms = {"signed_on": data["signed_on"], "step": data["step"], "by": by}
    return services.decide_on_paper(item=item, words=words, scan=scans[0], **terms)


def _outcome(pk: int, problem: JifenError | None) -> dict[str, Any]:
    code, detail = (problem.code, problem.message) if problem else ("", "")
    return {"item": pk, "done": problem is None, "code": code, "detail": detail}


OPERATIONS: dict[str, tuple[Any, Run, Requirement]] = {
    "approve": (forms.ApproveIn, _decide("approve"), Access.SIGNED_IN),
    "reject": (forms.RejectIn, _decide("reject"), Access.SIGNED_IN),
    "return": (forms.ItemReturnIn, _plain(services.send_back), Access.SIGNED_IN),
    "transfer": (forms.TransferIn, _plain(services.transfer), Access.SIGNED_IN),
    "add": (forms.ItemAddIn, _plain(services.add), Access.SIGNED_IN),
    "remove": (forms.RemoveIn, _plain(services.remove), Access.SIGNED_IN),
    "claim": (forms.StepIn, _plain(services.claim), Access.SIGNED_IN),
    "release": (None, _plain(services.release), Access.SIGNED_IN),
    "take_back": (None, _plain(services.take_back), Access.SIGNED_IN),
    "resubmit": (forms.TextIn, _plain(services.resubmit), Access.SIGNED_IN),
    "withdraw": (forms.ItemReasonIn, _plain(services.withdraw), Access.SIGNED_IN),
    "remind": (None, _plain(services.remind), Access.SIGNED_IN),
    "comment": (forms.TextIn, _plain(services.comment), Access.SIGNED_IN),
    "ask": (forms.AskIn, _plain(services.ask), Access.SIGNED_IN),
    "answer": (forms.ItemAnswerIn, _answer, Access.SIGNED_IN),
    "copy": (forms.CopyIn, _plain(services.copy), Access.SIGNED_IN),
    "read": (None, _plain(services.mark_read), Access.SIGNED_IN),
    "suspend": (forms.SuspendIn, _plain(services.suspend), Access.SIGNED_IN),
    "wake": (None, _plain(services.wake), Access.SIGNED_IN),
    "paper": (forms.ItemPaperIn, _paper, May.PAPER),
    "jump": (forms.JumpIn, _plain(services.jump), May.ADMINISTER),
    "terminate": (forms.ItemReasonIn, _plain(services.terminate), May.ADMINISTER),
}


class Items(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    permissions = {
        "list": Access.SIGNED_IN, "retrieve": Access.SIGNED_IN, "words": Access.SIGNED_IN, "decide": Access.SIGNED_IN,
        **{f"act_{name}": needed for name, (_, _, needed) in OPERATIONS.items()},
    }  # fmt: skip
    serializer_class = forms.ApprovalItemOut
    queryset = Item.objects.none()

    def get_queryset(self) -> Any:
        if self.action in ("retrieve", "words"):
            return abilities.readable(self.request.user)
        rows = abilities.visible(self.request.user, May.PAPER if self.action == "act_paper" else May.READ)
        asked = self.request.query_params
        if self.action == "list" and asked.get("waiting"):
            rows = rows.filter(pk__in=selectors.work_of(self.actor.id).values("stage__item"))
        for name in ("subject_kind", "state") if self.action == "list" else ():
            rows = rows.filter(**{name: asked[name]}) if asked.get(name) else rows
        return rows

    @extend_schema(parameters=[OpenApiParameter(name, str) for name in ("waiting", "subject_kind", "state")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the caller has to do with; ``waiting=1``: what waits for her."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=forms.WordOut(many=True))
    @action(detail=True, methods=["get"])
    def words(self, request: Request, pk: str) -> Response:
        """All that was said and done, newest first."""
        rows = self.get_object().words.select_related("stage", "item", "answers").order_by("-id")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(
            forms.WordOut(page or [], many=True, context=self.get_serializer_context()).data
        )

    @extend_schema(request=forms.ItemBatchIn, responses=forms.ItemBatchOut(many=True))
    @action(detail=False, methods=["post"])
    def decide(self, request: Request) -> Response:
        """The same word on many items; each is done or refused by itself, in the order they were sent."""
        form = forms.ItemBatchIn(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        items = list(self.get_queryset().filter(pk__in=data["items"]))
        told = services.decide_many(items=items, verdict=data["verdict"], reason=data["reason"], by=self.actor)
        problems = {item.pk: problem for item, problem in told}
        rows = [_outcome(pk, problems.get(pk, NotFound())) for pk in dict.fromkeys(data["items"])]
        return Response(forms.ItemBatchOut(rows, many=True).data)

    def operate(self, name: str) -> Response:
        """Run an operation on the item of the address; answers with how it stands then."""
        form_class, run, _ = OPERATIONS[name]
        item = self.get_object()
        data: dict[str, Any] = {}
        if form_class is not None:
            form = form_class(data=self.request.data)
            form.is_valid(raise_exception=True)
            data = dict(form.validated_data)
        run(item, data, self.actor)
        item.refresh_from_db()
        return Response(self.get_serializer(item).data)


def _endpoint(name: str) -> Any:
    """``POST …/<name>/`` (``take-back`` for ``take_back``)."""

    def act(self: Items, request: Request, pk: str) -> Response:
        return self.operate(name)

    act.__name__ = act.__qualname__ = f"act_{name}"
    path = name.replace("_", "-")
    described = extend_schema(request=OPERATIONS[name][0], responses=forms.ApprovalItemOut)(act)
    return action(detail=True, methods=["post"], url_path=path, url_name=path)(described)


for _name in OPERATIONS:
    setattr(Items, f"act_{_name}", _endpoint(_name))
