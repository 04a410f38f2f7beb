"""What a town of seed 000 has beside the committee, and what each town's year shows a few times."""

import random
from datetime import date

import pytest

from jifen.approvals import catalog, selectors, services
from jifen.approvals.models import Item, Word
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.local.demo import adopting, exceptional, groups, plan, tellers, verifying
from redemption.models import RedemptionException
from scoring.models import Declaration
from scoring.rules import library
from tenants.community import policies
from tenants.community import selectors as community
from tenants.community.models import Household, VillageRole
from tests.cast import Cast
from tests.redemption import market as markets
from tests.scoring.desk import Desk

QINGXI = plan.FULL.town("qingxi")


@pytest.fixture
def desk(ready_desk: Desk) -> Desk:
    return ready_desk


def _neighbours(cast: Cast, count: int) -> list[Household]:
    return [cast.household(name=f"李{letter}") for letter in "甲乙丙丁戊己"[:count]]


def test_only_the_town_of_seed_000_has_them() -> None:
    assert [town.host for town in plan.TOWNS if groups.staffed(town)] == ["qingxi"]


def test_a_group_gets_a_leader_and_two_volunteers_of_different_households(cast: Cast) -> None:
    steward, homes = cast.steward(), _neighbours(cast, 4)
    groups.appoint(homes[0].village)
    rows = list(VillageRole.objects.exclude(role="steward").select_related("user__resident").order_by("pk"))
    assert [row.role for row in rows] == ["group_leader", "volunteer", "volunteer"]
    assert len({row.user.resident.memberships.get().household_id for row in rows}) == 3
    assert steward not in {row.user for row in rows} and not any(row.user.has_usable_password() for row in rows)


def test_a_small_group_still_has_two_volunteers(cast: Cast) -> None:
    [home] = _neighbours(cast, 1)
    for name in ("李小花", "李小草"):
        cast.member(home, name, born=date(1980, 3, 8))
    groups.appoint(home.village)
    assert list(VillageRole.objects.order_by("pk").values_list("role", flat=True)) == [
        "group_leader", "volunteer", "volunteer",
    ]  # fmt: skip


def test_the_leader_of_the_group_signs_what_a_neighbour_tells(desk: Desk, cast: Cast) -> None:
    homes = _neighbours(cast, 4)
    groups.appoint(homes[0].village)
    leader = VillageRole.objects.get(role="group_leader").user
    code = next(one for one in catalog.available() if one.code == "seed_000")
    services.install(subject_kind="declaration", steps=code.flows["declaration"], by=SYSTEM)
    rule = desk.rule_in_force("litter")
    rule.spec["declarers"] = ["neighbour"]
    found = groups.signed(homes[0].village, [rule], random.Random(1))
    assert found is not None and isinstance(found[2], tellers.Teller)
    told = desk.record("tidy", household=found[0], declared_by="neighbour", declarer=found[2].declarer)
    item = Item.objects.get(subject_id=told.pk, subject_kind="declaration")
    Item.objects.filter(pk=item.pk).update(facts={"points": "-3", "declared_by": "neighbour"})
    verifying.verify([homes[0].village])
    assert Declaration.objects.get(pk=told.pk).state == "ready"
    assert leader.pk in set(Word.objects.filter(item=item, kind="approve").values_list("speaker_id", flat=True))


def test_a_family_moves_in_by_the_flow(cast: Cast) -> None:
    cast.steward(), cast.officer()
    common = next(one for one in catalog.available() if one.code == catalog.COMMON)
    services.install(subject_kind="roster_change", steps=common.flows["roster_change"], by=SYSTEM)
    row = exceptional.move_in(QINGXI, cast.village())
    assert (row.state, row.about) == ("done", exceptional.number())
    assert Word.objects.filter(item__subject_kind="roster_change", kind="approve").exists()
    assert not selectors.open_items("roster_change").exists()


@pytest.mark.parametrize("host", ["chuansha", "shuren"])
def test_a_family_from_outside_joins_by_the_flow_of_the_seed(cast: Cast, host: str) -> None:
    """001 asks the representatives, 002 both committees of the village; nobody else agrees for them."""
    town = plan.FULL.town(host)
    policy = library.load(town.scheme_code).policy.model_dump(mode="json")
    terms = {key: policy[key] for key in ("eligibility", "participation")}
    policies.install(section=terms, effective_from=plan.START, by=SYSTEM)
    cast.steward(), cast.officer()
    village = cast.household(name="李甲").village
    official = cast.committee(seat="村两委干部")
    services.install(subject_kind="roster_change", steps=adopting.offered(town, "roster_change"), by=SYSTEM)
    row = exceptional.move_in(town, village)
    assert (row.state, row.kind) == ("done", "join")
    assert community.is_joined(Household.objects.get(number=exceptional.number()), clock.today())
    said = Word.objects.filter(item__subject_kind="roster_change", kind="approve")
    seated = set(VillageRole.objects.filter(seat=exceptional.REPRESENTATIVES).values_list("user", flat=True))
    assert set(said.values_list("speaker_id", flat=True)) == (seated if host == "chuansha" else {official.pk})


def test_representatives_are_asked_for_once(cast: Cast) -> None:
    home = cast.household(name="李甲")
    exceptional.represent(home.village)
    exceptional.represent(home.village)
    assert VillageRole.objects.filter(seat=exceptional.REPRESENTATIVES).count() == 1


def test_families_come_in_every_plan_and_before_its_last_month() -> None:
    for district in (plan.SMALL, plan.HALF, plan.FULL):
        assert [day for day in exceptional.MOVE_IN if day.month in district.months and day < district.last]


def test_a_household_without_its_card_gets_its_goods_by_the_flow(cast: Cast) -> None:
    market = markets.opened(cast)
    common = next(one for one in catalog.available() if one.code == catalog.COMMON)
    services.install(subject_kind="redemption_exception", steps=common.flows["redemption_exception"], by=SYSTEM)
    cast.steward(), cast.committee(), cast.officer()
    made = exceptional.without_card(market.household, market.offering, "one", market.by)
    assert (made.state, RedemptionException.objects.get().state) == ("captured", "approved")
    assert Word.objects.filter(item__subject_kind="redemption_exception", kind="approve").count() >= 1
