"""What a town locked or bounded, in the editor of a village: read before it is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from scoring.models import Draft
from scoring.selectors import drafts as seen
from scoring.services import drafts, versions
from tests.scoring.desk import NOW
from tests.scoring.page_forms import form_on
from tests.scoring.rulebooks import Office

Browser = Callable[..., Any]
BOUNDS = {
    "items": [
        {"code": "help", "locked": True},
        {"code": "tidy", "least": 1, "most": 3},
        {"code": "litter", "keep": True},
    ]
}


def page(browser: Any, draft: Draft, code: str) -> str:
    return str(browser.get(reverse("scoring:village_item", args=[draft.pk, code])).content.decode())


@pytest.fixture
def draft(office: Office) -> Draft:
    """Of a village, on a town's rulebook that locks one item, bounds another and keeps a third in use."""
    town = office.town_draft()
    drafts.save_settings(draft=town, revision=0, bounds=BOUNDS, by=office.zhou)
    versions.approve(version=office.submit(office.ready(town), NOW), by=office.zhou)
    return office.village_draft()


def test_a_locked_item_is_read_only_and_says_who_fixed_it(office: Office, draft: Draft, client_for: Browser) -> None:
    browser = client_for(office.desk.steward)
    locked, free = page(browser, draft, "help"), page(browser, draft, "trees")
    assert "由镇里统一规定" in locked and "#lock" in locked and "由镇里统一规定" not in free
    parts = locked.count("<fieldset")
    assert locked.count(" disabled>") == parts > 3 and " disabled>" not in free
    assert "本村停用这一条" not in locked and "本村停用这一条" in free


def test_a_locked_item_is_marked_in_the_list(office: Office, draft: Draft, client_for: Browser) -> None:
    browser = client_for(office.desk.steward)
    listed = browser.get(reverse("scoring:village_draft", args=[draft.pk])).content.decode()
    [marked] = [part for part in listed.split('id="item-') if "由镇里统一规定" in part]
    assert marked.startswith("help")


def test_a_bounded_item_tells_its_bounds_and_can_be_changed(office: Office, draft: Draft, client_for: Browser) -> None:
    told = page(client_for(office.desk.steward), draft, "tidy")
    assert "分值1至3分" in told and " disabled>" not in told


def test_an_item_that_stays_in_use_offers_no_switch(office: Office, draft: Draft, client_for: Browser) -> None:
    told = page(client_for(office.desk.steward), draft, "litter")
    assert "不能停用" in told and 'value="off"' not in told


def test_what_was_changed_before_the_lock_is_given_up_there(office: Office, draft: Draft, client_for: Browser) -> None:
    office.amend(draft, "help", points=9)
    browser = client_for(office.desk.steward)
    told = page(browser, draft, "help")
    assert "请改回镇里的" in told and "改回镇里的</button>" in told
    act = reverse("scoring:village_item_act", args=[draft.pk, "help"])
    browser.post(act, {"act": "on", "revision": draft.items.get(code="help").revision})
    assert not seen.problems(draft) and not seen.kept_items(draft)


def test_the_town_opens_the_item_that_it_locked(office: Office, draft: Draft, client_for: Browser) -> None:
    town = office.town_draft()
    told = client_for(office.desk.cast.admin()).get(reverse("scoring:office_item", args=[town.pk, "help"]))
    content = told.content.decode()
    assert " disabled>" not in content and "由镇里统一规定" not in content and form_on(content)
