"""The town's month on one page, one village's sheet to send back from, the summary on screen, paper and table."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from jifen.clocks.dates.models import CalendarPolicy
from jifen.clocks.dates.policy import TownCalendar, VillageClock
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring.models import Filing, ReturnedItem, Review, ReviewItem
from scoring.selectors.months import GROUPS, board, due_day, own_due_days, total
from scoring.services import filings, reviews
from tenants.community.models import Resident
from tenants.community.services import relatives
from tests.scoring.desk import MONTH, NOW, Desk

Browser = Callable[..., Any]
NOTHING = {"answered": 0, "passed_on": 0, "elsewhere": 0, "refused": []}
HERE = {"month": f"{MONTH:%Y-%m}"}


def sent(desk: Desk, *codes: str) -> Filing:
    for code in codes:
        desk.record(code)
    return desk.decide_all(desk.sheet())


def test_the_office_sees_all_villages_and_receives_them_in_one_act(desk: Desk, client_for: Browser) -> None:
    desk.cast.village("李家村")
    sent(desk, "tidy")
    browser = client_for(desk.officer)
    page = browser.get(reverse("scoring:months"), HERE).content.decode()
    assert "1个村的" in page and "李家村" in page and "未开始" in page
    answer = browser.post(reverse("scoring:receive_all"), HERE, follow=True)
    assert "已办结1个村。" in answer.content.decode() and Filing.objects.get().state == "received"
    assert ">已备案<" in answer.text and "已备案/已审定" not in answer.text
    assert "没有等待办理的村" in browser.post(reverse("scoring:receive_all"), HERE, follow=True).content.decode()


def test_a_figure_leads_to_the_villages_and_deeds_it_counts(desk: Desk, client_for: Browser) -> None:
    filing = sent(desk, "litter")
    browser, name = client_for(desk.officer), filing.review.village.name
    page = browser.get(reverse("scoring:months"), HERE).content.decode()
    assert "state=waiting#villages" in page and f"village={filing.review.village_id}&show=minus" in page
    rows = {key: browser.get(reverse("scoring:months"), {**HERE, "state": key}).content.decode() for key in GROUPS}
    assert name in rows["waiting"].split('id="villages"')[1] and name not in rows["posted"].split('id="villages"')[1]


def test_single_deeds_are_sent_back_from_the_sheet(desk: Desk, client_for: Browser) -> None:
    desk.choose(after="confirmation")
    filing = sent(desk, "tidy", "litter")
    browser = client_for(desk.officer)
    page = browser.get(reverse("scoring:filing", args=[filing.pk])).content.decode()
    assert page.index("乱扔垃圾") < page.index("庭院整洁") and "退回这一条" in page
    item = ReviewItem.objects.get(declaration__rule__code="litter")
    form = {"filing": filing.pk, "verdict": "return", f"note_{item.pk}": "请补照片"}
    assert "已退回1条" in browser.post(reverse("scoring:answer"), form, follow=True).content.decode()
    assert ReturnedItem.objects.get().item == item
    assert "请补照片" in browser.get(reverse("scoring:filing", args=[filing.pk])).content.decode()


def test_a_whole_sheet_goes_back_with_a_word(desk: Desk, client_for: Browser) -> None:
    desk.choose(after="confirmation")
    filing = sent(desk, "tidy")
    browser = client_for(desk.officer)
    form = {"filing": filing.pk, "verdict": "return", "whole": "1", "note": "请重新核对"}
    browser.post(reverse("scoring:answer"), form)
    assert Review.objects.get().state == "returned" and not ReturnedItem.objects.exists()


def test_nothing_goes_back_without_a_word(desk: Desk, client_for: Browser) -> None:
    desk.choose(after="confirmation")
    filing = sent(desk, "tidy")
    form = {"filing": filing.pk, "verdict": "return"}
    page = client_for(desk.officer).post(reverse("scoring:answer"), form, follow=True).content.decode()
    assert "退回时要写明意见" in page and Filing.objects.get().state == "sent"


def test_the_summary_adds_up_and_leads_to_the_sheets(desk: Desk, client_for: Browser) -> None:
    desk.cast.village("李家村")
    for code in ("tidy", "litter", "class"):
        desk.record(code)
    sheet = desk.sheet()
    item = ReviewItem.objects.get(declaration__rule__code="class")
    reviews.decide(item=item, verdict="rejected", reason="没有参加", by=Actor.of(desk.li))
    desk.decide_all(sheet)
    cells = board(MONTH, today=NOW, due=due_day(MONTH))
    sums = total(cells)
    assert (sums.villages, sums.arrived, sums.deeds, sums.rejected) == (2, 1, 3, 1)
    assert (sums.plus, sums.minus) == (Decimal(2), Decimal(3))
    page = client_for(desk.officer).get(reverse("scoring:month_summary"), HERE).content.decode()
    assert reverse("scoring:sheet", args=[sheet.pk]) in page and "合计" in page


def test_the_summary_is_a_paper_and_a_table(desk: Desk, client_for: Browser) -> None:
    sent(desk, "tidy")
    browser = client_for(desk.officer)
    paper = browser.get(reverse("scoring:month_summary"), HERE | {"form": "pdf"})
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    table = browser.get(reverse("scoring:month_summary"), HERE | {"form": "csv"}).content.decode("utf-8-sig")
    assert table.splitlines()[1].startswith("石岭岗村,村已审定,") and len(table.splitlines()) == 2


def test_a_village_is_late_by_its_own_day(desk: Desk) -> None:
    other = desk.cast.village("李家村")
    later = {"village": other.pk, "clock": "filing", "due": {"kind": "day", "day": 15, "months": 1}}
    section = TownCalendar(villages=(VillageClock.model_validate(later),)).model_dump(mode="json")
    CalendarPolicy.objects.create(effective_from=MONTH, data=section, made_at=clock.now(), made_by_name="试")
    days = own_due_days(MONTH)
    assert due_day(MONTH) < days[other.pk] and list(days) == [other.pk]
    cells = board(MONTH, today=due_day(MONTH) + timedelta(days=1), due=due_day(MONTH), own=days)
    assert {cell.village_id: cell.overdue for cell in cells} == {desk.village.pk: True, other.pk: False}
    assert all(cell.overdue for cell in board(MONTH, today=days[other.pk] + timedelta(days=1), due=MONTH, own=days))


def test_a_return_and_a_recusal_are_counted(desk: Desk) -> None:
    desk.choose(after="confirmation")
    member = Resident.objects.get(user=desk.li)
    relatives.declare(resident=member, other=desk.head(), kind="sibling", on=MONTH, by=SYSTEM)
    filing = sent(desk, "tidy")
    filings.answer(filing=filing, accept=False, note="核对", by=Actor.of(desk.officer))
    [cell] = board(MONTH, today=NOW, due=due_day(MONTH))
    assert (cell.returns, cell.state, cell.recusals, cell.arrived) == (1, "returned", 1, False)


def test_a_village_steward_does_not_see_the_towns_months(desk: Desk, client_for: Browser) -> None:
    for name in ("months", "month_summary"):
        assert client_for(desk.steward).get(reverse(f"scoring:{name}")).status_code == 403


def test_programs_return_receive_and_read_the_month(desk: Desk, api_client: Browser) -> None:
    desk.choose(after="confirmation")
    filing = sent(desk, "tidy", "litter")
    item = ReviewItem.objects.get(declaration__rule__code="litter")
    officer = api_client(desk.officer)
    form = {"accept": False, "items": [{"item": item.pk, "note": "请补照片"}]}
    told = officer.post(f"/api/v1/filings/{filing.pk}/answer/", form).json()
    assert told["state"] == "returned" and told["returned_items"][0]["item"] == item.pk
    assert officer.post("/api/v1/filings/receive/", {"month": MONTH.isoformat()}).json() == NOTHING
    [cell] = officer.get(f"/api/v1/months/{MONTH:%Y-%m}/").json()
    assert (cell["village_name"], cell["returns"], cell["state"]) == ("石岭岗村", 1, "returned")
    assert api_client(desk.steward).get(f"/api/v1/months/{MONTH:%Y-%m}/").status_code == 403


def test_each_figure_of_the_summary_leads_to_its_deeds(desk: Desk, client_for: Browser) -> None:
    for code in ("tidy", "litter"):
        desk.record(code)
    desk.decide_all(desk.sheet())
    browser = client_for(desk.officer)
    summary = browser.get(reverse("scoring:month_summary"), HERE).content.decode()
    assert "show=minus" in summary
    deeds = browser.get(reverse("scoring:month_deeds"), HERE | {"show": "minus"})
    assert [row.declaration.rule.code for row in deeds.context["rows"]] == ["litter"]
    assert deeds.context["sum"] == -total(board(MONTH, today=NOW, due=due_day(MONTH))).minus


def test_recusals_lead_to_the_deeds_that_somebody_stood_back_from(desk: Desk, client_for: Browser) -> None:
    member = Resident.objects.get(user=desk.li)
    relatives.declare(resident=member, other=desk.head(), kind="sibling", on=MONTH, by=SYSTEM)
    desk.record("tidy")
    desk.sheet()
    page = client_for(desk.officer).get(reverse("scoring:month_deeds"), HERE | {"show": "recused"})
    assert [row.declaration.rule.code for row in page.context["rows"]] == ["tidy"]


def test_entries_are_listed_by_month_village_and_sign(desk: Desk, client_for: Browser) -> None:
    other = desk.cast.village("李家村")
    desk.record("tidy")
    desk.post()
    browser, asked = client_for(desk.officer), {"year": MONTH.year, "from": 1, "to": 12}
    page = browser.get(reverse("scoring:entries"), asked)
    assert page.context["sum"] == 2 and len(page.context["rows"]) == 1
    for narrower in ({"show": "minus"}, {"village": other.pk}):
        assert len(browser.get(reverse("scoring:entries"), asked | narrower).context["rows"]) == 0
    assert browser.get(reverse("scoring:entries"), asked | {"village": 999_999}).status_code == 404


def test_sheets_on_the_table_are_under_way_in_the_list_of_flows(desk: Desk, client_for: Browser) -> None:
    desk.record("tidy")
    sheet, browser = desk.sheet(), client_for(desk.cast.admin())

    def counted() -> int:
        rows = browser.get(reverse("approvals:flows")).context["rows"]
        return next(int(row["running"]) for row in rows if row["kind"].kind == "review")

    assert counted() == 1
    desk.decide_all(sheet)
    assert counted() == 0
