"""互评回避: where the town says so, those who decide on each other's deeds in one sheet stand back from them."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen.accounts.models import User
from jifen.kernel.actors import Actor
from jifen.kernel.checks import town_checks
from scoring import errors, meeting_errors, selectors
from scoring.models import MeetingSeat, Review, ReviewItem
from scoring.selectors.meetings import seats, standing
from scoring.services import batches, filings, meetings, papers, reviews
from tenants.community.models import Household, HouseholdMember, Resident
from tests.scoring.desk import DAY, Desk
from tests.scoring.owner import refusal

Browser = Callable[..., Any]


@pytest.fixture
def mutual(desk: Desk) -> Desk:
    """The town says that they stand back; 李委员 and 吴委员 have a deed each on the sheet, 张三 has one."""
    desk.choose(mutual=True)
    for household in (_home(desk, "li"), _home(desk, "wu"), desk.zhang):
        desk.record("tidy", household=household)
    desk.cast.committee(name="孙委员")
    return desk


def test_two_members_with_a_deed_each_decide_neither_each_others_nor_their_own(mutual: Desk) -> None:
    sheet = mutual.sheet()
    assert dict(selectors.recusals(sheet)) == {"李委员": 2, "吴委员": 2}
    with pytest.raises(errors.MutuallyRecused, match="互评须回避"):
        _decide(mutual, _item(mutual, "wu"), "li")
    with pytest.raises(errors.Recused, match="本户"):
        _decide(mutual, _item(mutual, "li"), "li")
    assert set(sheet.items.values_list("verdict", flat=True)) == {"pending"}


def test_whoever_has_no_deed_on_the_sheet_decides_on_all(mutual: Desk) -> None:
    sheet = mutual.sheet()
    assert reviews.decide_rest(review=sheet, by=Actor.of(mutual.li)) == 1
    assert reviews.decide_rest(review=sheet, by=Actor.of(_member(mutual, "sun"))) == 2


def test_a_town_that_does_not_say_so_lets_them_decide_on_each_other(desk: Desk) -> None:
    for name in ("li", "wu"):
        desk.record("tidy", household=_home(desk, name))
    assert reviews.decide_rest(review=desk.sheet(), by=Actor.of(desk.li)) == 1


def test_a_list_over_the_whole_village_makes_nobody_stand_back(desk: Desk) -> None:
    desk.choose(mutual=True)
    rule = desk.rule_in_force("tidy")
    rows: list[Any] = [(_home(desk, name), None, rule, {}) for name in ("li", "wu")]
    batches.record_batch(
        village=desk.village, kind="inspection", title="入户检查", happened_on=DAY, place="村里", by=desk.by, rows=rows
    )
    assert dict(selectors.recusals(desk.sheet())) == {"李委员": 1, "吴委员": 1}


def test_a_sheet_keeps_the_recusals_with_which_it_opened(mutual: Desk) -> None:
    sheet = mutual.sheet()
    mutual.choose(DAY, mutual=False)
    assert mutual.sheet().is_mutual
    assert "I11: " in refusal("UPDATE scoring_review SET is_mutual = false WHERE id = %s", [sheet.pk])


def test_the_quorum_is_counted_without_those_who_stand_back(mutual: Desk) -> None:
    sheet = mutual.sheet()
    for name in ("li", "sun"):
        reviews.decide_rest(review=sheet, by=Actor.of(_member(mutual, name)))
    for name in ("li", "wu"):
        reviews.sign(review=sheet, role=mutual.seat(_member(mutual, name)), by=Actor.of(_member(mutual, name)))
    assert standing(sheet).signed >= standing(sheet).needed and standing(sheet).unsigned_items == 2
    with pytest.raises(errors.RecusedQuorumMissing):
        reviews.close(review=sheet, by=Actor.of(mutual.li))


def test_the_database_refuses_a_mutual_decision_by_whatever_way(mutual: Desk) -> None:
    mutual.sheet()
    act = (
        "UPDATE scoring_reviewitem SET verdict = 'approved', decided_at = now(), decided_by_resident_id = %s "
        "WHERE id = %s"
    )
    said = refusal(act, [_resident(mutual.li).pk, _item(mutual, "wu").pk])
    assert "I11: " in said


def test_a_decision_is_asked_for_anew_when_a_deed_of_the_deciders_joins_the_sheet(desk: Desk) -> None:
    desk.choose(mutual=True)
    desk.record("tidy", household=_home(desk, "wu"))
    desk.sheet()
    _decide(desk, _item(desk, "wu"), "li")
    desk.record("tidy", household=_home(desk, "li"))
    desk.sheet()
    assert _item(desk, "wu").verdict == "pending"


def test_a_substitute_with_a_deed_of_her_own_stands_back_and_is_stood_back_from(mutual: Desk) -> None:
    sheet = mutual.sheet()
    role = mutual.seat(_member(mutual, "sun"))
    _decide(mutual, mutual.item(sheet.items.get(declaration__household=mutual.zhang).declaration), "li")
    meetings.attend(review=sheet, role=role, presence="substitute", substitute=mutual.head(), by=Actor.of(mutual.li))
    assert _of(sheet, mutual.zhang).verdict == "pending"
    assert len(next(seat for seat in seats(sheet) if seat.role_id == role.pk).barred) == 3


def test_a_substitute_who_joins_a_returned_sheet_has_its_verdicts_decided_anew(mutual: Desk) -> None:
    sheet, role = _returned(mutual), mutual.seat(_member(mutual, "sun"))
    assert _of(sheet, mutual.zhang).verdict == "approved"
    meetings.attend(review=sheet, role=role, presence="substitute", substitute=mutual.head(), by=Actor.of(mutual.li))
    assert _of(sheet, mutual.zhang).verdict == "pending" and _breaches() == 0


def test_what_the_town_kept_stays_decided_and_nobody_stands_in_who_would_undo_it(mutual: Desk) -> None:
    sheet, role = _returned(mutual, "wu"), mutual.seat(_member(mutual, "sun"))
    with pytest.raises(meeting_errors.SubstituteRecuses, match=r"留着的1件.*另找一位"):
        meetings.attend(
            review=sheet, role=role, presence="substitute", substitute=mutual.head(), by=Actor.of(mutual.li)
        )
    assert not MeetingSeat.objects.filter(substitute=mutual.head()).exists()
    other = mutual.head(mutual.cast.household(name="钱七"))
    meetings.attend(review=sheet, role=role, presence="substitute", substitute=other, by=Actor.of(mutual.li))
    assert _of(sheet, mutual.zhang).verdict == "approved" and _breaches() == 0


def test_of_a_sheet_that_came_back_in_part_what_came_back_is_decided_anew(mutual: Desk) -> None:
    sheet, role = _returned(mutual, "zhang"), mutual.seat(_member(mutual, "sun"))
    _decide(mutual, _of(sheet, mutual.zhang), "li")
    meetings.attend(review=sheet, role=role, presence="substitute", substitute=mutual.head(), by=Actor.of(mutual.li))
    assert _of(sheet, mutual.zhang).verdict == "pending" and _breaches() == 0


def test_the_sheet_its_page_and_its_paper_say_so(mutual: Desk, client_for: Browser) -> None:
    sheet = mutual.sheet()
    page = client_for(mutual.li).get(f"/village/sheets/{sheet.pk}/").content.decode()
    assert "本镇规定互审的委员也回避" in page and "李委员（2件）" in page
    told = papers.decision_told(sheet)
    assert told["mutual"] and papers.decision(sheet).startswith(b"%PDF-")


def test_verify_counts_a_mutual_decision(desk: Desk) -> None:
    desk.choose(mutual=True)
    for household in (_home(desk, "wu"), desk.zhang):
        desk.record("tidy", household=household)
    desk.decide_all(desk.sheet())
    assert _breaches() == 0
    HouseholdMember.objects.filter(resident=_resident(desk.li)).update(household=desk.zhang)
    assert _breaches() == 1


def _returned(mutual: Desk, *names: str) -> Review:
    """The sheet, on which 李委员 has passed 张三's deed; sent back whole, or the deeds of these alone."""
    mutual.choose(mutual=True, after="confirmation")
    sheet, sun = mutual.sheet(), _member(mutual, "sun")
    for name in ("li", "sun"):
        reviews.decide_rest(review=sheet, by=Actor.of(_member(mutual, name)))
    other = mutual.cast.committee(name="周委员")
    for user in (mutual.li, mutual.wu, sun, other):
        reviews.sign(review=sheet, role=mutual.seat(user), by=Actor.of(user))
    filing = reviews.close(review=sheet, by=Actor.of(sun))
    homes = [mutual.zhang if name == "zhang" else _home(mutual, name) for name in names]
    items = {_of(sheet, home).pk: "请核对" for home in homes}
    filings.answer(filing=filing, accept=False, note="请核对", items=items, by=Actor.of(mutual.officer))
    sheet.refresh_from_db()
    assert sheet.state == "returned"
    return sheet


def _breaches() -> int:
    [check] = [one for one in town_checks() if "互评" in one.title]
    return check.breaches()


def _member(desk: Desk, name: str) -> Any:
    return User.objects.get(display_name={"li": "李委员", "wu": "吴委员", "sun": "孙委员"}[name])


def _home(desk: Desk, name: str) -> Household:
    return _resident(_member(desk, name)).memberships.get().household


def _resident(user: Any) -> Resident:
    return Resident.objects.get(user=user)


def _of(sheet: Review, household: Household) -> ReviewItem:
    return sheet.items.get(declaration__household=household)


def _item(desk: Desk, name: str) -> ReviewItem:
    return ReviewItem.objects.get(declaration__household=_home(desk, name))


def _decide(desk: Desk, item: ReviewItem, name: str) -> None:
    reviews.decide(item=item, verdict="approved", by=Actor.of(_member(desk, name)))
