"""Open sheets go over to another version of their flow; the preview is the outcome, and nothing is decided by it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from jifen.approvals import registry
from jifen.approvals import services as approvals
from jifen.approvals.errors import FlowNotInForce
from jifen.approvals.models import Flow
from jifen.audit.models import AuditRow
from jifen.clocks.models import Due
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.checks import town_checks
from jifen.kernel.errors import NotFound
from jifen.kernel.tenancy import entered
from jifen.web.wording import date_cn
from scoring import errors
from scoring.models import MeetingSeat, Review
from scoring.selectors.meetings import on_paper, seats, standing
from scoring.services import filings, meetings, review_limits, reviews, sheet_moves
from tenants.community.models import Resident, Role, VillageRole
from tests.questions import asked
from tests.scoring.desk import MONTH, Desk, photo
from tests.together import meanwhile, together

Browser = Callable[..., Any]
OLD: dict[str, Any] = {
    "name": "审核", "who": [{"role": "committee"}], "how": "quorum", "quorum": {"numerator": 1, "denominator": 2},
}  # fmt: skip
BOARD = {"seat": "村民监督委员会", "required": True}
NEW: dict[str, Any] = OLD | {"who": [BOARD, {"role": "volunteer"}, {"seat": "村主任"}], "empty": "skip"}


@pytest.fixture
def desk(ready_desk: Desk) -> Desk:
    return prepared(ready_desk)


def prepared(desk: Desk) -> Desk:
    """李委员 and 吴委员 sit by the old version; by the new one 孙监委 (who sat too) and 何志愿. One deed is told."""
    approvals.install(subject_kind="review", steps=[OLD], by=SYSTEM)
    desk.sun = desk.cast.committee(name="孙监委", seat="村民监督委员会")  # type: ignore[attr-defined]
    desk.he = desk.cast.holder("何志愿", Role.VOLUNTEER, desk.village)  # type: ignore[attr-defined]
    desk.record("tidy")
    return desk


def version(*, keeping: bool = True, **change: Any) -> Flow:
    """A new version; in force at once unless ``keeping`` is false, sheets keep theirs."""
    flow = approvals.save(subject_kind="review", steps=[NEW | change], by=SYSTEM)
    if keeping:
        approvals.activate(flow=flow, running="finish", by=SYSTEM)
    return flow


def decided(desk: Desk) -> Review:
    sheet = desk.sheet()
    reviews.decide_rest(review=sheet, by=Actor.of(desk.wu))
    return sheet


def sign(sheet: Review, *users: Any) -> None:
    for user in users:
        reviews.sign(review=sheet, role=VillageRole.objects.get(user=user), by=Actor.of(user))


def moved(flow: Flow, sheet: Review) -> registry.Shift:
    [shift] = approvals.move(flow=flow, by=SYSTEM)
    sheet.refresh_from_db()
    return shift


def broken() -> list[str]:
    """But for how soon the audit trail is sealed: that is the machine's."""
    return [check.title for check in town_checks() if check.code != "AUDIT-SEALED" and check.breaches()]


def names(*found: Any) -> set[int]:
    return {user.pk for user in found}


def test_the_preview_is_the_outcome_and_changes_nothing(desk: Desk) -> None:
    sheet = decided(desk)
    sign(sheet, desk.li, desk.sun)  # type: ignore[attr-defined]
    flow = version(limit={"days": 5, "then": "remind"})
    before, rows = standing(sheet), AuditRow.objects.count()
    [told] = registry.subject("review").preview_shifts(flow)
    sheet.refresh_from_db()
    assert (standing(sheet), AuditRow.objects.count(), sheet.limit_from) == (before, rows, None)
    assert sheet.seats.count() == 2 and sheet.flow != flow
    assert moved(flow, sheet) == told
    assert sheet.flow == flow and {seat.member for seat in seats(sheet)} == {"孙监委", "何志愿"}
    due = date_cn(clock.today() + timedelta(days=5))
    assert dict(told.told) == {
        "得到席位": "何志愿", "不再有席位": "李委员、吴委员", "席位": "李委员、吴委员、孙监委 → 孙监委、何志愿",
        "签字不再算": "李委员", "法定人数": "共3席须2席，已签2席 → 共2席须1席，已签1席",
        "办理期限": f"不限 → 到{due}",
    }  # fmt: skip
    assert (set(told.gains), set(told.loses)) == (names(desk.he), names(desk.li, desk.wu))  # type: ignore[attr-defined]


