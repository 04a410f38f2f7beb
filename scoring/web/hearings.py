"""听取说明: the village's desk, where what people say is written down and answered; the household's own page.

Who declared a deed stands on none of them.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import grants_of, page, require
from jifen.kernel.reading import whole
from scoring import policies, selectors
from scoring.models import Channel, Hearing, HearingOutcome
from scoring.permissions import ScoringPermission as May
from scoring.selectors import access
from scoring.selectors.hearings import hearings_in, hearings_of, untold_in
from scoring.services import hearings, telling
from scoring.web import scope
from scoring.web.forms import HearingForm, InformForm, StatementForm, ToldStatementForm
from scoring.web.resident import own
from scoring.web.told import photos

PER_PAGE = 30
SPOKEN = [Channel.PHONE, Channel.WINDOW, Channel.ORAL, Channel.WECHAT, Channel.SMS]


@page(permission=May.SIT)
def hearing_list(request: HttpRequest) -> HttpResponse:
    """What is being explained, by its last day; below it what was answered lately.

    Who only sits on some sheets sees what is of them.
    """
    frame = scope.frame(request, May.SIT)
    hers = access.hearings_for(request.user).values("pk")
    rows = hearings_in([frame["village"].pk]).filter(pk__in=hers)
    held = grants_of(request.user)
    board_days = policies.on(clock.today()).review.board_days
    waiting = rows.filter(outcome=HearingOutcome.OPEN)
    may_tell = held.allows(May.TELL, village=frame["village"].pk)
    untold = list(untold_in([frame["village"].pk]).filter(pk__in=hers))
    told = list(waiting.exclude(told_at=None))
    answered = access.words_on(request.user, [row.item.review for row in told])
    content = frame | {
        "waiting": [_shown(request, row) | {"may_decide": row.item.review_id in answered} for row in told],
        "untold": [_shown(request, row) | {"phone": _phone(row) if may_tell else ""} for row in untold],
        "may_tell": may_tell,
        "form": InformForm(initial={"told_on": clock.today()}, has_board=bool(board_days)),
        "board_days": board_days,
        "done": Paginator(rows.exclude(outcome=HearingOutcome.OPEN).order_by("-decided_at", "-pk"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "may_state": held.allows(May.RECORD, village=frame["village"].pk),
        "may_read": held.allows(May.READ_LEDGER, village=frame["village"].pk),
        "channels": [(str(one), one.label) for one in SPOKEN],
    }
    return render(request, "scoring/hearings.html", content)


@page(permission=May.TELL)
@require_POST
def inform(request: HttpRequest) -> HttpResponse:
    """Who was told by word of mouth, by telephone, on paper or on the board."""
    village = scope.village(request, May.TELL)
    form = InformForm(request.POST)
    chosen = [pk for pk in map(whole, request.POST.getlist("hearing")) if pk]
    told = f"已记下{len(chosen)}笔的告知，说明期从告知那天算起。"
    return _done(
        request,
        form,
        told,
        lambda data: telling.inform(village=village, hearings=chosen, by=Actor.of(request.user), **data),
    )


@page(permission=May.RECORD)
@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The steward writes down what the household says."""
    row = _hearing(request, pk)
    require(request.user, May.RECORD, village=row.declaration.village_id)
    form = ToldStatementForm(request.POST)
    told = "已记下，等审核委员会答复。"
    return _done(request, form, told, lambda data: hearings.state(hearing=row, by=Actor.of(request.user), **data))


@page(permission=May.SIT)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer of who sits on the sheet."""
    row = _hearing(request, pk)
    access.require_word(request.user, row.item.review)
    form = HearingForm(request.POST)
    told = "已答复，该户会看到结果和理由。"
    return _done(request, form, told, lambda data: hearings.decide(hearing=row, by=Actor.of(request.user), **data))


@page(permission=May.READ_OWN)
def own_hearings(request: HttpRequest) -> HttpResponse:
    """The household's own, the newest first."""
    rows = hearings_of(own(request))[:60]
    return render(request, "scoring/own_hearings.html", {"rows": rows})


@page(permission=May.READ_OWN)
def own_hearing(request: HttpRequest, pk: int) -> HttpResponse:
    """What would be deducted and why; the household's explanation; the committee's answer."""
    row = hearings_of(own(request)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    form = StatementForm(request.POST or None, initial={"statement": row.statement})
    if request.method == "POST" and form.is_valid():
        try:
            hearings.state(hearing=row, statement=form.cleaned_data["statement"], by=Actor.of(request.user))
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "您的说明已送到审核委员会，答复以前不会扣分。")
            return redirect("scoring:own_hearing", pk)
    content = {
        "row": row,
        "form": form,
        "may_state": row.outcome == HearingOutcome.OPEN and not _is_over(row),
        "photos": [] if row.declaration.rule.is_sensitive else photos(row.declaration),
    }
    return render(request, "scoring/own_hearing.html", content, status=422 if form.errors else 200)


def _shown(request: HttpRequest, row: Hearing) -> dict[str, Any]:
    told = row.declaration
    return {
        "row": row,
        "told": told,
        "over": _is_over(row),
        "barred": bool(row.statement) and selectors.is_barred(row.item, Actor.of(request.user)),
        "photos": photos(told),
    }


def _is_over(row: Hearing) -> bool:
    return row.until is not None and clock.today() > row.until


def _phone(row: Hearing) -> str:
    """In full: whoever has to tell a household calls it."""
    head = row.household.head
    return (head.phone or "") if head else ""


def _done(request: HttpRequest, form: Any, told: str, act: Callable[[dict[str, Any]], object]) -> HttpResponse:
    try:
        if form.is_valid():
            act(form.cleaned_data)
            messages.success(request, told)
        else:
            messages.error(request, "；".join(str(text) for texts in form.errors.values() for text in texts))
    except JifenError as error:
        messages.error(request, error.message)
    return redirect("scoring:hearings")


def _hearing(request: HttpRequest, pk: int) -> Hearing:
    row = access.hearings_for(request.user).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
