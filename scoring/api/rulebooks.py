"""Versions of rulebooks, the decisions that villages have to make, and the templates that a town can begin with."""

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import Endpoint
from jifen.kernel import clock
from jifen.kernel.errors import NotFound
from jifen.kernel.permissions import Access
from jifen.kernel.reading import whole as number
from jifen.kernel.tenancy import require_town
from scoring import policies
from scoring.api import rulebook_forms as forms
from scoring.api.base import Base
from scoring.library import selectors as shelf
from scoring.models import Adaptation, RulebookVersion, VersionState
from scoring.permissions import ScoringPermission as May
from scoring.selectors import adaptations as decisions
from scoring.selectors import rulebooks as books
from scoring.services import adaptations, rule_policy, rulebook_papers, versions

ROWS = RulebookVersion.objects.select_related("rulebook__village", "town_version")


class RulebookVersions(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    """Versions that were ever in force, or will be: everybody's to read. ``?village=`` for a village's own.

    Who decides on rules, or writes these, reads those that are being decided as well.
    """

    permissions = dict.fromkeys(("list", "retrieve", "difference", "file"), Access.SIGNED_IN)
    serializer_class = forms.RulebookVersionOut
    queryset = RulebookVersion.objects.none()

    @extend_schema(parameters=[OpenApiParameter("village", int)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        rows = books.readable(self.request.user)
        if self.action != "list":
            return rows
        return rows.filter(rulebook__village=number(self.request.query_params.get("village", "")))

    @extend_schema(responses=forms.RulebookVersionWhole)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version = self.get_object()
        told = forms.RulebookVersionOut(version).data | {"bounds": version.bounds, "overlay": version.overlay}
        return Response(told | {"rulebook": books.whole(version).model_dump(mode="json")})

    @extend_schema(responses=forms.LineOut(many=True))
    @action(detail=True, methods=["get"])
    def difference(self, request: Request, pk: str) -> Response:
        """What it changed against the version before it, in sentences."""
        version = self.get_object()
        lines = books.difference(books.earlier(version), version)
        return Response(forms.LineOut(lines, many=True).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path="file/(?P<kind>pdf|xlsx|yaml)")
    def file(self, request: Request, pk: str, kind: str) -> HttpResponse:
        """To print, to edit as a workbook, or to keep as YAML."""
        made = rulebook_papers.paper(self.get_object(), kind)
        answer = HttpResponse(made.body, content_type=made.content_type)
        answer.headers["Content-Disposition"] = content_disposition_header(True, made.name) or "attachment"
        return answer


class _Own(mixins.ListModelMixin, Base):
    """Versions that the caller keeps, with those that are being decided."""

    serializer_class = forms.RulebookVersionOut
    queryset = RulebookVersion.objects.none()

    @extend_schema(request=forms.VersionDayIn, responses=forms.RulebookVersionOut)
    @action(detail=True, methods=["post"], url_path="put-in-force")
    def put_in_force(self, request: Request, pk: str) -> Response:
        """Date an approved version whose day was not possible."""
        data = self.checked(forms.VersionDayIn)
        return self._told(versions.put_in_force(version=self.get_object(), by=self.actor, **data))

    @extend_schema(request=forms.WithdrawIn, responses=forms.RulebookVersionOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        data = self.checked(forms.WithdrawIn)
        return self._told(versions.withdraw(version=self.get_object(), by=self.actor, **data))

    @extend_schema(request=forms.ExtendIn, responses=forms.RulebookVersionOut)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str) -> Response:
        data = self.checked(forms.ExtendIn)
        return self._told(versions.extend(version=self.get_object(), by=self.actor, **data))

    def _told(self, version: RulebookVersion) -> Response:
        return Response(forms.RulebookVersionOut(version).data)


class TownVersions(_Own):
    """The town's own; a village's, too, can be withdrawn by the town with a reason (责令纠正)."""

    permissions = dict.fromkeys(("list", "put_in_force", "withdraw", "extend"), May.MANAGE_RULES)

    def get_queryset(self) -> Any:
        rows = ROWS.exclude(state=VersionState.DRAFT)
        return rows if self.action == "withdraw" else rows.filter(rulebook__village=None)


class VillageVersions(_Own):
    """The village's own: what is handed in can be taken back; what was resolved is changed by another resolution."""

    permissions = dict.fromkeys(("list", "put_in_force", "withdraw", "extend"), May.ADAPT_RULES)

    def get_queryset(self) -> Any:
        rows = ROWS.exclude(rulebook__village=None).exclude(state=VersionState.DRAFT)
        rows = rows.filter(state=VersionState.SUBMITTED) if self.action == "withdraw" else rows
        return self.within(rows, May.ADAPT_RULES, "rulebook__village")


class Adaptations(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    """The town's new version beside the village's own rules, and what the village makes of both."""

    permissions = dict.fromkeys(("list", "retrieve", "choose", "confirm"), May.ADAPT_RULES)
    serializer_class = forms.AdaptationOut
    queryset = Adaptation.objects.none()

    def get_queryset(self) -> Any:
        return decisions.adaptations(self.villages(May.ADAPT_RULES))

    @extend_schema(responses=forms.AdaptationWhole)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._told(self.get_object())

    @extend_schema(request=forms.ChoicesIn, responses=forms.AdaptationWhole)
    @action(detail=True, methods=["post"])
    def choose(self, request: Request, pk: str) -> Response:
        """Keep what is chosen so far."""
        data = self.checked(forms.ChoicesIn)
        return self._told(adaptations.choose(adaptation=self.get_object(), by=self.actor, **data))

    @extend_schema(request=forms.ChoicesIn, responses=forms.RulebookVersionOut)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """The village's version on the town's new one."""
        data = self.checked(forms.ChoicesIn)
        made = adaptations.confirm(adaptation=self.get_object(), by=self.actor, **data)
        return Response(forms.RulebookVersionOut(made).data)

    def _told(self, row: Adaptation) -> Response:
        view = decisions.view(row)
        return Response(forms.AdaptationOut(row).data | forms.ThreeWayOut(view).data)


class Offers(Endpoint):
    """What a rulebook can begin with: the district's templates and those of the platform."""

    permissions = {"get": May.MANAGE_RULES}

    @extend_schema(responses=forms.OfferOut(many=True))
    def get(self, request: Request) -> Response:
        return Response(forms.OfferOut(shelf.offers(require_town()), many=True).data)


class RulePolicy(Endpoint):
    """How villages adopt rules in this town, and when ends are announced."""

    permissions = {"get": May.READ_LEDGER, "patch": May.MANAGE_RULES}

    @extend_schema(responses=forms.PolicyOut)
    def get(self, request: Request) -> Response:
        chosen = policies.on(clock.today()).rules
        return Response(chosen.model_dump(mode="json"))

    @extend_schema(request=forms.PolicyOut, responses=forms.PolicyOut)
    def patch(self, request: Request) -> Response:
        """From today on; what is not sent stays."""
        sent = dict(request.data) if isinstance(request.data, dict) else {}
        return Response(rule_policy.choose(rules=sent, by=self.actor).model_dump(mode="json"))


class Newer(Endpoint):
    """The newer version of the template that the town's rules began with; not found when there is none."""

    permissions = {"get": May.MANAGE_RULES}

    @extend_schema(responses=forms.NewerOut)
    def get(self, request: Request) -> Response:
        found = books.newer_template()
        if found is None:
            raise NotFound("本镇用的样张没有更新的版本。")
        return Response(forms.NewerOut(found).data)
