"""Hand in a roster, see what came of it, fetch the rows that need correcting."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jifen.files import selectors as files
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page, require
from tenants.community import roster, selectors
from tenants.community.models import RosterImport
from tenants.community.permissions import CommunityPermission as May
from tenants.community.roster.workbooks import XLSX
from tenants.community.services import contacts
from tenants.community.web.common import frame, has_whole_town, managed
from tenants.community.web.forms import RosterForm

SHOWN = 50


@page(permission=May.MANAGE_ROSTER)
def roster_page(request: HttpRequest, area: str) -> HttpResponse:
    """The form, and what was handed in before; a trial run shows its result here."""
    form = RosterForm(
        request.POST or None, request.FILES or None, villages=managed(request), whole_town=has_whole_town(request)
    )
    result = _import(request, form) if form.is_valid() else None
    if result and result.record:
        messages.success(request, "已导入。" if not result.problems else "已导入填写正确的行，其余的行请改正后再上传。")
        return redirect(f"community:{area}_roster_result", result.record.pk)
    content = {
        **frame(request, area),
        "form": form,
        "trial": result,
        "problems": result.problems[:SHOWN] if result else [],
        "imports": selectors.imports_for(request.user, May.MANAGE_ROSTER)[:20],
    }
    return render(request, "community/roster.html", content, status=422 if form.errors else 200)


def _import(request: HttpRequest, form: RosterForm) -> roster.Result | None:
    values = form.cleaned_data
    village = values["village"]
    if village is None and not has_whole_town(request):
        require(request.user, May.MANAGE_ROSTER, village=0)
    by = Actor.of(request.user)
    try:
        with transaction.atomic():
            if village is not None and values["phone"] and not values["is_trial"]:
                contacts.set_village_phone(village=village, phone=values["phone"], by=by)
            return roster.import_file(
                body=values["file"].read(), name=values["file"].name, village=village, by=by,
                dry_run=values["is_trial"],
            )  # fmt: skip
    except JifenError as error:
        form.add_error_from(error)
        return None


@page(permission=May.MANAGE_ROSTER)
def roster_result(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    row = _import_row(request, pk)
    silent = selectors.without_phone(managed(request))
    concerned = [one for one in silent if row.village_id in (None, one.pk)]
    return render(request, "community/roster_result.html", {**frame(request, area), "row": row, "silent": concerned})


@page(permission=May.MANAGE_ROSTER)
def roster_bad_rows(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """The workbook of the rows that stayed out."""
    row = _import_row(request, pk)
    if row.bad_rows_file is None:
        return redirect(f"community:{area}_roster_result", pk)
    return redirect(files.link(row.bad_rows_file, download=True))


@page(permission=May.MANAGE_ROSTER)
def roster_sample(request: HttpRequest, area: str) -> HttpResponse:
    """The workbook to fill in."""
    answer = HttpResponse(roster.sample(), content_type=XLSX)
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''%E5%90%8D%E5%86%8C%E6%A0%B7%E8%A1%A8.xlsx"
    return answer


def _import_row(request: HttpRequest, pk: int) -> RosterImport:
    return get_object_or_404(selectors.imports_for(request.user, May.MANAGE_ROSTER), pk=pk)
