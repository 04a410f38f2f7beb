"""What has been told: the list of deeds, one deed with its way, and the steward's queue."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import grants_of, page, require
from scoring.models import Declaration, DeclarationState
from scoring.permissions import ScoringPermission as May
from scoring.rules.phrases import consent
from scoring.selectors import own, raters, spec_of
from scoring.selectors.verifying import sent_back, verify_queue
from scoring.services import declarations
from scoring.web import scope
from scoring.web.photos import Photo, shown
from scoring.web.ways import way_of

PER_PAGE = 50


@page(permission=May.READ_LEDGER)
def declaration_list(request: HttpRequest) -> HttpResponse:
    frame = scope.frame(request, May.READ_LEDGER)
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    rows = Declaration.objects.filter(village=frame["village"]).select_related(
        "household__head", "resident", "rule", "batch"
    )
    if state in DeclarationState.values:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(
            Q(household__number__startswith=words)
            | Q(household__head__name__contains=words)
            | Q(resident__name__contains=words)
            | Q(rule__title__contains=words)
        )
    found = Paginator(rows.order_by("-happened_on", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    content = frame | {"rows": found, "state": state, "words": words, "states": DeclarationState.choices}
    content |= {"sent_back": sent_back(found), "shown": own.told(list(found), None, notes=False)}
    return render(request, "scoring/declarations.html", content)


@page(permission=May.READ_LEDGER)
def declaration(request: HttpRequest, pk: int) -> HttpResponse:
    """One deed: what was told, how it is priced, how far it has come."""
    row = _declaration(request, May.READ_LEDGER, pk)
    if request.method == "POST":
        require(request.user, May.RECORD, village=row.village_id)
        declarations.withdraw(declaration=row, by=Actor.of(request.user))
        messages.success(request, "已撤回。")
        return redirect("scoring:declaration", pk)
    content = {
        "row": row,
        "told": own.told([row], None)[0],
        "is_back": bool(sent_back([row])),
        "rule_price": spec_of(row.rule).price_text,
        "consent": consent(spec_of(row.rule)),
        "photos": photos(row),
        "raters": raters.lines(row, masked=not _reviews(request, row)),
        "events": way_of(row),
        "can_withdraw": row.state in (DeclarationState.SUBMITTED, DeclarationState.READY),
    }
    return render(request, "scoring/declaration.html", content)


@page(permission=May.RECORD)
def verify(request: HttpRequest) -> HttpResponse:
    """Villagers' own declarations that wait for her word, oldest first."""
    frame = scope.frame(request, May.RECORD)
    rows = [(row, photos(row)) for row in verify_queue({frame["village"].pk}, request.user.pk)[:100]]
    return render(request, "scoring/verify.html", frame | {"rows": rows})


@page(permission=May.RECORD)
@require_POST
def verify_one(request: HttpRequest, pk: int) -> HttpResponse:
    row = _declaration(request, May.RECORD, pk)
    accept = request.POST.get("verdict") == "accept"
    try:
        declarations.verify(
            declaration=row, accept=accept, reason=request.POST.get("reason", ""), by=Actor.of(request.user)
        )
    except JifenError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _told(row, accept))
    return redirect("scoring:verify")


def _reviews(request: HttpRequest, row: Declaration) -> bool:
    """Whether she records or reviews there: to anybody else the raters' names are masked."""
    scopes = (grants_of(request.user).scope(one, "village") for one in (May.RECORD, May.REVIEW))
    return any(held is None or row.village_id in held for held in scopes)


def _told(row: Declaration, accept: bool) -> str:
    if not accept:
        return "已退回，申报人会看到原因。"
    row.refresh_from_db(fields=["state"])
    return "您已核实，转下一步办理。" if row.state == DeclarationState.SUBMITTED else "已核实，进入本月审核。"


def photos(row: Declaration) -> list[Photo]:
    """The deed's evidence."""
    return shown(one.file for one in row.evidence.all())


def _declaration(request: HttpRequest, permission: May, pk: int) -> Declaration:
    held = scope.village_ids(request, permission)
    rows = Declaration.objects.filter(pk=pk)
    row = (rows if held is None else rows.filter(village_id__in=held)).first()
    if row is None:
        raise NotFound
    return row
