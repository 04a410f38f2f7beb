"""Who may join, who left, and what the seeds ask of outsiders."""

from datetime import date, timedelta

import pytest

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.outbox.models import Message
from tenants.community import errors, policies, selectors
from tenants.community.eligibility import Facts, Rule, judge
from tenants.community.models import Application
from tenants.community.services import applications
from tenants.models import Town
from tests.cast import Cast
from tests.together import together

DAY = date(2025, 3, 1)
SEED_001 = Rule("three_in", "representatives_meeting")
SEED_002 = Rule("permanent_residents", "village_committees", 6)


def facts(hukou: bool = True, homestead: bool = True, lived_in: bool = True, since: date | None = None) -> Facts:
    return Facts(hukou, homestead, lived_in, since)


def test_seed_000_takes_households_with_local_hukou() -> None:
    rule = Rule("local_hukou")
    assert judge(rule, facts(homestead=False, lived_in=False), DAY).ground == "本村户籍家庭户"
    assert "本村户籍" in judge(rule, facts(hukou=False), DAY, "村民代表会议").refusal


def test_seed_001_takes_households_with_hukou_house_and_people() -> None:
    assert judge(SEED_001, facts(), DAY).ground == "户在、房在、人在"


def test_seed_001_takes_others_by_the_representatives_meeting() -> None:
    assert "宅基地房屋" in judge(SEED_001, facts(homestead=False), DAY).refusal
    assert judge(SEED_001, facts(homestead=False), DAY, "2月8日会议").ground == "经村民代表会议同意：2月8日会议"


def test_seed_002_takes_outsiders_after_six_months_with_agreement() -> None:
    early, late = date(2024, 9, 2), date(2024, 9, 1)
    assert "居住满6个月" in judge(SEED_002, facts(hukou=False, since=early), DAY, "两委会议").refusal
    assert "须经村两委同意" in judge(SEED_002, facts(hukou=False, since=late), DAY).refusal
    assert judge(SEED_002, facts(hukou=False, since=late), DAY, "两委会议").ground == "经村两委同意：两委会议"


def test_seed_002_takes_nobody_who_does_not_live_there() -> None:
    assert "不在本村常住" in judge(SEED_002, facts(lived_in=False), DAY, "两委会议").refusal


def test_a_household_belongs_from_its_first_day_to_before_its_last(cast: Cast) -> None:
    household = cast.household()
    applications.leave(household=household, on=date(2025, 6, 1), by=SYSTEM)
    days = (date(2024, 12, 31), date(2025, 1, 1), date(2025, 5, 31), date(2025, 6, 1))
    assert [selectors.is_joined(household, day) for day in days] == [False, True, True, False]


def test_a_household_joins_only_once_at_a_time(cast: Cast) -> None:
    household = cast.household()
    assert household.head is not None
    with pytest.raises(errors.AlreadyJoined):
        applications.apply(household=household, applicant=household.head, on=DAY, by=SYSTEM)
    assert Application.objects.count() == 1


def test_an_outsider_is_refused_and_nobody_of_the_batch_joins(cast: Cast) -> None:
    policies.install(section=policies.DEFAULT.model_dump(mode="json"), effective_from=date(2025, 1, 1), by=SYSTEM)
    inside, outside = cast.household(joined=False), cast.household(joined=False)
    outside.has_local_hukou = False
    with pytest.raises(errors.NotEligible):
        applications.join_all(households=[inside, outside], on=DAY, ground="本村户籍", by=SYSTEM)
    assert not Application.objects.exists()


def test_many_join_at_once_and_the_district_hears_of_each_village_once(cast: Cast) -> None:
    households = [cast.household(joined=False) for _ in range(3)]
    Message.objects.all().delete()
    assert applications.join_all(households=households, on=DAY, ground="本村户籍", by=SYSTEM) == 3
    assert applications.join_all(households=households, on=DAY, ground="本村户籍", by=SYSTEM) == 0
    first = Message.objects.order_by("pk")[0]
    assert (first.kind, first.town, first.payload["joined"], first.payload["residents"]) == ("village", "t_alpha", 3, 3)


def test_nobody_joins_tomorrow(cast: Cast) -> None:
    household, tomorrow = cast.household(joined=False), clock.today() + timedelta(days=365)
    with pytest.raises(errors.DateInFuture):
        applications.join_all(households=[household], on=tomorrow, ground="本村户籍", by=SYSTEM)


def test_an_application_is_answered_once(cast: Cast) -> None:
    household = cast.household(joined=False)
    assert household.head is not None
    application = applications.apply(household=household, applicant=household.head, on=DAY, by=SYSTEM)
    applications.refuse(application=application, reason="已外迁", by=SYSTEM)
    with pytest.raises(errors.ApplicationDecided):
        applications.join(application=application, on=DAY, by=SYSTEM)


def test_only_a_member_applies_for_a_household(cast: Cast) -> None:
    household, other = cast.household(joined=False), cast.household()
    assert other.head is not None
    with pytest.raises(errors.ApplicantOfOtherHousehold):
        applications.apply(household=household, applicant=other.head, on=DAY, by=SYSTEM)


def test_two_clerks_let_a_household_join_once(committing_town: Town, cast: Cast) -> None:
    household = cast.household(joined=False)

    def join() -> int:
        return applications.join_all(households=[household], on=DAY, ground="本村户籍", by=SYSTEM)

    assert sorted(together(join, join, join)) == [0, 0, 1]
    assert Application.objects.filter(household=household, state="joined").count() == 1
