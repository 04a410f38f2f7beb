"""A substitute signs on her own phone: counted for the seat, shown on the sheet and its paper."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from jifen.accounts.models import User
from jifen.audit.models import AuditRow
from jifen.inbox.models import Message
from jifen.kernel.actors import SYSTEM, Actor
from scoring import errors, meeting_errors
from scoring.models import Review, ReviewSeat
from scoring.selectors.meetings import seats, standing
from scoring.services import meetings, papers, reviews
from tenants.community.models import Role
from tenants.community.services import relatives, roles
from tests.scoring.desk import MONTH, Desk

Browser = Callable[..., Any]


@pytest.fixture
def zhang(desk: Desk) -> User:
    """张三's account; he substitutes for 李委员 on a sheet where all is decided."""
    user = desk.cast.villager(desk.zhang)
    other = desk.cast.household(name="李四")
    desk.record("tidy", household=other)
    reviews.decide_rest(review=desk.sheet(), by=Actor.of(desk.wu))
    _stand_in(desk)
    return user


def test_the_substitutes_signature_counts_for_the_seat(desk: Desk, zhang: User) -> None:
    sheet = desk.sheet()
    reviews.sign(review=sheet, role=desk.seat(desk.li), by=Actor.of(zhang))
    assert (standing(sheet).present, standing(sheet).signed) == (1, 1)
    seat = _seat(desk)
    assert (seat.sitter, seat.signed) == ("张三", True)
    assert reviews.close(review=sheet, by=Actor.of(desk.wu)).state == "sent"
    assert AuditRow.objects.filter(action="review.sign", actor_name="张三").count() == 1


def test_it_does_not_count_for_the_deeds_from_which_the_substitute_stands_back(desk: Desk, zhang: User) -> None:
    desk.record("tidy")
    sheet = desk.sheet()
    reviews.decide_rest(review=sheet, by=Actor.of(desk.wu))
    reviews.sign(review=sheet, role=desk.seat(desk.li), by=Actor.of(zhang))
    assert standing(sheet).unsigned_items == 1
    with pytest.raises(errors.RecusedQuorumMissing):
        reviews.close(review=sheet, by=Actor.of(desk.wu))


def test_nobody_signs_for_a_seat_on_which_she_was_not_noted(desk: Desk, zhang: User) -> None:
    stranger = desk.cast.villager(desk.cast.household(name="王五"))
    for user, member in ((zhang, desk.wu), (stranger, desk.li)):
        with pytest.raises(errors.SeatNotYours):
            reviews.sign(review=desk.sheet(), role=desk.seat(member), by=Actor.of(user))
    with pytest.raises(meeting_errors.SeatTaken):
        reviews.sign(review=desk.sheet(), role=desk.seat(desk.li), by=Actor.of(desk.li))
    assert not ReviewSeat.objects.exists()


def test_a_seat_signed_by_its_substitute_is_not_given_to_anybody_else(desk: Desk, zhang: User) -> None:
    sheet, role = desk.sheet(), desk.seat(desk.li)
    reviews.sign(review=sheet, role=role, by=Actor.of(zhang))
    for presence in ("present", "absent"):
        with pytest.raises(meeting_errors.SeatSigned, match="张三已经签字"):
            meetings.attend(review=sheet, role=role, presence=presence, by=Actor.of(desk.wu))
    _stand_in(desk)
    assert _seat(desk).signed


def test_the_substitute_is_told_once(desk: Desk, zhang: User) -> None:
    _stand_in(desk)
    told = Message.objects.get(user=zhang, kind="stand_in")
    assert told.address == f"/stand-ins/{desk.sheet().pk}/" and "替李委员" in told.body


def test_the_paper_names_the_substitute_who_signed(desk: Desk, zhang: User) -> None:
    reviews.sign(review=desk.sheet(), role=desk.seat(desk.li), by=Actor.of(zhang))
    [seat] = [one for one in papers.decision_told(desk.sheet())["seats"] if "张三" in one["who"]]
    assert (seat["who"], seat["presence"], seat["signed"]) == ("张三（替李委员）", "替补到会", True)


def test_she_reads_the_sheet_on_her_phone_and_signs_it(desk: Desk, zhang: User, client_for: Browser) -> None:
    browser, here = client_for(zhang), reverse("scoring:stand_in", args=[desk.sheet().pk])
    assert "替李委员" in browser.get(reverse("scoring:passbook")).content.decode()
    page = browser.get(here).content.decode()
    assert "庭院整洁" in page and "李四" in page and "签字</button>" in page
    browser.post(here)
    assert "您已签字" in browser.get(here).content.decode()
    assert "您已签字" in browser.get(reverse("scoring:stand_ins")).content.decode()
    paper = browser.get(reverse("scoring:stand_in_paper", args=[desk.sheet().pk]))
    assert paper.content.startswith(b"%PDF-")
    shown = client_for(desk.wu).get(reverse("scoring:meeting", args=[desk.sheet().pk])).content.decode()
    assert "张三" in shown and "已签字" in shown


