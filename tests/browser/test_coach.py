"""What a coach does in one talk: what if, the map, a note, two sheets of paper, a plan to share."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from service.storage.engine import open_engine, unit_of_work
from tests.browser.conftest import OUTPUT, running
from tests.browser.faults import axe_faults, layout_faults
from tests.service.conftest import NAAM, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.web.feiten import tell_of_j1, tell_of_places

pytestmark = pytest.mark.browser

PAGE = re.compile(rb"/Type\s*/Page[^s]")
J1 = "/jongeren/J1"
WAIT_IS_SAID = 600
"""Milliseconds after which a page says that something takes long."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = make_settings(tmp_path_factory.mktemp("coach"))
    app = make_app(settings, FakeRegio)
    engine = open_engine(settings.database, synchronous="OFF")
    with unit_of_work(engine) as session:
        tell_of_j1(session)
        tell_of_places(session)
    engine.dispose()
    with running(app) as found:
        yield found


@pytest.fixture
def without_scripts(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, locale="nl-NL", java_script_enabled=False)
    page = context.new_page()
    page.goto("/inloggen")
    page.get_by_label("Naam").fill(NAAM)
    page.get_by_label("Wachtwoord").fill(WACHTWOORD)
    page.get_by_role("button", name="Inloggen").click()
    yield page
    context.close()


def faults(page: Page) -> list[str]:
    found = []
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {one}" for one in layout_faults(page) + axe_faults(page)]
    return found


def test_a_slider_ranks_anew_at_once_and_takes_its_neighbour_along(
    logged_in: Page, messages: list[str]
) -> None:
    logged_in.goto(f"{J1}/verkenning")
    most = logged_in.get_by_role("slider", name="Kan hoogstens werken, schuif")
    most.focus()
    for _ in range(10):
        logged_in.keyboard.press("ArrowLeft")

    expect(logged_in.get_by_role("heading", name="Wat er dan verandert")).to_be_visible()
    expect(logged_in.get_by_role("status").first).to_have_text("Nu passen 4 plekken, dan 9.")
    expect(logged_in.get_by_role("textbox", name="Kan hoogstens werken")).to_have_value("14")
    expect(logged_in.get_by_role("textbox", name="Wil minstens werken")).to_have_value("14")
    expect(most).to_be_focused()
    assert most.get_attribute("aria-valuetext") == "14 uur per week"
    assert faults(logged_in) == []
    assert messages == []


def test_without_scripts_the_same_form_is_sent(without_scripts: Page) -> None:
    without_scripts.goto(f"{J1}/verkenning")
    expect(without_scripts.get_by_role("slider")).to_have_count(0)
    without_scripts.get_by_label("Wil hoogstens reizen").fill("60")
    without_scripts.get_by_role("button", name="Laat zien wat er verandert").click()

    expect(without_scripts.get_by_role("heading", name="Wat er dan verandert")).to_be_visible()
    expect(without_scripts.get_by_label("Wil hoogstens reizen")).to_have_value("60")


def test_the_map_asks_no_other_host_and_its_places_open_with_the_keyboard(
    logged_in: Page, messages: list[str]
) -> None:
    logged_in.goto(f"{J1}/kaart")
    pins = logged_in.locator(".kaart-nummer")
    expect(pins).to_have_count(1)
    expect(logged_in.locator(".kaart-ring")).to_have_count(3)
    pins.first.focus()
    logged_in.keyboard.press("Enter")
    expect(logged_in.locator(".leaflet-popup")).to_contain_text("1. Assistent magazijn")
    expect(logged_in.locator(".leaflet-popup")).to_contain_text("ongeveer 12 minuten reizen")
    logged_in.screenshot(path=OUTPUT / "kaart.png", full_page=True)
    assert messages == []


def test_without_scripts_the_map_is_a_list_by_travel_time(without_scripts: Page) -> None:
    without_scripts.goto(f"{J1}/kaart")

    expect(without_scripts.get_by_text("De kaart heeft scripts nodig.")).to_be_visible()
    expect(without_scripts.get_by_role("heading", name="Tot 15 minuten (3)")).to_be_visible()


def test_a_talk_is_written_down_with_the_keyboard_and_comes_back(logged_in: Page) -> None:
    logged_in.goto(f"{J1}/contact")
    logged_in.get_by_label("Hoe", exact=True).select_option("telefoon")
    logged_in.get_by_label("Met wie").select_option("de jongere")
    logged_in.get_by_label("nee, niet bereikt").focus()
    logged_in.keyboard.press("Space")
    logged_in.get_by_role("textbox", name="Wat (mag leeg)").fill("Bel nog eens")
    today = logged_in.get_by_label("Wanneer").input_value()
    logged_in.get_by_label("Op welke dag").fill(today)
    logged_in.get_by_role("button", name="Bewaar").press("Enter")

    expect(logged_in.locator("#melding")).to_be_focused()
    expect(logged_in.locator("#melding")).to_contain_text("Het gesprek is bewaard.")
    logged_in.get_by_role("link", name="Afspraken").click()
    expect(logged_in.get_by_role("link", name="Noor Jansen")).to_be_visible()


def test_a_wrong_note_says_what_to_mend_and_takes_the_focus(logged_in: Page) -> None:
    logged_in.goto(f"{J1}/contact")
    logged_in.get_by_role("button", name="Bewaar").click()

    message = logged_in.get_by_role("alert")
    expect(message).to_be_focused()
    expect(message).to_contain_text("Kies hoe u contact zocht.")
    assert faults(logged_in) == []


def test_the_page_of_a_jongere_prints_on_two_sheets(logged_in: Page) -> None:
    logged_in.goto(J1)
    OUTPUT.mkdir(exist_ok=True)
    printed = logged_in.pdf(path=OUTPUT / "blad.pdf", format="A4", prefer_css_page_size=True)

    assert len(PAGE.findall(printed)) <= 2
    logged_in.emulate_media(media="print")
    expect(logged_in.get_by_role("heading", name="Wat is de volgende stap?")).to_be_visible()
    expect(logged_in.get_by_role("heading", name="Valt buiten")).to_be_hidden()


def test_places_are_chosen_and_compared(logged_in: Page) -> None:
    logged_in.goto(J1)
    for number in (1, 2):
        logged_in.get_by_role("checkbox", name=f"Vergelijk nummer {number}").check()
    logged_in.get_by_role("button", name="Vergelijk").click()

    expect(logged_in.get_by_role("heading", name="Plekken naast elkaar")).to_be_visible()
    expect(logged_in.get_by_role("article")).to_have_count(2)


@pytest.mark.parametrize("tab", ["logged_in", "without_scripts"])
def test_a_plan_is_chosen_shown_and_given_as_a_file(
    tab: str, request: pytest.FixtureRequest
) -> None:
    page: Any = request.getfixturevalue(tab)
    page.goto(f"{J1}/plan")
    page.get_by_role("checkbox", name="Wat je wilt").check()
    page.get_by_role("button", name="Laat het plan zien").click()

    expect(page.get_by_role("heading", name="Jouw plan")).to_be_visible()
    expect(page.get_by_text("Je wilt werken in: handel.")).to_be_visible()
    if tab == "logged_in":
        assert faults(page) == []
    with page.expect_download() as file:
        page.get_by_role("button", name="Download als PDF").click()
    assert file.value.suggested_filename == "jouw-plan.pdf"
    page.wait_for_timeout(WAIT_IS_SAID)
    expect(page.locator("#wacht")).to_be_empty()  # the page stays: nothing would take it away
