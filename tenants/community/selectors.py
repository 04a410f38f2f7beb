"""Read villages, households and people of the town being served. Days are inclusive starts and exclusive ends."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Replace
from django.shortcuts import get_object_or_404

from jifen.accounts import selectors as accounts
from jifen.kernel import clock, masking
from jifen.kernel.fields import blind_index
from jifen.kernel.permissions import Permission, grants_of
from tenants.community import codes
from tenants.community.errors import CodeUnknown, HouseholdUnknown
from tenants.community.models import (
    Application,
    ApplicationState,
    Cell,
    CellMember,
    Consent,
    ConsentKind,
    Household,
    HouseholdMember,
    HouseholdTotal,
    Relative,
    RelativeKind,
    Resident,
    RosterImport,
    TownProfile,
    Village,
    VillageRole,
)

ADULT = 18
GUARDED_UNTIL = 14
"""Years; below it a guardian consents (DESIGN §9)."""


@dataclass(frozen=True, slots=True)
class Participation:
    """Joined households against all households of a place (seed 001: 80 %)."""

    joined: int
    total: int

    @property
    def share(self) -> float:
        """0 while the total is not known."""
        return self.joined / self.total if self.total else 0.0


def in_force(day: date, start: str = "from_date", end: str = "to_date") -> Q:
    """Rows that hold on ``day``."""
    return Q(**{f"{start}__lte": day}) & (Q(**{end: None}) | Q(**{f"{end}__gt": day}))


# Villages


def villages_for(user: Any, permission: Permission) -> QuerySet[Village]:
    """The villages over which ``user`` holds ``permission``."""
    ids = grants_of(user).scope(permission, "village")
    return Village.objects.all() if ids is None else Village.objects.filter(pk__in=ids)


def without_phone(villages: QuerySet[Village]) -> list[Village]:
    """Those of ``villages`` whose notices would name no number: none of their own, and none of the office."""
    has_office = TownProfile.objects.exclude(phone="").exists()
    return [] if has_office else list(villages.filter(phone=""))


def village_for(user: Any, permission: Permission, pk: int) -> Village:
    """One of them; Http404 for any other."""
    return get_object_or_404(villages_for(user, permission), pk=pk)


def imports_for(user: Any, permission: Permission) -> QuerySet[RosterImport]:
    """Rosters handed in for the villages over which ``user`` holds ``permission``; the town's own to the office."""
    rows = RosterImport.objects.select_related("village", "bad_rows_file")
    ids = grants_of(user).scope(permission, "village")
    return rows if ids is None else rows.filter(village__in=ids)


def roles_on(day: date) -> QuerySet[VillageRole]:
    """Who has which role on ``day``."""
    return VillageRole.objects.filter(in_force(day))


# Households


def household_by_number(number: str) -> Household:
    """Raises:
    HouseholdUnknown: the town has no such household.
    """
    household = Household.objects.select_related("village", "head").filter(number=number.strip()).first()
    if household is None:
        raise HouseholdUnknown
    return household


def household_by_code(code: str) -> Household:
    """The household of a scanned QR text, or of its number followed by the four printed digits.

    Raises:
        CodeUnknown: no such household, or the digits are not its own (which of the two is not said).
    """
    parts = codes.split(code)
    household = Household.objects.select_related("village", "head").filter(number=parts[0]).first() if parts else None
    if parts is None or household is None or not codes.fits(household, parts[1]):
        raise CodeUnknown
    return household


def households_for(user: Any, permission: Permission) -> QuerySet[Household]:
    """Households of the villages over which ``user`` holds ``permission``."""
    return Household.objects.filter(village__in=villages_for(user, permission)).select_related(
        "village", "group", "head"
    )


def searched(households: QuerySet[Household], words: str) -> QuerySet[Household]:
    """Households whose number, address, or a present member's name or pinyin begins with or contains ``words``."""
    words = words.strip()
    if not words:
        return households
    members = HouseholdMember.objects.filter(in_force(clock.today()), household=OuterRef("pk"))
    members = members.annotate(letters=Replace("resident__name_pinyin", Value(" "), Value("")))
    letters = words.lower().replace(" ", "")
    named = members.filter(Q(resident__name__contains=words) | Q(letters__startswith=letters))
    return households.filter(Q(number__startswith=words) | Q(address__contains=words) | Exists(named))


def with_joining(households: QuerySet[Household], day: date) -> QuerySet[Household]:
    """Adds ``joined_since``: from when the household has been in on ``day``; null when it is not."""
    joining = _joining(day).filter(household=OuterRef("pk"))
    return households.annotate(joined_since=Subquery(joining.values("joined_on")[:1]))


