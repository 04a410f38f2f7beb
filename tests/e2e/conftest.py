"""A small district, really running, and a real browser in front of it.

With ``JIFEN_E2E_PORT=8000`` the tests walk through the district that ``make demo`` already serves there.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from jifen.local.client import VARIABLES
from tests.e2e.site import PATIENCE as PAGE_PATIENCE
from tests.e2e.site import Site

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    "--lang=zh-CN",
]
PATIENCE = 480
"""Seconds until the small district stands."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Three small towns after four months, served by the real stack; stopped with Ctrl-C at the end."""
    if running := os.environ.get("JIFEN_E2E_PORT"):
        yield Site(int(running))
        return
    port = _free_port()
    folder = Path(tempfile.mkdtemp(prefix="jifen-e2e-", dir="/var/tmp"))
    folder.chmod(0o755)
    environ = {**_outer_environ(), "JIFEN_RUN_DIR": str(folder), "JIFEN_DEMO_PLAN": "small", "PUBLIC_PORT": str(port)}
    log = (folder / "demo.log").open("w+")
    command = [str(Path(sys.executable).parent / "jifen"), "demo", "--port", str(port)]
    process = subprocess.Popen(command, env=environ, stdout=log, stderr=log, cwd=ROOT)
    try:
        _until_serving(process, port, Path(log.name))
        yield Site(port)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _outer_environ() -> dict[str, str]:
    """Without the services of the other tests: the district brings its own."""
    theirs = {name for names in VARIABLES.values() for name in names} | {"SECRET_KEY", "DATA_KEY"}
    return {name: value for name, value in os.environ.items() if name not in theirs}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_serving(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until the year has been lived and the addresses are shown."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and process.poll() is None:
        if "Ctrl-C" in log.read_text(encoding="utf-8", errors="replace"):
            requests.get(f"http://127.0.0.1:{port}/health/", timeout=10).raise_for_status()
            return
        time.sleep(0.3)
    pytest.fail(f"the demo did not come up:\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, with the Chinese font that the posters use."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        pytest.exit("e2e needs Chromium: `apt-get install chromium` (or any chromium/google-chrome on PATH).", 2)
    os.environ["FONTCONFIG_FILE"] = str(_fonts())
    with sync_playwright() as playwright:
        launched = _launch(playwright, found)
        yield launched
        launched.close()


def _launch(playwright: Playwright, executable: str) -> Browser:
    return playwright.chromium.launch(executable_path=executable, args=FLAGS)


def _fonts() -> Path:
    from jifen.web.pdf import FONT_FOLDER

    path = Path(tempfile.mkdtemp(prefix="jifen-fonts-")) / "fonts.conf"
    lines = (f"<dir>{FONT_FOLDER}</dir>", "<dir>/usr/share/fonts</dir>", f"<cachedir>{path.parent}/cache</cachedir>")
    path.write_text(f"<?xml version='1.0'?><fontconfig>{''.join(lines)}</fontconfig>", encoding="utf-8")
    return path


def _context(browser: Browser, width: int, height: int, *, phone: bool) -> BrowserContext:
    return browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if phone else 1,
        has_touch=phone,
        is_mobile=phone,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )


def _page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(PAGE_PATIENCE)
    return page


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A cheap phone, 390 px wide."""
    context = _context(browser, 390, 844, phone=True)
    yield _page(context)
    context.close()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """An office screen, 1280 px wide."""
    context = _context(browser, 1280, 860, phone=False)
    yield _page(context)
    context.close()


@pytest.fixture
def wall(browser: Browser) -> Iterator[Page]:
    """A wall screen, 1920 × 1080."""
    context = _context(browser, 1920, 1080, phone=False)
    yield _page(context)
    context.close()
