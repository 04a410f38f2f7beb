"""A list in Excel on pages: what is read becomes a draft, or goes into the one that is open."""

import io
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from jifen.kernel.actors import SYSTEM
from scoring.models import Draft, DraftState
from scoring.rules import workbook
from scoring.selectors import drafts as seen
from scoring.services import drafts, versions
from tests.scoring.page_forms import form_on
from tests.scoring.rulebooks import Office
from tests.scoring.rules.annexes import HEAD, sheet

Browser = Callable[..., Any]
ROWS = (
    ["人居环境", "植绿", "河边种树", "加2分/次"],
    ["人居环境", "日常", "庭院整洁", "加7分/次"],
    ["人居环境", "植绿", "浇水", "视情况"],
)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def file(*rows: list[str]) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("清单.xlsx", sheet(HEAD, *rows, title="正面清单"))}


def admin(office: Office, client_for: Browser) -> Any:
    return client_for(office.desk.cast.admin())


def address(draft: Draft, step: str = "", area: str = "office") -> str:
    return reverse(f"scoring:{area}_draft_import{step}", args=[draft.pk])


def titles(draft: Draft) -> dict[str, str]:
    return {rule.title: rule.code for rule in seen.whole(draft).rules}


def test_new_items_read_on_the_page_are_no_items_in_force(office: Office, client_for: Browser) -> None:
    first = office.town_draft()
    drafts.add_item(draft=first, body={**first.items.get(code="tidy").body, "code": "rj-01", "title": "扫雪",
                                       "text": "门前扫雪"}, by=office.zhou)  # fmt: skip
    office.ready(first)
    versions.approve(version=office.submit(first), by=SYSTEM)
    browser = admin(office, client_for)
    page = text(browser.post(reverse("scoring:office_import"), file(*ROWS)))
    assert "其中1条现行细则里已有" in page and "现行细则里已有：现在是“庭院整洁”" in page
    browser.post(reverse("scoring:office_import_keep"), form_on(page, "keep-form"))
    draft = Draft.objects.get(state=DraftState.OPEN)
    assert titles(draft) == {"河边种树": "rj-03", "庭院整洁": "tidy"}
    assert not any("改名为" in line.text for line in seen.difference(draft))


