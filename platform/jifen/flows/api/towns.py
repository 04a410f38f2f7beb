"""Towns by program: what ``tenants`` tells of them, and opening one, which takes all rooms."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.flows import open_town, tasks
from tenants.api.serializers import TownOutput
from tenants.api.views import TownViewSet
from tenants.errors import TownStateWrong
from tenants.models import TownState
from tenants.permissions import TenantsPermission as May


class TownInput(serializers.Serializer[Any]):
    name = serializers.CharField(label="乡镇名称", max_length=60)
    code = serializers.CharField(label="行政区划代码", max_length=9, help_text="9位数字，前6位是区县的代码")
    district_name = serializers.CharField(
        label="区县名称", max_length=60, required=False, default="", help_text="区县里第一个开通的镇才要填"
    )
    scheme_code = serializers.CharField(label="实施方案", max_length=20, help_text="例如 seed_002")
    host = serializers.CharField(label="网址前缀", max_length=30, help_text="小写字母或数字，例如 shuren")
    admin_name = serializers.CharField(label="镇管理员姓名", max_length=60)
    phone = serializers.CharField(
        label="主管办公室联系电话", max_length=20, required=False, default="", allow_blank=True,
        help_text="印在公示海报和异议回执上",
    )  # fmt: skip
    villages = serializers.ListField(
        label="村（居）名单", child=serializers.CharField(max_length=81), required=False, default=list,
        max_length=open_town.MOST_VILLAGES, help_text="名称后空一格可以写村里的联系电话",
    )  # fmt: skip


class Towns(TownViewSet):
    """``state``, ``step`` and ``percent`` say how far an opening is; the first password is read on the town's page."""

    permissions = TownViewSet.permissions | {"create": May.OPEN_TOWN, "again": May.OPEN_TOWN}

    @extend_schema(request=TownInput, responses={201: TownOutput})
    def create(self, request: Request) -> Response:
        """Ask for a town; a worker makes it, usually within a minute."""
        sent = TownInput(data=request.data)
        sent.is_valid(raise_exception=True)
        town = open_town.request_in(**sent.validated_data, by=self.actor, send=tasks.send)
        return Response(TownOutput(town).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=TownOutput)
    @action(detail=True, methods=["post"])
    def again(self, request: Request, code: str) -> Response:
        """Set the worker once more to an opening that stopped half-way."""
        town = self.get_object()
        if town.state != TownState.PROVISIONING:
            raise TownStateWrong(name=town.name, state=town.get_state_display())
        tasks.send(town)
        return Response(TownOutput(town).data)
