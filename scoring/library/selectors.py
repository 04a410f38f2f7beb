"""The district's templates, for those who publish them and for the towns that begin with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from jifen.kernel.errors import NotFound
from jifen.kernel.permissions import grants_of
from scoring.library.models import Template, TemplateVersion
from scoring.library.permissions import LibraryPermission
from scoring.rules import diffs, library
from scoring.rules.spec import Rulebook, Scheme
from tenants.models import District, Town


class TemplateUnknown(NotFound):
    code = "template_unknown"
    message = "没有这份样张，或者它不属于您所在的区。"


@dataclass(frozen=True, slots=True)
class Offer:
    """A template that a town can begin with. ``start`` is what ``open_draft`` takes; built-in ones have no number."""

    start: str
    key: str
    title: str
    publisher: str
    rules: int
    number: int | None = None
    note: str = ""


def districts_for(user: Any) -> QuerySet[District]:
    """The districts that ``user`` publishes for."""
    held = grants_of(user).scope(LibraryPermission.PUBLISH, "district")
    rows = District.objects.order_by("code")
    return rows if held is None else rows.filter(pk__in=held)


def templates_for(user: Any) -> QuerySet[Template]:
    """All templates of ``user``'s districts, retired ones too."""
    return Template.objects.select_related("district").filter(district__in=districts_for(user))


def versions_for(user: Any) -> QuerySet[TemplateVersion]:
    return TemplateVersion.objects.select_related("template__district").filter(template__in=templates_for(user))


def newest(template: Template) -> TemplateVersion | None:
    return template.versions.select_related("template__district").order_by("-number").first()


def published(pk: int) -> TemplateVersion | None:
    """The version with this id if its template is still offered."""
    rows = TemplateVersion.objects.select_related("template__district")
    return rows.filter(pk=pk, template__is_offered=True).first()


def offers(schema: str) -> list[Offer]:
    """What the town ``schema`` can begin with: its district's newest versions, then what comes with the platform."""
    district = Town.objects.filter(schema_name=schema).values("district")
    rows = Template.objects.filter(district__in=district, is_offered=True).select_related("district")
    found = [newest(template) for template in rows]
    return [*(_offer(one) for one in found if one is not None), *built_in()]


def offered_to(schema: str, pk: int) -> TemplateVersion | None:
    """A version that the town's own district published and still offers."""
    found = published(pk)
    own = Town.objects.filter(schema_name=schema).values_list("district_id", flat=True).first()
    return found if found is not None and found.template.district_id == own else None


def newer_than(key: str, number: int | None) -> TemplateVersion | None:
    """The newest published version of the template that a rulebook began with, if that is a later one."""
    code, _, name = key.partition("-")
    rows = TemplateVersion.objects.select_related("template__district").filter(
        template__district__code=code, template__code=name, template__is_offered=True
    )
    return rows.filter(number__gt=number or 0).order_by("-number").first() if number else None


def rulebook_at(key: str, number: int) -> Rulebook | None:
    """What version ``number`` of the template ``key`` (district and code) says, also when it is offered no more."""
    code, _, name = key.partition("-")
    rows = TemplateVersion.objects.filter(template__district__code=code, template__code=name, number=number)
    found = rows.first()
    return rulebook_of(found) if found else None


def change(version: TemplateVersion, since: int) -> tuple[diffs.Line, ...]:
    """What the version changes against number ``since`` of its template, in sentences."""
    before = version.template.versions.filter(number=since).first()
    return diffs.diff(rulebook_of(before), rulebook_of(version)) if before else ()


def rulebook_of(version: TemplateVersion) -> Rulebook:
    return _parsed(version.source)


@lru_cache(maxsize=32)
def _parsed(source: str) -> Rulebook:
    return library.parse_rulebook(source)


def _offer(version: TemplateVersion) -> Offer:
    made = version.template
    return Offer(
        f"district:{version.pk}", made.key, made.title, made.district.name, version.rules, version.number, version.note
    )


def built_in() -> Iterable[Offer]:
    """The templates that come with the platform."""
    for code in library.available():
        scheme = library.load(code)
        yield Offer(f"template:{code}", code, scheme.title, "平台自带", len(scheme.rulebook.rules))


def built_in_scheme(code: str) -> Scheme | None:
    """One of the templates that come with the platform."""
    return library.load(code) if code in library.available() else None
