"""The screens of a coach, by eye and by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import FIND_OVERLAPS, OUTPUT
from tests.browser.faults import NARROWEST, axe_faults, layout_faults

pytestmark = pytest.mark.browser

SCREENS = {
    "lijst": "/jongeren",
    "jongere": "/jongeren/J1",
    "jongere-zonder-plek": "/jongeren/J9",
    "plek": "/leerwerkplekken/P1",
    "plek-voor-niemand": "/leerwerkplekken/P9",
    "verkenning": "/jongeren/J1/verkenning",
    "routes": "/jongeren/J0/routes",
    "zonder-routes": "/jongeren/J1/routes",
    "zoeken-zonder-treffer": "/jongeren?zoek=niemand",
    "zo-werkt-het": "/zo-werkt-het",
    "account": "/mijn-account",
    "tweede-stap": "/mijn-account/tweede-stap",
    "fout": "/jongeren/onbekend",
}
EXPECTED = (
    "Failed to load resource: the server responded with a status of 404",
    "net::ERR_ABORTED",
)
"""The error page is asked for on purpose; leaving a page stops the loading of its icon."""


@pytest.mark.slow
def test_every_state_of_a_screen_is_sound_at_every_width(
    logged_in: Page, messages: list[str]
) -> None:
    found: dict[tuple[str, int | str], list[str]] = {}
    for name, path in SCREENS.items():
        logged_in.goto(path)
        logged_in.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        for width in (1440, 720, 360, NARROWEST):
            logged_in.set_viewport_size({"width": width, "height": 900})
            found[name, width] = layout_faults(logged_in)
        logged_in.screenshot(path=OUTPUT / f"{name}-{NARROWEST}.png", full_page=True)
        found[name, "axe"] = axe_faults(logged_in)

    assert {screen: told for screen, told in found.items() if told} == {}
    assert [message for message in messages if not message.startswith(EXPECTED)] == []


def test_the_login_screen_can_be_looked_at(page: Page, messages: list[str]) -> None:
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=OUTPUT / f"inloggen-{width}.png")
    assert messages == []


def test_a_coach_walks_from_the_list_to_a_jongere_with_the_keyboard(logged_in: Page) -> None:
    logged_in.keyboard.press("Tab")
    expect(logged_in.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    logged_in.get_by_label("Zoek op naam of nummer").fill("Noor")
    logged_in.keyboard.press("Enter")
    logged_in.get_by_role("link", name="Noor Jansen").first.focus()
    logged_in.keyboard.press("Enter")
    expect(logged_in.get_by_role("heading", level=1)).to_have_text("Noor Jansen")
    expect(logged_in.get_by_role("heading", name="Passende leerwerkplekken")).to_be_visible()


def test_after_logging_out_the_list_asks_for_a_login(logged_in: Page) -> None:
    logged_in.get_by_role("button", name="Uitloggen").click()
    logged_in.goto("/jongeren")
    logged_in.wait_for_url("**/inloggen?volgende=/jongeren")


def test_the_page_of_a_jongere_prints(logged_in: Page) -> None:
    logged_in.goto("/jongeren/J1")
    logged_in.emulate_media(media="print")
    expect(logged_in.get_by_role("navigation", name="Hoofdmenu")).to_be_hidden()
    OUTPUT.mkdir(exist_ok=True)
    logged_in.pdf(path=OUTPUT / "jongere.pdf", format="A4")
    logged_in.screenshot(path=OUTPUT / "jongere-print.png", full_page=True)


@pytest.mark.parametrize("width", [1440, 320])
def test_a_coach_explores_what_if_and_sees_the_difference(
    logged_in: Page, messages: list[str], width: int
) -> None:
    logged_in.set_viewport_size({"width": width, "height": 900})
    logged_in.goto("/jongeren/J1")
    logged_in.get_by_role("link", name="Wat als er iets anders is?").click()
    logged_in.get_by_role("textbox", name="Wil hoogstens reizen").fill("60")
    logged_in.get_by_role("checkbox", name="e-bike").check()
    logged_in.get_by_role("button", name="Laat zien wat er verandert").click()
    expect(logged_in.get_by_role("heading", name="Wat er dan verandert")).to_be_visible()
    expect(logged_in.get_by_role("textbox", name="Wil hoogstens reizen")).to_have_value("60")
    logged_in.screenshot(path=OUTPUT / f"verkend-{width}.png", full_page=True)
    assert logged_in.evaluate(FIND_OVERLAPS) == []
    assert logged_in.evaluate("document.documentElement.scrollWidth") <= width
    assert [message for message in messages if not message.startswith(EXPECTED)] == []
