"""审核会: attendance by seat, substitutes, the quorum of those who are there, the signed paper, the lock behind it."""

from datetime import timedelta

import pytest

from jifen.files import services as files
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring import errors, meeting_errors, policies
from scoring.models import Meeting, MeetingSeat, Review
from scoring.selectors.meetings import seats, standing
from scoring.services import filings, meetings, reviews
from tenants.community.models import Resident, Role
from tenants.community.services import relatives
from tests.scoring.desk import DAY, MONTH, Desk
from tests.scoring.owner import refusal


def test_the_quorum_is_counted_as_people_come(desk: Desk) -> None:
    sheet = _decided_items(desk)
    assert (standing(sheet).seats, standing(sheet).needed, standing(sheet).present) == (2, 1, 0)
    _attend(desk, sheet, "li", "absent")
    assert not standing(sheet).is_met
    _attend(desk, sheet, "wu", "present")
    found = standing(sheet)
    assert found.is_met and not found.is_signed


def test_a_sheet_is_not_closed_without_the_quorum_of_those_present(desk: Desk) -> None:
    sheet = _decided_items(desk)
    _attend(desk, sheet, "li", "absent")
    with pytest.raises(meeting_errors.AttendanceMissing, match="须有1席到会，现在0席"):
        reviews.close(review=sheet, by=Actor.of(desk.li))
    _attend(desk, sheet, "wu", "present")
    with pytest.raises(errors.QuorumMissing, match="签字"):
        reviews.close(review=sheet, by=Actor.of(desk.li))
    sheet.refresh_from_db()
    assert sheet.state == "open"


def test_the_signed_paper_stands_for_the_signatures_of_those_present(desk: Desk) -> None:
    sheet = _decided_items(desk)
    _attend(desk, sheet, "wu", "present")
    meetings.attach(review=sheet, file=_paper(), by=Actor.of(desk.li))
    assert standing(sheet).is_signed
    assert reviews.close(review=sheet, by=Actor.of(desk.li)).state == "sent"


def test_no_paper_before_enough_have_come(desk: Desk) -> None:
    sheet = desk.sheet()
    with pytest.raises(meeting_errors.PaperEarly):
        meetings.attach(review=sheet, file=_paper(), by=Actor.of(desk.li))
    assert not Meeting.objects.exclude(paper=None).exists()


def test_who_signs_is_there(desk: Desk) -> None:
    sheet = _decided_items(desk)
    meetings.hold(review=sheet, held_on=clock.today(), place="村委会", by=Actor.of(desk.li))
    reviews.sign(review=sheet, role=desk.seat(desk.li), by=Actor.of(desk.li))
    assert {seat.member: seat.presence for seat in seats(sheet)} == {"李委员": "present", "吴委员": ""}
    with pytest.raises(meeting_errors.SeatSigned):
        _attend(desk, sheet, "li", "absent")
    assert standing(sheet).present == 1


def test_a_substitute_sits_for_a_member_who_stands_back(desk: Desk) -> None:
    sheet = _related(desk)
    _attend(desk, sheet, "li", "present")
    assert standing(sheet).absent_items == 1
    found = meetings.substitute_named(desk.village, "郑替补")
    row = meetings.attend(
        review=sheet, role=desk.seat(desk.li), presence="substitute", substitute=found, by=Actor.of(desk.wu)
    )
    assert row.substitute == found and standing(sheet).is_met
    [seat] = [one for one in seats(sheet) if one.member == "李委员"]
    assert (seat.sitter, len(seat.member_barred), seat.barred) == ("郑替补", 1, [])


def test_a_substitute_stands_back_from_her_own_too(desk: Desk) -> None:
    sheet = _related(desk)
    meetings.attend(
        review=sheet, role=desk.seat(desk.li), presence="substitute", substitute=desk.head(), by=Actor.of(desk.wu)
    )
    assert standing(sheet).present == 1 and standing(sheet).absent_items == 1