def test_while_something_is_not_decided_there_is_nothing_to_sign(desk: Desk, zhang: User, client_for: Browser) -> None:
    desk.record("tidy", household=desk.cast.household(name="赵六"))
    here = reverse("scoring:stand_in", args=[desk.sheet().pk])
    assert "还有1件未定" in client_for(zhang).get(here).content.decode()
    client_for(zhang).post(here)
    assert not ReviewSeat.objects.exists()


def test_another_villager_does_not_find_the_sheet(desk: Desk, zhang: User, client_for: Browser) -> None:
    other = client_for(desk.cast.villager(desk.cast.household(name="王五")))
    for name in ("stand_in", "stand_in_paper"):
        assert other.get(reverse(f"scoring:{name}", args=[desk.sheet().pk])).status_code == 404


def test_a_program_signs_for_the_substitute(desk: Desk, zhang: User, api_client: Browser) -> None:
    program, here = api_client(zhang), f"/api/v1/own-stand-ins/{desk.sheet().pk}/"
    [row] = program.get("/api/v1/own-stand-ins/").json()["results"]
    assert (row["member"], row["signed"]) == ("李委员", False)
    assert program.post(f"{here}sign/").json()["signed"] is True
    assert program.get(f"{here}decision/").content.startswith(b"%PDF-")
    other = api_client(desk.cast.villager(desk.cast.household(name="王五")))
    assert other.post(f"{here}sign/").status_code == 404


def test_a_program_gets_the_papers_of_the_sheet_and_of_the_month(desk: Desk, zhang: User, api_client: Browser) -> None:
    program, office = api_client(desk.steward), api_client(desk.officer)
    for kind in ("decision", "results"):
        answer = program.get(
            f"/api/v1/review-meetings/{desk.sheet().pk}/{kind}/", headers={"Accept": "application/pdf"}
        )
        assert answer.headers["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    month = f"/api/v1/months/{MONTH:%Y-%m}/paper/"
    assert office.get(month).content.startswith(b"%PDF-") and program.get(month).status_code == 403
    wrong = office.get("/api/v1/months/2026-13/paper/", headers={"Accept": "application/pdf"})
    assert wrong.status_code == 404 and wrong.json()["code"] == "not_found"


def test_a_relative_of_a_household_stands_back_as_a_substitute(desk: Desk, zhang: User) -> None:
    member = desk.head(desk.sheet().items.get().declaration.household)
    relatives.declare(resident=desk.head(), other=member, kind="sibling", on=MONTH, by=SYSTEM)
    assert len(_seat(desk).barred) == 1


def _stand_in(desk: Desk) -> Review:
    sheet = desk.sheet()
    role = desk.seat(desk.li)
    meetings.attend(review=sheet, role=role, presence="substitute", substitute=desk.head(), by=Actor.of(desk.wu))
    return sheet


def _seat(desk: Desk) -> Any:
    return next(seat for seat in seats(desk.sheet()) if seat.member == "李委员")


def _waits(user: User) -> int:
    return Message.objects.filter(user=user, kind="stand_in", past_at=None, read_at=None).count()


def test_the_request_is_past_when_she_has_signed_and_comes_again_when_that_is_void(desk: Desk, zhang: User) -> None:
    assert _waits(zhang) == 1
    reviews.sign(review=desk.sheet(), role=desk.seat(desk.li), by=Actor.of(zhang))
    assert _waits(zhang) == 0
    desk.record("honour", household=desk.cast.household(name="赵六"))
    reviews.decide_rest(review=desk.sheet(), by=Actor.of(desk.wu))
    assert _waits(zhang) == 1


def test_the_request_is_past_when_the_member_comes_herself(desk: Desk, zhang: User) -> None:
    meetings.attend(review=desk.sheet(), role=desk.seat(desk.li), presence="present", by=Actor.of(desk.wu))
    assert _waits(zhang) == 0


def test_the_request_is_past_when_the_sheet_is_decided(desk: Desk, zhang: User) -> None:
    reviews.sign(review=desk.sheet(), role=desk.seat(desk.li), by=Actor.of(zhang))
    Message.objects.filter(user=zhang).update(past_at=None)
    reviews.close(review=desk.sheet(), by=Actor.of(desk.wu))
    assert _waits(zhang) == 0


@pytest.mark.parametrize("role", [Role.COMMITTEE, Role.STEWARD])
def test_who_got_a_post_since_signs_on_one_chair_at_most(desk: Desk, zhang: User, role: Role) -> None:
    seat = "村两委干部" if role == Role.COMMITTEE else ""
    place = desk.zhang.village
    post = roles.appoint(user=zhang, village=place, role=role, seat=seat, group=None, from_date=MONTH, by=SYSTEM)
    with pytest.raises(meeting_errors.SubstituteUnfit):
        reviews.sign(review=desk.sheet(), role=desk.seat(desk.li), by=Actor.of(zhang))
    if role == Role.COMMITTEE:
        with pytest.raises(meeting_errors.TwoChairs):
            reviews.sign(review=desk.sheet(), role=post, by=Actor.of(zhang))
    assert not ReviewSeat.objects.exists()
