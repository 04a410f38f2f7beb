"""更正归户: somebody was another household's all along; her deeds follow her (I9), by reversal and a new entry."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from jifen.approvals import services as approvals
from jifen.approvals.models import Item
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring.correction_errors import NotRefusable
from scoring.models import Declaration, Posting
from scoring.services import reviews
from scoring.verify import checks
from tenants.community import errors, selectors
from tenants.community.models import Household, HouseholdMember, Resident
from tenants.community.services import changes
from tests.scoring import wide
from tests.scoring.desk import DAY, Desk

OFFICER = {"name": "经办确认", "who": {"role": "town_officer"}}


@pytest.fixture
def daughter(desk: Desk) -> Resident:
    return desk.cast.member(desk.zhang)


@pytest.fixture
def right(desk: Desk) -> Household:
    return desk.cast.household(name="李四")


def put_right(desk: Desk, right: Household, daughter: Resident, day: Any = DAY) -> Any:
    terms = {"resident": daughter.pk, "relation": "儿媳", "from_date": day.isoformat()}
    return changes.make(household=right, kind="moved_back", terms=terms, by=desk.by)


def merits(desk: Desk, other: Household) -> tuple[int, int]:
    return int(desk.merit()), int(desk.merit(other))


def sound() -> bool:
    return [check.title for check in checks() if check.breaches()] == []


def test_what_she_did_since_then_is_credited_to_the_right_household(
    desk: Desk, daughter: Resident, right: Household
) -> None:
    desk.record("help", resident=daughter)
    desk.record("tidy")
    desk.post()
    assert merits(desk, right) == (7, 0)
    assert put_right(desk, right, daughter).state == "done"
    assert merits(desk, right) == (2, 5)
    wrong = Posting.objects.get(cause="declaration", declaration__household=desk.zhang, declaration__rule__code="help")
    anew = Posting.objects.get(corrects=wrong)
    assert wrong.reversed_at is not None and anew.declaration is not None and anew.declaration.household == right
    assert sound()


def test_what_she_did_before_stays(desk: Desk, daughter: Resident, right: Household) -> None:
    desk.record("help", resident=daughter)
    desk.post()
    put_right(desk, right, daughter, max(DAY, clock.today()))
    day = DAY if clock.today() == DAY else clock.today()
    before = HouseholdMember.objects.get(resident=daughter, household=desk.zhang, to_date=day)
    assert before.to_date == day and selectors.member_household(daughter, day) == right
    assert sound()


def test_a_deed_that_waits_is_recorded_anew(desk: Desk, daughter: Resident, right: Household) -> None:
    told = desk.record("help", resident=daughter)
    put_right(desk, right, daughter)
    told.refresh_from_db()
    anew = Declaration.objects.exclude(pk=told.pk).get()
    assert (told.state, anew.household, anew.resident) == ("rejected", right, daughter)


def test_one_that_is_decided_and_not_posted_refuses_all(desk: Desk, daughter: Resident, right: Household) -> None:
    desk.record("help", resident=daughter)
    sheet = desk.sheet()
    for user in (desk.li, desk.wu):
        reviews.decide_rest(review=sheet, by=Actor.of(user))
    desk.sign_and_close(sheet)
    with pytest.raises(NotRefusable):
        put_right(desk, right, daughter)
    assert selectors.member_household(daughter, DAY) == desk.zhang


def test_a_household_that_takes_no_part_gets_nothing(desk: Desk, daughter: Resident) -> None:
    desk.record("help", resident=daughter)
    desk.post()
    out = desk.cast.household(name="王五", joined=False)
    put_right(desk, out, daughter)
    assert merits(desk, out) == (0, 0) and sound()


def test_days_and_people_that_make_no_sense_change_nothing(desk: Desk, daughter: Resident, right: Household) -> None:
    with pytest.raises(errors.DateInFuture):
        put_right(desk, right, daughter, clock.today() + timedelta(days=1))
    with pytest.raises(errors.MovedBackTooFar, match="更正的日期不能更早"):
        put_right(desk, right, daughter, DAY.replace(year=1990))
    with pytest.raises(errors.MemberAlready):
        put_right(desk, desk.zhang, daughter)
    with pytest.raises(errors.HeadStays):
        put_right(desk, right, desk.head())
    assert selectors.member_household(daughter, clock.today()) == desk.zhang


def test_a_flow_decides_on_it_and_nothing_moves_before(desk: Desk, daughter: Resident, right: Household) -> None:
    desk.record("help", resident=daughter)
    desk.post()
    approvals.install(subject_kind="roster_change", steps=[OFFICER], by=SYSTEM)
    assert put_right(desk, right, daughter).state == "asked"
    assert merits(desk, right) == (5, 0)
    item = Item.objects.get(subject_kind="roster_change")
    approvals.decide(item=item, verdict="approve", by=Actor.of(desk.officer))
    assert merits(desk, right) == (0, 5)


def test_it_has_its_page_and_its_call(
    desk: Desk, daughter: Resident, right: Household, client_for: Callable[..., Any], api_client: Callable[..., Any]
) -> None:
    page = f"/village/households/{right.number}/changes/moved_back/"
    steward = client_for(desk.steward)
    assert "从哪天起算本户的人" in steward.get(page).text
    form = {"number": desk.zhang.number, "name": "张小花", "relation": "儿媳", "from_date": DAY.isoformat()}
    assert steward.post(page, form).status_code == 302
    assert selectors.member_household(daughter, DAY) == right
    call = {"household": desk.zhang.number, "kind": "moved_back", "resident": daughter.pk, "relation": "女"}
    api = api_client(desk.steward)
    assert api.post("/api/v1/roster-changes/", call).json()["field"] == "from_date"
    assert api.post("/api/v1/roster-changes/", {**call, "from_date": DAY.isoformat()}).json()["state"] == "done"


@pytest.mark.parametrize("is_posted", [True, False])
def test_a_deed_that_knows_who_was_around_follows_her_too(
    desk: Desk, daughter: Resident, right: Household, is_posted: bool
) -> None:
    wide.install(desk)
    told = desk.record("lead", resident=daughter, rule=desk.rule_in_force("lead"))
    assert "people" in told.facts
    if is_posted:
        desk.post()
    put_right(desk, right, daughter)
    anew = Declaration.objects.exclude(pk=told.pk).get()
    assert (anew.household, anew.resident, str(right.head_id)) == (right, daughter, anew.facts["people"]["head"])
