"""Uploads: announce, put straight to the object store, report the arrival."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.problems import refused
from jifen.api.views import ViewSet
from jifen.files import selectors, services
from jifen.files.api.serializers import FileOutput, UploadInput, UploadOutput
from jifen.files.errors import FileRefused
from jifen.kernel.permissions import Access


class UploadViewSet(ViewSet):
    """Everybody who is signed in may upload; what a file is then used for asks its own permission."""

    permissions = {"create": Access.SIGNED_IN, "retrieve": Access.SIGNED_IN, "arrived": Access.SIGNED_IN}
    lookup_value_regex = r"[0-9]{1,18}"

    @extend_schema(request=UploadInput, responses={201: UploadOutput})
    def create(self, request: Request) -> Response:
        wanted = UploadInput(data=request.data)
        wanted.is_valid(raise_exception=True)
        upload = services.expect(**wanted.validated_data, by=self.actor)
        return Response(UploadOutput(upload).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=FileOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(FileOutput(selectors.expected(int(pk), by=self.actor)).data)

    @extend_schema(request=None, responses=FileOutput)
    @action(detail=True, methods=["post"])
    def arrived(self, request: Request, pk: str) -> Response:
        file = selectors.expected(int(pk), by=self.actor)
        try:
            file = services.arrive(file=file, by=self.actor)
        except FileRefused as refusal:
            # Answered and not raised: the refusal itself is a fact that must stay.
            return refused(refusal)
        return Response(FileOutput(file).data)
