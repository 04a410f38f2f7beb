"""集体活动: open one, let people sign in by code or by hand, credit everyone present in one act."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from jifen.audit import services as audit
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import round_errors
from scoring.models import Activity, Attendance, Rule, SignWay
from scoring.selectors.rounds import is_credited_at_once, only_gives
from scoring.selectors.rules import spec_of
from scoring.services import batches, deeds, pricing, rounds
from tenants.community import selectors as community
from tenants.community.models import HouseholdMember, Resident, Village

KIND = "activity"


@transaction.atomic
def open_activity(
    *,
    village: Village,
    rule: Rule,
    title: str,
    place: str,
    happened_on: date,
    facts: Mapping[str, Any],
    by: Actor,
) -> Activity:
    """``facts``: what each of those present is credited with (``{"quantity": "1"}`` half days, a tier…).

    Raises:
        RoundTitleMissing, PlaceMissing, DeedInFuture, YearNotOpen, YearSealed, RuleOutOfForce, RoundRuleOff,
        ActivityDeducts, RoundRuleUnfit (the rule asks for more than a list can tell), FactsMissing, RuleError:
        nothing is written.
    """
    rounds.check_frame(title, place, happened_on)
    deeds.check_rule(rule, village_id=village.pk, day=happened_on)
    if not only_gives(spec_of(rule)):
        raise round_errors.ActivityDeducts(rule=rule.title)
    if not is_credited_at_once(spec_of(rule)):
        raise round_errors.RoundRuleUnfit(rule=rule.title, field="rule")
    rounds.check_counts([rule], happened_on, field="rule")
    pricing.check_facts(rule, day=happened_on, facts=facts)
    made = Activity.objects.create(
        village=village,
        rule=rule,
        title=title.strip(),
        place=place.strip(),
        happened_on=happened_on,
        facts={name: str(value) for name, value in facts.items()},
        secret=secrets.token_urlsafe(32),
        opened_at=clock.now(),
        **by.columns(),
    )
    audit.record(by=by, action="activity.open", subject=made, village_id=village.pk)
    return made


@transaction.atomic
def sign_in(*, activity: Activity, resident: Resident, by: Actor) -> Attendance:
    """A villager signs herself in on the day, by the code that is shown there; a second time changes nothing.

    Raises:
        RoundOver, ActivityNotToday, NotOfVillage, HouseholdNotJoined.
    """
    held = _open(activity)
    if held.happened_on != clock.today():
        raise round_errors.ActivityNotToday
    home = community.member_household(resident, held.happened_on)
    if home is None or home.village_id != held.village_id:
        raise round_errors.NotOfVillage(village=held.village.name)
    if not community.is_joined(home, held.happened_on):
        raise deeds.not_joined(home, held.happened_on)
    terms: dict[str, Any] = {"household": home, "way": SignWay.CODE, "signed_at": clock.now(), **by.columns()}
    made, fresh = Attendance.objects.get_or_create(activity=held, resident=resident, defaults=terms)
    if fresh:
        audit.record(by=by, action="activity.sign_in", subject=made, village_id=held.village_id)
    return made


@transaction.atomic
def sign_by_hand(*, activity: Activity, residents: Collection[int], by: Actor) -> int:
    """Enter people of joined households of the village, ids of residents; returns how many are new.

    Raises:
        RoundOver. NotOfVillage: one of them is no such person; nothing is written.
    """
    held = _open(activity)
    wanted = set(residents)
    joined = community.joined(held.village, held.happened_on)
    rows = HouseholdMember.objects.filter(
        community.in_force(held.happened_on), resident__in=wanted, household__in=joined
    ).values_list("resident_id", "household_id")
    if {resident for resident, _ in rows} != wanted:
        raise round_errors.NotOfVillage(village=held.village.name)
    before = held.attendances.count()
    terms: dict[str, Any] = {"activity": held, "way": SignWay.HAND, "signed_at": clock.now(), **by.columns()}
    Attendance.objects.bulk_create(
        (Attendance(resident_id=resident, household_id=household, **terms) for resident, household in rows),
        ignore_conflicts=True,
    )
    new = held.attendances.count() - before
    audit.record(by=by, action="activity.sign_by_hand", subject=held, village_id=held.village_id, people=new)
    return new


@transaction.atomic
def strike(*, attendance: Attendance, by: Actor) -> None:
    """Somebody stands on the list who was not there.

    Raises:
        RoundOver
    """
    held = _open(attendance.activity)
    Attendance.objects.filter(pk=attendance.pk).delete()
    audit.record(
        by=by, action="activity.strike", subject=held, village_id=held.village_id, resident=attendance.resident_id
    )


@transaction.atomic
def submit(*, activity: Activity, evidence: Sequence[File] = (), by: Actor) -> Activity:
    """Credit everyone on the list (each household once, where the rule is a household's) in one batch.

    Raises:
        RoundOver, BatchEmpty, BatchInvalid, EvidenceMissing: nothing is written.
    """
    held = _open(activity)
    present = list(held.attendances.select_related("household", "resident").order_by("household__number", "pk"))
    rows: list[batches.Row] = [(one.household, one.resident, held.rule, held.facts) for one in present]
    if held.rule.subject == "household":
        homes = {one.household_id: one.household for one in present}
        rows = [(home, None, held.rule, held.facts) for home in homes.values()]
    rounds.hand_in(held, kind=KIND, rows=rows, evidence=evidence, by=by)
    return held


@transaction.atomic
def cancel(*, activity: Activity, by: Actor) -> None:
    """Raises RoundOver."""
    rounds.cancel(_open(activity), kind=KIND, by=by)


def _open(activity: Activity) -> Activity:
    """Held until the transaction ends."""
    rows = Activity.objects.select_for_update(of=("self",), no_key=True).select_related("village", "rule")
    held = rows.get(pk=activity.pk)
    rounds.check_open(held)
    return held
