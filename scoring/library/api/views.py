"""A district's templates on the public site."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import GenericViewSet
from jifen.kernel.errors import NotFound
from scoring.library import reading, selectors, services
from scoring.library.api import serializers
from scoring.library.models import TemplateVersion
from scoring.library.permissions import LibraryPermission
from tenants.models import District


class DistrictTemplates(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    """Published versions of the reader's districts, the newest first; publishing makes the next one."""

    permissions = dict.fromkeys(("list", "retrieve", "create", "read", "retire"), LibraryPermission.PUBLISH)
    serializer_class = serializers.TemplateVersionOut
    queryset = TemplateVersion.objects.none()

    def get_queryset(self) -> Any:
        return selectors.versions_for(self.request.user)

    @extend_schema(responses=serializers.TemplateVersionWhole)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(serializers.TemplateVersionWhole(self.get_object()).data)

    @extend_schema(request=serializers.TemplatePublishIn, responses={201: serializers.TemplateVersionOut})
    def create(self, request: Request) -> Response:
        form = serializers.TemplatePublishIn(data=request.data)
        form.is_valid(raise_exception=True)
        data = dict(form.validated_data)
        district = self._district(data.pop("district"))
        made = services.publish(district=district, source=data.pop("content"), by=self.actor, **data)
        return Response(serializers.TemplateVersionOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request={"multipart/form-data": serializers.TemplateReadIn}, responses=serializers.TemplateReadOut
    )  # fmt: skip
    @action(detail=False, methods=["post"])
    def read(self, request: Request) -> Response:
        """A list in a workbook as the content of a template; what was not understood is listed, never guessed."""
        form = serializers.TemplateReadIn(data=request.data)
        form.is_valid(raise_exception=True)
        data = dict(form.validated_data)
        file, district = data.pop("file"), self._district(data.pop("district"))
        made = reading.read(body=file.read(), name=file.name, district=district, **data)
        told = {"content": made.content, "rules": len(made.found.rules)}
        lists = {"problems": made.found.problems, "doubts": made.found.doubts}
        return Response(serializers.TemplateReadOut(told | lists).data)

    @extend_schema(request=None, responses=serializers.TemplateVersionOut)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Offer the whole template no more."""
        version = self.get_object()
        services.retire(template=version.template, by=self.actor)
        version.template.refresh_from_db()
        return Response(serializers.TemplateVersionOut(version).data)

    def _district(self, code: str) -> District:
        found = selectors.districts_for(self.request.user).filter(code=code).first()
        if found is None:
            raise NotFound("没有这个区县，或者它不归您管理。", field="district")
        return found
