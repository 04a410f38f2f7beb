"""A person's household was put right from a day of the past on: her deeds since then are credited anew (I9).

What was posted is reversed and recorded for the right household (``corrections``); what is not posted yet does not
stand and is recorded anew. Where the right household did not take part on that day, nothing takes the place.
"""

from datetime import date

from django.db.models import Q

from jifen.kernel.actors import Actor
from scoring import correction_errors as errors
from scoring import ports
from scoring.models import Cause, Declaration, DeclarationState, Entry, Posting
from scoring.services import corrections, ledger, pricing
from scoring.services.corrections import Correction
from tenants.community import selectors as community
from tenants.community.models import Household, Resident

REASON = "更正归户"
_OVER = (DeclarationState.REJECTED, DeclarationState.WITHDRAWN)


def rehoused(resident: Resident, old: Household, new: Household, day: date, by: Actor) -> None:
    """Raises:
    NotRefusable: one of her deeds is decided and not posted yet. GrantsStay: she has points of her own that come from
        no deed. Nothing changes.
    """
    document = f"{REASON}：{old.number}户改为{new.number}户"
    shown: list[int] = []
    for declaration in _concerned(resident, old, day):
        posting = Posting.objects.filter(declaration=declaration, cause=Cause.DECLARATION, reversed_at=None).first()
        if posting is not None:
            shown.append(ledger.reverse(posting=posting, reason=document, by=by).pk)
        else:
            corrections.refuse(declaration=declaration, reason=document, by=by)
        shown += _anew(declaration, resident, new, document, by)
    ports.corrected(shown, by)


def _concerned(resident: Resident, old: Household, day: date) -> list[Declaration]:
    """Her own deeds, and those of which she has a share, in the order of the days."""
    entries = Entry.objects.filter(account__resident=resident, household=old, happened_on__gte=day)
    entries = entries.filter(posting__reversed_at=None).exclude(cause=Cause.REVERSAL)
    if entries.exclude(cause=Cause.DECLARATION).exists():
        raise errors.GrantsStay(name=resident.name)
    own = Q(resident=resident, household=old, happened_on__gte=day)
    shared = Q(pk__in=entries.values("posting__declaration"))
    rows = Declaration.objects.filter(own | shared).exclude(state__in=_OVER)
    undone = Posting.objects.filter(cause=Cause.DECLARATION).exclude(reversed_at=None)
    rows = rows.exclude(state=DeclarationState.POSTED, pk__in=undone.values("declaration"))
    return list(rows.select_related("household", "resident", "rule").order_by("happened_on", "pk"))


def _anew(declaration: Declaration, resident: Resident, new: Household, document: str, by: Actor) -> list[int]:
    """Its new posting (id), if it is posted at once; who was around is looked up anew."""
    home = new if declaration.resident_id == resident.pk else declaration.household
    if not community.is_joined(home, declaration.happened_on):
        return []
    correction = Correction(home, declaration.resident, pricing.keep(declaration.facts))
    anew = corrections.correct(declaration=declaration, correction=correction, document=document, by=by)
    return list(Posting.objects.filter(declaration=anew).values_list("pk", flat=True))
