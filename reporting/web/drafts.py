"""公示送审: the draft that is approved before it hangs, and what has to be mended of one that was not."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from jifen.approvals.web import embedded
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import grants_of, page
from reporting.models import DraftState, NoticeDraft
from reporting.permissions import ReportingPermission as May
from reporting.selectors import drafts as selectors
from reporting.services import drafts
from reporting.web import show, staff


@page(permission=May.READ)
def draft(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """As it would hang, where it stands, and what was to be mended."""
    found = _mine(request, pk)
    user: Any = request.user
    content: dict[str, Any] = show.body(found.snapshot)
    content |= {"draft": found, "may_send": _is_mendable(found) and grants_of(user).allows(May.PUBLISH)}
    content |= {"way": embedded.way_of(selectors.KIND, found.pk, area=area, user=user)}
    return staff.shown(request, area, "draft", content)


@require_POST
@page(permission=May.PUBLISH)
def send_again(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """Compute the quarter anew and send it once more."""
    found = _mine(request, pk)
    village = staff.village_to_publish(request, found.village_id)
    try:
        made = drafts.send(village=village, year=found.year, quarter=found.quarter, by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
        return redirect(f"reporting:{area}-draft", pk)
    messages.success(request, "已重新生成并送审，同意后自动张贴。")
    return redirect(f"reporting:{area}-draft", made.pk)


def _mine(request: HttpRequest, pk: int) -> NoticeDraft:
    return selectors.by_id(pk, grants_of(request.user).scope(May.READ, "village"))


def _is_mendable(found: NoticeDraft) -> bool:
    return found.state in (DraftState.REFUSED, DraftState.WITHDRAWN)
