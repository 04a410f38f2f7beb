"""The editor of rulebooks: a draft as a list, an item as a sentence, and what two people see of each other."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from scoring.models import Draft, DraftItem
from scoring.selectors import drafts as seen
from tests.scoring.page_forms import form_on
from tests.scoring.rulebooks import Office

Browser = Callable[..., Any]
HX = {"HTTP_HX_REQUEST": "true"}


def admin(office: Office, client_for: Browser) -> Any:
    return client_for(office.desk.cast.admin())


def at(name: str, draft: Draft, *more: str, area: str = "office") -> str:
    return reverse(f"scoring:{area}_{name}", args=[draft.pk, *more])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def item(draft: Draft, code: str = "tidy") -> DraftItem:
    return draft.items.get(code=code)


def sent(draft: Draft, code: str = "tidy", **more: Any) -> dict[str, Any]:
    """The form of an item as the page sends it, with other blanks."""
    held = item(draft, code)
    body = held.body
    told = {name: body[name] for name in ("category", "matter", "title", "text", "sign")}
    return told | {"revision": held.revision, "kind": "fixed", "fixed-points": "2"} | more


def test_the_town_begins_with_a_template(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    page = text(browser.get(reverse("scoring:office_rulebooks")))
    assert "用这份开始" in page and "从 Excel 导入" in page
    answer = browser.post(reverse("scoring:office_open"), {"start": "template:seed_002"}, follow=True)
    assert Draft.objects.get().items.count() > 20 and "扣分" in text(answer)


def test_a_draft_lists_items_and_says_what_it_changes(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    office.price(draft, points=5)
    page = text(admin(office, client_for).get(at("draft", draft)))
    assert "庭院整洁" in page and "乱扔垃圾" in page and "分值原来+2分,现在+5分" in page


def test_a_draft_is_searched(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    page = text(admin(office, client_for).get(at("draft", draft), {"q": "植树"}))
    assert "植树" in page and "庭院整洁" not in page


def test_an_item_is_saved_while_it_is_written(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    told = sent(draft, kind="per_unit", **{"per_unit-points": "3", "per_unit-unit": "棵", "per_unit-each": "1"})
    told |= {"limit-at": "", "limit-scope": "household", "limit-period": "month", "limit-value": "30",
             "limit-kind": "points", "evidence": "required", "photos": "1"}  # fmt: skip
    page = text(admin(office, client_for).post(at("item", draft, "tidy"), told, **HX))
    assert "庭院整洁:+3分/棵,每户每月最多30分,佐证须有。" in page and "已保存" in page
    body = item(draft).body
    assert body["amount"]["unit"] == "棵" and body["proofs"] == [{"kind": "photo", "least": 1}]
    assert f'name="revision" id="revision" value="{item(draft).revision}"' in page


def test_what_is_missing_is_told_in_words(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    page = text(admin(office, client_for).post(at("item", draft, "tidy"), sent(draft, **{"fixed-points": ""}), **HX))
    assert "分值没有填" in page and "amount" not in page


def test_the_slower_of_two_sees_the_others_change(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    mine = sent(draft, **{"fixed-points": "9"})
    office.price(draft, points=4)
    page = text(admin(office, client_for).post(at("item", draft, "tidy"), mine, **HX))
    assert "已经改过这一条" in page and "+4分" in page and "仍用我填的" in page
    assert item(draft).body["amount"]["points"] == "4"


@pytest.mark.parametrize("code", ["tidy", "help", "trees", "host", "prize", "wedding", "litter", "illegal"])
def test_saving_an_item_without_a_change_changes_nothing(office: Office, client_for: Browser, code: str) -> None:
    draft = office.town_draft()
    browser = admin(office, client_for)
    before = seen.whole(draft)
    form = form_on(text(browser.get(at("item", draft, code))))
    browser.post(at("item", draft, code), form, **HX)
    assert seen.whole(Draft.objects.get()) == before


def test_an_item_is_tried_without_the_ledger(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    page = text(admin(office, client_for).get(at("item_try", draft, "help"), {"times": "3"}))
    assert "第3次" in page and "合计" in page and "+12" in page


def test_a_condition_is_checked_while_it_is_typed(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    browser = admin(office, client_for)
    assert "读得懂" in text(browser.post(at("item_check", draft, "wedding"), {"condition-when": "tables <= 15"}))
    wrong = text(browser.post(at("item_check", draft, "wedding"), {"condition-when": "tables <= "}))
    assert "cel-wrong" in wrong


def test_a_steward_does_not_see_the_towns_draft(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    assert client_for(office.desk.steward).get(at("draft", draft)).status_code == 403
    assert client_for(office.desk.steward).get(at("draft", draft, area="village")).status_code == 404
