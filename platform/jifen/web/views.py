"""The style guide: every component with data of real size, on every layout. Embedded mode only."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static

from jifen.kernel.clock import now
from jifen.kernel.permissions import Access, page
from jifen.web import nav, sample
from jifen.web.errors import error_page

_PAGES = {"staff", "simple", "wall", "print", "login"}


@page(permission=Access.ANYONE)
def styleguide(request: HttpRequest) -> HttpResponse:
    """``?page=`` staff, simple, wall, print, login, or a status such as 404."""
    if not getattr(settings, "EMBEDDED", False):
        raise Http404
    wanted = request.GET.get("page", "staff")
    if wanted.isdigit():
        return error_page(request, int(wanted))
    name = wanted if wanted in _PAGES else "staff"
    return render(request, f"web/guide/{name}.html" if name != "staff" else "web/styleguide.html", _content(name))


def _content(name: str) -> dict[str, Any]:
    content: dict[str, Any] = {key.lower(): value for key, value in vars(sample).items() if key.isupper()}
    staff = {"site_name": "川沙新镇", "office_name": "川沙新镇农业农村工作办公室"}
    return {
        **content,
        **(staff if name != "login" else {"site_name": "川沙新镇"}),
        "nav": sample.RESIDENT_NAV,
        "nav_groups": nav.grouped(sample.STAFF_NAV),
        "now": now(),
        "mark_url": static("web/img/mark.svg"),
        "form": sample.SignInForm() if name == "login" else sample.DeedForm(),
        "wrong": sample.wrong_form(),
        "search": sample.SearchForm(),
        "many": sample.page_of_many(),
    }
