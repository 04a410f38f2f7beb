"""An item that is switched off is never shown as one that counts."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from scoring.rules import diffs
from scoring.selectors import rulebooks as books
from tests.clients import ApiClient
from tests.scoring.desk import RULES, Desk, scheme, switch_off

Browser = Callable[..., Any]
COUNT = len(RULES)


def test_the_rulebooks_pages_mark_it_and_do_not_count_it(desk: Desk, client_for: Browser) -> None:
    switch_off(desk, "litter")
    for user, name in ((desk.officer, "rules"), (desk.steward, "village_rules")):
        text = client_for(user).get(reverse(f"scoring:{name}")).content.decode()
        assert f"共{COUNT - 1}条，另有1条已停用" in text
        assert '<strong>乱扔垃圾</strong> <span class="badge">停用</span>' in text
        assert text.count('<span class="badge">停用</span>') == 1


def test_a_version_tells_of_it(desk: Desk, client_for: Browser) -> None:
    version = switch_off(desk, "litter").version
    text = client_for(desk.officer).get(reverse("scoring:office_version", args=[version.pk])).content.decode()
    assert f"共{COUNT - 1}条，另有1条停用（乱扔垃圾）" in text


def test_a_first_version_says_that_it_does_not_begin_yet(desk: Desk) -> None:
    version = switch_off(desk, "litter").version
    lines = {line.code: line.text for line in books.difference(None, version)}
    assert lines["litter"] == "新增“乱扔垃圾”，暂不启用。"
    assert lines["tidy"].startswith("新增“庭院整洁”：")
    assert diffs.diff(scheme().rulebook, books.whole(version))[0].kind == "off"


def test_programs_are_told(desk: Desk, api_client: Callable[..., ApiClient]) -> None:
    switch_off(desk, "litter")
    found = api_client(desk.steward).get("/api/v1/rules/", {"village": desk.village.pk}).json()["results"]
    assert {rule["code"] for rule in found if not rule["is_active"]} == {"litter"}
    assert len(found) == COUNT
