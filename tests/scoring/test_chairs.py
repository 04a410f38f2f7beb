"""Whoever the sheet's flow seats decides and signs on her own account, committee or not; nobody else gains anything."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from jifen.accounts.models import User
from jifen.approvals import services as approvals
from jifen.inbox.models import Message
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.checks import town_checks
from jifen.kernel.permissions import grants_of
from scoring import errors, meeting_errors, selectors
from scoring.models import Hearing, Review
from scoring.selectors import access, sitting
from scoring.selectors.listed import sheet_items
from scoring.selectors.months import month_board
from scoring.services import filings, hearings, meetings, posting, reviews
from tenants.community.models import HouseholdMember, Resident, Role, VillageRole
from tests import questions
from tests.scoring.desk import Desk

Browser = Callable[..., Any]
SEATED: dict[str, Any] = {
    "name": "月度审核认定会", "who": [{"role": "volunteer"}, {"role": "committee"}], "how": "quorum",
    "quorum": {"numerator": 1, "denominator": 2},
}  # fmt: skip


@pytest.fixture
def desk(ready_desk: Desk, cast: Any) -> Desk:
    """何志愿 is a volunteer and sits; 孙组长 leads a group and does not. 张三's courtyard is tidy."""
    desk = ready_desk
    approvals.install(subject_kind="review", steps=[SEATED], by=SYSTEM)
    desk.he = cast.holder("何志愿", Role.VOLUNTEER, desk.village)  # type: ignore[attr-defined]
    desk.sun = cast.holder("孙组长", Role.GROUP_LEADER, desk.village)  # type: ignore[attr-defined]
    desk.record("tidy")
    return desk


def he(desk: Desk) -> Any:
    return desk.he  # type: ignore[attr-defined]


def sun(desk: Desk) -> Any:
    return desk.sun  # type: ignore[attr-defined]


def at(name: str, *args: Any) -> str:
    return reverse(f"scoring:{name}", args=args)


def test_a_seated_volunteer_decides_and_signs_on_the_page(desk: Desk, client_for: Browser) -> None:
    sheet, browser = desk.sheet(), client_for(he(desk))
    page = browser.get(at("sheet", sheet.pk)).content.decode()
    assert "庭院整洁" in page and "详情" not in page
    browser.post(at("sheet_item", sheet.pk, sheet.items.get().pk), {"verdict": "rejected", "reason": "证明材料不够"})
    browser.post(at("sheet_act", sheet.pk, "sign"))
    assert sheet.items.get().decided_by_name == "何志愿"
    assert sheet.seats.get().role.user == he(desk)


def test_a_seated_volunteer_decides_and_signs_by_program(desk: Desk, api_client: Browser) -> None:
    sheet, program = desk.sheet(), api_client(he(desk))
    assert [row["id"] for row in program.get("/api/v1/reviews/").json()["results"]] == [sheet.pk]
    item = sheet.items.get().pk
    assert program.post(f"/api/v1/review-items/{item}/decide/", {"verdict": "approved"}).status_code == 200
    assert program.post(f"/api/v1/reviews/{sheet.pk}/sign/").status_code == 200
    assert program.get(f"/api/v1/review-meetings/{sheet.pk}/").json()["standing"]["signed"] == 1


def test_the_sheet_is_closed_by_those_it_seats(desk: Desk, client_for: Browser) -> None:
    VillageRole.objects.filter(user__in=[desk.li, desk.wu]).delete()
    sheet, browser = desk.sheet(), client_for(he(desk))
    reviews.decide_rest(review=sheet, by=Actor.of(he(desk)))
    for deed in ("sign", "close"):
        browser.post(at("sheet_act", sheet.pk, deed))
    sheet.refresh_from_db()
    assert sheet.state == "decided"
    assert browser.get(at("sheet", sheet.pk)).status_code == 200


def test_who_has_no_seat_on_it_does_not_see_the_sheet(desk: Desk, client_for: Browser, api_client: Browser) -> None:
    sheet = desk.sheet()
    far = desk.cast.holder("远志愿", Role.VOLUNTEER, desk.cast.village("李家村"))
    for user in (sun(desk), far):
        assert client_for(user).get(at("sheet", sheet.pk)).status_code == 404
        assert client_for(user).post(at("sheet_act", sheet.pk, "sign")).status_code == 404
        assert api_client(user).get("/api/v1/reviews/").json()["results"] == []
        assert f"{sheet.month:%Y}年" not in client_for(user).get(at("sheets")).content.decode()


