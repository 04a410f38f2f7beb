"""规则样张: what the district offers its towns."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import page
from scoring.library import reading, selectors, services
from scoring.library.models import Template, TemplateVersion
from scoring.library.permissions import LibraryPermission as May
from scoring.library.web.forms import PublishForm
from scoring.rules.spec import RuleSpec


@page(permission=May.PUBLISH)
def templates(request: HttpRequest) -> HttpResponse:
    """All templates of the reader's districts with their newest version, and those that come with the platform."""
    rows = [(one, selectors.newest(one)) for one in selectors.templates_for(request.user)]
    return render(request, "library/templates.html", {"rows": rows, "built_in": selectors.built_in()})


@page(permission=May.PUBLISH)
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """One template; ``?version=`` shows an earlier version, with what it changed."""
    found = _template(request, pk)
    versions = list(found.versions.select_related("template__district").order_by("-number"))
    asked = request.GET.get("version", "")
    shown = next((one for one in versions if str(one.number) == asked), versions[0])
    return render(request, "library/template.html", _content(found, versions, shown))


@page(permission=May.PUBLISH)
def built_in(request: HttpRequest, code: str) -> HttpResponse:
    """One that comes with the platform, item by item."""
    scheme = selectors.built_in_scheme(code)
    if scheme is None:
        raise NotFound
    content = {"title": scheme.title, "shelves": _shelves(scheme.rulebook.rules)}
    return render(request, "library/built_in.html", content)


@page(permission=May.PUBLISH)
def publish(request: HttpRequest) -> HttpResponse:
    """A new template, or with ``?template=`` the next version of one."""
    begun = selectors.templates_for(request.user).filter(pk=_number(request)).first()
    known: dict[str, Any] = {"district": begun.district_id, "title": begun.title, "code": begun.code} if begun else {}
    form = PublishForm(request.POST or None, request.FILES or None, user=request.user, initial=known)
    seen = _read(form, request) if form.is_valid() and isinstance(form.cleaned_data["content"], tuple) else None
    if seen is not None:
        return render(request, "library/publish.html", seen | {"begun": begun})
    if form.is_valid():
        made = _published(form, request)
        if made is not None:
            messages.success(request, f"《{made.template.title}》第{made.number}版已发布，各镇现在就能选用。")
            return redirect("library:template", made.template_id)
    refused = form.errors or form.refusal
    return render(request, "library/publish.html", {"form": form, "begun": begun}, status=422 if refused else 200)


@require_POST
@page(permission=May.PUBLISH)
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    services.retire(template=_template(request, pk), by=Actor.of(request.user))
    messages.success(request, "已停止提供。已经用它开始的镇不受影响；再发布一版就恢复提供。")
    return redirect("library:template", pk)


@page(permission=May.PUBLISH)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The text of one version as it was published."""
    version = get_object_or_404(selectors.versions_for(request.user), pk=pk)
    answer = HttpResponse(version.source, content_type="text/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{version.template.code}-{version.number}.yaml"'
    return answer


def _read(form: PublishForm, request: HttpRequest) -> dict[str, Any] | None:
    """What was read of a workbook, with the form that publishes it; None with an error in ``form``."""
    told = form.cleaned_data
    body, name = told["content"]
    try:
        read = reading.read(
            body=body, name=name, district=told["district"], code=told["code"], title=told["title"]
        )  # fmt: skip
    except JifenError as error:
        form.add_error("content", error.message)
        return None
    data = {**request.POST.dict(), "read": read.content}
    titles = {rule.code: rule.title for rule in read.found.rules}
    return {
        "form": PublishForm(user=request.user, initial=data),
        "name": name,
        "found": read.found,
        "doubts": [(titles.get(one.code, ""), one) for one in read.found.doubts],
        "shelves": _shelves(read.found.rules),
    }


def _published(form: PublishForm, request: HttpRequest) -> TemplateVersion | None:
    told = dict(form.cleaned_data)
    told.pop("read")
    try:
        return services.publish(source=told.pop("content"), by=Actor.of(request.user), **told)
    except services.TemplateFaulty as error:
        form.refusal = error
        return None
    except JifenError as error:
        form.add_error_from(error)
        return None


def _content(found: Template, versions: list[TemplateVersion], shown: TemplateVersion) -> dict[str, Any]:
    return {
        "template": found,
        "versions": versions,
        "shown": shown,
        "shelves": _shelves(selectors.rulebook_of(shown).rules),
        "lines": selectors.change(shown, shown.number - 1),
    }


def _shelves(rules: Sequence[RuleSpec]) -> list[tuple[str, list[RuleSpec]]]:
    """The items by category, the categories in the order in which they first come."""
    order = {name: place for place, name in enumerate(dict.fromkeys(rule.category for rule in rules))}
    shelves = groupby(sorted(rules, key=lambda rule: order[rule.category]), lambda rule: rule.category)
    return [(name, list(items)) for name, items in shelves]


def _template(request: HttpRequest, pk: int) -> Template:
    return get_object_or_404(selectors.templates_for(request.user), pk=pk)


def _number(request: HttpRequest) -> int:
    text = request.GET.get("template", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
