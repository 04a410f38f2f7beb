"""What devices and departments send, with ``Authorization: Feed …``; the keys themselves, for the office."""

from typing import Any

from django.db import transaction
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_201_CREATED
from rest_framework.throttling import SimpleRateThrottle

from jifen.api.idempotency import ShownOnce
from jifen.api.views import Endpoint
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import Grant, Grants
from scoring.api.base import Base, named_facts
from scoring.api.serializers import FactsIn
from scoring.feed_errors import FeedHeaderWrong
from scoring.models import DeclarationState, FeedKey
from scoring.permissions import ScoringPermission as May
from scoring.selectors import feeds as selectors
from scoring.selectors.cautions import after_caps, cautions
from scoring.services import feeds

MOST = 200


class Sender:
    """The holder of a key as an endpoint sees her: she may send deeds and nothing else."""

    is_authenticated = True
    _jifen_grants = Grants((Grant(frozenset({May.FEED})),))

    def __init__(self, key: FeedKey) -> None:
        self.key = key
        self.pk = -key.pk
        """Below zero: no account's number, by which ``Idempotency-Key`` would be shared."""


class FeedAuthentication(BaseAuthentication):
    """``Authorization: Feed <key>``, and nothing else: no account signs in here."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "feed" or not text.strip():
            raise FeedHeaderWrong
        return Sender(selectors.key_of(text.strip())), "feed"

    def authenticate_header(self, request: Request) -> str:
        return 'Feed realm="api"'


class FeedScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "scoring.api.feeds.FeedAuthentication"
    name = "feed"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Feed 密钥"}


class FedDeedIn(serializers.Serializer[Any]):
    id = serializers.CharField(label="编号", max_length=80, help_text="来源自己的编号，同一编号只记一次")
    rule = serializers.CharField(label="条目", max_length=40, help_text="条目在细则里的代码")
    household = serializers.CharField(label="户号", max_length=20, required=False, default="")
    resident = serializers.IntegerField(label="个人", required=False, allow_null=True, default=None)
    happened_on = serializers.DateField(label="日期")
    happened_time = serializers.TimeField(label="时间", required=False, allow_null=True, default=None)
    place = serializers.CharField(label="地点", max_length=80, required=False, default="")
    reason = serializers.CharField(label="事由", max_length=300, required=False, default="")
    facts = FactsIn(label="计分要素", required=False, default=dict)


class FedDeedsIn(serializers.Serializer[Any]):
    deeds = serializers.ListField(
        label="记录", child=serializers.DictField(), min_length=1, max_length=MOST, help_text="每一条的格式见 FedDeed"
    )


class FedDeedOut(serializers.Serializer[Any]):
    """What became of one row: recorded, or refused with ``code`` and ``detail``."""

    id = serializers.CharField(help_text="来源自己的编号")
    declaration = serializers.IntegerField(required=False, help_text="登记的编号")
    state = serializers.ChoiceField(choices=DeclarationState.choices, required=False)
    points = serializers.DecimalField(
        max_digits=12, decimal_places=2, required=False, help_text="限额前的分值：这件事本身值几分"
    )
    after_caps = serializers.DecimalField(
        max_digits=12, decimal_places=2, required=False,
        help_text="按现在登记的，除去这一条自己的上限还能计几分；几条合起来的上限、同类只计一项等记账时才定",
    )  # fmt: skip
    cautions = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="要留意的事：可能重复、超过上限、已过登记期限"
    )
    code = serializers.CharField(required=False, help_text="没有记下的，错误代码")
    field = serializers.CharField(required=False, allow_null=True)
    detail = serializers.CharField(required=False, help_text="哪里不对、怎么办")


class FeedThrottle(SimpleRateThrottle):
    """So many calls a minute for each key of a town (``FEED_CALLS_PER_MINUTE``)."""

    scope = "feed"

    def get_cache_key(self, request: Request, view: Any) -> str:
        sender: Any = request.user
        return f"feed_calls:{sender.key.pk}"


class FeedDeeds(Endpoint):
    authentication_classes = [FeedAuthentication]
    throttle_classes = [FeedThrottle]
    permissions = {"post": May.FEED}

    @extend_schema(request=FedDeedIn(many=True), responses=FedDeedOut(many=True))
    def post(self, request: Request) -> Response:
        """Each row by itself: a wrong one loses none of the others."""
        sent = FedDeedsIn(data={"deeds": request.data})
        sent.is_valid(raise_exception=True)
        sender: Any = request.user
        return Response([_answer(sender.key, row) for row in sent.validated_data["deeds"]])


def _answer(key: FeedKey, row: dict[str, Any]) -> dict[str, Any]:
    number = str(row.get("id", ""))
    form = FedDeedIn(data=row)
    if not form.is_valid():
        field, wrong = next(iter(form.errors.items()))
        return {"id": number, "code": "invalid_input", "field": field, "detail": _first(wrong)}
    data = dict(form.validated_data)
    source_id = data.pop("id")
    try:
        with transaction.atomic(), named_facts():
            told = feeds.record(key=key, source_id=source_id, **data)
    except JifenError as error:
        return {"id": number, "code": error.code, "field": error.field, "detail": error.message}
    return {
        "id": number,
        "declaration": told.pk,
        "state": told.state,
        "points": f"{told.points:.2f}",
        "after_caps": f"{after_caps(told):.2f}",
        "cautions": cautions(told),
    }


def _first(wrong: Any) -> str:
    """The first sentence of a field's errors, however deep."""
    while isinstance(wrong, dict | list):
        wrong = next(iter(wrong.values())) if isinstance(wrong, dict) else wrong[0]
    return str(wrong)


class FeedKeyOut(serializers.ModelSerializer[FeedKey]):
    rules = serializers.SerializerMethodField(help_text="现行细则里它能送的条目的名称")

    def get_rules(self, key: FeedKey) -> list[str]:
        return list(self.context["rules"].get(key.feed, ()))

    class Meta:
        model = FeedKey
        fields = ["id", "name", "feed", "rules", "actor_name", "made_at", "revoked_at", "revoked_by_name"]


class FeedKeyIn(serializers.Serializer[Any]):
    feed = serializers.CharField(label="来源编号", max_length=40, help_text="细则条目“系统送来”里的来源编号")
    name = serializers.CharField(label="给哪个系统用", max_length=60)


class NewFeedKeyOut(FeedKeyOut):
    """``key`` stands in the first answer alone; a repeat of the call has null there."""

    key = serializers.CharField(allow_null=True, help_text="密钥，只出现这一次；没有接住的，停用它再开一把")

    class Meta(FeedKeyOut.Meta):
        fields = [*FeedKeyOut.Meta.fields, "key"]


class FeedKeys(mixins.ListModelMixin, Base):
    permissions = {"list": May.MANAGE_RULES, "create": May.MANAGE_RULES, "revoke": May.MANAGE_RULES}
    serializer_class = FeedKeyOut
    queryset = FeedKey.objects.all()

    def get_serializer_context(self) -> dict[str, Any]:
        named = {one.code: one.rules for one in selectors.sources()}
        return {**super().get_serializer_context(), "rules": named}

    @extend_schema(request=FeedKeyIn, responses={201: NewFeedKeyOut})
    def create(self, request: Request) -> Response:
        key, text = feeds.open_key(**self.checked(FeedKeyIn), by=self.actor)
        data = {**self.get_serializer(key).data, "key": text}
        return ShownOnce(data, secrets=("key",), status=HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        key = self.get_object()
        feeds.revoke_key(key=key, by=self.actor)
        key.refresh_from_db()
        return Response(self.get_serializer(key).data)