def test_a_signature_whose_chair_is_gone_falls_away_and_what_was_decided_stands(desk: Desk) -> None:
    sheet = decided(desk)
    sign(sheet, desk.li, desk.wu)
    moved(version(), sheet)
    assert sheet.seats.count() == 0 and sheet.state == "open"
    assert (sheet.items.get().verdict, sheet.items.get().decided_by_name) == ("approved", "吴委员")
    with pytest.raises(errors.QuorumMissing):
        reviews.close(review=sheet, by=Actor.of(desk.he))  # type: ignore[attr-defined]
    with pytest.raises(errors.SeatNotYours):
        sign(sheet, desk.li)
    sign(sheet, desk.he, desk.sun)  # type: ignore[attr-defined]
    reviews.close(review=sheet, by=Actor.of(desk.he))  # type: ignore[attr-defined]
    assert broken() == []


def test_a_move_closes_no_sheet_even_where_enough_have_signed(desk: Desk) -> None:
    sheet = decided(desk)
    sign(sheet, desk.sun)  # type: ignore[attr-defined]
    assert not standing(sheet).is_signed
    moved(version(), sheet)
    assert standing(sheet).is_signed and sheet.state == "open"


def test_it_is_audited_and_those_who_gain_or_lose_a_chair_are_told(desk: Desk) -> None:
    sheet = decided(desk)
    sign(sheet, desk.li)
    flow = version()
    before = sheet.flow.version
    moved(flow, sheet)
    row = AuditRow.objects.get(action="review.move")
    assert (row.subject_id, row.village_id) == (sheet.pk, desk.village.pk)
    assert (row.data["before"], row.data["after"]) == (before, flow.version)
    assert row.data["unsigned"] == [VillageRole.objects.get(user=desk.li).pk]
    told = Message.objects.filter(kind=sheet_moves.CHAIR, past_at=None)
    assert set(told.values_list("user", flat=True)) == names(desk.li, desk.wu, desk.he)  # type: ignore[attr-defined]
    sign(sheet, desk.sun)  # type: ignore[attr-defined]
    reviews.close(review=sheet, by=Actor.of(desk.sun))  # type: ignore[attr-defined]
    assert not told.exists()


def test_moved_twice_is_moved_once(desk: Desk) -> None:
    sheet, flow = decided(desk), version()
    moved(flow, sheet)
    assert approvals.move(flow=flow, by=SYSTEM) == []
    [again] = approvals.move(flow=flow, things=[sheet.pk], by=SYSTEM)
    assert again.problem == sheet_moves.THERE
    assert AuditRow.objects.filter(action="review.move").count() == 1


def test_activating_moves_sheets_where_the_town_says_so(desk: Desk) -> None:
    sheet, flow = decided(desk), version(keeping=False)
    assert approvals.activate(flow=flow, running="move", by=SYSTEM).moved == 1
    sheet.refresh_from_db()
    assert sheet.flow == flow


def test_only_the_version_in_force_takes_sheets(desk: Desk) -> None:
    decided(desk)
    with pytest.raises(FlowNotInForce):
        approvals.move(flow=version(keeping=False), by=SYSTEM)


