"""A month of a hundred deeds, five of them with a catch, before one committee member: by keyboard and by thumb."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, expect

from jifen.local.demo.photos import photo
from tests.e2e.site import Site, agree, shoot

HUNDRED, CATCHES = 100, 5
NINETY = 90
"""清溪镇 has fewer rules that one list of its dozen households can fill."""
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
    _record(site, desk, "shuren", tmp_path / "巡查.jpg", HUNDRED)
    address = _open_the_sheet(site, desk, "shuren", HUNDRED)
    shoot(desk, "hundred-1-keyboard")
    count = Count()
    _decide(desk, count, _by_key, lambda: _press(desk, count, "a", "Enter"))
    shoot(desk, "hundred-2-keyboard-decided")
    site.change_person(desk, "committee2", address, "shuren")
    _decide(desk, count, _by_key, lambda: _press(desk, count, "a", "Enter"))
    _is_decided(desk, "keys", count)


def test_ninety_deeds_are_decided_by_thumb_in_three_minutes(
    site: Site, desk: Page, phone: Page, tmp_path: Path
) -> None:
    _record(site, desk, "qingxi", tmp_path / "巡查.jpg", NINETY)
    address = _open_the_sheet(site, phone, "qingxi", NINETY)
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


def _open_the_sheet(site: Site, page: Page, town: str, least: int) -> str:
    """This month's, before the clock does, with what was recorded and what villagers told besides; its address."""
    site.change_person(page, "committee", "/village/sheets/", town)
    page.get_by_role("button", name="开始").last.click()
    page.wait_for_url("**/sheets/*/")
    counts = page.locator("#sheet-bar .sheet-counts").inner_text()
    assert int(counts.partition("未定")[0]) >= least
    assert page.locator("details.line").count() >= CATCHES
    return page.url.removeprefix(site.url("", town))


def _record(site: Site, page: Page, town: str, picture: Path, total: int) -> None:
    """The steward's lists: one rule after another, every household on it; at last five deductions."""
    picture.write_bytes(photo("five deductions"))
    site.sign_in(page, "steward", "/village/batch/", town)
    rules = page.locator("#pick option").evaluate_all("all => all.map(one => one.value).filter(Boolean)")
    left, deductions = total - CATCHES, CATCHES
    for rule in rules:
        page.goto(site.url(f"/village/batch/?rule={rule}", town))
        if page.locator(".rule-price.minus").count():
            deductions -= _list(page, deductions, picture) if deductions else 0
        elif _is_plain(page):
            left -= _list(page, left) if left else 0
    assert (left, deductions) == (0, 0)


def _is_plain(page: Page) -> bool:
    """Nothing is left to the committee's discretion, no proof is demanded, no earlier month uses up a cap."""
    caps = "".join(page.locator(".rule-limits").all_inner_texts())
    is_capped = "年" in caps or "季" in caps
    is_priced = "至" not in page.locator(".rule-price").first.inner_text()
    return is_priced and not is_capped and not page.locator("[data-required]").count()


def _list(page: Page, most: int, picture: Path | None = None) -> int:
    """A list of at most so many households, with a photo if there is one; how many there were."""
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
