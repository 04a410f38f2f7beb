"""Open a household's record, and keep who belongs to it."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from jifen.approvals import gate
from jifen.audit import services as audit
from jifen.kernel import clock, identity
from jifen.kernel.actors import Actor
from jifen.kernel.fields import blind_index
from jifen.kernel.pinyin import sort_key
from tenants.community import codes, errors, selectors
from tenants.community.models import Group, Household, HouseholdMember, Resident, Village
from tenants.community.services import figures

HEAD = "户主"
SUBJECT_KIND = "roster_change"
"""What a town's flow may have to decide before the roster changes."""


@transaction.atomic
def register(
    *,
    number: str,
    village: Village,
    group: Group,
    head_name: str,
    by: Actor,
    head_id_number: str = "",
    head_phone: str = "",
    address: str = "",
    stars: int = 0,
    is_party: bool = False,
    has_local_hukou: bool = True,
    has_homestead: bool = True,
    is_lived_in: bool = True,
    resident_since: date | None = None,
) -> Household:
    """A household with its head as first member, from ``resident_since`` (today) on.

    Raises:
        DecidedByFlow: the town decides changes of the roster by a flow.
        GroupOfOtherVillage, HouseholdNumberWrong, HouseholdNumberTaken, NameMissing, IdNumberWrong, IdNumberTaken,
            PhoneWrong: nothing is written.
    """
    gate.require_direct(SUBJECT_KIND, by=by)
    return enter(
        number=number,
        village=village,
        group=group,
        head_name=head_name,
        head_id_number=head_id_number,
        head_phone=head_phone,
        address=address,
        stars=stars,
        is_party=is_party,
        has_local_hukou=has_local_hukou,
        has_homestead=has_homestead,
        is_lived_in=is_lived_in,
        resident_since=resident_since,
        by=by,
    )


@transaction.atomic
def enter(
    *,
    number: str,
    village: Village,
    group: Group,
    head_name: str,
    by: Actor,
    head_id_number: str = "",
    head_phone: str = "",
    resident_since: date | None = None,
    **facts: Any,
) -> Household:
    """``register``, once it is decided; ``facts`` are other columns of its row.

    Raises:
        As ``register``.
    """
    household = open_record(number=number, village=village, group=group, resident_since=resident_since, **facts)
    start = resident_since or clock.today()
    if start > clock.today():
        raise errors.DateInFuture(field="resident_since")
    member = _member(household, head_name, HEAD, head_id_number, head_phone, start)
    household.head = member.resident
    household.save(update_fields=["head"])
    audit.record(by=by, action="household.register", subject=household, village_id=village.pk)
    figures.tell([village.pk])
    return household


@transaction.atomic
def add_member(
    *,
    household: Household,
    name: str,
    relation: str,
    by: Actor,
    id_number: str = "",
    phone: str = "",
    from_date: date | None = None,
) -> HouseholdMember:
    """A new person in the household, from ``from_date`` (today) on.

    Raises:
        DecidedByFlow: the town decides changes of the roster by a flow.
        NameMissing, IdNumberWrong, IdNumberTaken, PhoneWrong, DateInFuture: nothing is written.
    """
    gate.require_direct(SUBJECT_KIND, by=by)
    person = {"name": name, "relation": relation, "id_number": id_number, "phone": phone}
    return admit(household=household, by=by, from_date=from_date, **person)


@transaction.atomic
def admit(
    *,
    household: Household,
    name: str,
    relation: str,
    by: Actor,
    id_number: str = "",
    phone: str = "",
    from_date: date | None = None,
) -> HouseholdMember:
    """``add_member``, once it is decided.

    Raises:
        NameMissing, IdNumberWrong, IdNumberTaken, PhoneWrong, DateInFuture: nothing is written.
    """
    start = from_date or clock.today()
    if start > clock.today():
        raise errors.DateInFuture(field="from_date")
    member = _member(household, name, relation, id_number, phone, start)
    audit.record(by=by, action="household.add_member", subject=member, village_id=household.village_id)
    figures.tell([household.village_id])
    return member


def open_record(*, number: str, village: Village, group: Group, **facts: Any) -> Household:
    """A household without people; ``facts`` are other columns of its row.

    Raises:
        GroupOfOtherVillage, HouseholdNumberWrong, HouseholdNumberTaken.
    """
    if group.village_id != village.pk:
        raise errors.GroupOfOtherVillage
    if not codes.is_number(number):
        raise errors.HouseholdNumberWrong
    if Household.objects.filter(number=number).exists():
        raise errors.HouseholdNumberTaken(number=number)
    place = {"number": number, "village": village, "group": group}
    return Household.objects.create(**place, **facts, card_secret=codes.new_secret(), registered_at=clock.now())


@transaction.atomic
def renew_card(*, household: Household, by: Actor) -> Household:
    """Give the household a new code; every copy of the old one stops working."""
    household.card_secret = codes.new_secret()
    household.save(update_fields=["card_secret"])
    audit.record(by=by, action="household.renew_card", subject=household, village_id=household.village_id)
    return household


def new_resident(*, name: str, id_number: str = "", phone: str = "") -> Resident:
    """An unsaved person; what the ID number tells (birth, sex) is taken from it.

    Raises:
        NameMissing, IdNumberWrong, PhoneWrong.
    """
    if not name.strip():
        raise errors.NameMissing
    id_number = id_number.strip().upper()
    if id_number and (problem := identity.id_number_problem(id_number)):
        raise errors.IdNumberWrong(problem=problem)
    if phone and (problem := identity.phone_problem(phone)):
        raise errors.PhoneWrong(problem=problem)
    return Resident(
        name=name.strip(),
        name_pinyin=sort_key(name.strip()),
        id_number=id_number,
        id_number_index=blind_index(Resident, "id_number", id_number),
        phone=phone,
        phone_index=blind_index(Resident, "phone", phone),
        born_on=identity.birth_date(id_number) if id_number else None,
        is_female=identity.is_female(id_number) if id_number else False,
    )


def _member(household: Household, name: str, relation: str, id_number: str, phone: str, start: date) -> HouseholdMember:
    resident = new_resident(name=name, id_number=id_number, phone=phone)
    keep(resident)
    return HouseholdMember.objects.create(household=household, resident=resident, relation=relation, from_date=start)


def keep(resident: Resident) -> None:
    """Save a person.

    Raises:
        IdNumberTaken: somebody else has that number.
    """
    try:
        with transaction.atomic():
            resident.save()
    except IntegrityError as clash:
        raise errors.IdNumberTaken(number=_number_of(resident.id_number_index)) from clash


def _number_of(id_number_index: str) -> str:
    other = Resident.objects.get(id_number_index=id_number_index)
    household = selectors.member_household(other, clock.today())
    return household.number if household else "另一"
