"""Consent to publication and to portraits: two separate dated records, withdrawable (DESIGN §9)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.identity import age_on
from tenants.community import errors, selectors
from tenants.community.models import Consent, ConsentKind, Resident

ADULT = 18


@transaction.atomic
def give(*, resident: Resident, kind: str, on: date, by: Actor, guardian: Resident | None = None) -> Consent:
    """A person agrees to one use of her name or picture; for a child under 14 a guardian of the household does.

    Raises:
        DateInFuture, GuardianNeeded, GuardianWrong, ConsentGiven: nothing is written.
    """
    if on > clock.today():
        raise errors.DateInFuture
    _check_guardian(resident, guardian, on)
    if Consent.objects.filter(resident=resident, kind=kind, withdrawn_on=None).exists():
        raise errors.ConsentGiven
    row = Consent.objects.create(
        resident=resident, kind=ConsentKind(kind), given_on=on, guardian=guardian, **by.columns()
    )
    audit.record(by=by, action="consent.give", subject=row, kind=kind)
    return row


@transaction.atomic
def withdraw(*, consent: Consent, on: date, by: Actor) -> None:
    """From ``on`` the name or picture is no longer shown.

    Raises:
        DateInFuture, ConsentWithdrawn: nothing changes.
    """
    if on > clock.today():
        raise errors.DateInFuture
    if not Consent.objects.filter(pk=consent.pk, withdrawn_on=None).update(withdrawn_on=max(on, consent.given_on)):
        raise errors.ConsentWithdrawn
    audit.record(by=by, action="consent.withdraw", subject=consent, kind=consent.kind)


@transaction.atomic
def give_all(*, residents: Sequence[Resident], kind: str, on: date, by: Actor) -> int:
    """Many people's own signed consents of one day; those on file are left alone. Returns how many were added.

    Raises:
        DateInFuture, GuardianNeeded: names the first child under 14; nothing is written.
    """
    if on > clock.today():
        raise errors.DateInFuture
    for resident in residents:
        _check_guardian(resident, None, on)
    held = Consent.objects.filter(resident__in=residents, kind=kind, withdrawn_on=None)
    known = set(held.values_list("resident_id", flat=True))
    rows = [
        Consent(resident=resident, kind=ConsentKind(kind), given_on=on, **by.columns())
        for resident in residents
        if resident.pk not in known
    ]
    Consent.objects.bulk_create(rows)
    audit.record(by=by, action="consent.give_all", kind=kind, residents=len(rows))
    return len(rows)


def _check_guardian(resident: Resident, guardian: Resident | None, on: date) -> None:
    is_guarded = resident.born_on is not None and age_on(resident.born_on, on) < selectors.GUARDED_UNTIL
    if not is_guarded:
        return
    if guardian is None:
        raise errors.GuardianNeeded(name=resident.name)
    is_adult = guardian.born_on is None or age_on(guardian.born_on, on) >= ADULT
    home = selectors.member_household(resident, on)
    if not is_adult or home is None or selectors.member_household(guardian, on) != home:
        raise errors.GuardianWrong