def test_the_next_version_of_the_flow_seats_nobody_on_an_open_sheet(desk: Desk, client_for: Browser) -> None:
    sheet = desk.sheet()
    approvals.install(subject_kind="review", steps=[SEATED | {"who": {"role": "group_leader"}}], by=SYSTEM)
    assert client_for(he(desk)).get(at("sheet", sheet.pk)).status_code == 200
    assert client_for(sun(desk)).get(at("sheet", sheet.pk)).status_code == 404


MENU = 'href="/village/sheets/"'


def test_the_menu_leads_to_sheets_whom_the_flow_seats_and_no_other_volunteer(desk: Desk, client_for: Browser) -> None:
    home = {user: client_for(user).get("/village/work/").content.decode() for user in (he(desk), sun(desk), desk.li)}
    assert {user.display_name: MENU in text for user, text in home.items()} == {
        "何志愿": True, "孙组长": False, desk.li.display_name: True,
    }  # fmt: skip


def test_the_menu_follows_the_flow_in_force_and_the_sheets_still_open(desk: Desk, client_for: Browser) -> None:
    sheet = desk.sheet()
    approvals.install(subject_kind="review", steps=[SEATED | {"who": {"role": "group_leader"}}], by=SYSTEM)
    assert access.sees_sheets(he(desk)) and access.sees_sheets(sun(desk))
    desk.decide_all(sheet)
    assert not access.sees_sheets(User.objects.get(pk=he(desk).pk))
    assert MENU not in client_for(he(desk)).get("/village/work/").content.decode()


def test_a_page_asks_once_who_sits(desk: Desk) -> None:
    grants_of(he(desk))
    with questions.asked() as asked:
        assert access.sees_sheets(he(desk)) and access.sees_sheets(he(desk))
    assert len(asked) == 2, "the flow in force, his posts"


def test_what_was_decided_before_she_had_the_post_stays_closed_to_her(desk: Desk, client_for: Browser) -> None:
    sheet = desk.sheet()
    desk.decide_all(sheet)
    VillageRole.objects.filter(user=he(desk)).update(from_date=sheet.month.replace(year=sheet.month.year + 1))
    later = sheet.month.replace(year=sheet.month.year + 1)
    assert not Review.objects.filter(_seating(he(desk), later)).exists()
    VillageRole.objects.filter(user=he(desk)).update(from_date=sheet.month)
    assert client_for(he(desk)).get(at("sheet", sheet.pk)).status_code == 200


def _seating(user: Any, today: Any) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jifen.kernel.clock.today", lambda: today)
        return sitting.seating(user.pk)


def test_a_chair_opens_no_month_holds_no_meeting_and_reads_no_ledger(desk: Desk, client_for: Browser) -> None:
    sheet, browser = desk.sheet(), client_for(he(desk))
    assert browser.post(at("sheet_act", sheet.pk, "take")).status_code == 403
    assert browser.post(at("open_sheet"), {"month": f"{sheet.month}"}).status_code == 403
    assert browser.post(at("meeting_hold", sheet.pk), {"held_on": f"{sheet.month}"}).status_code == 403
    for page in ("declarations", "village_balances"):
        assert browser.get(at(page)).status_code == 403
    assert browser.get(at("meeting", sheet.pk)).status_code == 200


def test_a_chair_stands_back_from_her_own_households_deeds(desk: Desk) -> None:
    own = desk.record("tidy", household=_home(he(desk)))
    with_own = desk.sheet()
    with pytest.raises(errors.Recused):
        reviews.decide(item=desk.item(own), verdict="approved", by=Actor.of(he(desk)))
    assert dict(selectors.recusals(with_own)) == {"何志愿": 1}


def test_where_the_town_says_so_members_stand_back_from_a_chairs_deeds(desk: Desk) -> None:
    desk.choose(mutual=True)
    hers = desk.record("tidy", household=_home(he(desk)))
    desk.record("tidy", household=_home(desk.li))
    desk.sheet()
    with pytest.raises(errors.MutuallyRecused):
        reviews.decide(item=desk.item(hers), verdict="approved", by=Actor.of(desk.li))