def test_a_new_draft_keeps_what_a_list_cannot_say(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    rows = (["人居环境", "移风易俗", "红事简办", "加9分/次"], ["人居环境", "日常", "帮助邻居", "加6分/次"])
    page = text(browser.post(reverse("scoring:office_import"), file(*rows)))
    assert "表里没有写的照旧：填写项、条件" in page and "表里没有写的照旧：对象、上限、" in page
    assert "表里没有，修订稿里先拿掉" in page
    browser.post(reverse("scoring:office_import_keep"), form_on(page, "keep-form"))
    draft = Draft.objects.get(state=DraftState.OPEN)
    made, help_ = seen.whole(draft).rule("wedding"), seen.whole(draft).rule("help")
    assert (made.price_text, len(made.inputs), len(made.conditions)) == ("+9分/次", 5, 1)
    assert (help_.price_text, int(help_.limits[0].value), help_.subject) == ("+6分/次", 12, "resident")
    assert len(titles(draft)) == 2 and draft.base is not None


def test_what_is_read_goes_into_the_draft_that_is_open(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    before = len(seen.whole(draft).rules)
    assert f"《{draft.title}》" in text(browser.get(reverse("scoring:office_import")))
    page = text(browser.post(reverse("scoring:office_import"), file(*ROWS)))
    assert "放进修订稿" in page and "变成修订稿" not in page
    answer = browser.post(address(draft, "_keep"), form_on(page, "keep-form"), follow=True)
    assert "新增1条，改了1条" in text(answer) and "另有1处没有读懂" in text(answer)
    whole = seen.whole(draft)
    assert (len(whole.rules), whole.rule("tidy").price_text) == (before + 1, "+7分/次")


def test_what_was_read_is_not_lost_when_somebody_opened_a_draft_meanwhile(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    form = form_on(text(browser.post(reverse("scoring:office_import"), file(*ROWS))), "keep-form")
    form["code"].remove("rj-01")
    draft = office.town_draft()
    answer = browser.post(reverse("scoring:office_import_keep"), form)
    page = text(answer)
    assert answer.status_code == 422 and "周主任" in page and "河边种树" in page
    assert address(draft, "_keep") in page
    again = form_on(page, "keep-form")
    assert again["code"] == form["code"]
    browser.post(address(draft, "_keep"), again)
    assert seen.whole(draft).rule("tidy").price_text == "+7分/次" and "河边种树" not in titles(draft)


def test_nothing_ticked_keeps_the_preview(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    form = form_on(text(browser.post(reverse("scoring:office_import"), file(*ROWS))), "keep-form")
    answer = browser.post(reverse("scoring:office_import_keep"), form | {"code": []})
    assert "一条也没有勾" in text(answer) and "河边种树" in text(answer) and not Draft.objects.exists()


def test_a_draft_that_is_being_decided_is_told_of_before_a_file_is_chosen(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    office.price(draft)
    office.ready(draft)
    office.submit(draft)
    page = text(browser.get(reverse("scoring:office_import")))
    assert "修订稿正在审批" in page and reverse("scoring:office_draft", args=[draft.pk]) in page
    shown = text(browser.post(reverse("scoring:office_import"), file(*ROWS)))
    assert "河边种树" in shown and "放进修订稿</button>" not in shown
    refused = browser.post(address(draft, "_keep"), form_on(shown, "keep-form"))
    assert refused.status_code == 422 and "河边种树" in text(refused)


def test_a_village_reads_a_list_into_its_draft(office: Office, client_for: Browser) -> None:
    draft, browser = office.village_draft(), client_for(office.desk.steward)
    there = text(browser.get(reverse("scoring:village_draft", args=[draft.pk])))
    assert address(draft, area="village") in there
    page = text(browser.post(address(draft, area="village"), file(*ROWS)))
    browser.post(address(draft, "_keep", area="village"), form_on(page, "keep-form"))
    kinds = {one.code: one.kind for one in seen.changes(draft).changes}
    assert kinds == {"rj-01": "add", "tidy": "amend"}
    left = browser.post(address(draft, "_unread", area="village"), {"unread": form_on(page, "keep-form")["unread"]})
    assert left.headers["Content-Type"].startswith("application/vnd")


def test_an_exported_list_comes_back_as_the_same_items(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    whole = seen.whole(draft)
    made = load_workbook(io.BytesIO(workbook.write(whole)))
    for row in made.worksheets[0].iter_rows():
        for cell in row:
            cell.value = {"庭院整洁": "院子干净", "庭院整洁。": "院子里外干净"}.get(str(cell.value), cell.value)
    changed = io.BytesIO()
    made.save(changed)
    sent = {"file": SimpleUploadedFile("细则.xlsx", changed.getvalue())}
    page = text(browser.post(address(draft), sent))
    assert page.count("没有改动") == len(whole.rules) - 1
    browser.post(address(draft, "_keep"), form_on(page, "keep-form"))
    assert titles(draft)["院子干净"] == "tidy" and len(titles(draft)) == len(whole.rules)


def test_a_sheet_without_signs_is_answered_once_and_keeps_what_was_read(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    rows = (["人居环境", "植绿", "河边种树", "2分/次"], ["人居环境", "植绿", "浇水", "3分"],
            ["人居环境", "日常", "庭院整洁", "加7分/次，最多10分"])  # fmt: skip
    sent = {"file": SimpleUploadedFile("清单.xlsx", sheet(HEAD, *rows, title="细则"))}
    page = text(browser.post(reverse("scoring:office_import"), sent))
    assert "看不出是加分还是扣分" not in page.split("<textarea")[0] and "“细则”有2行" in page and "按每年读" in page
    told = form_on(page, "keep-form") | {"sign": "negative:细则", "title": "新细则"}
    answered = text(browser.post(reverse("scoring:office_import_signs"), told))
    assert "有2行" not in answered and "按每年读" in answered and "新细则" in answered and "原文 细则" in answered
    browser.post(reverse("scoring:office_import_keep"), form_on(answered, "keep-form"))
    draft = Draft.objects.get(state=DraftState.OPEN)
    assert {rule.title: rule.price_text for rule in seen.whole(draft).rules} == {
        "河边种树": "−2分/次", "浇水": "−3分", "庭院整洁": "+7分/次",
    }  # fmt: skip
    refused = browser.post(reverse("scoring:office_import_signs"), told | {"sign": "negative:没有"}, follow=True)
    assert "“没有”没有要问加分还是扣分的行" in text(refused)


def test_a_sheet_of_which_nothing_is_read_is_answered_too(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    sent = {"file": SimpleUploadedFile("清单.xlsx", sheet(HEAD, ["人居环境", "植绿", "浇水", "3分"], title="细则"))}
    page = text(browser.post(address(draft), sent))
    assert (
        "有0处没有读懂，另有1行要先问一句" in page and "先在下面回答一次" in page and "放进修订稿</button>" not in page
    )
    told = form_on(page, "keep-form") | {"sign": "positive:细则"}
    answered = text(browser.post(address(draft, "_signs"), told))
    browser.post(address(draft, "_keep"), form_on(answered, "keep-form"))
    assert "浇水" in titles(draft)