def test_a_decided_sheet_stays_and_is_told(desk: Desk) -> None:
    sheet = desk.sheet()
    desk.decide_all(sheet)
    flow = version()
    [told] = approvals.move(flow=flow, things=[sheet.pk], by=SYSTEM)
    assert told.problem == sheet_moves.CLOSED
    assert approvals.move(flow=flow, by=SYSTEM) == []
    with pytest.raises(DatabaseError, match="keeps the version"), transaction.atomic():
        Review.objects.filter(pk=sheet.pk).update(flow=flow)


def test_a_sheet_that_nobody_could_close_stays(desk: Desk) -> None:
    sheet = decided(desk)
    for change, words in (({"who": [{"seat": "村主任", "required": True}, BOARD], "empty": "block"}, "村主任"),
                          ({"who": {"seat": "村主任"}}, "没有人坐")):  # fmt: skip
        shift = moved(version(**change), sheet)
        assert words in shift.problem and not shift.told


def test_a_required_seat_that_nobody_holds_is_passed_over_where_the_flow_says_so(desk: Desk) -> None:
    sheet = decided(desk)
    assert moved(version(who=[{"seat": "村主任", "required": True}, BOARD]), sheet).can_move


def test_who_was_asked_to_sit_in_is_not_sent_away(desk: Desk) -> None:
    sheet, sub = decided(desk), desk.head()
    seat: dict[str, Any] = {"review": sheet, "role": VillageRole.objects.get(user=desk.li), "by": Actor.of(desk.li)}
    meetings.attend(**seat, presence="substitute", substitute=sub)
    flow = version()
    assert "张三替李委员到会，新版没有这一席" in moved(flow, sheet).problem
    assert sheet.flow != flow and MeetingSeat.objects.filter(substitute=sub).exists()
    meetings.attend(**seat, presence="absent")
    assert moved(flow, sheet).can_move


def test_nobody_sits_twice(desk: Desk) -> None:
    """何志愿 has no chair and sits in for 孙监委; the new version gives her one of her own."""
    sheet = decided(desk)
    villager = Resident.objects.get(user=desk.he)  # type: ignore[attr-defined]
    role = VillageRole.objects.get(user=desk.sun)  # type: ignore[attr-defined]
    meetings.attend(review=sheet, role=role, presence="substitute", substitute=villager, by=Actor.of(desk.li))
    assert "自己也有席位" in moved(version(), sheet).problem


def test_the_paper_is_signed_anew_when_the_chairs_change_and_only_then(desk: Desk) -> None:
    sheet = decided(desk)
    meetings.all_came(review=sheet, by=Actor.of(desk.li))
    meetings.attach(review=sheet, file=photo("ready"), by=Actor.of(desk.li))
    heavier = moved(version(who=[{"role": "committee", "weight": 2}]), sheet)
    assert on_paper(sheet) and "签字原件" not in dict(heavier.told)
    assert dict(heavier.told)["法定人数"] == "共3席须2席，已签3席 → 共6票须3票，已签6票"
    assert "签字原件" in dict(moved(version(), sheet).told) and not on_paper(sheet)
    assert standing(sheet).signed == 0


def test_who_decided_on_the_deed_of_a_new_chair_decides_anew_where_the_town_says_so(desk: Desk) -> None:
    """李委员 and 何志愿 have deeds of their own; he decides on hers before she has a chair."""
    desk.choose(mutual=True)
    for user in (desk.li, desk.he):  # type: ignore[attr-defined]
        desk.record("tidy", household=Resident.objects.get(user=user).memberships.get().household)
    sheet = desk.sheet()
    reviews.decide_rest(review=sheet, by=Actor.of(desk.li))
    wide = version(who=[{"role": "committee"}, {"role": "volunteer"}])
    assert dict(moved(wide, sheet).told)["重新审定"].startswith("1件")
    [open_item] = sheet.items.filter(verdict="pending", declaration__household__head__name="何志愿")
    assert open_item.decided_by_id is None
    assert broken() == []


