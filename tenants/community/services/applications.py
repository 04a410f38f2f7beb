"""A household joins by its dated application form and may leave again (seed 002, annex 1). Only members are scored."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction

from jifen.approvals import gate
from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from tenants.community import eligibility, errors, policies, selectors
from tenants.community.models import (
    Application,
    ApplicationState,
    ChangeKind,
    ChangeState,
    Household,
    Resident,
    RosterChange,
)
from tenants.community.services import figures
from tenants.community.services.households import SUBJECT_KIND


@transaction.atomic
def apply(*, household: Household, applicant: Resident, on: date, by: Actor) -> Application:
    """Write the application down; ``join`` or ``refuse`` answers it.

    Raises:
        DateInFuture, ApplicantOfOtherHousehold, AlreadyJoined: nothing is written.
    """
    _not_future(on)
    if selectors.member_household(applicant, on) != household:
        raise errors.ApplicantOfOtherHousehold
    if selectors.is_joined(household, on):
        raise errors.AlreadyJoined(number=household.number)
    row = Application.objects.create(household=household, applicant=applicant, applied_on=on, **by.columns())
    audit.record(by=by, action="application.apply", subject=row, village_id=household.village_id)
    return row


@transaction.atomic
def join(*, application: Application, on: date, by: Actor, agreement: str = "") -> Application:
    """The household belongs to the system from ``on``. ``agreement`` names the meeting, for outsiders.

    Raises:
        DecidedByFlow: the town decides that by a flow.
        DateInFuture, NotEligible, ApplicationDecided, AlreadyJoined: nothing changes.
    """
    gate.require_direct(SUBJECT_KIND, by=by)
    return take_in(application=application, on=on, agreement=agreement, by=by)


@transaction.atomic
def take_in(
    *, application: Application, on: date, by: Actor, agreement: str = "", last: date | None = None
) -> Application:
    """``join``, once it is decided; ``last``: the latest day that may be, else today.

    Raises:
        DateInFuture, NotEligible, ApplicationDecided, AlreadyJoined: nothing changes.
    """
    _not_future(on, last)
    household = application.household
    verdict = _judge(household, on, agreement)
    _lock([household])
    if selectors.is_joined(household, on):
        raise errors.AlreadyJoined(number=household.number)
    pending = Application.objects.filter(pk=application.pk, state=ApplicationState.PENDING)
    if not pending.update(state=ApplicationState.JOINED, joined_on=on, ground=verdict.ground):
        raise errors.ApplicationDecided
    audit.record(by=by, action="application.join", subject=application, village_id=household.village_id)
    figures.tell([household.village_id])
    application.refresh_from_db()
    return application


@transaction.atomic
def refuse(*, application: Application, reason: str, by: Actor) -> Application:
    """Raises:
    DecidedByFlow: a flow is deciding on this household's joining.
    ApplicationDecided: it was answered already.
    """
    asked = RosterChange.objects.filter(household=application.household_id, kind=ChangeKind.JOIN)
    change = asked.filter(state=ChangeState.ASKED).first()
    if change is not None:
        gate.require_direct(SUBJECT_KIND, change.pk, by=by)
    pending = Application.objects.filter(pk=application.pk, state=ApplicationState.PENDING)
    if not pending.update(state=ApplicationState.REFUSED, ground=reason):
        raise errors.ApplicationDecided
    audit.record(by=by, action="application.refuse", subject=application, village_id=application.household.village_id)
    application.refresh_from_db()
    return application


@transaction.atomic
def leave(*, household: Household, on: date, by: Actor) -> Application:
    """``on`` is the first day on which it no longer belongs.

    Raises:
        DecidedByFlow: the town decides that by a flow.
        DateInFuture, NotJoined: nothing changes.
    """
    gate.require_direct(SUBJECT_KIND, by=by)
    return let_go(household=household, on=on, by=by)


@transaction.atomic
def let_go(*, household: Household, on: date, by: Actor) -> Application:
    """``leave``, once it is decided.

    Raises:
        DateInFuture, NotJoined: nothing changes.
    """
    _not_future(on)
    joined = Application.objects.filter(household=household, state=ApplicationState.JOINED, joined_on__lte=on)
    row = joined.select_for_update().first()
    if row is None:
        raise errors.NotJoined(number=household.number)
    row.state, row.left_on = ApplicationState.LEFT, on
    row.save(update_fields=["state", "left_on"])
    audit.record(by=by, action="application.leave", subject=row, village_id=household.village_id)
    figures.tell([household.village_id])
    return row


@transaction.atomic
def reinstate(*, application: Application, left_on: date, by: Actor) -> bool:
    """What made the household leave on ``left_on`` was found wrong: it takes part as if it had never left.

    False where it left on another day, or has joined anew since.
    """
    row = Application.objects.select_for_update().get(pk=application.pk)
    _lock([row.household])
    later = Application.objects.filter(household=row.household_id, joined_on__gte=left_on).exclude(pk=row.pk)
    if (row.state, row.left_on) != (ApplicationState.LEFT, left_on) or later.exists():
        return False
    row.state, row.left_on = ApplicationState.JOINED, None
    row.save(update_fields=["state", "left_on"])
    audit.record(by=by, action="application.reinstate", subject=row, village_id=row.household.village_id)
    figures.tell([row.household.village_id])
    return True


@transaction.atomic
def join_all(*, households: Sequence[Household], on: date, ground: str, by: Actor) -> int:
    """Many households on one day, from their signed forms; those already in are left alone. Returns how many joined.

    ``ground`` names the meeting that agreed to those who do not qualify by themselves. One audit line.

    Raises:
        DateInFuture, HeadMissing, NotEligible: names the first household; nobody has joined.
    """
    _not_future(on)
    _lock(households)
    already = set(selectors.joined(None, on).filter(pk__in=[one.pk for one in households]).values_list("pk", flat=True))
    joining = [one for one in households if one.pk not in already]
    rows = [_joined(one, on, ground, by) for one in joining]
    Application.objects.filter(household__in=joining, state=ApplicationState.PENDING).delete()
    Application.objects.bulk_create(rows)
    villages = {one.village_id for one in joining}
    only = next(iter(villages)) if len(villages) == 1 else None
    audit.record(by=by, action="application.join_all", village_id=only, households=len(rows), day=on)
    figures.tell(villages)
    return len(rows)


def _joined(household: Household, on: date, ground: str, by: Actor) -> Application:
    if household.head_id is None:
        raise errors.HeadMissing(number=household.number)
    return Application(
        household=household,
        applicant_id=household.head_id,
        applied_on=on,
        state=ApplicationState.JOINED,
        ground=_judge(household, on, ground).ground,
        joined_on=on,
        **by.columns(),
    )


def is_outsider(household: Household, day: date) -> bool:
    """It does not qualify by itself: somebody has to agree before it may join."""
    try:
        _judge(household, day, "")
    except errors.NotEligible:
        return True
    return False


def _judge(household: Household, on: date, agreement: str) -> eligibility.Verdict:
    policy = policies.on(on).eligibility
    facts = eligibility.Facts(
        household.has_local_hukou, household.has_homestead, household.is_lived_in, household.resident_since
    )
    rule = eligibility.Rule(policy.kind, policy.outsiders, policy.outsiders_months)
    verdict = eligibility.judge(rule, facts, on, agreement)
    if verdict.refusal:
        raise errors.NotEligible(number=household.number, refusal=verdict.refusal)
    return verdict


def _lock(households: Iterable[Household]) -> None:
    """Two people cannot let the same household join at once."""
    ids = sorted(one.pk for one in households)
    list(Household.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _not_future(on: date, last: date | None = None) -> None:
    if on > (last or clock.today()):
        raise errors.DateInFuture
