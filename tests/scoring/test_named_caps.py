"""One cap over several items that are no class: 第3、5两项合计每年不超过10分."""

from collections.abc import Callable

import pytest

from scoring.models import CapUse, Posting
from scoring.rules import printing, workbook
from scoring.rules.printing import Cover
from scoring.rules.workbook import Imported
from scoring.selectors import drafts as seen
from scoring.services import ledger
from scoring.verify import checks
from tests.clients import PageClient
from tests.scoring import wide
from tests.scoring.desk import Desk, last_year, rule
from tests.scoring.rulebooks import Office
from tests.scoring.rules.annexes import HEAD, sheet
from tests.scoring.test_draft_imports import take
from tests.scoring.test_rulebook_book_pages import at, now, settings_form, text
from tests.scoring.test_whatif import book, tried

Browser = Callable[..., PageClient]
ITEMS = [
    rule("blood", "献血", 3, number="3"), rule("song", "唱歌", 1, number="4"), rule("money", "捐款", 2, number="5"),
]  # fmt: skip
CAP = {"kind": "points", "value": "6", "period": "year", "rules": ["blood", "money"]}


@pytest.fixture
def capped(desk: Desk) -> Desk:
    last_year(desk, sealed=False)
    wide.install(desk, more=ITEMS, settings={"limits": [CAP]})
    return desk


def post(desk: Desk, *codes: str) -> None:
    for code in codes:
        desk.record(code)
    desk.post()


def all_hold() -> None:
    assert [check.title for check in checks() if check.breaches()] == []


def test_two_items_share_one_cap_and_a_third_has_none(capped: Desk) -> None:
    post(capped, "blood", "song", "song", "money", "money")
    assert capped.merit() == 8
    told = Posting.objects.get(declaration__rule__code="money", entries__amount=1, entries__measure="merit")
    assert "本年规则3、规则5合计上限6分，已得5分，计1分" in told.explanation
    all_hold()


def test_what_is_reversed_frees_the_cap_for_the_other_item(capped: Desk) -> None:
    post(capped, "blood", "blood")
    ledger.reverse(posting=Posting.objects.earliest("pk"), reason="认错户", by=capped.by)
    assert capped.merit() == 3 and CapUse.objects.get(rule_code="*").used == 3
    all_hold()


def test_what_if_gives_the_same_and_tries_another_cap(capped: Desk) -> None:
    post(capped, "blood", "money", "money")
    assert capped.merit() == 6
    same = tried(capped, book())
    assert same.summary is not None and same.summary["merit"] == {"before": "6", "after": "6"}
    wider = book().model_copy(update={"settings": book().settings.model_copy(update={"limits": ()})})
    run = tried(capped, wider)
    assert run.summary is not None and run.summary["merit"] == {"before": "6", "after": "7"}


def test_the_printed_rulebook_names_the_items(capped: Desk) -> None:
    told = printing.told(book(), Cover("细则", "村", "镇", "", None))
    assert "“献血”（3）、“捐款”（5）加分合计每户每年最多6分" in told["settings"]


def test_the_town_names_the_items_on_the_page_by_their_numbers(office: Office, client_for: Browser) -> None:
    wide.install(office.desk, more=ITEMS)
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    sent = settings_form(browser, draft) | {"shared-named": "3、捐款", "shared-value": "10", "shared-period": "year"}
    browser.post(at("draft_settings", draft), sent)
    [limit] = seen.whole(now(draft)).settings.limits
    assert (limit.rules, limit.text) == (("blood", "money"), "每户每年最多10分")
    form = settings_form(browser, draft)
    assert form["shared-named"] == ["3、5", ""]
    browser.post(at("draft_settings", draft), form)
    assert seen.whole(now(draft)).settings.limits == (limit,)


@pytest.mark.parametrize(("named", "why"), [("3、第99条", "没有“第99条”这一条"), ("3", "至少写两个条目")])
def test_items_that_are_not_there_are_told_on_the_page(
    office: Office, client_for: Browser, named: str, why: str
) -> None:
    wide.install(office.desk, more=ITEMS)
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    answer = browser.post(
        at("draft_settings", draft), settings_form(browser, draft) | {"shared-named": named, "shared-value": "10"}
    )
    assert answer.status_code == 422 and why in text(answer)


LIST = [
    ["3", "人居环境", "公益", "义务献血", "3分/次", "第3、5两项合计每年不超过10分"],
    ["5", "人居环境", "公益", "爱心捐款", "2分/次", ""],
]


def listed() -> Imported:
    return workbook.read(sheet(["编号", *HEAD, "上限"], *LIST, title="正面清单"), "清单.xlsx")


@pytest.mark.parametrize("again", [False, True])
def test_a_list_brings_its_cap_into_the_draft_under_the_codes_the_items_get(office: Office, again: bool) -> None:
    draft = office.town_draft()
    for _ in range(1 + again):
        take(office, draft, listed())
    book = seen.whole(draft)
    *_, limit = book.settings.limits
    assert [book.rule(code).title for code in limit.rules] == ["义务献血", "爱心捐款"]
    assert limit.rules == tuple(rule.code for rule in book.rules[-2:])
    assert len(book.settings.limits) == 1


def test_a_village_is_told_that_only_the_town_caps_items_together(office: Office) -> None:
    told = take(office, office.village_draft(), listed())
    assert told.added == 2 and "只能写在镇里的细则里" in told.problems[-1].text


def of_class(value: int) -> Imported:
    rows = [["3", "人居环境", "公益", "义务献血", "3分/次", f"本大类每年最高{value}分"]]
    return workbook.read(sheet(["编号", *HEAD, "上限"], *rows, title="正面清单"), "清单.xlsx")


def test_a_list_brings_the_cap_of_its_main_class_into_the_draft_once(office: Office) -> None:
    draft = office.town_draft()
    for _ in range(2):
        assert not take(office, draft, of_class(50)).problems
    [category] = [one for one in seen.whole(draft).categories if one.name == "人居环境"]
    assert [one.text for one in category.limits].count("每户每年最多50分") == 1
    told = take(office, draft, of_class(60))
    assert "已经写着“每户每年最多50分”" in told.problems[-1].text and "没有读进来" in told.problems[-1].text


def test_a_village_is_told_that_only_the_town_caps_a_main_class_of_its_own(office: Office) -> None:
    told = take(office, office.village_draft(), of_class(50))
    assert "大类“人居环境”的“每户每年最多50分”只能写在镇里的细则里" in told.problems[-1].text
