"""Where things are on the running district, and how its people sign in."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from jifen.local.demo.plan import PASSWORD

SHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
PATIENCE = 60_000
"""Milliseconds that one click or one expected text may take on a loaded machine."""

expect.set_options(timeout=PATIENCE)

OVERFLOW = """() => [...document.querySelectorAll('body *')].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 && !one.closest('.table-scroll, [data-scroll], dialog, .skip');
}).map(one => one.tagName + '.' + one.className + ' ' + one.textContent.trim().slice(0, 30)).slice(0, 5)"""
SMALL = """least => [...document.querySelectorAll('main a.btn, main button, main input, main select, nav a')]
  .filter(one => one.offsetParent && !['checkbox', 'radio', 'file', 'hidden'].includes(one.type))
  .filter(one => one.getBoundingClientRect().height < least)
  .map(one => one.tagName + '.' + one.className + ' ' + one.textContent.trim().slice(0, 20)).slice(0, 5)"""


@dataclass(frozen=True)
class Site:
    port: int

    def url(self, path: str, town: str = "") -> str:
        host = f"{town}.localhost" if town else "localhost"
        return f"http://{host}:{self.port}{path}"

    def sign_in(self, page: Page, username: str, path: str, town: str = "", password: str = PASSWORD) -> None:
        """Ask for ``path``, be sent to the sign-in page, sign in, arrive (perhaps further down)."""
        page.goto(self.url(path, town))
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", password)
        page.click("main form button[type=submit]")
        page.wait_for_url(lambda url: "/login/" not in url)

    def change_person(self, page: Page, username: str, path: str, town: str = "") -> None:
        """Somebody else takes the same device."""
        page.context.clear_cookies()
        self.sign_in(page, username, path, town)


def shoot(page: Page, name: str) -> None:
    """Keep a screenshot of the whole page."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def agree(page: Page) -> None:
    """Say yes to the page's question."""
    page.click("#ask [data-ask=yes]")


def cut_off(page: Page) -> list[str]:
    """What stands beyond the screen's right edge."""
    return list(page.evaluate(OVERFLOW))


def too_small(page: Page, least: int) -> list[str]:
    """Buttons, links in the menu and inputs lower than ``least`` CSS pixels."""
    return list(page.evaluate(SMALL, least))
