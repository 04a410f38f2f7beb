"""移交 by program: what somebody holds, the act, its list and the signed scan."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.accounts.models import User
from jifen.api import papers as pdf
from jifen.api.views import Endpoint, GenericViewSet
from jifen.files import selectors as files
from jifen.flows import posts
from jifen.kernel.errors import NotFound
from tenants.community.in_hand import Thing
from tenants.community.models import HandOver
from tenants.community.permissions import CommunityPermission as May


class OpenOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    count = serializers.IntegerField()
    remark = serializers.CharField()


class ThingOut(serializers.Serializer[Any]):
    what = serializers.CharField()
    count = serializers.IntegerField()
    remark = serializers.CharField()


class ThingIn(serializers.Serializer[Any]):
    what = serializers.CharField(label="名称", max_length=posts.LONGEST_THING)
    count = serializers.IntegerField(label="数量", min_value=0, max_value=posts.LARGEST, allow_null=True, default=None)
    remark = serializers.CharField(label="备注", max_length=posts.LONGEST_THING, allow_blank=True, default="")


class HandsOut(serializers.Serializer[Any]):
    """What she would hand over today."""

    posts = serializers.ListField(child=serializers.CharField())
    work = serializers.DictField(
        child=serializers.IntegerField(), help_text="审批流程里在办的种类和件数，含暂停的和本人发起的"
    )
    resting = serializers.DictField(child=serializers.IntegerField(), help_text="其中暂停着的种类和件数")
    open = OpenOut(many=True, help_text="别处在办的：审核表、扣分听取、检查、活动、异议、询问、结算单")
    stock = ThingOut(many=True, help_text="本人所开店的系统库存，移交时自动列入清单")


class PostsIn(serializers.Serializer[Any]):
    giver = serializers.IntegerField(label="谁离任", help_text="账号的编号")
    receiver = serializers.IntegerField(label="谁接手", help_text="账号的编号")
    witness = serializers.CharField(label="监交人", max_length=40)
    things = ThingIn(label="移交的物品", many=True, default=list)
    note = serializers.CharField(label="说明", max_length=300, default="", allow_blank=True)


class ScanIn(serializers.Serializer[Any]):
    file = serializers.IntegerField(label="签字扫描件")


class PostsOut(serializers.ModelSerializer[HandOver]):
    class Meta:
        model = HandOver
        fields = [
            "id", "giver", "receiver", "giver_name", "receiver_name", "witness", "on", "posts", "work", "things",
            "note", "scan",
        ]  # fmt: skip


class Hands(Endpoint):
    permissions = {"get": May.MANAGE_TOWN}

    @extend_schema(
        operation_id="hand_overs_in_hand", parameters=[OpenApiParameter("user", int, "path")], responses=HandsOut
    )
    def get(self, request: Request, user: int) -> Response:
        """The posts and the open work of an account today."""
        return Response(HandsOut(posts.in_hand(_account(user, "user"))).data)


class HandOvers(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    permissions = dict.fromkeys(("list", "retrieve", "create", "scan", "paper"), May.MANAGE_TOWN)
    queryset = HandOver.objects.none()
    serializer_class = PostsOut
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[HandOver]:
        return HandOver.objects.all()

    @extend_schema(request=PostsIn, responses={201: PostsOut})
    def create(self, request: Request) -> Response:
        """Everything that ``giver`` holds goes to ``receiver`` in one act."""
        form = PostsIn(data=request.data)
        form.is_valid(raise_exception=True)
        data = dict(form.validated_data)
        giver, receiver = (_account(data.pop(name), name) for name in ("giver", "receiver"))
        data["things"] = [Thing(**one) for one in data["things"]]
        made = posts.hand_over(giver=giver, receiver=receiver, **data, by=self.actor)
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ScanIn, responses=PostsOut)
    @action(detail=True, methods=["post"])
    def scan(self, request: Request, pk: str) -> Response:
        """The scan of the list with three signatures, once."""
        form, row = ScanIn(data=request.data), self.get_object()
        form.is_valid(raise_exception=True)
        found = files.ready([form.validated_data["file"]], by=self.actor)
        if not found:
            raise NotFound("没有找到这个文件，请先上传。", field="file")
        posts.attach_scan(row=row, scan=found[0], by=self.actor)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(responses=pdf.ANSWERS)
    @action(detail=True, methods=["get"], renderer_classes=pdf.RENDERERS)
    def paper(self, request: Request, pk: str) -> HttpResponse:
        """移交清单 as a PDF, to be signed."""
        return HttpResponse(posts.paper(self.get_object()), content_type="application/pdf")


def _account(pk: int, field: str) -> User:
    """Raises:
    NotFound: no active account has that number.
    """
    found = User.objects.filter(pk=pk, is_active=True).first()
    if found is None:
        raise NotFound("没有这个账号，或已停用，请核对。", field=field)
    return found
