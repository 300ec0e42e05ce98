"""Every page of every role in a real browser, found from the route table (TRUST U3, issue 7).

Nothing here names a page: a new one is visited from its first day. Only what stands for a
parameter in an address is named, in `places_of`; a parameter that is not there fails the test.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from service.api.problems import API_PATH
from service.rechten.begrippen import Rol
from service.rechten.matrix import EVERYBODY, allowed_doelen
from tests.browser.conftest import OUTPUT, running
from tests.browser.faults import NARROWEST, axe_faults, layout_faults
from tests.service.rechten.wereld import Route, Wereld, make_wereld, routes_of

pytestmark = pytest.mark.browser

WIDE, MIDDLE, NARROW = 1440, 720, 360
OTHER = re.compile(
    r"\.(pdf|json|csv|xlsx|txt|zip)$|/gebeurtenissen$|/inloggen/organisatie|^/metrics"
)
"""What is no page: downloads, streams, what leads to another service."""
SIGNED_IN = ("/inloggen", "/inrichten")
"""Pages for who has no session; each is visited as such."""


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
def visiting(browser: Browser, address: str, wereld: Wereld, rol: Rol | None) -> Iterator[Visitor]:
    """A tab of somebody with a role, or of nobody."""
    context = browser.new_context(base_url=address, locale="nl-NL")
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


def places_of(wereld: Wereld) -> dict[str, str]:
    """What stands for each parameter of an address."""
    return {
        "jongere_id": "J1",
        "leerwerkplek_id": "P1",
        "tafel_id": str(wereld.eigen.id),
        "gebruiker_id": str(wereld.accounts[Rol.ANALIST]),
    }


def queries_of(wereld: Wereld) -> dict[str, str]:
    """What a page needs behind its address."""
    return {
        "/matchtafels/{tafel_id}/anders": f"?punt={wereld.eigen.punt}",
        "/toezicht/herziening": "?model=uitvalrisico&versie=1",
    }


def pages_of(wereld: Wereld, rol: Rol | None) -> Iterator[tuple[str, str]]:
    """Yield the route and the address of every page that a role may see."""
    places, queries = places_of(wereld), queries_of(wereld)
    for route in routes_of(wereld.app):
        if route.method != "GET" or route.path.startswith(API_PATH) or OTHER.search(route.path):
            continue
        if may_see(route, rol):
            unknown = set(re.findall(r"\{(\w+)\}", route.path)) - set(places)
            assert not unknown, f"say in places_of what stands for {unknown} in {route.path}"
            yield route.path, route.path.format(**places) + queries.get(route.path, "")


def may_see(route: Route, rol: Rol | None) -> bool:
    """Whether a route is there for a role; the pages of signing in are for nobody yet."""
    if route.path.startswith(SIGNED_IN) or rol is None:
        return rol is None and route.path.startswith(SIGNED_IN)
    return route.handeling in EVERYBODY or bool(allowed_doelen([rol], route.handeling))


def first_of(wereld: Wereld, rol: Rol | None) -> list[tuple[str, str]]:
    """Return the pages of a role that no role before it sees: together, each page once."""
    before = [None, *Rol][: [None, *Rol].index(rol)]
    seen = {path for one in before for path, _ in pages_of(wereld, one)}
    return [(route, path) for route, path in pages_of(wereld, rol) if route not in seen]


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
