"""A town's flows: versions, what they would stumble over, what moves, which is in force."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.accounts.models import User
from jifen.api.views import GenericViewSet
from jifen.approvals import exchange, naming, registry, services
from jifen.approvals.api import serializers
from jifen.approvals.errors import StepsWrong
from jifen.approvals.models import Activation, Flow
from jifen.approvals.permissions import ApprovalsPermission as May
from jifen.kernel.errors import NotFound


class Flows(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    permissions = {
        "list": May.READ, "retrieve": May.READ, "create": May.DESIGN, "activate": May.DESIGN, "preview": May.READ,
        "concerns": May.READ, "under_way": May.READ, "move": May.DESIGN,
    }  # fmt: skip
    serializer_class = serializers.FlowOut
    queryset = Flow.objects.none()

    def get_queryset(self) -> Any:
        kind = self.request.query_params.get("subject_kind", "")
        rows = Flow.objects.all()
        return rows.filter(subject_kind=kind) if kind else rows

    def get_serializer_context(self) -> dict[str, Any]:
        newest = Activation.objects.order_by("subject_kind", "-id").distinct("subject_kind")
        return {**super().get_serializer_context(), "in_force": set(newest.values_list("flow_id", flat=True))}

    @extend_schema(parameters=[OpenApiParameter("subject_kind", str)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every version; of one kind of subject, when it is named."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=serializers.FlowIn, responses={201: serializers.FlowOut})
    def create(self, request: Request) -> Response:
        """A new version, not in force yet."""
        form = serializers.FlowIn(data=request.data)
        form.is_valid(raise_exception=True)
        kind, steps = read(form.validated_data)
        flow = services.save(subject_kind=kind, steps=steps, by=self.actor)
        return Response(self.get_serializer(flow).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=serializers.ActivateIn, responses=serializers.FlowOut)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: str) -> Response:
        """In force from now on; items under way finish on theirs, or move as ``preview`` tells."""
        form = serializers.ActivateIn(data=request.data)
        form.is_valid(raise_exception=True)
        flow = self.get_object()
        services.activate(flow=flow, running=form.validated_data["running"], by=self.actor)
        return Response(self.get_serializer(flow).data)

    @extend_schema(responses=serializers.LandingOut(many=True))
    @action(detail=True, methods=["get"])
    def preview(self, request: Request, pk: str) -> Response:
        """Each item under way: where it would land, who gets work, or why it cannot move."""
        rows = services.preview_move(self.get_object())
        return Response(serializers.LandingOut(rows, many=True).data)

    @extend_schema(responses=serializers.ShiftOut(many=True))
    @action(detail=True, methods=["get"], url_path="under-way")
    def under_way(self, request: Request, pk: str) -> Response:
        """What is under way beside the items (a month's sheets) on other versions: what a move here makes of each."""
        flow = self.get_object()
        rows = registry.subject(flow.subject_kind).preview_shifts(flow)
        return Response(serializers.ShiftOut(rows, many=True).data)

    @extend_schema(request=serializers.ShiftIn, responses=serializers.ShiftOut(many=True))
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Move it here, as ``under-way`` tells; the version is in force. What cannot move is told with the reason."""
        form = serializers.ShiftIn(data=request.data)
        form.is_valid(raise_exception=True)
        rows = services.move(flow=self.get_object(), things=form.validated_data.get("things"), by=self.actor)
        return Response(serializers.ShiftOut(rows, many=True).data)

    @extend_schema(responses=serializers.ConcernOut(many=True))
    @action(detail=True, methods=["get"])
    def concerns(self, request: Request, pk: str) -> Response:
        """What the version would stumble over in this town."""
        flow = self.get_object()
        found = naming.concerns(flow.definition, registry.subject(flow.subject_kind))
        return Response(serializers.ConcernOut(found, many=True).data)


def read(data: dict[str, Any]) -> tuple[str, Any]:
    """Kind and steps of what was sent, as ``steps`` or as ``yaml``.

    Raises:
        NotFound, StepsWrong, FileWrong.
    """
    kind = data["subject_kind"]
    if kind not in {one.kind for one in registry.kinds()}:
        raise NotFound("平台没有这类审批事项，请核对 subject_kind。", field="subject_kind")
    if "yaml" not in data:
        if "steps" not in data:
            raise StepsWrong(reason="请给出 steps 或 yaml")
        return kind, {"name": data["name"], "steps": data["steps"]}
    users = dict(User.objects.filter(is_active=True).values_list("username", "pk"))
    file = exchange.load(data["yaml"], users=users)
    if file.kind != kind:
        raise exchange.FileWrong(line=1, place="", reason=f"这是“{file.kind}”的流程，这里要“{kind}”的")
    return kind, file.definition
