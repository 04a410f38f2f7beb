"""The page behind the code on a poster: for everyone, for its days, found by its address alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jifen.kernel.permissions import Access, page
from reporting.selectors import notices
from reporting.web import show

GONE = 410


@page(permission=Access.ANYONE)
def notice(request: HttpRequest, token: str) -> HttpResponse:
    content = show.content(notices.by_token(token))
    if content["is_open"]:
        response = render(request, "reporting/public/notice.html", content)
    else:
        response = render(request, "reporting/public/closed.html", content, status=GONE)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response
