"""Whom a flow can name, and who stands back from whose deeds."""

from jifen.approvals import directory
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from tenants.community.models import Role
from tenants.community.services import relatives
from tenants.models import Town
from tests.cast import Cast, head_of


def test_roles_seats_and_villages_can_be_named(town: Town, cast: Cast) -> None:
    cast.committee(seat="村两委干部")
    here = directory.here()
    assert ("steward", "积分管理员") in here.roles()
    assert list(here.seats()) == ["村两委干部"]
    assert [name for _, name in here.villages()] == ["石岭岗村"]


def test_a_villager_is_found_by_pinyin_with_her_group(town: Town, cast: Cast) -> None:
    household = cast.household(name="张三")
    cast.household(name="李四")
    [found] = directory.here().people(household.village_id, "zhang")
    assert (found.name, found.group_id, found.village_id) == ("张三", household.group_id, household.village_id)
    assert household.group.name in found.place


def test_household_and_relatives_stand_back(town: Town, cast: Cast) -> None:
    home, other = cast.household(name="张三"), cast.household(name="王五")
    zhang, daughter = cast.villager(home), cast.account(cast.member(home))
    brother = cast.villager(other)
    relatives.declare(resident=head_of(home), other=head_of(other), kind="sibling", on=clock.today(), by=SYSTEM)
    [person] = directory.here().people(home.village_id, "张三")
    assert directory.here().related(person) == {zhang.pk, daughter.pk, brother.pk}


def test_the_accounts_near_an_account_are_known_for_many_at_once(town: Town, cast: Cast) -> None:
    one, other, officer = cast.steward(), cast.holder("李委员", Role.COMMITTEE), cast.officer()
    member = one.resident.memberships.get().household
    child = cast.account(cast.member(member))
    kin = directory.here().kin([one.pk, other.pk, officer.pk])
    assert kin == {one.pk: {one.pk, child.pk}, other.pk: {other.pk}}
