"""Who sits on a sheet is what its flow says: roles and seats, votes, required seats, copies and the time allowed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from jifen.approvals import services as approvals
from jifen.approvals.errors import StepsWrong
from jifen.clocks.models import Due
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.web.wording import date_cn, period_cn
from scoring import errors, meeting_errors
from scoring.models import Review
from scoring.selectors.meetings import seats, standing
from scoring.services import filings, meetings, papers, review_limits, reviews, years
from tenants.community.models import Role, VillageRole
from tenants.community.services import roles
from tests.scoring.desk import MONTH, Desk

BOARD = {"seat": "村民监督委员会", "required": True}
MEETING: dict[str, Any] = {
    "name": "月度审核认定会", "who": [BOARD, {"role": "volunteer"}, {"role": "committee"}], "how": "quorum",
    "quorum": {"numerator": 1, "denominator": 2}, "empty": "office",
}  # fmt: skip


@pytest.fixture
def desk(ready_desk: Desk, cast: Any) -> Desk:
    """李委员 and 吴委员 sit on 村两委干部, 孙监委 on 村民监督委员会; 何志愿 is a volunteer. Half of them must sign."""
    desk = ready_desk
    flow(MEETING)
    years.open_year(number=(MONTH - timedelta(days=1)).year, by=SYSTEM)
    desk.sun = cast.committee(name="孙监委", seat="村民监督委员会")  # type: ignore[attr-defined]
    desk.he = cast.holder("何志愿", Role.VOLUNTEER, desk.village)  # type: ignore[attr-defined]
    desk.record("tidy")
    return desk


def flow(step: dict[str, Any]) -> None:
    approvals.install(subject_kind="review", steps=[step], by=SYSTEM)


def opened(desk: Desk) -> Review:
    sheet = desk.sheet()
    reviews.decide_rest(review=sheet, by=Actor.of(desk.wu))
    return sheet


def sign(sheet: Review, user: Any) -> None:
    reviews.sign(review=sheet, role=VillageRole.objects.get(user=user), by=Actor.of(user))


def test_roles_and_seats_of_the_flow_sit(desk: Desk) -> None:
    sheet = opened(desk)
    assert {(seat.member, seat.seat) for seat in seats(sheet)} == {
        ("李委员", "村两委干部"), ("吴委员", "村两委干部"), ("孙监委", "村民监督委员会"), ("何志愿", "积分志愿者"),
    }  # fmt: skip
    assert (standing(sheet).seats, standing(sheet).needed) == (4, 2)
    sign(sheet, desk.he)  # type: ignore[attr-defined]
    assert standing(sheet).signed == 1


def test_who_is_not_named_by_the_flow_does_not_sign(desk: Desk) -> None:
    flow(MEETING | {"who": [BOARD]})
    sheet = opened(desk)
    with pytest.raises(errors.SeatNotYours):
        sign(sheet, desk.li)


def test_without_the_required_seat_nothing_is_closed(desk: Desk) -> None:
    sheet = opened(desk)
    for user in (desk.li, desk.wu):
        sign(sheet, user)
    found = standing(sheet)
    assert (found.signed, found.needed, found.unsigned, found.is_signed) == (2, 2, ("村民监督委员会",), False)
    with pytest.raises(meeting_errors.RequiredUnsigned, match="村民监督委员会"):
        reviews.close(review=sheet, by=Actor.of(desk.li))
    sign(sheet, desk.sun)  # type: ignore[attr-defined]
    assert reviews.close(review=sheet, by=Actor.of(desk.li)).state == "sent"


def test_a_meeting_without_the_required_seat_is_none(desk: Desk) -> None:
    sheet = opened(desk)
    for user, presence in ((desk.li, "present"), (desk.wu, "present"), (desk.sun, "absent")):  # type: ignore[attr-defined]
        role = VillageRole.objects.get(user=user)
        meetings.attend(review=sheet, role=role, presence=presence, by=Actor.of(desk.li))
    assert not standing(sheet).is_met
    with pytest.raises(meeting_errors.RequiredAbsent):
        reviews.close(review=sheet, by=Actor.of(desk.li))


def test_a_required_seat_that_nobody_holds_waits_only_where_the_flow_says_so(desk: Desk) -> None:
    VillageRole.objects.filter(user=desk.sun).update(to_date=clock.today())  # type: ignore[attr-defined]
    sheet = opened(desk)
    for user in (desk.li, desk.wu):
        sign(sheet, user)
    assert standing(sheet).is_signed
    flow(MEETING | {"empty": "block"})
    Review.objects.filter(pk=sheet.pk).update(flow=approvals.active_flow("review"))
    sheet.refresh_from_db()
    assert standing(sheet).unsigned == ("村民监督委员会",)


def test_all_of_whom_nothing_is_noted_are_noted_at_once(desk: Desk) -> None:
    sheet = opened(desk)
    away = VillageRole.objects.get(user=desk.wu)
    meetings.attend(review=sheet, role=away, presence="absent", by=Actor.of(desk.li))
    assert meetings.all_came(review=sheet, by=Actor.of(desk.li)) == 3
    assert meetings.all_came(review=sheet, by=Actor.of(desk.li)) == 0
    assert (standing(sheet).present, standing(sheet).absent) == (3, ())


def test_a_seat_may_have_more_votes_than_one(desk: Desk) -> None:
    flow(MEETING | {"who": [BOARD | {"weight": 3}, {"role": "committee"}]})
    sheet = opened(desk)
    assert (standing(sheet).seats, standing(sheet).needed) == (5, 3)
    sign(sheet, desk.sun)  # type: ignore[attr-defined]
    assert standing(sheet).signed == 3 and standing(sheet).is_signed


def test_where_a_seat_has_more_votes_the_meeting_counts_votes(desk: Desk, client_for: Callable[..., Any]) -> None:
    address = reverse("scoring:meeting", args=[opened(desk).pk])
    assert "共4席，须2席" in client_for(desk.li).get(address).content.decode()
    flow(MEETING | {"who": [BOARD | {"weight": 3}, {"role": "committee"}]})
    sheet = desk.sheet(MONTH - timedelta(days=1))
    page = client_for(desk.li).get(reverse("scoring:meeting", args=[sheet.pk])).content.decode()
    assert "共5票，须3票" in page and "村民监督委员会 · 3票" in page and "席到会" not in page
    told = papers.decision_told(sheet)
    assert told["unit"] == "票" and papers.decision(sheet).startswith(b"%PDF-")
    with pytest.raises(errors.QuorumMissing, match="须有3票签字，现在0票"):
        reviews.close(review=sheet, by=Actor.of(desk.li))


def test_whoever_holds_two_posts_sits_once(desk: Desk) -> None:
    roles.appoint(user=desk.li, village=desk.village, role=Role.VOLUNTEER, from_date=MONTH, by=SYSTEM)
    assert len(seats(opened(desk))) == 4


def test_a_closed_sheet_is_copied_to_whom_the_flow_names(desk: Desk) -> None:
    flow(MEETING | {"who": {"role": "committee"}, "copy_to": {"role": "supervisor"}})
    zhao = desk.cast.supervisor()
    sheet = opened(desk)
    assert not Message.objects.filter(user=zhao, kind=review_limits.COPY).exists()
    desk.sign_and_close(sheet)
    assert Message.objects.get(user=zhao, kind=review_limits.COPY).title.startswith("抄送：石岭岗村")


def test_a_sheet_left_too_long_is_escalated_once_a_day(desk: Desk) -> None:
    limit = {"days": 7, "then": "escalate", "to": {"role": "town_officer"}}
    flow(MEETING | {"limit": limit})
    sheet = opened(desk)
    assert review_limits.look(clock.today()) == 1
    assert review_limits.look(clock.today()) == 1
    told = Message.objects.filter(kind=review_limits.LATE)
    assert told.filter(user=desk.officer).count() == 1 and told.filter(user=desk.li).count() == 1
    assert review_limits.look(clock.today() - timedelta(days=1)) == 0
    sign(sheet, desk.sun)  # type: ignore[attr-defined]
    sign(sheet, desk.li)
    reviews.close(review=sheet, by=Actor.of(desk.li))
    assert review_limits.look(clock.today()) == 0


def test_of_a_late_sheet_they_are_reminded_until_it_is_decided(desk: Desk) -> None:
    flow(MEETING | {"limit": {"days": 7, "then": "remind"}})
    sheet, today = opened(desk), clock.today()
    told = Message.objects.filter(kind=review_limits.LATE, user=desk.li)
    with pytest.MonkeyPatch.context() as later:
        for days, count in ((7, 1), (7, 1), (9, 2)):
            later.setattr("jifen.kernel.clock.today", lambda days=days: today + timedelta(days=days))
            [following] = review_limits.watch(f"{today}@{today + timedelta(days=days)}")
            assert following.period == f"{today}@{today + timedelta(days=days + 2)}"
            assert (told.count(), told.filter(past_at=None).count()) == (count, 1)
    for user in (desk.sun, desk.li):  # type: ignore[attr-defined]
        sign(sheet, user)
    reviews.close(review=sheet, by=Actor.of(desk.li))
    assert not told.filter(past_at=None).exists() and review_limits.watch(f"{today}") == []


def test_a_sheet_that_the_town_sends_back_has_its_limit_again(desk: Desk) -> None:
    flow(MEETING | {"limit": {"days": 7, "then": "remind"}, "who": {"role": "committee"}})
    desk.choose(after="confirmation")
    sheet = desk.sheet()
    filing = desk.decide_all(sheet)
    Due.objects.filter(kind=review_limits.LIMIT).delete()
    filings.answer(filing=filing, accept=False, note="请核对", by=Actor.of(desk.officer))
    due = Due.objects.get(kind=review_limits.LIMIT)
    assert due.due_at > clock.now() + timedelta(days=6)
    assert review_limits.watch(due.period) == []
    Review.objects.update(limit_from=clock.now() - timedelta(days=7))
    assert len(review_limits.watch(due.period)) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"who": {"role": "town_officer"}}, "本村的职责或席位"),
        ({"who": {"seat": "村两委干部", "level": "town"}}, "本村的职责或席位"),
        ({"who": {"superior": True}}, "本村的职责或席位"),
        ({"who": {"role": "committee", "substitute": {"role": "volunteer"}}}, "替补"),
        ({"limit": {"days": 3, "then": "pass"}}, "只能提醒或上报"),
    ],
)
def test_a_flow_that_a_sitting_cannot_follow_is_refused(desk: Desk, change: dict[str, Any], words: str) -> None:
    with pytest.raises(StepsWrong, match=words):
        flow(MEETING | change)


def test_a_sheet_is_decided_at_one_sitting(desk: Desk) -> None:
    office = {"name": "镇级审定", "who": {"role": "town_officer"}}
    with pytest.raises(StepsWrong, match="只能有一个步骤"):
        approvals.install(subject_kind="review", steps=[MEETING, office], by=SYSTEM)


def test_the_versions_page_lists_the_open_sheets_and_by_which_version_they_go(
    desk: Desk, client_for: Callable[..., Any]
) -> None:
    closed = desk.sheet(MONTH - timedelta(days=1))
    for user in (desk.sun, desk.li):  # type: ignore[attr-defined]
        sign(closed, user)
    reviews.close(review=closed, by=Actor.of(desk.li))
    opened(desk)
    first = approvals.active_flow("review")
    second = approvals.save(subject_kind="review", steps=[MEETING | {"who": {"role": "committee"}}], by=SYSTEM)
    browser = client_for(desk.cast.admin())
    own, other = (
        browser.get(reverse("approvals:version", args=["review", flow.version])).content.decode()
        for flow in (first, second)
    )
    title = f"石岭岗村{period_cn(MONTH)}"
    assert own.count("石岭岗村") == 1 and title in own and "走这一版" in own
    assert title in other and f"现在走第{first.version}版" in other and f"{date_cn(clock.today())}打开" in other