def test_verify_counts_a_mutual_decision_on_a_chairs_deed(desk: Desk) -> None:
    desk.choose(mutual=True)
    desk.record("help", household=_home(he(desk)), resident=Resident.objects.get(user=he(desk)))
    desk.decide_all(desk.sheet())
    [check] = [one for one in town_checks() if "互评" in one.title]
    assert check.breaches() == 0
    HouseholdMember.objects.filter(resident__user=desk.li).update(household=desk.zhang)
    assert check.breaches() == 1


def test_who_sits_on_no_sheet_makes_nobody_stand_back(desk: Desk) -> None:
    desk.choose(mutual=True)
    theirs = desk.record("tidy", household=_home(sun(desk)))
    desk.record("tidy", household=_home(desk.li))
    desk.sheet()
    assert reviews.decide(item=desk.item(theirs), verdict="approved", by=Actor.of(desk.li)).verdict == "approved"


def test_who_sits_on_the_sheet_is_no_substitute_on_it(desk: Desk) -> None:
    sheet = desk.sheet()
    seat = desk.seat(desk.li)
    terms: dict[str, Any] = {"presence": "substitute", "by": desk.by}
    with pytest.raises(meeting_errors.SubstituteUnfit, match="何志愿是积分志愿者"):
        meetings.attend(review=sheet, role=seat, substitute=Resident.objects.get(user=he(desk)), **terms)
    other = Resident.objects.get(user=sun(desk))
    assert meetings.attend(review=sheet, role=seat, substitute=other, **terms).substitute == other


def test_the_months_figures_count_a_chairs_recusals(desk: Desk) -> None:
    desk.record("tidy", household=_home(he(desk)))
    sheet = desk.sheet()
    assert sum(cell.recusals for cell in month_board(sheet.month)) == 1
    assert len(sheet_items(month=sheet.month, village_id=None, show="recused")) == 1


def test_the_village_home_sends_her_to_review(desk: Desk, client_for: Browser) -> None:
    desk.sheet()
    assert "去审核" in client_for(he(desk)).get("/village/").content.decode()
    assert "去审核" not in client_for(sun(desk)).get("/village/").content.decode()


def heard(desk: Desk) -> Hearing:
    """张三's household has explained its deduction, on a sheet on which volunteers sit and the committee does not."""
    approvals.install(subject_kind="review", steps=[SEATED | {"who": {"role": "volunteer"}}], by=SYSTEM)
    desk.choose(hearing_days=3)
    desk.record("litter")
    sheet, by = desk.sheet(), Actor.of(he(desk))
    reviews.decide_rest(review=sheet, by=by)
    reviews.sign(review=sheet, role=VillageRole.objects.get(user=he(desk)), by=by)
    filing = reviews.close(review=sheet, by=by)
    filings.answer(filing=filing, accept=True, by=Actor.of(desk.officer))
    posting.post_review(review=sheet, by=SYSTEM)
    hearing = Hearing.objects.get()
    return hearings.state(hearing=hearing, statement="不是我家倒的。", channel="oral", by=desk.by)


def test_an_explanation_is_told_to_those_who_sit_on_the_sheet(desk: Desk) -> None:
    heard(desk)
    told = Message.objects.filter(title__contains="请答复")
    assert {message.user for message in told} == {he(desk)}


def test_a_chair_answers_what_was_explained(desk: Desk, client_for: Browser, api_client: Browser) -> None:
    row = heard(desk)
    assert "不是我家倒的" in client_for(he(desk)).get(at("hearings")).content.decode()
    assert "不是我家倒的" not in client_for(sun(desk)).get(at("hearings")).content.decode()
    answer = {"outcome": "dropped", "reason": "核实不是"}
    assert api_client(sun(desk)).post(f"/api/v1/hearings/{row.pk}/decide/", answer).status_code == 404
    assert client_for(sun(desk)).post(at("hearing_decide", row.pk), answer).status_code == 404
    assert api_client(he(desk)).post(f"/api/v1/hearings/{row.pk}/decide/", answer).status_code == 200
    row.refresh_from_db()
    assert (row.outcome, row.decided_by_name) == ("dropped", "何志愿")


def _home(user: Any) -> Any:
    return Resident.objects.get(user=user).memberships.get().household
