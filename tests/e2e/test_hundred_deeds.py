"""A month of a hundred deeds, five of them with a catch, before one committee member: by keyboard and by thumb."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from jifen.local.demo.photos import photo
from tests.e2e.site import Site, agree, shoot

HUNDRED, CATCHES = 100, 5
WEEK = 7
LONGEST = 180.0
"""Seconds from the open sheet to its last decision."""
MOST_ACTS = 30
"""Keys or taps."""


@dataclass
class Count:
    """How many keys or taps it took, and since when."""

    acts: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


def test_a_hundred_deeds_are_decided_by_keyboard_in_three_minutes(site: Site, desk: Page, tmp_path: Path) -> None:
    address = _hundred(site, desk, "shuren", tmp_path / "巡查.jpg")
    shoot(desk, "hundred-1-keyboard")
    count = Count()
    _decide(desk, count, _by_key, lambda: _press(desk, count, "a", "Enter"))
    shoot(desk, "hundred-2-keyboard-decided")
    site.change_person(desk, "committee2", address, "shuren")
    _decide(desk, count, _by_key, lambda: _press(desk, count, "a", "Enter"))
    _is_decided(desk, "keys", count)


def test_a_hundred_deeds_are_decided_by_thumb_in_three_minutes(
    site: Site, desk: Page, phone: Page, tmp_path: Path
) -> None:
    address = _hundred(site, desk, "qingxi", tmp_path / "巡查.jpg")
    site.change_person(phone, "committee", address, "qingxi")
    shoot(phone, "hundred-3-thumb")
    count = Count()
    _decide(phone, count, _by_thumb, lambda: _tap_the_rest(phone, count))
    shoot(phone, "hundred-4-thumb-decided")
    site.change_person(phone, "committee2", address, "qingxi")
    _decide(phone, count, _by_thumb, lambda: _tap_the_rest(phone, count))
    _is_decided(phone, "taps", count)


def _decide(page: Page, count: Count, one: Callable[[Page, Count], None], rest: Callable[[], None]) -> None:
    """What waits for this member: the exceptions, each of which opens by itself, and the rest in one act."""
    waiting = page.locator("details.line[data-waits]")
    for left in range(waiting.count(), 0, -1):
        expect(page.locator("details.line[data-waits][open]")).to_have_count(1)
        one(page, count)
        expect(waiting).to_have_count(left - 1)
    if page.locator("#sheet-bar [data-all=a]").count():
        rest()
        expect(page.locator("#messages")).to_contain_text("已通过")


def _is_decided(page: Page, acts: str, count: Count) -> None:
    print(f"\nthe sheet, by two members: {count.acts} {acts}, {count.seconds:.1f} s")
    expect(page.locator("#sheet-bar .sheet-counts")).to_contain_text("0未定")
    assert count.seconds < LONGEST and count.acts <= MOST_ACTS


def _by_key(page: Page, count: Count) -> None:
    """The first is refused for a common reason, the others are passed."""
    _press(page, count, *(("3", "Enter") if count.acts == 0 else ("1",)))


def _by_thumb(page: Page, count: Count) -> None:
    line = page.locator("details.line[open]")
    if count.acts == 0:
        line.locator("[data-key='3']").tap()
        line.locator(".quick button").first.tap()
        count.acts += 2
        return
    line.locator("[data-key='1']").tap()
    count.acts += 1


def _tap_the_rest(page: Page, count: Count) -> None:
    page.tap("#sheet-bar [data-all=a]")
    agree(page)
    count.acts += 2


def _press(page: Page, count: Count, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(150)
        count.acts += 1


def _hundred(site: Site, page: Page, town: str, picture: Path) -> str:
    """This month's sheet, opened before the clock does, with exactly so many deeds and catches; its address."""
    site.change_person(page, "committee", "/village/sheets/", town)
    _open_this_months(page)
    address = page.url.removeprefix(site.url("", town))
    _take_in(page)
    _record(site, page, town, picture, HUNDRED - _total(page), CATCHES - page.locator("details.line").count())
    site.change_person(page, "committee", address, town)
    _take_in(page)
    assert (_total(page), page.locator("details.line").count()) == (HUNDRED, CATCHES)
    return address


def _take_in(page: Page) -> None:
    """What has been told since the sheet opened."""
    button = page.get_by_role("button", name="并入")
    if button.count():
        button.click()
        expect(page.locator("#messages")).to_contain_text("已并入")


def _open_this_months(page: Page) -> None:
    button = page.get_by_role("button", name="开始")
    if button.count():
        button.last.click()
    else:
        page.locator("tbody tr a").first.click()
    page.wait_for_url("**/sheets/*/")


def _total(page: Page) -> int:
    """How many deeds are on the sheet."""
    return int(page.locator("#sheet-bar .sheet-counts").inner_text().rpartition("共")[2].strip("件 \n"))


def _record(site: Site, page: Page, town: str, picture: Path, total: int, catches: int) -> None:
    """The steward's lists: one rule after another, every household on it; at last the deductions.

    Rules without a limit are told of once more, of a day a week before that no sheet has yet.
    """
    picture.write_bytes(photo("five deductions"))
    site.change_person(page, "steward", "/village/batch/", town)
    rules = page.locator("#pick option").evaluate_all("all => all.map(one => one.value).filter(Boolean)")
    left, deductions = total - catches, catches
    for rule, again in [(rule, again) for again in (False, True) for rule in rules]:
        page.goto(site.url(f"/village/batch/?rule={rule}", town))
        if page.locator(".rule-price.minus").count():
            deductions -= _list(page, deductions, picture) if deductions else 0
        elif left and (_is_free(page) if again else _is_plain(page)):
            left -= _list(page, left, days_ago=WEEK if again else 0)
    assert (left, deductions) == (0, 0)


def _is_free(page: Page) -> bool:
    """Plain, and without any limit."""
    return _is_plain(page) and not page.locator(".rule-limits").count()


def _is_plain(page: Page) -> bool:
    """Nothing is left to the committee's discretion, no proof is demanded, no earlier month uses up a cap."""
    caps = "".join(page.locator(".rule-limits").all_inner_texts())
    is_capped = "年" in caps or "季" in caps
    is_priced = "至" not in page.locator(".rule-price").first.inner_text()
    return is_priced and not is_capped and not page.locator("[data-required]").count()


def _list(page: Page, most: int, picture: Path | None = None, *, days_ago: int = 0) -> int:
    """A list of at most so many households, with a photo if there is one; how many there were."""
    day = date.fromisoformat(page.locator("input[name=happened_on]").input_value())
    page.fill("input[name=happened_on]", (day - timedelta(days=days_ago)).isoformat())
    boxes = page.locator(".ticks input[name=household]")
    number = min(boxes.count(), most)
    page.fill("input[name=title]", "百条审核")
    page.fill("input[name=place]", "村口")
    for place in range(number):
        boxes.nth(place).check()
    if picture:
        page.set_input_files("#evidence-input", picture)
        expect(page.locator("[data-upload-status]")).to_have_text("已上传 1 份")
    page.click("text=保存登记")
    expect(page.locator("#messages")).to_contain_text(f"已登记{number}户")
    return number
