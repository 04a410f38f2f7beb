"""The pages behind the codes on paper: for everyone, found by their address alone. A notice's for its days; a receipt's
without a name, so that whoever objected on the phone can follow it."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jifen.kernel.permissions import Access, page
from jifen.web import pdf
from reporting import addresses, slip
from reporting.selectors import in_place, inquiries, notices, objections
from reporting.web import show, story
from tenants.community import selectors as community

GONE = 410


@page(permission=Access.ANYONE)
def notice(request: HttpRequest, token: str) -> HttpResponse:
    content = show.content(notices.by_token(token))
    if content["is_open"]:
        response = render(request, "reporting/public/notice.html", content)
    else:
        response = render(request, "reporting/public/closed.html", content, status=GONE)
    return _unlisted(response)


@page(permission=Access.ANYONE)
def objection(request: HttpRequest, token: str) -> HttpResponse:
    """How far it is, and the answer; nothing of who asked or in which words."""
    found = objections.by_token(token)
    content = {
        "objection": found,
        "events": story.of(found, inside=True),
        "step": inquiries.standing([found.pk]).get(found.pk, ""),
        "in_town": in_place.is_asked(found),
        "next_way": objections.next_way(found),
        "office": community.office_name() or "镇里",
        "phone": found.village.phone,
        "receipt": addresses.receipt(found),
    }
    return _unlisted(render(request, "reporting/public/objection.html", content))


@page(permission=Access.ANYONE)
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    found = objections.by_token(token)
    body = pdf.compile("reporting/receipt.typ", slip.content(found, url=addresses.objection(found)))
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(f'异议回执 {found.number}.pdf')}"
    return _unlisted(response)


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response
