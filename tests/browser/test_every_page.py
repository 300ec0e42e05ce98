"""Every page of every role in a real browser, found from the route table (TRUST U3, issue 7).

Nothing here names a page: a new one is visited from its first day (`tests.service.web.paginas`).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from service.rechten.begrippen import Rol
from tests.browser.conftest import OUTPUT, running
from tests.browser.faults import NARROWEST, axe_faults, layout_faults
from tests.service.rechten.wereld import Wereld, make_wereld
from tests.service.web.paginas import first_of, pages_of

pytestmark = pytest.mark.browser

WIDE, MIDDLE, NARROW = 1440, 720, 360


@dataclass
class Visitor:
    """A tab of one role, with what the browser said."""

    page: Page
    messages: list[str] = field(default_factory=list)

    def visit(self, path: str) -> int:
        """Open a page; returns its status."""
        answer = self.page.goto(path)
        assert answer is not None
        return answer.status


@pytest.fixture(scope="module")
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("paginas"))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def address(wereld: Wereld) -> Iterator[str]:
    with running(wereld.app) as found:
        yield found


@contextmanager
def visiting(
    browser: Browser, address: str, wereld: Wereld, rol: Rol | None, *, scripts: bool = True
) -> Iterator[Visitor]:
    """A tab of somebody with a role, or of nobody."""
    context = browser.new_context(base_url=address, locale="nl-NL", java_script_enabled=scripts)
    if rol is not None:
        context.add_cookies(
            [{"name": k, "value": v, "url": address} for k, v in wereld.enter(rol).items()]
        )
    page = context.new_page()
    visitor = Visitor(page)
    page.on("console", lambda one: visitor.messages.append(one.text))
    page.on("pageerror", lambda one: visitor.messages.append(str(one)))
    page.on(
        "request",
        lambda one: (
            None if one.url.startswith(address) else visitor.messages.append(f"left: {one.url}")
        ),
    )
    yield visitor
    context.close()


def faults_at(visitor: Visitor, width: int, *, axe: bool) -> list[str]:
    """Return what is wrong with the open page at a width."""
    visitor.page.set_viewport_size({"width": width, "height": 900})
    found = layout_faults(visitor.page) + (axe_faults(visitor.page) if axe else [])
    return [f"{width}: {one}" for one in found]


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def look(visitor: Visitor, path: str, axe_at: tuple[int, ...]) -> list[str]:
    """Return what is wrong with a page at every width, with everything opened."""
    visitor.messages.clear()
    visitor.page.set_viewport_size({"width": axe_at[0], "height": 900})
    status = visitor.visit(path)
    found = [] if status == 200 else [f"status {status}"]
    open_all(visitor.page)
    for width in (WIDE, MIDDLE, NARROW, NARROWEST):
        found += faults_at(visitor, width, axe=width in axe_at)
        if width in axe_at:
            name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "begin"
            visitor.page.screenshot(path=OUTPUT / f"pagina-{name}-{width}.png", full_page=True)
    return found + visitor.messages


@pytest.mark.parametrize("rol", [None, *Rol], ids=str)
def test_each_page_is_sound_on_a_phone(
    browser: Browser, address: str, wereld: Wereld, rol: Rol | None
) -> None:
    with visiting(browser, address, wereld, rol) as visitor:
        found = {route: look(visitor, path, (NARROW,)) for route, path in first_of(wereld, rol)}

    assert {route: told for route, told in found.items() if told} == {}


@pytest.mark.slow
@pytest.mark.parametrize("rol", [None, *Rol], ids=str)
def test_every_page_of_every_role_is_sound_at_every_width(
    browser: Browser, address: str, wereld: Wereld, rol: Rol | None
) -> None:
    widths = (WIDE, MIDDLE, NARROW)
    with visiting(browser, address, wereld, rol) as visitor:
        found = {route: look(visitor, path, widths) for route, path in pages_of(wereld, rol)}

    assert {route: told for route, told in found.items() if told} == {}
