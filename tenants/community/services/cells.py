"""联户组: made in a village, and which households are in it from when to when."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from tenants.community import errors, ports
from tenants.community.models import Cell, CellMember, Household, Village


@transaction.atomic
def make(*, village: Village, name: str, by: Actor) -> Cell:
    """A new cell without households.

    Raises:
        CellNameMissing, CellNameTaken: nothing is written.
    """
    if not name.strip():
        raise errors.CellNameMissing
    try:
        with transaction.atomic():
            cell = Cell.objects.create(village=village, name=name.strip())
    except IntegrityError as clash:
        raise errors.CellNameTaken(name=name.strip()) from clash
    audit.record(by=by, action="cell.make", subject=cell, village_id=village.pk)
    return cell


@transaction.atomic
def put_in(*, cell: Cell, numbers: Sequence[str], on: date, by: Actor) -> list[CellMember]:
    """The households with these numbers are in the cell from ``on``; a deed keeps who was in it when it was told.

    Raises:
        DateInFuture, CellYearSealed, CellOfOtherVillage, InAnotherCell: nothing is written.
    """
    _check_day(on)
    households = _of_village(cell.village, list(dict.fromkeys(numbers)))
    try:
        with transaction.atomic():
            made = CellMember.objects.bulk_create(
                CellMember(cell=cell, household=one, from_date=on) for one in households
            )
    except IntegrityError as clash:
        raise _in_another(households, on) from clash
    told = [one.number for one in households]
    audit.record(by=by, action="cell.put_in", subject=cell, village_id=cell.village_id, households=told, on=on)
    return made


@transaction.atomic
def take_out(*, cell: Cell, household: Household, on: date, by: Actor) -> CellMember:
    """The household is in the cell no more from ``on``.

    Raises:
        DateInFuture, CellYearSealed, NotInCell, CellDayWrong: nothing is written.
    """
    _check_day(on)
    row = CellMember.objects.select_for_update().filter(cell=cell, household=household, to_date=None).first()
    if row is None:
        raise errors.NotInCell(number=household.number, name=cell.name)
    if on < row.from_date:
        raise errors.CellDayWrong(number=household.number, day=row.from_date)
    row.to_date = on
    row.save(update_fields=["to_date"])
    told = {"household": household.number, "on": on}
    audit.record(by=by, action="cell.take_out", subject=cell, village_id=cell.village_id, **told)
    return row


def _check_day(on: date) -> None:
    """Who was in a cell in a sealed year stays as it was."""
    if on > clock.today():
        raise errors.DateInFuture(field="on")
    if (year := ports.sealed_since(on)) is not None:
        raise errors.CellYearSealed(year=year, day=on)


def _of_village(village: Village, numbers: Sequence[str]) -> list[Household]:
    found = {one.number: one for one in Household.objects.filter(village=village, number__in=numbers)}
    for number in numbers:
        if number not in found:
            raise errors.CellOfOtherVillage(number=number, village=village)
    return [found[number] for number in numbers]


def _in_another(households: Sequence[Household], on: date) -> errors.InAnotherCell:
    rows = CellMember.objects.filter(Q(to_date=None) | Q(to_date__gt=on), household__in=households)
    held = rows.select_related("cell", "household").earliest("household__number", "from_date")
    return errors.InAnotherCell(number=held.household.number, day=held.from_date, name=held.cell.name)