def test_the_days_of_the_limit_begin_anew(desk: Desk) -> None:
    sheet = decided(desk)
    Review.objects.filter(pk=sheet.pk).update(opened_at=clock.now() - timedelta(days=9))
    flow = version(limit={"days": 5, "then": "remind"})
    moved(flow, sheet)
    due = Due.objects.get(kind=review_limits.LIMIT)
    assert timedelta(days=4) < due.due_at - clock.now() <= timedelta(days=5)
    opened_on = clock.today() - timedelta(days=9)
    assert review_limits.look(opened_on) == 0
    Review.objects.filter(pk=sheet.pk).update(limit_from=clock.now() - timedelta(days=5))
    assert len(review_limits.watch(due.period)) == 1


def test_a_sheet_that_came_back_moves_too(desk: Desk) -> None:
    desk.choose(after="confirmation")
    sheet = desk.sheet()
    filings.answer(filing=desk.decide_all(sheet), accept=False, note="请核对", by=Actor.of(desk.officer))
    assert moved(version(), sheet).can_move and sheet.state == "returned"
    waiting = Message.objects.filter(topic=f"review-returned/{sheet.pk}", past_at=None)
    assert not waiting.filter(user__in=[desk.li, desk.wu]).exists()


def test_what_the_town_kept_of_a_sheet_gets_no_new_chair_that_may_have_to_stand_back(desk: Desk) -> None:
    desk.choose(after="confirmation", mutual=True)
    desk.record("help", resident=desk.head())
    sheet = desk.sheet()
    back = {sheet.items.earliest("pk").pk: "请核对"}
    filings.answer(filing=desk.decide_all(sheet), accept=False, items=back, by=Actor.of(desk.officer))
    assert moved(version(), sheet).problem == sheet_moves.RECUSED
    assert moved(version(who=[BOARD]), sheet).can_move


def test_a_mutual_sheet_that_came_back_whole_moves_as_nothing_of_it_was_kept(desk: Desk) -> None:
    desk.choose(after="confirmation", mutual=True)
    sheet = desk.sheet()
    filings.answer(filing=desk.decide_all(sheet), accept=False, note="请核对", by=Actor.of(desk.officer))
    told = moved(version(), sheet)
    assert told.can_move and set(told.gains) == names(desk.he)  # type: ignore[attr-defined]


def test_deeds_that_lack_a_signature_as_who_signed_stands_back_are_told(desk: Desk) -> None:
    """何志愿 signs, and the deed is of her household: enough for the sheet, not for the deed."""
    home = Resident.objects.get(user=desk.he).memberships.get().household  # type: ignore[attr-defined]
    desk.record("tidy", household=home)
    sheet = decided(desk)
    narrow = version(who=[{"role": "volunteer"}])
    moved(narrow, sheet)
    sign(sheet, desk.he)  # type: ignore[attr-defined]
    told = dict(moved(version(who=[{"role": "volunteer"}, BOARD]), sheet).told)
    assert told["回避后还缺签字"].startswith("1件")
    sign(sheet, desk.sun)  # type: ignore[attr-defined]
    assert "回避后还缺签字" not in dict(moved(version(who=[{"role": "volunteer"}, BOARD | {"weight": 2}]), sheet).told)


def test_who_signed_for_her_group_signs_again_for_the_village(desk: Desk) -> None:
    narrow = [{"role": "committee"}, {"role": "group_leader", "level": "group"}]
    approvals.install(subject_kind="review", steps=[OLD | {"who": narrow}], by=SYSTEM)
    leader = desk.cast.holder("钱组长", Role.GROUP_LEADER, desk.village)
    sheet = decided(desk)
    sign(sheet, desk.li, leader)
    wide = moved(version(who=[{"role": "committee"}, {"role": "group_leader"}]), sheet)
    assert dict(wide.told)["签字不再算"] == "钱组长" and not wide.loses
    assert Message.objects.filter(user=leader, kind=sheet_moves.CHAIR, title__contains="重新签字").exists()
    sign(sheet, leader)
    back = moved(version(who=narrow), sheet)
    assert "签字不再算" not in dict(back.told) and sheet.seats.count() == 2


