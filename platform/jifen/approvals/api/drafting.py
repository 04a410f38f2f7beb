"""The draft of a kind's flow: read it, change it with the revision one saw, drop it, save it as a version."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint
from jifen.approvals import registry
from jifen.approvals.api import flows, serializers
from jifen.approvals.definition import parse
from jifen.approvals.permissions import ApprovalsPermission as May
from jifen.approvals.selectors import drafts
from jifen.approvals.services import drafting


class FlowDraft(Endpoint):
    permissions = {"get": May.READ, "put": May.DESIGN, "delete": May.DESIGN}

    @extend_schema(operation_id="approval_flow_draft", responses=serializers.FlowDraftOut)
    def get(self, request: Request, kind: str) -> Response:
        """What is being worked on; ``revision`` 0: nothing, the steps are those in force."""
        return Response(serializers.FlowDraftOut(drafts.load(kind)).data)

    @extend_schema(
        operation_id="approval_flow_draft_keep", request=serializers.FlowDraftIn, responses=serializers.FlowDraftOut
    )
    def put(self, request: Request, kind: str) -> Response:
        """The draft with new steps; ``revision`` is the one the caller changed."""
        draft, data = drafts.load(kind), _checked(serializers.FlowDraftIn, request.data)
        _, steps = flows.read({"subject_kind": kind, "name": "", **data})
        definition = parse(steps)
        registry.check(definition, draft.kind.kind)
        revision = data["revision"]
        drafting.keep(subject_kind=kind, steps=definition, base=draft.version, revision=revision, by=self.actor)
        return Response(serializers.FlowDraftOut(drafts.load(kind)).data)

    @extend_schema(
        operation_id="approval_flow_draft_drop", parameters=[OpenApiParameter("revision", int)], responses={204: None}
    )
    def delete(self, request: Request, kind: str) -> Response:
        """Back to the version in force."""
        data = _checked(serializers.RevisionIn, request.query_params)
        drafting.drop(subject_kind=drafts.kind_of(kind).kind, revision=data["revision"], by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SavedDraft(Endpoint):
    permissions = {"post": May.DESIGN}

    @extend_schema(
        operation_id="approval_flow_draft_save", request=serializers.RevisionIn, responses={201: serializers.FlowOut}
    )
    def post(self, request: Request, kind: str) -> Response:
        """The draft becomes a version, not in force yet."""
        draft, data = drafts.load(kind), _checked(serializers.RevisionIn, request.data)
        flow = drafting.save(subject_kind=kind, steps=draft.definition, revision=data["revision"], by=self.actor)
        return Response(serializers.FlowOut(flow).data, status=status.HTTP_201_CREATED)


def _checked(form: Any, sent: Any) -> dict[str, Any]:
    filled = form(data=sent)
    filled.is_valid(raise_exception=True)
    return dict(filled.validated_data)
