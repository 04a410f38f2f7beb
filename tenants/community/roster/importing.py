"""Checked lines into the database, by sets: a town of 700 households goes in within seconds."""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction

from jifen.approvals import gate
from jifen.audit import services as audit
from jifen.files import services as files
from jifen.files.models import File
from jifen.kernel import clock, locking
from jifen.kernel.actors import SYSTEM, Actor
from tenants.community import codes
from tenants.community.models import (
    ChangeKind,
    Group,
    Household,
    HouseholdMember,
    Resident,
    RosterImport,
    Village,
)
from tenants.community.roster import reading, workbooks
from tenants.community.roster.known import Known
from tenants.community.roster.lines import Checked, Line, RowProblem, check
from tenants.community.services import figures
from tenants.community.services.households import SUBJECT_KIND, new_resident

BATCH = 1000
MOVES_IN = {"kind": str(ChangeKind.MEMBER_IN.label), "people": 1}
"""What a town's flow is asked about somebody who comes to a household that is on file."""
KEPT_PROBLEMS = 500
_SET_HEADS = """
UPDATE community_household h SET head_id = m.resident_id FROM community_householdmember m
WHERE m.household_id = h.id AND m.relation = '户主' AND m.to_date IS NULL AND h.head_id IS NULL AND h.id = ANY(%s)"""


@dataclass(frozen=True, slots=True)
class Result:
    """``rows`` read, ``households`` and ``residents`` newly on file, ``problems`` of the rows that stayed out."""

    rows: int
    households: int
    residents: int
    problems: list[RowProblem] = field(default_factory=list)
    bad_rows_file: File | None = None
    record: RosterImport | None = None


@transaction.atomic
def import_file(*, body: bytes, name: str, village: Village | None, by: Actor, dry_run: bool = False) -> Result:
    """Read a roster in: households known by number, people by ID number (else by name in their household).

    Where a flow decides who moves in, lines of new people in households on file stay out. What is on file already is
    not made again; its stars, address and the three 在 are brought up to date. ``village``:
    the one the file is for; None takes the column 村. ``dry_run`` checks and counts only.

    Raises:
        RosterWrong (one of its kinds): the file as a whole cannot be read; nothing was written.
    """
    locking.advisory("roster")
    today = clock.today()
    sheet = reading.read(body, name, village_needed=village is None)
    villages = {one.name: one for one in ([village] if village else Village.objects.all())}
    names = {key: one.name for one in villages.values() for key in (one.name, one.code)}
    checked = check(sheet, villages=names, only=village.name if village else None, today=today)
    known = Known.of(checked.households)
    known.settle(checked)
    if by.realm != SYSTEM.realm and gate.asks(SUBJECT_KIND, MOVES_IN):
        known.hold_back(checked)
    fresh = [number for number in checked.households if number not in known.households]
    people = [line for family in checked.households.values() for line in family if not known.has(line)]
    problems = sorted(checked.problems, key=lambda problem: problem.row)
    if dry_run:
        return Result(len(sheet.rows), len(fresh), len(people), problems)
    touched = _write(checked, known, villages, people, today)
    bad = _bad_rows(sheet, problems, name, by)
    record = RosterImport.objects.create(
        village=village, name=name[-200:], rows=len(sheet.rows), households=len(fresh), residents=len(people),
        problems=[[one.row, one.column, one.message] for one in problems[:KEPT_PROBLEMS]], bad_rows_file=bad,
        imported_at=clock.now(), **by.columns(),
    )  # fmt: skip
    audit.record(
        by=by, action="roster.import", subject=record, village_id=village.pk if village else None,
        rows=len(sheet.rows), households=len(fresh), residents=len(people), problems=len(problems),
    )  # fmt: skip
    figures.tell(villages[name].pk for name in touched)
    return Result(len(sheet.rows), len(fresh), len(people), problems, bad, record)


def _write(checked: Checked, known: Known, villages: dict[str, Village], people: list[Line], today: date) -> set[str]:
    """Groups, households, people, memberships, heads; returns the names of the villages concerned."""
    firsts = [family[0] for family in checked.households.values() if family]
    groups = _groups(firsts, villages)
    made = [
        _household(family, villages, groups)
        for number, family in checked.households.items()
        if number not in known.households
    ]
    Household.objects.bulk_create(made, batch_size=BATCH)
    _update(checked, known)
    households = {**known.households, **{one.number: one for one in made}}
    residents = [known.stray(line) or _resident(line) for line in people]
    Resident.objects.bulk_create([one for one in residents if one._state.adding], batch_size=BATCH)
    HouseholdMember.objects.bulk_create(
        [
            HouseholdMember(
                household=households[line.number],
                resident=resident,
                relation=line.relation,
                from_date=today if known.stray(line) else line.since or today,
            )
            for line, resident in zip(people, residents, strict=True)
        ],
        batch_size=BATCH,
    )
    with connection.cursor() as cursor:
        cursor.execute(_SET_HEADS, [[one.pk for one in households.values()]])
    return {line.village for line in firsts}


def _groups(firsts: list[Line], villages: dict[str, Village]) -> dict[tuple[int, int], Group]:
    """Every group that is named, made when missing, by village and number."""
    wanted = {(villages[line.village].pk, line.group) for line in firsts}
    rows = [Group(village_id=village, number=number, name=f"{number}组") for village, number in sorted(wanted)]
    Group.objects.bulk_create(rows, ignore_conflicts=True)
    found = Group.objects.filter(village__in={village for village, _ in wanted})
    return {(group.village_id, group.number): group for group in found}


def _household(family: list[Line], villages: dict[str, Village], groups: dict[tuple[int, int], Group]) -> Household:
    head = next(line for line in family if line.is_head)
    village = villages[head.village]
    return Household(
        number=head.number,
        village=village,
        group=groups[village.pk, head.group],
        card_secret=codes.new_secret(),
        registered_at=clock.now(),
        **_facts(family, head),
    )


def _facts(family: list[Line], head: Line) -> dict[str, object]:
    """What the roster states about a household as a whole."""
    return {
        "address": head.address,
        "stars": head.stars,
        "is_party": any(line.is_party_member for line in family),
        "has_local_hukou": head.has_local_hukou,
        "has_homestead": head.has_homestead,
        "is_lived_in": head.is_lived_in,
        "resident_since": head.since,
    }


def _update(checked: Checked, known: Known) -> None:
    """Bring known households up to date where the file has their head's line."""
    changed, names = [], set[str]()
    for number, household in known.households.items():
        family = checked.households.get(number, [])
        head = next((line for line in family if line.is_head), None)
        facts = _facts(family, head) if head else {}
        names |= set(facts)
        if any(getattr(household, name) != value for name, value in facts.items()):
            changed.append(household)
        for name, value in facts.items():
            setattr(household, name, value)
    if changed:
        Household.objects.bulk_update(changed, sorted(names), batch_size=BATCH)


def _resident(line: Line) -> Resident:
    resident = new_resident(name=line.name, id_number=line.id_number, phone=line.phone)
    resident.is_party_member = line.is_party_member
    return resident


def _bad_rows(sheet: reading.Sheet, problems: list[RowProblem], name: str, by: Actor) -> File | None:
    if not problems:
        return None
    title = f"{name.rsplit('.', 1)[0]}-需要改正的行.xlsx"
    return files.store(
        kind="roster", name=title, content_type=workbooks.XLSX, body=workbooks.bad_rows(sheet, problems), by=by
    )
