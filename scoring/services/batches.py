"""入户检查 and 集体活动: deeds recorded together, in a few statements however long the list is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from jifen.audit import services as audit
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import InvalidInput
from scoring import errors
from scoring.models import Batch, Channel, Declaration, DeclarationEvidence, Declarer, Rule, RulebookVersion
from scoring.rules.asking import needs_people
from scoring.rules.spec import PLAIN, Settings
from scoring.selectors.books import settings_of
from scoring.selectors.people import Around, Doer, around
from scoring.selectors.rules import spec_of, versions_in_force
from scoring.services import declarations, deeds, pricing, raters
from tenants.community import selectors as community
from tenants.community.models import Household, HouseholdMember, Resident, Village

Row = tuple[Household, Resident | None, Rule, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the day's list is checked against, asked once."""

    joined: frozenset[int]
    members: frozenset[tuple[int, int]]
    versions: frozenset[int]
    settings: Settings
    around: Mapping[int, Around]


@transaction.atomic
def record_batch(
    *,
    village: Village,
    kind: str,
    title: str,
    happened_on: date,
    rows: Sequence[Row],
    place: str,
    by: Actor,
    evidence: Sequence[File] = (),
) -> Batch:
    """Record ``rows`` of (household, resident or None, rule, facts) of one day; ready for the committee's sheet.

    ``kind`` is ``inspection`` or ``activity``; ``evidence`` (a photo, a sign-in list) counts for every row.

    Raises:
        BatchInvalid: ``data["problems"]`` lists (row number from 1, message); nothing is written.
        InvalidInput: as ``declarations.record``.
    """
    if not rows:
        raise errors.BatchEmpty
    telling = deeds.Telling(happened_on, place, title, Channel.WINDOW, Declarer.STEWARD)
    telling.check()
    found = _priced(village, telling, rows, evidence, by)
    batch = Batch.objects.create(
        village=village,
        kind=kind,
        title=title.strip()[:80],
        happened_on=happened_on,
        recorded_at=clock.now(),
        **by.columns(),
    )
    made = Declaration.objects.bulk_create([Declaration(batch=batch, **columns) for columns in found], batch_size=1000)
    DeclarationEvidence.objects.bulk_create(
        DeclarationEvidence(declaration=declaration, file=file) for declaration in made for file in evidence
    )
    audit.record(by=by, action="declaration.record_batch", subject=batch, village_id=village.pk, declarations=len(made))
    return batch


def _priced(
    village: Village, telling: deeds.Telling, rows: Sequence[Row], evidence: Sequence[File], by: Actor
) -> list[dict[str, Any]]:
    known = _known(village, telling.happened_on, rows)
    problems: list[tuple[int, str]] = []
    found: list[dict[str, Any]] = []
    for number, (household, resident, rule, facts) in enumerate(rows, start=1):
        try:
            _check(known, village, telling, household, resident, rule, evidence)
            known_facts = raters.named(rule, facts, household=household, day=telling.happened_on)
            priced = pricing.priced(
                rule, day=telling.happened_on, household=household, resident=resident, facts=known_facts,
                evidence=evidence, found=known.around.get(number), settings=known.settings,
            )  # fmt: skip
        except InvalidInput as error:
            problems.append((number, error.message))
            continue
        columns = declarations.row(telling, household, priced, by)
        found.append({**columns, "household": household, "resident": resident, "rule": rule})
    if problems:
        number, message = problems[0]
        raise errors.BatchInvalid(count=len(problems), first=f"第{number}行：{message}", problems=problems)
    return found


def _known(village: Village, day: date, rows: Sequence[Row]) -> _Known:
    residents = {resident.pk for _, resident, _, _ in rows if resident}
    members = HouseholdMember.objects.filter(resident_id__in=residents, from_date__lte=day).exclude(to_date__lte=day)
    versions = versions_in_force(village.pk, day)[:1]
    if not versions:
        deeds.check_not_ended(village.pk, day)
    return _Known(
        frozenset(community.joined(village, day).values_list("pk", flat=True)),
        frozenset(members.values_list("household_id", "resident_id")),
        frozenset(versions),
        settings_of(RulebookVersion.objects.get(pk=versions[0])) if versions else PLAIN,
        _around(rows, day),
    )


def _around(rows: Sequence[Row], day: date) -> dict[int, Around]:
    """By row number, where the row's rule asks who is around."""
    asking = {number: row for number, row in enumerate(rows, start=1) if needs_people(spec_of(row[2]))}
    found = around([Doer(household, resident) for household, resident, _, _ in asking.values()], day)
    return dict(zip(asking, found, strict=True))


def _check(
    known: _Known,
    village: Village,
    telling: deeds.Telling,
    household: Household,
    resident: Resident | None,
    rule: Rule,
    evidence: Sequence[File],
) -> None:
    day = telling.happened_on
    deeds.check_village(household, village.pk)
    if household.pk not in known.joined:
        raise deeds.not_joined(household, day)
    if resident is not None and (household.pk, resident.pk) not in known.members:
        raise deeds.not_member(household, resident, day)
    if rule.version_id not in known.versions:
        raise errors.RuleOutOfForce(rule=rule.title, day=day)
    deeds.check_declarer(rule, declared_by=telling.declared_by)
    declarations.check_evidence(rule, evidence)