def test_verify_finds_a_signature_without_a_chair(desk: Desk) -> None:
    sheet = decided(desk)
    sign(sheet, desk.li)
    [check] = [one for one in town_checks() if one.title == "审核表上签字的都有席位"]
    assert check.breaches() == 0
    flow = version()
    Review.objects.filter(pk=sheet.pk).update(flow=flow)
    assert check.breaches() == 1 and "李委员在第" in check.told()[0]  # type: ignore[misc]


@pytest.mark.parametrize("who", [
    [{"role": "committee"}, {"role": "volunteer"}], [{"role": "volunteer"}], [BOARD],
    [{"role": "committee", "weight": 3}], [{"seat": "村主任"}, {"role": "volunteer"}],
])  # fmt: skip
@pytest.mark.parametrize("signed", [(), ("li",), ("li", "wu", "sun")])
def test_whatever_the_versions_say_the_outcome_is_the_preview(desk: Desk, who: Any, signed: tuple[str, ...]) -> None:
    sheet = decided(desk)
    sign(sheet, *(getattr(desk, name) for name in signed))
    flow = version(who=who)
    [told] = registry.subject("review").preview_shifts(flow)
    assert moved(flow, sheet) == told
    held = {seat.role_id for seat in seats(sheet)}
    assert set(sheet.seats.values_list("role", flat=True)) <= held
    assert (sheet.state, sheet.items.get().verdict) == ("open", "approved")


def test_each_further_sheet_costs_its_quorum_and_its_trail_alone(desk: Desk) -> None:
    """Posts, signatures, papers and messages are asked for all sheets at once."""
    counts = []
    for months in (1, 3):
        for back in range(months):
            desk.sheet(MONTH - timedelta(days=1) if back == 1 else clock.month_start(MONTH - timedelta(days=32 * back)))
        flow = version()
        with asked() as statements:
            found = registry.subject("review").preview_shifts(flow)
        counts.append((len(found), len(statements)))
        approvals.move(flow=flow, by=SYSTEM)
    (few, less), (many, more) = counts
    assert (few, many) == (1, 3)
    assert more - less <= 4 * (many - few)


# On pages and by programs


def test_the_page_shows_each_sheet_and_moves_what_was_ticked(desk: Desk, client_for: Browser) -> None:
    sheet = decided(desk)
    flow, browser = version(), client_for(desk.cast.admin())
    address = reverse("approvals:version", args=["review", flow.version])
    page = browser.get(address).content.decode()
    assert "得到席位：何志愿" in page and f'name="things" value="{sheet.pk}"' in page
    move = reverse("approvals:move", args=["review", flow.version])
    assert "请先勾选要转的" in browser.post(move, follow=True).content.decode()
    page = browser.post(move, {"things": [sheet.pk]}, follow=True).content.decode()
    assert f"1件已转到第{flow.version}版" in page and "走这一版" in page
    assert "已经在这一版上" in browser.post(move, {"things": [sheet.pk]}, follow=True).content.decode()


def test_a_new_version_is_put_in_force_on_the_page_with_the_sheets(desk: Desk, client_for: Browser) -> None:
    sheet, flow = decided(desk), version(keeping=False)
    browser = client_for(desk.cast.admin())
    page = browser.get(reverse("approvals:version", args=["review", flow.version])).content.decode()
    assert "不再有席位：李委员、吴委员" in page and 'name="running" value="move"' in page
    activate = reverse("approvals:activate", args=["review", flow.version])
    assert "1件在办事项已转到新流程" in browser.post(activate, {"running": "move"}, follow=True).content.decode()
    sheet.refresh_from_db()
    assert sheet.flow == flow


