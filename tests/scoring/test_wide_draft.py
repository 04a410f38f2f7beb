"""A rulebook of eighty items is listed, checked and saved with as little work as a small one, item by item."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from scoring.models import Draft, DraftItem
from scoring.selectors import drafts as seen
from scoring.services import draft_checks
from tests import questions
from tests.scoring.desk import NOW, rule
from tests.scoring.rulebooks import Office

Browser = Callable[..., Any]
OTHERS = 3
"""Statements about the session that a request may or may not need; far fewer than the items that were added."""
CHECKED_BY = 30
"""Statements of one check, however many items there are."""


def filled(office: Office, size: int) -> Draft:
    """A draft of the town with ``size`` items."""
    draft = office.town_draft()
    fill(draft, size)
    return draft


def fill(draft: Draft, size: int) -> None:
    there = draft.items.count()
    stamp = {"changed_at": draft.changed_at, "changed_by_name": "周主任"}
    DraftItem.objects.bulk_create(
        DraftItem(
            draft=draft, code=f"w-{n}", position=n, body=rule(f"w-{n}", f"{NOW.year}年第{n}号事", 1 + n % 5), **stamp
        )
        for n in range(there, size)
    )


def queries(browser: Any, address: str) -> int:
    browser.get(address)
    with questions.asked() as found:
        assert browser.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("name", ["draft", "way", "draft_settings", "draft_bounds"])
def test_a_page_asks_the_database_as_often_for_eighty_items(office: Office, client_for: Browser, name: str) -> None:
    browser = client_for(office.desk.cast.admin())
    draft = filled(office, 20)
    few = queries(browser, reverse(f"scoring:office_{name}", args=[draft.pk]))
    fill(draft, 80)
    assert queries(browser, reverse(f"scoring:office_{name}", args=[draft.pk])) <= few + OTHERS


def test_after_one_change_one_item_is_read_anew(office: Office, client_for: Browser) -> None:
    browser = client_for(office.desk.cast.admin())
    draft = filled(office, 80)
    address = reverse("scoring:office_draft", args=[draft.pk])
    browser.get(address)
    office.price(draft, "w-40", points=9)
    before = seen._read.cache_info().misses, seen._book.cache_info().misses
    page = browser.get(address)
    after = seen._read.cache_info().misses, seen._book.cache_info().misses
    assert "+9分" in page.content.decode()
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)


def test_a_fault_among_eighty_items_is_found_by_one_check(office: Office) -> None:
    draft = filled(office, 80)
    twin = draft.items.get(code="w-79")
    twin.body = {
        **twin.body,
        "title": f"{NOW.year}年第40号事",
        "text": f"{NOW.year}年第40号事。",
        "category": "人居环境",
    }
    twin.save(update_fields=["body"])
    with questions.asked() as found:
        checked = draft_checks.check(draft=draft, by=office.zhou)
    assert checked.findings.filter(codes__contains=["w-79"]).exists() and len(found) <= CHECKED_BY
