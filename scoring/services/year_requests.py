"""Two people close a year, and two reopen it: one proposes, another one confirms (I7).

proposed ──► confirmed ──► done (``years.seal``, ``years.reopen``)
    └────────────┴──────► withdrawn
"""

from django.db import transaction
from django.db.models import Q

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring import errors, locks, year_errors
from scoring.models import RequestState, Year, YearRequest, YearState

OPEN = (RequestState.PROPOSED, RequestState.CONFIRMED)


@transaction.atomic
def propose(*, year: Year, kind: str, by: Actor, reason: str = "") -> YearRequest:
    """Ask that the year be closed (``close``), or opened again for a reason (``reopen``).

    Raises:
        YearNeedsPeople, YearSealedAlready, YearNotSealed, ReopenReasonMissing, YearRequestOpen: nothing is written.
    """
    if by.realm == SYSTEM.realm:
        raise year_errors.YearNeedsPeople
    held = locks.year(year.pk)
    _check(held, kind, reason.strip())
    if held.requests.filter(state__in=OPEN).exists():
        raise year_errors.YearRequestOpen(year=held.number)
    made = YearRequest.objects.create(
        year=held, kind=kind, reason=reason.strip()[:300], proposed_at=clock.now(), **by.columns()
    )
    audit.record(by=by, action=f"year.propose_{kind}", subject=made, number=held.number, reason=made.reason)
    return made


def _check(year: Year, kind: str, reason: str) -> None:
    sealed = year.state == YearState.SEALED
    if kind == "close" and sealed:
        raise year_errors.YearSealedAlready(year=year.number)
    if kind == "reopen" and not sealed:
        raise errors.YearNotSealed(year=year.number)
    if kind == "reopen" and not reason:
        raise year_errors.ReopenReasonMissing


@transaction.atomic
def confirm(*, request: YearRequest, by: Actor) -> YearRequest:
    """The second person's word; never the one's who proposed.

    Raises:
        YearNeedsPeople, SecondPersonNeeded, YearRequestAnswered (somebody was first): nothing is written.
    """
    if by.realm == SYSTEM.realm:
        raise year_errors.YearNeedsPeople
    waiting = YearRequest.objects.filter(pk=request.pk, state=RequestState.PROPOSED)
    changed = waiting.exclude(Q(actor_realm=by.realm, actor_id=by.id)).update(
        state=RequestState.CONFIRMED, confirmed_at=clock.now(), **by.columns("confirmer")
    )
    if not changed:
        raise year_errors.SecondPersonNeeded if waiting.exists() else year_errors.YearRequestAnswered
    audit.record(by=by, action="year.confirm", subject=request, kind=request.kind)
    return YearRequest.objects.get(pk=request.pk)


@transaction.atomic
def withdraw(*, request: YearRequest, by: Actor) -> None:
    """Take a request back before it is carried out; anybody who may ask may do it.

    Raises:
        YearRequestAnswered: it is done or withdrawn.
    """
    open_ones = YearRequest.objects.filter(pk=request.pk, state__in=OPEN)
    if not open_ones.update(state=RequestState.WITHDRAWN, ended_at=clock.now()):
        raise year_errors.YearRequestAnswered
    audit.record(by=by, action="year.withdraw", subject=request, kind=request.kind)