def test_a_program_sees_and_moves_the_same(desk: Desk, api_client: Browser) -> None:
    sheet, flow, program = decided(desk), version(), api_client(desk.cast.admin())
    [told] = program.get(f"/api/v1/approval-flows/{flow.pk}/under-way/").json()
    assert (told["id"], told["can_move"], told["problem"]) == (sheet.pk, True, "")
    assert {"what": "得到席位", "becomes": "何志愿"} in told["told"]
    assert program.post(f"/api/v1/approval-flows/{flow.pk}/move/", {"things": [sheet.pk]}).json() == [told]
    missing = program.post(f"/api/v1/approval-flows/{flow.pk}/move/", {"things": [sheet.pk + 99_999]})
    assert missing.status_code == 404


def test_who_may_not_design_flows_moves_nothing(desk: Desk, client_for: Browser, api_client: Browser) -> None:
    sheet, flow = decided(desk), version()
    for user in (desk.officer, desk.li, desk.he):  # type: ignore[attr-defined]
        move = reverse("approvals:move", args=["review", flow.version])
        assert client_for(user).post(move, {"things": [sheet.pk]}).status_code == 403
        assert api_client(user).post(f"/api/v1/approval-flows/{flow.pk}/move/", {}).status_code == 403
    sheet.refresh_from_db()
    assert sheet.flow != flow


def test_of_another_town_there_is_no_such_sheet(desk: Desk, other_town: Any) -> None:
    sheet = decided(desk)
    flow = version()
    with entered(other_town.schema_name), pytest.raises(NotFound):
        approvals.move(flow=approvals.active_flow("review"), things=[sheet.pk], by=SYSTEM)
    with entered(other_town.schema_name), pytest.raises(FlowNotInForce):
        approvals.move(flow=flow, by=SYSTEM)
    sheet.refresh_from_db()
    assert sheet.flow != flow


# At the same moment


def test_of_a_move_and_a_closing_at_once_one_is_first(committing_desk: Desk) -> None:
    desk = prepared(committing_desk)
    sheet = decided(desk)
    sign(sheet, desk.li, desk.wu)
    flow, by = version(), Actor.of(desk.li)
    moving, closing = together(
        lambda: approvals.move(flow=flow, things=[sheet.pk], by=SYSTEM), lambda: reviews.close(review=sheet, by=by)
    )
    sheet.refresh_from_db()
    [told] = moving
    if told.can_move:
        assert isinstance(closing, errors.QuorumMissing) and (sheet.flow, sheet.state) == (flow, "open")
    else:
        assert told.problem == sheet_moves.CLOSED and sheet.flow != flow
        assert (closing.state, sheet.state) == ("sent", "decided")


def test_who_closes_while_it_is_moved_closes_by_the_new_version(committing_desk: Desk) -> None:
    desk = prepared(committing_desk)
    sheet = decided(desk)
    sign(sheet, desk.li, desk.wu)
    flow = version()
    with transaction.atomic():
        approvals.move(flow=flow, by=SYSTEM)
        later = meanwhile(lambda: reviews.close(review=sheet, by=Actor.of(desk.li)))
    assert isinstance(later(), errors.QuorumMissing)


def test_a_sheet_that_is_closed_while_the_move_waits_is_told(committing_desk: Desk) -> None:
    desk = prepared(committing_desk)
    sheet, other = decided(desk), desk.sheet(MONTH - timedelta(days=1))
    sign(sheet, desk.li, desk.wu)
    flow = version()
    with transaction.atomic():
        reviews.close(review=sheet, by=Actor.of(desk.li))
        later = meanwhile(lambda: approvals.move(flow=flow, by=SYSTEM))
    assert [(one.thing.id, one.problem) for one in later()] == [(other.pk, ""), (sheet.pk, sheet_moves.CLOSED)]
    assert sheet_moves.still_open()[0].flow == flow
