"""A district's templates on the public site."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import GenericViewSet
from jifen.kernel.errors import NotFound
from scoring.library import selectors, services
from scoring.library.api import serializers
from scoring.library.models import TemplateVersion
from scoring.library.permissions import LibraryPermission


class DistrictTemplates(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    """Published versions of the reader's districts, the newest first; publishing makes the next one."""

    permissions = dict.fromkeys(("list", "retrieve", "create", "retire"), LibraryPermission.PUBLISH)
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
        district = selectors.districts_for(request.user).filter(code=data.pop("district")).first()
        if district is None:
            raise NotFound("没有这个区县，或者它不归您管理。", field="district")
        made = services.publish(district=district, source=data.pop("content"), by=self.actor, **data)
        return Response(serializers.TemplateVersionOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=serializers.TemplateVersionOut)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Offer the whole template no more."""
        version = self.get_object()
        services.retire(template=version.template, by=self.actor)
        version.template.refresh_from_db()
        return Response(serializers.TemplateVersionOut(version).data)
