"""What could not be read of a town's list stays with the draft until somebody ticks it off."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scoring.models import Draft
from scoring.rules import workbook
from tests.clients import api_client
from tests.scoring.page_forms import form_on
from tests.scoring.rulebooks import Office
from tests.scoring.rules.annexes import HEAD, sheet
from tests.scoring.test_rulebook_pages import admin, at, text

Browser = Callable[..., Any]
READ = ["乡风文明", "互助", "帮助邻居", "加5分/次"]
OPEN = ["乡风文明", "节俭", "不讲排场", "视情况加分"]
OTHER = ["平安建设", "巡逻", "夜里巡逻", "若干"]


def looked(browser: Any, *rows: list[str]) -> str:
    file = SimpleUploadedFile("我镇清单.xlsx", sheet(HEAD, *rows))
    return text(browser.post(reverse("scoring:office_import"), {"file": file}))


def begun(browser: Any, *rows: list[str]) -> Draft:
    browser.post(reverse("scoring:office_import_keep"), form_on(looked(browser, *rows), "keep-form"))
    return Draft.objects.get()


def lines(body: bytes) -> list[str]:
    """Why each line of a workbook handed back was not read."""
    return [one.text for one in workbook.read(body, "改正.xlsx").problems]


def test_what_was_not_read_is_listed_with_the_draft(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    draft = begun(browser, READ, OPEN, OTHER)
    page = text(browser.get(at("draft", draft)))
    assert "还有2处" in page and "视情况加分" in page and "若干" in page
    assert "“视情况加分”没有说清到底几分" in page and "照原文补一条" in page and "不讲排场" in page
    assert lines(browser.get(at("unread", draft)).content) == ["视情况加分", "若干"]


def test_one_that_is_ticked_off_goes_and_may_come_back(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    draft = begun(browser, READ, OPEN, OTHER)
    one = draft.unread.get(text="若干")
    browser.post(at("unread_tick", draft, str(one.pk)))
    page = text(browser.get(at("draft", draft)))
    assert "还有1处" in page and "已勾掉的1处" in page
    assert lines(browser.get(at("unread", draft)).content) == ["视情况加分"]
    browser.post(at("unread_tick", draft, str(one.pk)), {"done": "no"})
    assert "还有2处" in text(browser.get(at("draft", draft)))


def test_it_stays_while_the_draft_is_written(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    draft = begun(browser, READ, OPEN)
    browser.post(at("draft_add", draft), {"sign": "positive"})
    assert "还有1处" in text(browser.get(at("draft", draft)))


def test_the_preview_hands_back_the_lines_to_be_corrected(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    page = looked(browser, READ, OPEN)
    left = form_on(page, "keep-form")["unread"]
    answer = browser.post(reverse("scoring:office_import_unread"), {"unread": left})
    assert lines(answer.content) == ["视情况加分"] and reverse("scoring:office_import_unread") in page
    assert browser.post(reverse("scoring:office_import_unread"), {"unread": "[1"}).status_code == 302


def test_a_file_of_which_nothing_was_read_makes_no_draft(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    page = looked(browser, OPEN, OTHER)
    assert "一条也没有读出来" in page and "变成修订稿" not in page and "需要改正的行" in page


def test_a_list_without_a_tick_makes_no_draft(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    form = form_on(looked(browser, READ), "keep-form") | {"code": []}
    answer = browser.post(reverse("scoring:office_import_keep"), form, follow=True)
    assert "请至少勾一条" in text(answer) and not Draft.objects.exists()


def test_a_program_reads_the_list_and_ticks_off(office: Office) -> None:
    draft = office.town_draft()
    client, address = api_client(office.desk.cast.admin()), f"/api/v1/rulebook-drafts/{draft.pk}/"
    file = SimpleUploadedFile("清单.xlsx", sheet(HEAD, READ, OPEN, title="正面清单"))
    client.post(f"{address}import/", {"file": file}, format="multipart", HTTP_IDEMPOTENCY_KEY="take")
    [one] = client.get(address).json()["unread"]
    told = client.post(f"{address}tick/", {"unread": one["id"]}, format="json", HTTP_IDEMPOTENCY_KEY="tick")
    assert (told.status_code, told.json()["done_by_name"]) == (200, office.zhou.name)
    gone = client.post(f"{address}tick/", {"unread": 0}, format="json", HTTP_IDEMPOTENCY_KEY="gone")
    assert (gone.status_code, gone.json()["code"]) == (404, "unread_unknown")


def test_a_second_file_adds_what_is_new_and_a_whole_one_begins_anew(office: Office) -> None:
    draft = office.town_draft()
    client, address = api_client(office.desk.cast.admin()), f"/api/v1/rulebook-drafts/{draft.pk}/import/"
    for place, (rows, told) in enumerate([([READ, OPEN], {}), ([READ, OPEN, OTHER], {}), ([READ], {"whole": True})]):
        file = SimpleUploadedFile("清单.xlsx", sheet(HEAD, *rows, title="正面清单"))
        client.post(address, {"file": file} | told, format="multipart", HTTP_IDEMPOTENCY_KEY=f"take-{place}")
        assert draft.unread.count() == (1, 2, 0)[place]