def test_a_seat_with_a_substitute_is_not_signed_by_the_member(desk: Desk) -> None:
    sheet = _decided_items(desk)
    meetings.attend(
        review=sheet, role=desk.seat(desk.li), presence="substitute", substitute=desk.head(), by=Actor.of(desk.wu)
    )
    with pytest.raises(meeting_errors.SeatTaken):
        reviews.sign(review=sheet, role=desk.seat(desk.li), by=Actor.of(desk.li))
    assert not sheet.seats.exists()


def test_members_supervisors_and_stewards_stand_in_for_nobody(desk: Desk) -> None:
    sheet, watcher = _decided_items(desk), desk.cast.supervisor()
    for user in (desk.wu, watcher, desk.cast.steward()):
        with pytest.raises(meeting_errors.SubstituteUnfit):
            meetings.attend(
                review=sheet, role=desk.seat(desk.li), presence="substitute",
                substitute=Resident.objects.get(user=user), by=Actor.of(desk.li),
            )  # fmt: skip
    assert not MeetingSeat.objects.exists()


def test_nobody_sits_on_two_seats(desk: Desk) -> None:
    sheet, by, stand_in = _decided_items(desk), Actor.of(desk.li), desk.head()
    first, second = desk.seat(desk.li), desk.seat(desk.wu)
    meetings.attend(review=sheet, role=first, presence="substitute", substitute=stand_in, by=by)
    with pytest.raises(meeting_errors.SubstituteTaken):
        meetings.attend(review=sheet, role=second, presence="substitute", substitute=stand_in, by=by)
    assert MeetingSeat.objects.count() == 1


def test_a_substitute_is_found_by_name_or_by_number_and_name(desk: Desk) -> None:
    one, two = (desk.cast.household(name="郑替补") for _ in range(2))
    assert meetings.substitute_named(desk.village, "张三") == desk.head()
    with pytest.raises(meeting_errors.SubstituteAmbiguous, match="有2位"):
        meetings.substitute_named(desk.village, "郑替补")
    assert meetings.substitute_named(desk.village, f"{two.number} 郑替补") == desk.head(two)
    for words in ("没有这人", "", f"{one.number} 张三"):
        with pytest.raises(meeting_errors.SubstituteUnknown):
            meetings.substitute_named(desk.village, words)


def test_a_child_is_no_substitute(desk: Desk) -> None:
    desk.cast.member(desk.zhang, "张小宝", born=clock.today() - timedelta(days=10 * 365))
    with pytest.raises(meeting_errors.SubstituteUnknown):
        meetings.substitute_named(desk.village, "张小宝")


@pytest.mark.parametrize("presence", ["late", "substitute", ""])
def test_a_wrong_presence_changes_nothing(desk: Desk, presence: str) -> None:
    sheet = desk.sheet()
    with pytest.raises(meeting_errors.PresenceUnknown):
        _attend(desk, sheet, "li", presence)
    assert not Meeting.objects.exists()


def test_only_seats_of_this_committee_are_noted(desk: Desk) -> None:
    sheet = desk.sheet()
    far = desk.cast.holder("远委员", Role.COMMITTEE, desk.cast.village("李家村"))
    with pytest.raises(errors.SeatNotYours):
        meetings.attend(review=sheet, role=desk.seat(far), presence="present", by=Actor.of(desk.li))
    assert not MeetingSeat.objects.exists()


def test_a_meeting_is_neither_before_its_month_nor_in_the_future(desk: Desk) -> None:
    sheet = desk.sheet()
    with pytest.raises(meeting_errors.MeetingBeforeMonth, match=f"{sheet.month.month}月的审核表"):
        meetings.hold(review=sheet, held_on=sheet.month - timedelta(days=1), by=Actor.of(desk.li))
    with pytest.raises(meeting_errors.MeetingInFuture):
        meetings.hold(review=sheet, held_on=clock.today() + timedelta(days=1), by=Actor.of(desk.li))
    with pytest.raises(meeting_errors.MinutesTooLong):
        meetings.hold(review=sheet, held_on=clock.today(), minutes="长" * 2001, by=Actor.of(desk.li))
    assert not Meeting.objects.exists()


