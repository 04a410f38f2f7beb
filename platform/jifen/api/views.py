"""Bases of all endpoints.

    class VillageViewSet(mixins.ListModelMixin, GenericViewSet):
        permissions = {"list": CommunityPermission.READ}

``permissions`` names every action (or, in an ``Endpoint``, every method); one that is missing is refused. Unsafe calls
run once per ``Idempotency-Key``, in one transaction.
"""

from typing import Any, ClassVar

from rest_framework import viewsets
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jifen.api import idempotency
from jifen.kernel.actors import Actor
from jifen.kernel.permissions import Requirement


class Idempotent(APIView):
    """Runs the handler of an unsafe call through ``idempotency.once``."""

    permissions: ClassVar[dict[str, Requirement]] = {}
    metadata_class = None

    @property
    def actor(self) -> Actor:
        """Who calls."""
        return Actor.of(self.request.user)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """DRF's own, with the one difference that the handler is reached through ``_handled``."""
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            answer = self._handled(self.request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - handle_exception raises what is no refusal
            answer = self.handle_exception(error)
        self.response = self.finalize_response(self.request, answer, *args, **kwargs)
        return self.response

    def _handled(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        method = str(request.method)
        known = method.lower() in self.http_method_names
        handler = getattr(self, method.lower(), None) if known else None
        if handler is None:
            return self.http_method_not_allowed(request, *args, **kwargs)
        if method in SAFE_METHODS:
            return handler(request, *args, **kwargs)
        return idempotency.once(request, lambda: handler(request, *args, **kwargs))


class Endpoint(Idempotent):
    """One address with its methods: ``permissions = {"get": …, "post": …}``."""


class GenericViewSet(Idempotent, viewsets.GenericViewSet[Any]):
    """A collection: ``permissions = {"list": …, "create": …}``; combine with DRF's mixins for reading."""


class ViewSet(Idempotent, viewsets.ViewSet):
    """A collection without a queryset of its own."""
