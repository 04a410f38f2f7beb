"""Which village a page is about, and what of the town a person may see."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from jifen.kernel.errors import Forbidden, NotFound
from jifen.kernel.permissions import Permission, grants_of
from jifen.kernel.reading import whole
from tenants.community import selectors as community
from tenants.community.models import Household, Village

_KEPT = "scoring_village"


def village(request: HttpRequest, permission: Permission) -> Village:
    """The village chosen last (``?village=``), or the first one the person has to do with.

    Raises:
        Forbidden: she holds ``permission`` over none. NotFound: not over the one she asks for.
    """
    mine = community.villages_for(request.user, permission)
    asked = request.GET.get("village", "")
    if asked:
        chosen = mine.filter(pk=whole(asked) or 0).first()
        if chosen is None:
            raise NotFound
        request.session[_KEPT] = chosen.pk
        return chosen
    kept = mine.filter(pk=request.session.get(_KEPT) or 0).first()
    found = kept or mine.first()
    if found is None:
        raise Forbidden
    return found


def download(body: bytes, content_type: str, name: str) -> HttpResponse:
    """A file as the answer of a page."""
    answer = HttpResponse(body, content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def frame(request: HttpRequest, permission: Permission) -> dict[str, Any]:
    """``village`` and, when there is a choice, ``villages``."""
    found = village(request, permission)
    mine = list(community.villages_for(request.user, permission)[:200])
    return {"village": found, "villages": mine if len(mine) > 1 else []}


def household(request: HttpRequest, permission: Permission, number: str) -> Household:
    """The household with ``number`` in a village over which the person holds ``permission``.

    Raises:
        NotFound: anything else.
    """
    found = community.households_for(request.user, permission).filter(number=number.strip()).first()
    if found is None:
        raise NotFound("没有找到这一户，请核对户号。", field="household")
    return found


def village_ids(request: HttpRequest, permission: Permission) -> set[int] | None:
    """Ids of the villages over which ``permission`` is held; None is the whole town."""
    return grants_of(request.user).scope(permission, "village")