def member_household(resident: Resident, day: date) -> Household | None:
    """The household ``resident`` belonged to on ``day`` (I9)."""
    return Household.objects.filter(
        members__in=HouseholdMember.objects.filter(in_force(day), resident=resident)
    ).first()


def members_on(household: Household, day: date) -> QuerySet[HouseholdMember]:
    """Who belonged to it on ``day``, the head first."""
    rows = HouseholdMember.objects.filter(in_force(day), household=household).select_related("resident")
    return rows.order_by("pk")


def household_of_user(user: Any) -> Household | None:
    """The household that the account's villager belongs to today."""
    rows = HouseholdMember.objects.filter(in_force(clock.today()), resident__user=user.pk)
    return Household.objects.filter(members__in=rows).select_related("village", "group", "head").first()


def households_with_phone(phone: str, day: date) -> list[Household]:
    """The households to which people with that telephone belong on ``day``; none for no telephone."""
    index = blind_index(Resident, "phone", phone.strip())
    rows = HouseholdMember.objects.filter(in_force(day), resident__phone_index=index)
    return list(Household.objects.filter(members__in=rows).distinct()) if index else []


# Cells


def cells_for(user: Any, permission: Permission) -> QuerySet[Cell]:
    """Cells of the villages over which ``user`` holds ``permission``; ``size``: how many households are in today."""
    here = CellMember.objects.filter(in_force(clock.today()), cell=OuterRef("pk")).order_by()
    counted = here.values("cell").annotate(number=Count("pk")).values("number")
    rows = Cell.objects.filter(village__in=villages_for(user, permission)).select_related("village")
    return rows.annotate(size=Coalesce(Subquery(counted), 0)).order_by("village__code", "name", "pk")


def cell_of(household: Household, day: date) -> Cell | None:
    """The cell that the household is in on ``day``."""
    return Cell.objects.filter(members__in=CellMember.objects.filter(in_force(day), household=household)).first()


def cell_households(households: Collection[int], day: date) -> dict[int, tuple[int, ...]]:
    """For each of ``households`` (ids) that is in a cell on ``day``: all in it, by their number."""
    here = CellMember.objects.filter(in_force(day))
    cells = dict(here.filter(household__in=households).values_list("household_id", "cell_id"))
    members: dict[int, list[int]] = {}
    rows = here.filter(cell__in=set(cells.values())).order_by("household__number")
    for cell, household in rows.values_list("cell_id", "household_id"):
        members.setdefault(cell, []).append(household)
    return {household: tuple(members[cell]) for household, cell in cells.items()}


# Joining


def is_joined(household: Household, day: date) -> bool:
    return _joining(day).filter(household=household).exists()


def joined(village: Village | None, day: date) -> QuerySet[Household]:
    """Households that belong to the system on ``day``, of one village or of the town."""
    households = Household.objects.filter(pk__in=_joining(day).values("household_id"))
    return households.filter(village=village) if village else households


def participation(village: Village | None, day: date) -> Participation:
    """Of one village or of the town; the base is the stated total of households, not the roster."""
    totals = HouseholdTotal.objects.filter(as_of__lte=day).order_by("village_id", "-as_of").distinct("village_id")
    if village:
        totals = totals.filter(village=village)
    return Participation(joined(village, day).count(), sum(totals.values_list("total", flat=True)))


def participation_by_village(day: date, villages: Collection[Village]) -> list[tuple[Village, Participation]]:
    """Two queries, however many villages there are."""
    totals = HouseholdTotal.objects.filter(as_of__lte=day).order_by("village_id", "-as_of").distinct("village_id")
    total = dict(totals.values_list("village_id", "total"))
    counts: dict[int, int] = {}
    for village_id in joined(None, day).order_by().values_list("village_id", flat=True):
        counts[village_id] = counts.get(village_id, 0) + 1
    return [(one, Participation(counts.get(one.pk, 0), total.get(one.pk, 0))) for one in villages]


def _joining(day: date) -> QuerySet[Application]:
    states = (ApplicationState.JOINED, ApplicationState.LEFT)
    return Application.objects.filter(in_force(day, "joined_on", "left_on"), state__in=states)


def members_found(words: str, day: date, household: Household) -> QuerySet[HouseholdMember]:
    """People of other households than ``household``, by name, pinyin or household number; nobody for no words."""
    words = words.strip()
    if not words:
        return HouseholdMember.objects.none()
    rows = HouseholdMember.objects.filter(in_force(day)).exclude(household=household)
    rows = rows.annotate(letters=Replace("resident__name_pinyin", Value(" "), Value("")))
    named = Q(resident__name__contains=words) | Q(letters__startswith=words.lower().replace(" ", ""))
    rows = rows.filter(named | Q(household__number=words))
    return rows.select_related("resident", "household__village", "household__group").order_by("household__number", "pk")