def test_a_decision_after_the_paper_voids_it(desk: Desk) -> None:
    sheet = _decided_items(desk)
    _attend(desk, sheet, "li", "present")
    meetings.attach(review=sheet, file=_paper(), by=Actor.of(desk.li))
    item = sheet.items.get()
    reviews.decide(item=item, verdict="rejected", reason="不实", by=Actor.of(desk.wu))
    assert Meeting.objects.get().paper is None and not standing(sheet).is_signed


def test_a_closed_sheet_is_locked(desk: Desk) -> None:
    sheet = _closed(desk)
    for statement in (
        "UPDATE scoring_reviewitem SET points = 1",
        "UPDATE scoring_meetingseat SET presence = 'absent'",
        "DELETE FROM scoring_meetingseat",
        "UPDATE scoring_meeting SET minutes = '改'",
        "DELETE FROM scoring_meeting",
        "UPDATE scoring_reviewseat SET actor_name = '改'",
        "UPDATE scoring_review SET state = 'open'",
        "DELETE FROM scoring_review",
    ):
        assert "I5: " in refusal(statement), statement
    with pytest.raises(errors.ReviewNotOpen):
        _attend(desk, sheet, "wu", "present")


def test_the_signed_paper_may_follow_once_after_the_sheet_is_closed(desk: Desk) -> None:
    sheet = _closed(desk)
    meetings.attach(review=sheet, file=_paper(), by=Actor.of(desk.li))
    with pytest.raises(meeting_errors.PaperKept):
        meetings.attach(review=sheet, file=_paper(), by=Actor.of(desk.li))
    assert "I5: " in refusal("UPDATE scoring_meeting SET paper_id = NULL")


def test_a_returned_sheet_is_signed_anew(desk: Desk) -> None:
    sheet = _closed(desk, confirmed=True)
    filing = sheet.filings.get()
    meetings.attach(review=sheet, file=_paper(), by=Actor.of(desk.li))
    filings.answer(filing=filing, accept=False, note="请核对", by=Actor.of(desk.officer))
    assert Meeting.objects.get().paper is None and not sheet.seats.exists()
    _attend(desk, sheet, "wu", "present")


def _decided_items(desk: Desk) -> Review:
    desk.record("tidy")
    sheet = desk.sheet()
    reviews.decide_rest(review=sheet, by=Actor.of(desk.wu))
    return sheet


def _related(desk: Desk) -> Review:
    """李委员 and 张三, whose deed it is, are siblings; 郑替补 is nobody's relative."""
    desk.cast.household(name="郑替补")
    member = Resident.objects.get(user=desk.li)
    relatives.declare(resident=member, other=desk.head(), kind="sibling", on=MONTH, by=SYSTEM)
    return _decided_items(desk)


def _closed(desk: Desk, *, confirmed: bool = False) -> Review:
    if confirmed:
        section = {"review": {"after": "confirmation", "quorum": "0.5", "majority": "0.5"}}
        policies.install(section=section, effective_from=DAY, by=SYSTEM)
    sheet = _decided_items(desk)
    _attend(desk, sheet, "li", "present")
    desk.sign_and_close(sheet)
    return sheet


def _attend(desk: Desk, sheet: Review, member: str, presence: str) -> None:
    seat = desk.seat(getattr(desk, member))
    meetings.attend(review=sheet, role=seat, presence=presence, by=Actor.of(desk.li))


def _paper() -> File:
    return files.store(kind="sheet", name="a.pdf", content_type="application/pdf", body=b"%PDF-1.7", by=SYSTEM)
