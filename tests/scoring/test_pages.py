"""The pages: each opens for those it is for, and does its job end to end."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from jifen.kernel.actors import SYSTEM
from scoring import policies
from scoring.models import Declaration, Entry, Posting, Review
from scoring.services import ledger
from tests.scoring.desk import DAY, MONTH, Desk, photo

Browser = Callable[..., Any]


def test_a_steward_finds_a_household_by_pinyin_and_records_a_deed(desk: Desk, client_for: Browser) -> None:
    browser = client_for(desk.steward)
    found = browser.get(reverse("scoring:record_households"), {"q": "zhang"})
    assert "张三" in found.content.decode()
    assert "庭院整洁" in browser.get(reverse("scoring:record"), {"household": desk.zhang.number}).content.decode()
    answer = browser.post(_record(desk, "tidy"), _deed())
    assert answer.status_code == 302
    saved = browser.get(answer.headers["Location"]).content.decode()
    assert "已登记" in saved and Declaration.objects.get().points == 2


def test_a_new_deed_begins_in_the_village_and_not_where_the_last_one_was(desk: Desk, client_for: Browser) -> None:
    browser = client_for(desk.steward)
    browser.post(_record(desk, "tidy"), _deed(place="邻居家"))
    assert browser.get(_record(desk, "tidy")).context["form"]["place"].value() == desk.zhang.village.name


def test_an_entry_tells_its_price_once(desk: Desk, client_for: Browser) -> None:
    desk.record("trees", facts={"quantity": "2"})
    desk.post()
    page = client_for(desk.cast.villager(desk.zhang)).get(reverse("scoring:posting", args=[Posting.objects.get().pk]))
    assert page.text.count("3分/棵") == 1 and "细则：植树" in page.text


def test_an_entry_that_hides_its_reason_still_tells_its_price(desk: Desk, client_for: Browser) -> None:
    desk.record("report", evidence=[photo("ready")], reason="举报某人")
    desk.post()
    page = client_for(desk.cast.villager(desk.zhang)).get(reverse("scoring:posting", args=[Posting.objects.get().pk]))
    price = desk.rule_in_force("report").spec["amount"]["points"]
    assert f"按积分细则计分：+{price}分" in page.text and "举报某人" not in page.text


def test_a_deed_in_the_future_is_refused_at_its_field(desk: Desk, client_for: Browser) -> None:
    answer = client_for(desk.steward).post(_record(desk, "tidy"), _deed(happened_on="2999-01-01"))
    assert answer.status_code == 422 and "行为日期还没有到" in answer.content.decode()
    assert not Declaration.objects.exists()


def test_the_same_form_sent_twice_is_recorded_once(desk: Desk, client_for: Browser) -> None:
    browser = client_for(desk.steward)
    for _ in range(2):
        assert browser.post(_record(desk, "tidy"), _deed(key="k1")).status_code == 302
    assert Declaration.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "figures", "points"),
    [("trees", {"quantity": "4"}, 12), ("prize", {"tier": "town"}, 4), ("host", {"points": "5"}, 5)],
)
def test_each_kind_of_amount_asks_for_its_own_figure(
    desk: Desk, client_for: Browser, code: str, figures: Any, points: int
) -> None:
    client_for(desk.steward).post(_record(desk, code), _deed(**figures))
    assert Declaration.objects.get().points == points


def test_a_stranger_household_is_not_found(desk: Desk, client_for: Browser) -> None:
    other = desk.cast.household(desk.cast.village("李家村"), name="外村人")
    page = client_for(desk.steward).get(reverse("scoring:record"), {"household": other.number})
    assert page.status_code == 404


def test_a_whole_activity_is_recorded_on_one_page(desk: Desk, client_for: Browser) -> None:
    browser, rule = client_for(desk.steward), desk.rule_in_force("tidy")
    other = desk.cast.household(name="李四")
    assert "李四" in browser.get(reverse("scoring:batch"), {"rule": rule.pk}).content.decode()
    form = {
        "rule": rule.pk, "kind": "activity", "title": "义务劳动", "happened_on": MONTH.isoformat(), "place": "村口",
        "household": [other.pk, desk.zhang.pk],
    }  # fmt: skip
    assert browser.post(reverse("scoring:batch"), form).status_code == 302
    assert Declaration.objects.filter(batch__title="义务劳动").count() == 2


def test_a_batch_without_households_is_refused(desk: Desk, client_for: Browser) -> None:
    rule = desk.rule_in_force("prize").pk
    form = {"rule": rule, "kind": "activity", "title": "颁奖", "happened_on": MONTH.isoformat(), "place": "村口"}
    answer = client_for(desk.steward).post(reverse("scoring:batch"), form)
    assert answer.status_code == 422 and "名单是空的" in answer.content.decode()


@pytest.mark.parametrize(("code", "name", "good", "wrong", "kept"), [
    ("trees", "quantity", "7.5", "-3", '_{pk}" value="{told}"'),
    ("prize", "tier", "village", "county", '<option value="{told}" selected>'),
])  # fmt: skip
def test_a_list_with_a_wrong_row_keeps_what_each_row_says(
    desk: Desk, client_for: Browser, code: str, name: str, good: str, wrong: str, kept: str
) -> None:
    other = desk.cast.household(name="李四")
    form = {
        "rule": desk.rule_in_force(code).pk, "kind": "activity", "title": "义务植树", "happened_on": f"{MONTH}",
        "place": "后山", "household": [desk.zhang.pk, other.pk],
        f"{name}_{desk.zhang.pk}": good, f"{name}_{other.pk}": wrong,
    }  # fmt: skip
    answer = client_for(desk.steward).post(reverse("scoring:batch"), form)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Declaration.objects.exists()
    assert kept.format(pk=desk.zhang.pk, told=good) in page and page.count(" checked") == 2
    assert name == "tier" or kept.format(pk=other.pk, told=wrong) in page


def test_a_villager_declares_and_the_steward_verifies(desk: Desk, client_for: Browser) -> None:
    villager, rule = desk.cast.villager(desk.zhang), desk.rule_in_force("help")
    browser = client_for(villager)
    assert "帮助邻居" in browser.get(reverse("scoring:declare")).content.decode()
    form = _deed(resident=desk.head().pk)
    assert browser.post(f"{reverse('scoring:declare')}?rule={rule.pk}", form).status_code == 302
    declared = browser.get(reverse("scoring:own_declarations")).content.decode()
    assert "待核实" in declared and "已申报，现在在“积分管理员核实”这一步，通过后进入本月审核。" in declared
    told = Declaration.objects.get()
    steward = client_for(desk.steward)
    assert "帮助邻居" in steward.get(reverse("scoring:verify")).content.decode()
    steward.post(reverse("scoring:verify_one", args=[told.pk]), {"verdict": "accept"})
    told.refresh_from_db()
    assert told.state == "ready"


def test_a_villager_takes_her_declaration_back(desk: Desk, client_for: Browser) -> None:
    browser, rule = client_for(desk.cast.villager(desk.zhang)), desk.rule_in_force("tidy")
    browser.post(f"{reverse('scoring:declare')}?rule={rule.pk}", _deed())
    told = Declaration.objects.get()
    here = reverse("scoring:own_declaration", args=[told.pk])
    assert "撤回申报" in browser.get(here).content.decode()
    browser.post(here)
    told.refresh_from_db()
    assert told.state == "withdrawn"


def test_the_town_receives_the_months_that_have_arrived(desk: Desk, client_for: Browser) -> None:
    desk.record("tidy")
    filing = desk.decide_all(desk.sheet())
    browser = client_for(desk.officer)
    board = browser.get(reverse("scoring:months"), {"month": f"{MONTH:%Y-%m}"}).content.decode()
    assert "石岭岗村" in board and "备案" in board
    browser.post(reverse("scoring:answer"), {"filing": [filing.pk]})
    assert Review.objects.get().state == "settled"


def test_every_balance_leads_to_its_entries_and_every_entry_to_its_why(desk: Desk, client_for: Browser) -> None:
    desk.record("tidy")
    desk.post()
    browser, posting = client_for(desk.officer), Posting.objects.get()
    for name, args, text in (
        ("office_balances", [], "张三"),
        ("office_passbook", [desk.zhang.number], "庭院整洁"),
        ("office_posting", [posting.pk], "李委员"),
        ("village_balances", [], "张三"),
        ("rules", [], "庭院整洁"),
    ):
        assert text in browser.get(reverse(f"scoring:{name}", args=args)).content.decode(), name


def test_the_office_corrects_a_posting(desk: Desk, client_for: Browser) -> None:
    desk.record("tidy")
    desk.post()
    posting = Posting.objects.get()
    answer = client_for(desk.officer).post(reverse("scoring:office_posting", args=[posting.pk]), {"reason": "认错户"})
    assert answer.status_code == 302 and Entry.objects.filter(cause="reversal").count() == 2
    assert desk.merit() == 0


def test_a_villager_reads_why_but_not_a_neighbours(desk: Desk, client_for: Browser) -> None:
    desk.record("tidy")
    desk.post()
    posting = Posting.objects.get()
    own = client_for(desk.cast.villager(desk.zhang))
    assert "庭院整洁" in own.get(reverse("scoring:passbook")).content.decode()
    assert "庭院整洁。" in own.get(reverse("scoring:posting", args=[posting.pk])).content.decode()
    other = client_for(desk.cast.villager(desk.cast.household(name="李四")))
    assert other.get(reverse("scoring:posting", args=[posting.pk])).status_code == 404


def test_a_villager_reads_that_the_committee_decided_and_staff_who_signed(desk: Desk, client_for: Browser) -> None:
    desk.record("tidy")
    desk.post()
    posting = Posting.objects.get()
    own = client_for(desk.cast.villager(desk.zhang)).get(reverse("scoring:posting", args=[posting.pk])).text
    assert "石岭岗村审核委员会（2人签字）" in own and "李委员" not in own
    staff = client_for(desk.officer).get(reverse("scoring:office_posting", args=[posting.pk])).text
    assert "李委员、吴委员" in staff


def test_a_correction_names_who_made_it_and_is_no_deduction(desk: Desk, client_for: Browser) -> None:
    desk.record("tidy")
    desk.post()
    posting = Posting.objects.get()
    form = {"reason": "不是这一户。"}
    client_for(desk.officer).post(reverse("scoring:office_posting", args=[posting.pk]), form)
    villager = client_for(desk.cast.villager(desk.zhang))
    assert '<span class="badge badge-info">更正</span>' in villager.get(reverse("scoring:passbook")).text
    reversal = Posting.objects.get(reverses=posting)
    page = villager.get(reverse("scoring:posting", args=[reversal.pk])).text
    assert f"<dt>经办</dt><dd>{desk.officer.display_name}</dd>" in page and "不是这一户。更正的是" in page
    assert "审核委员会" not in page


def test_a_supervisor_reads_everything_and_decides_nothing(desk: Desk, client_for: Browser) -> None:
    told = desk.record("tidy")
    sheet = desk.sheet()
    browser = client_for(desk.cast.supervisor())
    for name, args in (
        ("sheets", []), ("sheet", [sheet.pk]), ("declarations", []), ("declaration", [told.pk]), ("village_rules", []),
    ):  # fmt: skip
        assert browser.get(reverse(f"scoring:{name}", args=args)).status_code == 200, name
    assert browser.post(reverse("scoring:sheet_act", args=[sheet.pk, "plain"])).status_code == 403
    assert browser.post(reverse("scoring:declaration", args=[told.pk])).status_code == 403


def test_a_form_asks_for_the_rules_own_fields(desk: Desk, client_for: Browser) -> None:
    browser = client_for(desk.steward)
    page = browser.get(_record(desk, "wedding")).content.decode()
    assert "桌数（桌）" in page and "日期" in page and "是否简办" in page
    refused = browser.post(_record(desk, "wedding"), _deed(input_tables="99", input_simple="是", input_kind="婚事"))
    assert refused.status_code == 422 and "不超过15桌" in refused.content.decode()
    kept = browser.post(_record(desk, "wedding"), _deed(input_tables="１２桌", input_simple="是", input_kind="婚事"))
    assert kept.status_code == 302 and Declaration.objects.get().facts["inputs"]["tables"] == "12"
    told = desk.record("wedding", facts={"inputs": {"tables": "0.0003万桌", "simple": "是", "kind": "婚事"}})
    assert told.facts["inputs"]["tables"] == "3"


def test_a_month_is_opened_before_the_clock_does(desk: Desk, client_for: Browser) -> None:
    browser = client_for(desk.li)
    assert "开始" in browser.get(reverse("scoring:sheets")).content.decode()
    browser.post(f"{reverse('scoring:open_sheet')}?village={desk.village.pk}", {"month": MONTH.isoformat()})
    assert Review.objects.get().month == MONTH


def test_lists_are_filtered_and_deeds_tell_their_way(desk: Desk, client_for: Browser) -> None:
    told = desk.record("tidy")
    desk.post()
    ledger.reverse(posting=Posting.objects.get(), reason="认错户", by=desk.by)
    browser = client_for(desk.officer)
    rows = browser.get(reverse("scoring:declarations"), {"state": "posted", "q": "张三"}).content.decode()
    assert "庭院整洁" in rows
    assert "庭院整洁" not in browser.get(reverse("scoring:declarations"), {"q": "李四"}).content.decode()
    way = browser.get(reverse("scoring:declaration", args=[told.pk])).content.decode()
    assert "记入台账" in way and "认错户" in way and "镇里已备案" in way


def test_staff_read_what_was_counted_without_a_rules_code(desk: Desk, client_for: Browser) -> None:
    browser = client_for(desk.steward)
    saved = browser.post(_record(desk, "trees"), _deed(quantity="2")).headers["Location"]
    told, refused = Declaration.objects.get(), browser.post(_record(desk, "trees"), _deed(quantity="0"))
    pages = [browser.get(url) for url in (saved, reverse("scoring:declaration", args=[told.pk]))]
    for page in (*pages, refused):
        assert "规则TREES" not in page.content.decode()
    assert all("细则：植树3分/棵 × 2棵" in page.content.decode() for page in pages)
    assert "“植树”的数量应当大于0棵" in refused.content.decode()


def test_a_page_of_another_village_does_not_exist(desk: Desk, client_for: Browser) -> None:
    told, sheet = desk.record("tidy"), desk.sheet()
    other = client_for(desk.cast.steward(desk.cast.village("李家村"), name="钱管理"))
    for name, args in (("declaration", [told.pk]), ("sheet", [sheet.pk]), ("village_passbook", [desk.zhang.number])):
        assert other.get(reverse(f"scoring:{name}", args=args)).status_code == 404
    assert other.get(reverse("scoring:declarations"), {"village": desk.village.pk}).status_code == 404
    assert other.get(reverse("scoring:months")).status_code == 403


def test_the_office_returns_a_month_with_a_word(desk: Desk, client_for: Browser) -> None:
    section = {"review": {"after": "confirmation", "quorum": "0.5", "majority": "0.5"}}
    policies.install(section=section, effective_from=DAY, by=SYSTEM)
    filing = desk.decide_all(desk.sheet())
    browser = client_for(desk.officer)
    browser.post(reverse("scoring:answer"), {"filing": [filing.pk], "verdict": "return"})
    assert Review.objects.get().state == "decided"
    browser.post(reverse("scoring:answer"), {"filing": [filing.pk], "verdict": "return", "note": "请核对"})
    assert Review.objects.get().state == "returned"
    assert browser.get(reverse("scoring:months"), {"month": "13月"}).status_code == 404
    assert "请核对" in browser.get(reverse("scoring:sheet", args=[filing.review_id])).content.decode()


def _record(desk: Desk, code: str) -> str:
    return f"{reverse('scoring:record')}?household={desk.zhang.number}&rule={desk.rule_in_force(code).pk}"


def _deed(**more: Any) -> dict[str, Any]:
    return {"happened_on": MONTH.isoformat(), "place": "村口", "reason": "见照片", "channel": "oral"} | more
