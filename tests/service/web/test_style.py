"""Contrast of the colours, from the tokens in the style sheet (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

import pytest

from service.web.rendering import STATIC

STYLE = (STATIC / "vangnet.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", STYLE)) | {"white": "#ffffff"}
TEXT, GRAPHIC = 4.5, 3.0


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "paper", TEXT),
        ("ink-quiet", "paper", TEXT),
        ("ink-quiet", "card", TEXT),
        ("ink", "blue-soft", TEXT),
        ("ink", "notice", TEXT),
        ("blue-link", "paper", TEXT),
        ("blue", "card", TEXT),
        ("white", "blue", TEXT),
        ("line-strong", "card", GRAPHIC),
        ("bar", "bar-track", GRAPHIC),
        ("bar", "card", GRAPHIC),
        ("bar-mark", "bar-track", GRAPHIC),
        ("blue-link", "paper", GRAPHIC),
    ],
)
def test_colours_that_meet_differ_enough(front: str, back: str, least: float) -> None:
    light, dark = sorted((luminance(TOKENS[front]), luminance(TOKENS[back])), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= least


CHARTS = (STATIC / "grafiek.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("rule", "least"),
    [
        (r"\.chart text \{[^}]*[ ;]color: ", TEXT),
        (r"\.chart text\.chart-naam \{ color: ", TEXT),
        (r"\.chart-text \{ color: ", TEXT),
        (r"\.chart-reeks-0 \{ stroke: ", GRAPHIC),
        (r"\.chart-reeks-1 \{ stroke: ", GRAPHIC),
        (r"\.chart-stip\.chart-reeks-0 \{ fill: ", GRAPHIC),
        (r"\.chart-stip\.chart-reeks-1 \{ fill: ", GRAPHIC),
        (r"\.chart-staaf \{ fill: ", GRAPHIC),
        (r"\.chart-interval \{ stroke: ", GRAPHIC),
        (r"\.chart-grens \{ stroke: ", GRAPHIC),
        (r"\.chart-gelijk \{ stroke: ", GRAPHIC),
        (r"\.chart-midden \{ stroke: ", GRAPHIC),
    ],
)
def test_the_colours_of_a_chart_differ_enough_from_its_white(rule: str, least: float) -> None:
    found = re.search(rule + "(#[0-9a-f]{6})", CHARTS)

    assert found is not None
    assert 1.05 / (luminance(found[1]) + 0.05) >= least


def test_the_style_asks_for_nothing_from_elsewhere() -> None:
    assert "@import" not in STYLE
    assert "url(" not in STYLE
