"""Axe decides about every word in a chart: none is wrong, none is left open (TRUST U3)."""

from datetime import date

import pytest
from playwright.sync_api import Browser

from service.web.grafiek import Grafiek, Interval, Reeks, intervallen, lijnen, staven, tijdreeks
from service.web.rendering import ENVIRONMENT, STATIC
from tests.browser.faults import axe_faults

POINTS = ((0.1, 0.2), (0.5, 0.6), (0.9, 0.8))
DAYS = [(date(2026, 1, 1), 1.0), (date(2026, 5, 1), 3.0)]
ROWS = [Interval("Praktijkonderwijs", 0.1, 0.0, 0.2), Interval("Entree", -0.1, -0.2, 0.02)]
CHARTS: list[tuple[Grafiek, tuple[str, ...]]] = [
    (
        lijnen(
            "Kalibratie",
            "Uitleg.",
            [Reeks("nu", POINTS), Reeks("eerder", POINTS[::-1])],
            assen=("gezegd", "uitgekomen"),
            diagonaal=True,
        ),
        ("nu", "eerder"),
    ),
    (tijdreeks("Verloop", "Uitleg.", [("nu", DAYS)], grens=2.0), ()),
    (intervallen("Verschil", "Uitleg.", ROWS, grenzen=(-0.05, 0.05)), ()),
    (staven("Aantallen", "Uitleg.", [("een", 3.0), ("twee", 5.0)], kop="Wat", waarde="N"), ()),
]


def a_page_of_charts() -> str:
    draw = ENVIRONMENT.get_template("components/grafiek.html").module.grafiek  # type: ignore[attr-defined]  # a macro
    body = "".join(str(draw(one, f"proef-{at}", names)) for at, (one, names) in enumerate(CHARTS))
    style = "".join(
        (STATIC / name).read_text(encoding="utf-8") for name in ("vangnet.css", "grafiek.css")
    )
    return (
        f'<!doctype html><html lang="nl"><head><title>Proef</title><style>{style}</style></head>'
        f'<body><main><h1>Proef</h1><section class="panel">{body}</section></main></body></html>'
    )


@pytest.mark.parametrize("width", [360, 720, 1440])
def test_axe_finds_nothing_and_leaves_nothing_open_in_a_chart(browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(a_page_of_charts())

    assert axe_faults(page) == []
    page.close()


def test_axe_sees_words_in_a_chart_that_are_too_pale(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(a_page_of_charts())
    page.add_style_tag(content=".chart text { color: #c8ccd4 }")

    assert any("color-contrast" in one for one in axe_faults(page))
    page.close()
