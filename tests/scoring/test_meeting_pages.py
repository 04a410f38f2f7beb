"""The meeting's page and its live part, the papers, and the same for programs."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jifen.files import services as files
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring.models import Hearing, Meeting, MeetingSeat, Review
from scoring.services import filings, hearings, meetings, papers, posting, reviews
from tenants.community.models import ConsentKind, Resident
from tenants.community.services import consents, relatives
from tests.files.scenes import scene
from tests.scoring.desk import MONTH, Desk, photo

Browser = Callable[..., Any]
HTMX = {"HX-Request": "true"}


def test_the_quorum_is_shown_live_as_seats_are_noted(desk: Desk, client_for: Browser) -> None:
    sheet, browser = _sheet(desk), client_for(desk.li)
    page = browser.get(_at("meeting", sheet)).content.decode()
    assert "不够法定人数" in page and "every 5s" in page
    told = {"role": desk.seat(desk.wu).pk, "presence": "present"}
    live = browser.post(_at("meeting_attend", sheet), told, headers=HTMX).content.decode()
    assert "不够法定人数" not in live and "<html" not in live
    assert "够法定人数" in client_for(desk.steward).get(_at("meeting", sheet), headers=HTMX).content.decode()


def test_a_substitute_is_noted_by_name_and_a_wrong_one_is_told(desk: Desk, client_for: Browser) -> None:
    sheet, browser = _sheet(desk), client_for(desk.li)
    told = {"role": desk.seat(desk.wu).pk, "presence": "substitute", "substitute": "没有这人"}
    assert "没有叫“没有这人”" in browser.post(_at("meeting_attend", sheet), told, headers=HTMX).content.decode()
    browser.post(_at("meeting_attend", sheet), told | {"substitute": "张三"})
    assert MeetingSeat.objects.get().substitute == desk.head()


def test_place_day_and_minutes_are_kept(desk: Desk, client_for: Browser) -> None:
    sheet, browser = _sheet(desk), client_for(desk.li)
    form = {"held_on": clock.today().isoformat(), "place": "村委会", "minutes": "一致同意"}
    assert browser.post(_at("meeting_hold", sheet), form).status_code == 302
    assert (Meeting.objects.get().place, Meeting.objects.get().minutes) == ("村委会", "一致同意")
    refused = browser.post(_at("meeting_hold", sheet), form | {"held_on": "2999-01-01"})
    assert refused.status_code == 422 and "会议日期还没有到" in refused.content.decode()


def test_the_signed_paper_is_photographed_and_stands_for_the_signatures(desk: Desk, client_for: Browser) -> None:
    sheet, browser = _sheet(desk), client_for(desk.li)
    reviews.decide_rest(review=sheet, by=Actor.of(desk.wu))
    browser.post(_at("meeting_attend", sheet), {"role": desk.seat(desk.wu).pk, "presence": "present"})
    wrong = browser.post(_at("meeting_scan", sheet), {"paper": SimpleUploadedFile("a.jpg", b"text", "image/jpeg")})
    assert wrong.status_code == 422 and not Meeting.objects.get().paper
    browser.post(_at("meeting_scan", sheet), {"paper": SimpleUploadedFile("a.jpg", scene(1), "image/jpeg")})
    browser.post(_act(sheet, "close"))
    sheet.refresh_from_db()
    assert sheet.state == "decided"
    assert "签字原件" in browser.get(_at("meeting", sheet)).content.decode()


def test_who_only_reads_notes_nothing(desk: Desk, client_for: Browser) -> None:
    sheet, browser = _sheet(desk), client_for(desk.cast.supervisor())
    for name in ("meeting_attend", "meeting_hold", "meeting_scan"):
        assert browser.post(_at(name, sheet), {}).status_code == 403
    assert not Meeting.objects.exists() and "到会</button>" not in browser.get(_at("meeting", sheet)).content.decode()


def test_the_steward_enters_the_signed_sheet_and_sends_it_up(desk: Desk, client_for: Browser) -> None:
    sheet, browser = _sheet(desk), client_for(desk.steward)
    for user in (desk.li, desk.wu):
        reviews.decide_rest(review=sheet, by=Actor.of(user))
    assert "照签字原件上报" not in browser.get(_at("sheet", sheet)).content.decode()
    for user in (desk.li, desk.wu):
        browser.post(_at("meeting_attend", sheet), {"role": desk.seat(user).pk, "presence": "present"})
    paper = SimpleUploadedFile("审核决定表.jpg", scene(7), content_type="image/jpeg")
    browser.post(_at("meeting_scan", sheet), {"paper": paper})
    assert "照签字原件上报" in browser.get(_at("sheet", sheet)).content.decode()
    browser.post(_act(sheet, "close"))
    sheet.refresh_from_db()
    assert (sheet.state, Meeting.objects.get().actor_name) == ("decided", "王管理")


def test_the_steward_closes_nothing_without_the_paper_and_decides_nothing(
    desk: Desk, client_for: Browser, api_client: Browser
) -> None:
    sheet, browser = _sheet(desk), client_for(desk.steward)
    for user in (desk.li, desk.wu):
        reviews.decide_rest(review=sheet, by=Actor.of(user))
        reviews.sign(review=sheet, role=desk.seat(user), by=Actor.of(user))
    assert "上传签字的审核决定表" in browser.post(_act(sheet, "close"), follow=True).content.decode()
    assert api_client(desk.steward).post(f"/api/v1/reviews/{sheet.pk}/close/").json()["code"] == "paper_missing"
    for deed in ("plain", "take", "sign"):
        assert browser.post(_act(sheet, deed)).status_code == 403
    sheet.refresh_from_db()
    assert sheet.state == "open"


def test_the_meeting_of_another_village_does_not_exist(desk: Desk, client_for: Browser) -> None:
    sheet = _sheet(desk)
    other = client_for(desk.cast.committee(desk.cast.village("李家村"), name="远委员"))
    assert other.get(_at("meeting", sheet)).status_code == 404
    assert other.get(reverse("scoring:sheet_paper", args=[sheet.pk, "decision"])).status_code == 404


def test_the_decision_sheet_names_seats_recusals_and_totals(desk: Desk) -> None:
    member = Resident.objects.get(user=desk.li)
    relatives.declare(resident=member, other=desk.head(), kind="sibling", on=MONTH, by=SYSTEM)
    sheet = _sheet(desk)
    reviews.decide_rest(review=sheet, by=Actor.of(desk.wu))
    meetings.attend(review=sheet, role=desk.seat(desk.wu), presence="present", by=Actor.of(desk.wu))
    told = papers.decision_told(sheet)
    assert [(one["who"], one["presence"], one["barred"]) for one in told["seats"]] == [
        ("李委员", "", "1、2"), ("吴委员", "到会", "")
    ]  # fmt: skip
    assert told["totals"] == ["2", "2", "0", "0", "0", "7", "0"]
    assert papers.decision(sheet).startswith(b"%PDF-")


def test_what_a_reporters_deed_was_stays_off_the_paper(desk: Desk) -> None:
    desk.record("report", evidence=[photo("ready")])
    sheet = desk.sheet()
    item = sheet.items.get()
    reviews.decide(item=item, verdict="rejected", reason="线索不实", by=Actor.of(desk.li))
    [row] = papers.decision_told(sheet)["items"]
    assert row["title"] == "人居环境（事由不公开）" and row["reason"] == ""


def test_only_those_who_agreed_are_read_aloud_by_name(desk: Desk) -> None:
    open_household = desk.cast.household(name="李四")
    consents.give(resident=desk.head(open_household), kind=ConsentKind.PUBLICATION, on=MONTH, by=SYSTEM)
    desk.record("litter", household=open_household)
    sheet = _sheet(desk)
    reviews.decide_rest(review=sheet, by=Actor.of(desk.wu))
    told = papers.results_told(sheet)
    rows = {row["who"]: row["sum"] for group in told["groups"] for row in group["rows"]}
    assert rows == {f"{desk.zhang.number}户": "+7", "李*家": "−3"}
    assert (told["plus"], told["minus"], told["is_decided"]) == ("7", "3", False)
    assert papers.results(sheet).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("outcome", "points", "minus", "told"),
    [("", None, "0", (1, 0)), ("dropped", None, "0", (0, 1)), ("lowered", Decimal(-1), "1", (0, 0)),
     ("kept", None, "3", (0, 0))],
)  # fmt: skip
def test_a_deduction_is_read_aloud_as_its_hearing_left_it(
    desk: Desk, outcome: str, points: Decimal | None, minus: str, told: tuple[int, int]
) -> None:
    desk.choose(hearing_days=3)
    desk.record("litter")
    sheet = _sheet(desk)
    desk.decide_all(sheet)
    hearing = hearings.state(hearing=Hearing.objects.get(), statement="当天在外地", by=desk.by)
    if outcome:
        hearings.decide(hearing=hearing, outcome=outcome, points=points, reason="经核实", by=Actor.of(desk.li))
    read = papers.results_told(sheet)
    assert (read["minus"], read["waiting"], read["dropped"], read["count"]) == (minus, *told, 3)
    assert papers.results(sheet).startswith(b"%PDF-")


def test_what_is_posted_is_read_aloud_as_it_stands_in_the_ledger(desk: Desk) -> None:
    for _ in range(3):  # five points each, twelve a month
        desk.record("help", resident=desk.head())
    sheet = _sheet(desk)
    filing = desk.decide_all(sheet)
    before = papers.results_told(sheet)
    assert (before["plus"], before["unposted"]) == ("22", 5)
    filings.answer(filing=filing, accept=True, by=Actor.of(desk.officer))
    posting.post_review(review=sheet, by=SYSTEM)
    told = papers.results_told(Review.objects.get())
    assert (told["plus"], told["households"], told["unposted"]) == ("14", 1, 0)
    assert papers.results(sheet).startswith(b"%PDF-")


def test_the_papers_are_downloaded_by_name(desk: Desk, client_for: Browser) -> None:
    sheet, browser = _sheet(desk), client_for(desk.steward)
    for kind in ("decision", "results"):
        answer = browser.get(reverse("scoring:sheet_paper", args=[sheet.pk, kind]))
        assert answer.headers["Content-Type"] == "application/pdf"
    assert browser.get(reverse("scoring:sheet_paper", args=[sheet.pk, "other"])).status_code == 404


def _sheet(desk: Desk) -> Review:
    desk.record("tidy")
    desk.record("help", resident=desk.head())
    return desk.sheet()


def _act(sheet: Review, deed: str) -> str:
    return reverse("scoring:sheet_act", args=[sheet.pk, deed])


def _at(name: str, sheet: Review) -> str:
    return reverse(f"scoring:{name}", args=[sheet.pk])


def test_a_program_runs_the_meeting(desk: Desk, api_client: Browser) -> None:
    sheet, program = _sheet(desk), api_client(desk.li)
    here = f"/api/v1/review-meetings/{sheet.pk}/"
    assert program.get(here).json()["standing"]["is_met"] is False
    held = program.put(here, {"held_on": clock.today().isoformat(), "place": "村委会"}).json()
    assert held["place"] == "村委会" and len(held["seats"]) == 2
    told = {"role": desk.seat(desk.wu).pk, "presence": "substitute", "substitute": "张三"}
    assert program.post(f"{here}seats/", told).json()["seats"][1]["substitute"] == "张三"
    upload = files.receive(kind="sheet", name="a.jpg", content_type="image/jpeg", body=scene(1), by=Actor.of(desk.li))
    early = program.post(f"{here}paper/", {"file": upload.pk})
    assert (early.status_code, early.json()["code"]) == (409, "paper_early")
    program.post(f"{here}seats/", {"role": desk.seat(desk.li).pk, "presence": "present"})
    assert program.post(f"{here}paper/", {"file": upload.pk}).json()["standing"]["is_signed"] is True
    assert api_client(desk.cast.supervisor()).put(here, {"held_on": clock.today().isoformat()}).status_code == 403


def test_a_program_reads_the_exceptions_and_passes_the_rest(desk: Desk, api_client: Browser) -> None:
    told = desk.record("litter")
    desk.record("trees", facts={"quantity": "2"}, evidence=[_picture()])
    sheet, program = desk.sheet(), api_client(desk.li)
    [row] = program.get(f"/api/v1/review-meetings/{sheet.pk}/exceptions/").json()
    assert row["item"] == desk.item(told).pk and "扣分" in {hint["word"] for hint in row["hints"]}
    assert program.post(f"/api/v1/review-meetings/{sheet.pk}/plain/").json() == {"count": 1}
    far = api_client(desk.cast.committee(desk.cast.village("李家村"), name="远委员"))
    assert far.post(f"/api/v1/review-meetings/{sheet.pk}/plain/").status_code == 404


def _picture() -> File:
    return files.store(kind="evidence", name="a.jpg", content_type="image/jpeg", body=scene(1), by=SYSTEM)
