"""Where things are on the running district, and how its people sign in."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from jifen.local.demo.plan import PASSWORD

SHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"


@dataclass(frozen=True)
class Site:
    port: int

    def url(self, path: str, town: str = "") -> str:
        host = f"{town}.localhost" if town else "localhost"
        return f"http://{host}:{self.port}{path}"

    def sign_in(self, page: Page, username: str, path: str, town: str = "", password: str = PASSWORD) -> None:
        """Ask for ``path``, be sent to the sign-in page, sign in, arrive."""
        page.goto(self.url(path, town))
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", password)
        page.click("form button[type=submit]")
        page.wait_for_url(f"**{path}")


def shoot(page: Page, name: str) -> None:
    """Keep a screenshot of the whole page."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
