"""What the database itself refuses, whoever asks."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from jifen.kernel.actors import SYSTEM
from tenants.community.models import Application, HouseholdMember, Relative, Role, VillageRole
from tests.cast import SINCE, Cast, head_of


def test_nobody_belongs_to_two_households_on_one_day(cast: Cast) -> None:
    first, second = cast.household(), cast.household()
    with pytest.raises(IntegrityError, match="community_member_of_one"), transaction.atomic():
        HouseholdMember.objects.create(
            household=second, resident=head_of(first), relation="子", from_date=date(2025, 1, 1)
        )


def test_a_move_on_one_day_is_no_overlap(cast: Cast) -> None:
    first, second = cast.household(), cast.household()
    HouseholdMember.objects.filter(household=first).update(to_date=date(2025, 1, 1))
    HouseholdMember.objects.create(household=second, resident=head_of(first), relation="子", from_date=date(2025, 1, 1))


def test_a_household_is_not_joined_twice_on_one_day(cast: Cast) -> None:
    household = cast.household()
    with pytest.raises(IntegrityError, match="community_joined_once"), transaction.atomic():
        cast.join(household, date(2025, 5, 1))


def test_a_joined_household_has_its_date(cast: Cast) -> None:
    household = cast.household(joined=False)
    with pytest.raises(IntegrityError, match="community_application_dates"), transaction.atomic():
        Application.objects.create(
            household=household, applicant=head_of(household), applied_on=SINCE, state="joined", **SYSTEM.columns()
        )


def test_a_household_lives_in_a_group_of_its_own_village(cast: Cast) -> None:
    household, elsewhere = cast.household(), cast.group(cast.village("白江洞村"))
    household.group = elsewhere
    with pytest.raises(IntegrityError, match="community_household_in_village"), transaction.atomic():
        household.save()


def test_nobody_is_related_to_herself(cast: Cast) -> None:
    head = head_of(cast.household())
    with pytest.raises(IntegrityError, match="community_relative_of_other"), transaction.atomic():
        Relative.objects.create(resident=head, other=head, kind="other", declared_on=SINCE)


def test_a_role_is_not_held_twice_at_once(cast: Cast) -> None:
    user = cast.steward()
    with pytest.raises(IntegrityError, match="community_role_once"), transaction.atomic():
        VillageRole.objects.create(user=user, village=cast.village(), role=Role.STEWARD, from_date=date(2026, 1, 1))