def suggested_username(resident: Resident) -> str:
    """Her name in letters, with the last four of her phone when she has one; free on the day."""
    letters = re.sub("[^a-z0-9]", "", resident.name_pinyin) or "u"
    return accounts.free_username(letters + (resident.phone or "")[-4:])


# Relations and consents


@dataclass(frozen=True, slots=True)
class RelativeLine:
    """``other`` (of ``household`` on that day, if of any) is the ``kind`` of ``member``."""

    member: Resident
    other: Resident
    kind: str
    household: Household | None
    declared_on: date


_SEEN_FROM_THE_OTHER = {RelativeKind.PARENT: RelativeKind.CHILD, RelativeKind.CHILD: RelativeKind.PARENT}


def relatives_of(household: Household, day: date) -> list[RelativeLine]:
    """Relations that its members declared or others to them, each as its own member sees it."""
    mine = set(members_on(household, day).values_list("resident_id", flat=True))
    rows = Relative.objects.filter(Q(resident__in=mine) | Q(other__in=mine)).select_related("resident", "other")
    people = {pk for row in rows for pk in (row.resident_id, row.other_id)}
    of = HouseholdMember.objects.filter(in_force(day), resident__in=people).select_related("household__village")
    homes = {row.resident_id: row.household for row in of}
    return [_relative_line(row, row.resident_id in mine, homes) for row in rows.order_by("declared_on", "pk")]


def _relative_line(row: Relative, is_own: bool, homes: dict[int, Household]) -> RelativeLine:
    member, other = (row.resident, row.other) if is_own else (row.other, row.resident)
    kind = RelativeKind(row.kind)
    seen = kind if is_own else _SEEN_FROM_THE_OTHER.get(kind, kind)
    return RelativeLine(member, other, str(seen.label), homes.get(other.pk), row.declared_on)


def barred_household_ids(resident_id: int | None) -> set[int]:
    """Households on whose deeds the villager decides nothing: her own and her declared relatives' (I11)."""
    if resident_id is None:
        return set()
    pairs = Relative.objects.filter(Q(resident=resident_id) | Q(other=resident_id)).values_list(
        "resident_id", "other_id"
    )
    people = {resident_id} | {one for pair in pairs for one in pair}
    rows = HouseholdMember.objects.filter(Q(to_date=None) | Q(to_date__gt=clock.today()), resident__in=people)
    return set(rows.values_list("household_id", flat=True))


def barred_users(household: Household, day: date, users: Collection[int]) -> set[int]:
    """Which of the accounts stand back from a deed of the household on ``day``: people then or now, and relatives."""
    today = clock.today()
    rows = HouseholdMember.objects.filter(household=household)
    people = set(rows.filter(in_force(day) | in_force(today)).values_list("resident_id", flat=True))
    pairs = Relative.objects.filter(Q(resident__in=people) | Q(other__in=people)).values_list("resident_id", "other_id")
    near = people | {one for pair in pairs for one in pair}
    return set(Resident.objects.filter(pk__in=near, user__in=users).values_list("user_id", flat=True))


def head_account(household: Household) -> set[int]:
    """The account of the household's head; empty when there is none."""
    return resident_account(household.head)


def resident_account(resident: Resident | None) -> set[int]:
    """Her own account; empty when she has none."""
    return {resident.user_id} if resident is not None and resident.user_id else set()


def consents_on(day: date, kind: ConsentKind) -> QuerySet[Consent]:
    """Consents that hold on ``day``; a guardian's ends when the child turns 14."""
    born_after = day.replace(year=day.year - GUARDED_UNTIL, day=min(day.day, 28) if day.month == 2 else day.day)
    still_guarded = Q(guardian=None) | Q(resident__born_on__gt=born_after)
    return Consent.objects.filter(in_force(day, "given_on", "withdrawn_on"), still_guarded, kind=kind)


def public_names(day: date, residents: Collection[int | None]) -> dict[int, str]:
    """Masked names that may be shown to everyone on ``day``, by resident: adults who agreed to publication.

    Whoever is under 18, or has no date of birth on file, is never named.
    """
    grown = day.replace(year=day.year - ADULT, day=28 if (day.month, day.day) == (2, 29) else day.day)
    rows = consents_on(day, ConsentKind.PUBLICATION).filter(resident__in=residents, resident__born_on__lte=grown)
    return {resident: masking.name(name) for resident, name in rows.values_list("resident_id", "resident__name")}


def office_name() -> str:
    """How the town names its office; empty before it is set up."""
    return TownProfile.objects.values_list("office_name", flat=True).first() or ""
