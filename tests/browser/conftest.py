"""Chromium on a service that runs in a thread; skipped where there is no Chromium."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.service.conftest import NAAM, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
OUTPUT = Path(__file__).parent / "output"
START_SECONDS = 20
FIND_OVERLAPS = """() => {
  const floats = e => e !== null
    && (['sticky', 'fixed'].includes(getComputedStyle(e).position) || floats(e.parentElement));
  const texts = [...document.querySelectorAll('main :is(h1, h2, h3, p, li, dd)')]
    .filter(e => e.checkVisibility() && !floats(e) && !e.querySelector('h1, h2, h3, p, li, dd'))
    .map(e => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.height > 1);
  const found = [];
  texts.forEach(([one, a], i) => texts.slice(i + 1).forEach(([two, b]) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 2 && high > 2) found.push(`${one} / ${two}`);
  }));
  return found;
}"""
"""Texts that lie over each other; a bar that stays in view lies over others by its nature."""


def _refuse(reason: str) -> None:
    """Skip, unless this run was told that it must not."""
    if "browser" in os.environ.get("VANGNET_TEST_REQUIRE", ""):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """Run a service in a thread; gives its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(START_SECONDS)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running service on the tiny region."""
    with running(make_app(make_settings(tmp_path_factory.mktemp("browser")), FakeRegio)) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    if not CHROMIUM.exists():
        _refuse(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except Error as error:
            _refuse(f"Chromium does not start: {error.message.splitlines()[0]}")
        yield chromium
        chromium.close()


@pytest.fixture
def messages() -> list[str]:
    """What the browser wrote to its console, and the requests that failed or left the site."""
    return []


@pytest.fixture
def page(browser: Browser, address: str, messages: list[str]) -> Iterator[Page]:
    """An empty tab on the login page."""
    context = browser.new_context(base_url=address, locale="nl-NL")
    tab = context.new_page()
    tab.on("console", lambda message: messages.append(message.text))
    tab.on("pageerror", lambda error: messages.append(str(error)))
    tab.on("requestfailed", lambda request: messages.append(f"{request.failure}: {request.url}"))
    tab.on(
        "request",
        lambda request: (
            messages.append(f"left the site: {request.url}")
            if not request.url.startswith(address)
            else None
        ),
    )
    tab.goto("/inloggen")
    yield tab
    context.close()


@pytest.fixture
def logged_in(page: Page) -> Page:
    """A tab of somebody who is logged in, on the list."""
    page.get_by_label("Naam").fill(NAAM)
    page.get_by_label("Wachtwoord").fill(WACHTWOORD)
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_url("**/jongeren")
    return page
