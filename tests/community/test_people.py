"""Consents, relatives, roles and what they let people do."""

from datetime import date, timedelta

import pytest

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.permissions import grants_of
from tenants.community import codes, errors, selectors
from tenants.community.models import Consent, ConsentKind, Role, VillageRole
from tenants.community.permissions import CommunityPermission
from tenants.community.services import consents, households, people, relatives, roles
from tests.cast import SINCE, Cast, id_number

DAY = date(2025, 3, 1)


def test_a_child_under_fourteen_needs_a_guardian_of_the_household(cast: Cast) -> None:
    household, stranger = cast.household(), cast.household()
    child = cast.member(household, "张小宝", born=date(2015, 6, 1))
    with pytest.raises(errors.GuardianNeeded):
        consents.give(resident=child, kind="publication", on=DAY, by=SYSTEM)
    with pytest.raises(errors.GuardianWrong):
        consents.give(resident=child, kind="publication", on=DAY, guardian=stranger.head, by=SYSTEM)
    consents.give(resident=child, kind="publication", on=DAY, guardian=household.head, by=SYSTEM)
    assert selectors.consents_on(DAY, ConsentKind.PUBLICATION).get().guardian == household.head


def test_a_guardians_consent_ends_when_the_child_is_fourteen(cast: Cast) -> None:
    household = cast.household()
    child = cast.member(household, "张小宝", born=date(2011, 6, 1))
    consents.give(resident=child, kind="portrait", on=DAY, guardian=household.head, by=SYSTEM)
    assert selectors.consents_on(date(2025, 5, 31), ConsentKind.PORTRAIT).exists()
    assert not selectors.consents_on(date(2025, 6, 1), ConsentKind.PORTRAIT).exists()


def test_consent_to_publication_is_none_to_portraits_and_can_be_withdrawn(cast: Cast) -> None:
    head = cast.household().head
    assert head is not None
    given = consents.give(resident=head, kind="publication", on=DAY, by=SYSTEM)
    assert not selectors.consents_on(DAY, ConsentKind.PORTRAIT).exists()
    consents.withdraw(consent=given, on=date(2025, 4, 1), by=SYSTEM)
    assert selectors.consents_on(date(2025, 3, 31), ConsentKind.PUBLICATION).exists()
    assert not selectors.consents_on(date(2025, 4, 1), ConsentKind.PUBLICATION).exists()
    with pytest.raises(errors.ConsentWithdrawn):
        consents.withdraw(consent=given, on=date(2025, 4, 2), by=SYSTEM)


def test_consents_of_many_are_written_once(cast: Cast) -> None:
    heads = [head for head in (cast.household().head, cast.household().head) if head]
    assert consents.give_all(residents=heads, kind="publication", on=DAY, by=SYSTEM) == 2
    assert consents.give_all(residents=heads, kind="publication", on=DAY, by=SYSTEM) == 0
    assert Consent.objects.count() == 2


def test_a_declared_relative_bars_both_ways(cast: Cast) -> None:
    first, second, third = cast.household(), cast.household(), cast.household()
    assert first.head and second.head
    relatives.declare(resident=first.head, other=second.head, kind="sibling", on=DAY, by=SYSTEM)
    assert selectors.barred_household_ids(first.head_id) == {first.pk, second.pk}
    assert selectors.barred_household_ids(second.head_id) == {first.pk, second.pk}
    assert selectors.barred_household_ids(third.head_id) == {third.pk}
    with pytest.raises(errors.RelativeDeclared):
        relatives.declare(resident=second.head, other=first.head, kind="sibling", on=DAY, by=SYSTEM)


def test_a_role_reaches_its_own_village_only(cast: Cast) -> None:
    here, there = cast.village(), cast.village("白江洞村")
    held = grants_of(cast.steward(here))
    assert held.allows(CommunityPermission.MANAGE_ROSTER, village=here.pk)
    assert not held.allows(CommunityPermission.MANAGE_ROSTER, village=there.pk)
    assert not grants_of(cast.committee(here)).allows(CommunityPermission.MANAGE_ROSTER)


def test_an_ended_role_gives_nothing(cast: Cast) -> None:
    user = cast.steward()
    roles.end(role=VillageRole.objects.get(user=user), on=clock.today(), by=SYSTEM)
    assert not grants_of(user).allows(CommunityPermission.READ)


def test_a_role_that_is_to_end_ends_sooner_but_not_later(cast: Cast) -> None:
    role, today = VillageRole.objects.get(user=cast.steward()), clock.today()
    roles.end(role=role, on=today + timedelta(days=9), by=SYSTEM)
    roles.end(role=role, on=today, by=SYSTEM)
    for day in (today, today + timedelta(days=9)):
        with pytest.raises(errors.RoleEnded):
            roles.end(role=role, on=day, by=SYSTEM)
    role.refresh_from_db()
    assert role.to_date == today


def test_a_supervisor_decides_nothing(cast: Cast) -> None:
    user = cast.supervisor()
    with pytest.raises(errors.SupervisorDecidesNothing):
        roles.appoint(user=user, village=cast.village(), role=Role.COMMITTEE, from_date=SINCE, by=SYSTEM)
    assert VillageRole.objects.count() == 1


def test_nobody_gets_the_same_role_twice(cast: Cast) -> None:
    user = cast.steward()
    with pytest.raises(errors.RoleHeld):
        roles.appoint(user=user, village=cast.village(), role=Role.STEWARD, from_date=DAY, by=SYSTEM)


def test_a_person_has_one_account(cast: Cast) -> None:
    household = cast.household()
    cast.villager(household)
    assert household.head is not None
    with pytest.raises(errors.AccountExists):
        people.give_account(resident=household.head, username="second", password=None, by=SYSTEM)


def test_an_id_number_belongs_to_one_person(cast: Cast) -> None:
    household, given = cast.household(), id_number()
    households.add_member(household=household, name="李四", relation="配偶", id_number=given, by=SYSTEM)
    with pytest.raises(errors.IdNumberTaken, match=household.number):
        households.add_member(household=household, name="李四二", relation="子", id_number=given, by=SYSTEM)


def test_a_new_card_makes_the_old_code_worthless(cast: Cast) -> None:
    household = cast.household(number="01001")
    old = codes.text(household)
    while codes.text(households.renew_card(household=household, by=SYSTEM)) == old:
        pass
    with pytest.raises(errors.CodeUnknown):
        selectors.household_by_code(old)
