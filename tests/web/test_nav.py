"""Menus: rooms register entries, people see what they may open."""

from collections.abc import Iterator

import pytest
from django.test import RequestFactory

from jifen.kernel.permissions import Permission
from jifen.web import context, nav


class Fake(Permission):
    FILE = "fake.file"


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(nav, "_entries", {})
    monkeypatch.setattr(nav, "reverse", lambda view: f"/office/{view}/")
    yield


def test_the_longest_matching_entry_is_the_current_one() -> None:
    marked = nav.mark("/office/months/3/", [("首页", "/office/", "home"), ("月审核", "/office/months/", "checks")])
    assert [item.active for item in marked] == [False, True]


def test_an_area_shows_its_entries_in_order_and_once() -> None:
    late, early = nav.Entry("设置", "settings", "settings", order=90), nav.Entry("首页", "start", "home", order=1)
    nav.register("office", late, early)
    nav.register("office", early)
    assert [item.label for item in nav.items(RequestFactory().get("/office/start/"))] == ["首页", "设置"]


def test_what_a_person_may_not_open_is_not_offered() -> None:
    nav.register("office", nav.Entry("备案", "file", "checks", permission=Fake.FILE))
    assert nav.items(RequestFactory().get("/office/")) == []


def test_what_is_not_for_a_person_is_not_offered() -> None:
    shown = [nav.Entry("审核", "sit", "scale", shown=lambda _: False), nav.Entry("首页", "start", "home")]
    nav.register("office", *shown)
    assert [item.label for item in nav.items(RequestFactory().get("/office/"))] == ["首页"]


def test_a_path_outside_the_known_areas_is_the_residents() -> None:
    nav.register("office", nav.Entry("首页", "start", "home"))
    assert nav.area_of("/office/x/") == "office"
    assert nav.area_of("/passbook/") == ""


def test_the_elderly_mode_comes_from_its_cookie() -> None:
    request = RequestFactory().get("/")
    assert context.site(request)["large"] is False
    request.COOKIES[context.LARGE_COOKIE] = "1"
    assert context.site(request)["large"] is True


def test_the_residents_home_is_marked_on_itself_alone() -> None:
    links = [("首页", "/", "home"), ("公示", "/notices/", "checks")]
    assert [item.active for item in nav.mark("/", links)] == [True, False]
    assert [item.active for item in nav.mark("/notices/3/", links)] == [False, True]
    assert [item.active for item in nav.mark("/passbook/", links)] == [False, False]


def _lines(*groups: str, current: int = 0) -> list[nav.Item]:
    return [nav.Item(f"第{number}行", "", "home", number == current, 1, group) for number, group in enumerate(groups)]


LONG_MENU = ("", *[nav.MONTHLY] * 4, *[nav.QUARTERLY] * 3, *[nav.SETTINGS] * 3)


def test_a_long_menu_opens_the_group_of_the_current_page() -> None:
    found = nav.grouped(_lines(*LONG_MENU, current=6))
    assert [(group.name, group.is_open) for group in found] == [
        ("", True), ("每月", False), ("每季", True), ("设置", False),
    ]  # fmt: skip
    assert [group.waiting for group in found] == [1, 4, 3, 3]


def test_on_a_page_of_no_group_the_first_group_is_open() -> None:
    assert [group.name for group in nav.grouped(_lines(*LONG_MENU)) if group.is_open] == ["", "每月"]


def test_a_short_menu_has_no_headings() -> None:
    assert [group.name for group in nav.grouped(_lines(nav.MONTHLY, nav.RULES))] == [""]


def test_a_menu_knows_no_other_groups() -> None:
    with pytest.raises(ValueError, match="no such group"):
        nav.register("office", nav.Entry("备案", "file", "checks", group="其他"))
