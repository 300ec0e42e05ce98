"""Charts: every figure is also in the table, and every place lies inside the drawing."""

from datetime import date, timedelta
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from service.dutch import percent
from service.web.grafiek import (
    BREED,
    Grafiek,
    Interval,
    Reeks,
    intervallen,
    lijnen,
    staven,
    tijdreeks,
)
from service.web.rendering import ENVIRONMENT

SVG = "{http://www.w3.org/2000/svg}"
shares = st.floats(0, 1, allow_nan=False)


def drawn(one: Grafiek, reeksen: tuple[str, ...] = ()) -> str:
    component = ENVIRONMENT.get_template("components/grafiek.html").module
    return str(component.grafiek(one, "proef", reeksen))  # type: ignore[attr-defined]


def check_inside(one: Grafiek) -> None:
    """Check that every mark and every end of a line lies within the drawing."""
    for line in one.lijnen:
        for point in line.punten.split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= BREED
            assert 0 <= y <= one.hoog
    corners = [(mark.x, mark.y) for mark in one.stippen]
    for x, y in corners + [(mark.x, mark.y) for mark in one.vlakken]:
        assert 0 <= x <= BREED
        assert 0 <= y <= one.hoog


@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=12))
def test_a_line_stays_inside_and_every_point_is_in_the_table(
    points: list[tuple[float, float]],
) -> None:
    one = lijnen(
        "Kalibratie", "Uitleg.", [Reeks("nu", tuple(points))], assen=("a", "b"), diagonaal=True
    )

    check_inside(one)
    assert list(one.rijen) == [(percent(x), percent(y)) for x, y in points]


@given(st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(0, 0.2)), max_size=9))
def test_intervals_stay_inside_and_are_as_many_as_the_groups(
    found: list[tuple[float, float]],
) -> None:
    rows = [Interval(f"g{at}", v, v - w, v + w) for at, (v, w) in enumerate(found)]
    one = intervallen("Verschil", "Uitleg.", rows, grenzen=(-0.05, 0.05))

    check_inside(one)
    assert (len(one.stippen), len(one.rijen)) == (len(found), len(found))


@given(st.lists(st.floats(0, 1e6), max_size=9))
def test_bars_are_as_long_as_their_values(values: list[float]) -> None:
    one = staven("Aantal", "Uitleg.", [(f"n{at}", value) for at, value in enumerate(values)])

    check_inside(one)
    by_value = sorted(zip(values, (bar.breed for bar in one.vlakken), strict=True))
    assert [wide for _, wide in by_value] == sorted(wide for _, wide in by_value)


@given(st.lists(st.floats(0, 3), max_size=9), st.none() | st.floats(0, 1))
def test_a_time_series_shows_each_day(values: list[float], grens: float | None) -> None:
    days = [(date(2026, 1, 31) + timedelta(days=at), value) for at, value in enumerate(values)]
    one = tijdreeks("Verloop", "Uitleg.", [("psi", days)], grens=grens)

    check_inside(one)
    assert len(one.rijen) == len(values)


def test_a_group_without_a_figure_is_told_and_not_drawn() -> None:
    nan = float("nan")
    one = intervallen("Verschil", "Uitleg.", [Interval("vso", nan, nan, nan)])

    assert one.stippen == ()
    assert one.rijen == (("vso", "niet bekend", "niet bekend", "niet bekend"),)


def test_the_drawing_has_a_title_a_description_and_no_style_of_its_own() -> None:
    one = lijnen(
        "Kans & uitkomst", "Zo leest u dit.", [Reeks("a", ((0.1, 0.2),))], assen=("x", "y")
    )
    html = drawn(one, ("a", "b"))
    named = html.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
    whole = ElementTree.fromstring(named)  # noqa: S314  # our own words
    image = next(svg for svg in whole.iter(f"{SVG}svg") if svg.get("role") == "img")

    assert image.findtext(f"{SVG}title") == "Kans & uitkomst"
    assert "Zo leest u dit." in str(image.findtext(f"{SVG}desc"))
    assert "style=" not in html
    assert [cell.text for cell in whole.iter("th")] == ["x", "y", "10%"]
