"""Rulebooks as files: the printed 积分细则, the workbook to edit, YAML to keep."""

from django.http import HttpRequest, HttpResponse

from jifen.kernel.errors import NotFound
from jifen.kernel.permissions import Access, page
from scoring.selectors import rulebooks as books
from scoring.services import rulebook_papers
from scoring.web import scope


@page(permission=Access.SIGNED_IN)
def file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A version that was ever in force, or will be: everybody's. Who decides on rules also reads what is decided."""
    version = books.readable(request.user).filter(pk=pk).first()
    if version is None:
        raise NotFound
    made = rulebook_papers.paper(version, kind)
    return scope.download(made.body, made.content_type, made.name)
