"""Charts as places in an SVG, made on the server, each with the same figures as a table.

A chart is data: lines, bars, points and words with their places. `components/grafiek.html` draws
it, with a title and a description for who does not see it, and the table under it. Series differ
by dash and by shape, never by colour alone (WCAG 2.2, 1.4.1).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, isfinite, log10
from typing import Final

from service.dutch import datum, getal, percent

BREED: Final = 420.0
LINKS: Final = 46.0
"""Room for the numbers beside the axis."""
RAND: Final = 22.0
BOVEN: Final = 22.0
ONDER: Final = 44.0
PLAT: Final = 264.0
"""Height of a chart with two axes."""
LAAG: Final = 150.0
"""Height of a small time series."""
REGEL: Final = 36.0
"""Height of one row of bars or intervals: a name, and the bar below it."""
PAAR: Final = 14.0
"""How far below an interval that of the second series stands."""

SMALLEST: Final = 1e-6
"""Smaller differences are not drawn."""

Schrijf = Callable[[float], str]
"""Writes a figure for people."""


@dataclass(frozen=True)
class Lijn:
    """A line through points, as the attribute ``points`` of a polyline."""

    punten: str
    klas: str


@dataclass(frozen=True)
class Vlak:
    """A rectangle."""

    x: float
    y: float
    breed: float
    hoog: float
    klas: str


@dataclass(frozen=True)
class Stip:
    """A mark on a point; `vorm` is "rond" or "vierkant"."""

    x: float
    y: float
    klas: str
    vorm: str = "rond"


@dataclass(frozen=True)
class Woord:
    """Text at a point; `anker` is start, middle or end."""

    x: float
    y: float
    tekst: str
    anker: str = "start"
    klas: str = "as"


@dataclass(frozen=True)
class Grafiek:
    """A chart that is ready to be drawn, and its figures as a table.

    Parameters
    ----------
    titel, uitleg : str
        What it shows, and how to read it: visible, and for screen readers.
    hoog : float
        Height, in the units of `BREED`.
    vlakken, lijnen, stippen, woorden : tuple
        What is drawn, in this order.
    koppen : tuple of str
        Heads of the table.
    rijen : tuple of tuple of str
        Its rows; the first cell names the row.
    """

    titel: str
    uitleg: str
    hoog: float
    vlakken: tuple[Vlak, ...]
    lijnen: tuple[Lijn, ...]
    stippen: tuple[Stip, ...]
    woorden: tuple[Woord, ...]
    koppen: tuple[str, ...]
    rijen: tuple[tuple[str, ...], ...]
    breed: float = BREED


@dataclass(frozen=True)
class Reeks:
    """A named row of points (x, y), in order of x."""

    naam: str
    punten: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Interval:
    """A figure of something with its bounds; NaN where there are none.

    Of a second series (`reeks` 1) it stands below the one of the first, under the same name.
    """

    naam: str
    waarde: float
    laag: float
    hoog: float
    reeks: int = 0


@dataclass(frozen=True)
class _Schaal:
    """From values to places along one axis."""

    van: float
    tot: float
    begin: float
    eind: float

    def __call__(self, value: float) -> float:
        share = (value - self.van) / (self.tot - self.van)
        return round(self.begin + share * (self.eind - self.begin), 1)


def lijnen(
    titel: str,
    uitleg: str,
    reeksen: Sequence[Reeks],
    *,
    assen: tuple[str, str],
    schrijf: Schrijf = percent,
    diagonaal: bool = False,
) -> Grafiek:
    """Return lines with points over two axes of the same unit, such as a calibration plot.

    Parameters
    ----------
    titel, uitleg : str
        As `Grafiek`.
    reeksen : sequence of Reeks
        At most two, else the marks no longer tell them apart.
    assen : (str, str)
        What lies along, and what upwards; with the name of each series the heads of the table.
    schrijf : callable
        Writes a figure.
    diagonaal : bool
        Draw where both are equal.
    """
    points = [point for one in reeksen for point in one.punten]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    both = (*xs, *ys) if diagonaal else ()
    x_steps, y_steps = _steps(both or xs), _steps(both or ys)
    x = _Schaal(x_steps[0], x_steps[-1], LINKS, BREED - RAND)
    y = _Schaal(y_steps[0], y_steps[-1], PLAT - ONDER, BOVEN)
    drawn = [_rule(x, y, one) for one in y_steps]
    if diagonaal:
        drawn.append(_line([(x_steps[0], x_steps[0]), (x_steps[-1], x_steps[-1])], x, y, "gelijk"))
    drawn += [_line(one.punten, x, y, f"reeks-{at}") for at, one in enumerate(reeksen)]
    words = [Woord(x(one), PLAT - ONDER + 21, schrijf(one), "middle") for one in x_steps[1:]]
    words.append(Woord(x.begin, PLAT - ONDER + 21, schrijf(x_steps[0])))
    words += _beside(y, y_steps, schrijf)
    words += [Woord(BREED - RAND, PLAT - 4, assen[0], "end"), Woord(2, 12, assen[1])]
    return Grafiek(
        titel,
        uitleg,
        PLAT,
        (),
        tuple(drawn),
        tuple(_marks(reeksen, x, y)),
        tuple(words),
        (*((assen[0], assen[1]) if len(reeksen) == 1 else ("Reeks", *assen)),),
        tuple(
            (*(() if len(reeksen) == 1 else (one.naam,)), schrijf(along), schrijf(up))
            for one in reeksen
            for along, up in one.punten
        ),
    )


def tijdreeks(
    titel: str,
    uitleg: str,
    reeksen: Sequence[tuple[str, Sequence[tuple[date, float]]]],
    *,
    schrijf: Schrijf = getal,
    grens: float | None = None,
) -> Grafiek:
    """Return a small time series.

    Parameters
    ----------
    titel, uitleg : str
        As `Grafiek`.
    reeksen : sequence of (str, points)
        At most two, each a name and its days with their values, in order.
    schrijf : callable
        Writes a value.
    grens : float, optional
        A bound to draw across, such as that of an alarm; say in `uitleg` what it is.
    """
    told = [
        Reeks(name, tuple((float(day.toordinal()), value) for day, value in points))
        for name, points in reeksen
    ]
    days = sorted({int(day) for one in told for day, _ in one.punten}) or [date.min.toordinal()]
    values = [value for one in told for _, value in one.punten]
    steps = _steps([*values, *(() if grens is None else (grens,))], most=3)
    x = _Schaal(days[0], max(days[-1], days[0] + 1), LINKS, BREED - RAND)
    y = _Schaal(steps[0], steps[-1], LAAG - ONDER, BOVEN)
    drawn = [_rule(x, y, one) for one in steps]
    if grens is not None:
        drawn.append(_line([(x.van, grens), (x.tot, grens)], x, y, "grens"))
    drawn += [_line(one.punten, x, y, f"reeks-{at}") for at, one in enumerate(told)]
    first, last = (date.fromordinal(days[at]) for at in (0, -1))
    words = [Woord(LINKS, LAAG - ONDER + 18, datum(first)), *_beside(y, steps, schrijf)]
    if last > first:
        words.append(Woord(BREED - RAND, LAAG - ONDER + 18, datum(last), "end"))
    return Grafiek(
        titel,
        uitleg,
        LAAG,
        (),
        tuple(drawn),
        tuple(_marks(told, x, y)),
        tuple(words),
        ("Dag", *(name for name, _ in reeksen)),
        tuple(_of_day(day, told, schrijf) for day in days if values),
    )


def intervallen(
    titel: str,
    uitleg: str,
    regels: Sequence[Interval],
    *,
    grenzen: Sequence[float] = (),
    midden: float = 0.0,
    kop: str = "Groep",
    reeksen: tuple[str, str] | None = None,
    schrijf: Schrijf = getal,
) -> Grafiek:
    """Return a figure with its interval for each of some groups, below one another.

    Parameters
    ----------
    titel, uitleg : str
        As `Grafiek`.
    regels : sequence of Interval
        What is shown; one without a figure is only in the table.
    grenzen : sequence of float
        Bounds to draw, such as those of the gate; say in `uitleg` what they are.
    midden : float
        Where there is no difference; drawn too.
    kop : str
        What the rows are.
    reeksen : (str, str), optional
        Names of two series, which lie below one another in each row.
    schrijf : callable
        Writes a figure.
    """
    shown = [one for one in regels if isfinite(one.waarde)]
    ends = [v for one in shown for v in (one.laag, one.waarde, one.hoog) if isfinite(v)]
    steps = _steps([*ends, *grenzen, midden])
    high = BOVEN + sum(PAAR if one.reeks else REGEL for one in shown) + ONDER
    x = _Schaal(steps[0], steps[-1], RAND + 8, BREED - RAND - 8)
    drawn = [_upright(x(midden), high, "midden")]
    drawn += [_upright(x(one), high, "grens") for one in grenzen]
    words = [Woord(x(one), high - ONDER + 18, schrijf(one), "middle") for one in steps]
    marks, middle = [], BOVEN - 12
    for one in shown:
        middle += PAAR if one.reeks else REGEL
        if not one.reeks:
            words.append(Woord(RAND, middle - 10, one.naam, klas="naam"))
        if isfinite(one.laag) and isfinite(one.hoog):
            ends_at = f"{x(one.laag)},{middle} {x(one.hoog)},{middle}"
            drawn.append(Lijn(ends_at, "interval-1" if one.reeks else "interval"))
        shape = "vierkant" if one.reeks else "rond"
        marks.append(Stip(x(one.waarde), middle, f"reeks-{one.reeks}", shape))
    return Grafiek(
        titel,
        uitleg,
        high,
        (),
        tuple(drawn),
        tuple(marks),
        tuple(words),
        (kop, *(reeksen or ("Gevonden", "Van", "Tot"))),
        tuple(
            (one.naam, *(_told(v, schrijf) for v in (one.waarde, one.laag, one.hoog)))
            for one in regels
        )
        if reeksen is None
        else tuple(_both(one, other, schrijf) for one, other in _paired(regels)),
    )


def staven(
    titel: str,
    uitleg: str,
    regels: Sequence[tuple[str, float]],
    *,
    kop: str = "Groep",
    waarde: str = "Aantal",
    schrijf: Schrijf = getal,
) -> Grafiek:
    """Return horizontal bars from nought, each with its name above it and its value beside it.

    Parameters
    ----------
    titel, uitleg : str
        As `Grafiek`.
    regels : sequence of (str, float)
        Name and value, which is not below 0.
    kop, waarde : str
        Heads of the table.
    schrijf : callable
        Writes a value.
    """
    longest = max((value for _, value in regels), default=0.0) or 1.0
    x = _Schaal(0.0, longest, RAND, BREED - 80)
    bars, words = [], []
    for at, (name, value) in enumerate(regels):
        top = RAND + REGEL * at
        bars.append(Vlak(RAND, top + 16, max(x(value) - RAND, 1.0), 12, "staaf"))
        words.append(Woord(RAND, top + 11, name, klas="naam"))
        words.append(Woord(max(x(value), RAND + 1) + 6, top + 26, schrijf(value)))
    return Grafiek(
        titel,
        uitleg,
        RAND * 2 + REGEL * len(regels),
        tuple(bars),
        (),
        (),
        tuple(words),
        (kop, waarde),
        tuple((name, schrijf(value)) for name, value in regels),
    )


def _paired(regels: Sequence[Interval]) -> Iterator[tuple[Interval, Interval]]:
    """Yield each interval of the first series with that of the second below it."""
    return zip(regels[::2], regels[1::2], strict=True)


def _both(one: Interval, other: Interval, schrijf: Schrijf) -> tuple[str, ...]:
    """Return one row of a table of two series: the name, and each value with its bounds."""
    told = (
        f"{schrijf(each.waarde)} ({schrijf(each.laag)} tot {schrijf(each.hoog)})"
        if isfinite(each.waarde) and isfinite(each.laag) and isfinite(each.hoog)
        else _told(each.waarde, schrijf)
        for each in (one, other)
    )
    return (one.naam, *told)


def _steps(values: Sequence[float], most: int = 6) -> list[float]:
    """Return round values, the first below and the last above all of these.

    Examples
    --------
    >>> _steps([0.02, 0.31])
    [0.0, 0.1, 0.2, 0.3, 0.4]
    >>> _steps([])
    [0.0, 1.0]
    """
    if not values:
        return [0.0, 1.0]
    low, high = min(values), max(values)
    wide = high - low if high - low > SMALLEST else max(abs(high), SMALLEST)
    size = 10.0 ** floor(log10(wide))
    step = next(size * s for s in (0.2, 0.5, 1, 2, 5, 10) if wide / (size * s) <= most - 1.5)
    first, last = floor(round(low / step, 6)), ceil(round(high / step, 6))
    return [round(at * step, 12) for at in range(first, max(last, first + 1) + 1)]


def _line(points: Sequence[tuple[float, float]], x: _Schaal, y: _Schaal, klas: str) -> Lijn:
    return Lijn(" ".join(f"{x(along)},{y(up)}" for along, up in points), klas)


def _rule(x: _Schaal, y: _Schaal, value: float) -> Lijn:
    return Lijn(f"{x.begin},{y(value)} {x.eind},{y(value)}", "raster")


def _upright(place: float, high: float, klas: str) -> Lijn:
    return Lijn(f"{place},{BOVEN / 2} {place},{high - ONDER + 4}", klas)


def _beside(y: _Schaal, steps: Sequence[float], schrijf: Schrijf) -> list[Woord]:
    return [Woord(LINKS - 6, y(one) + 4, schrijf(one), "end") for one in steps]


def _marks(reeksen: Sequence[Reeks], x: _Schaal, y: _Schaal) -> list[Stip]:
    return [
        Stip(x(along), y(up), f"reeks-{at}", "vierkant" if at else "rond")
        for at, one in enumerate(reeksen)
        for along, up in one.punten
    ]


def _of_day(day: int, told: Sequence[Reeks], schrijf: Schrijf) -> tuple[str, ...]:
    values = (dict(one.punten).get(float(day), float("nan")) for one in told)
    return (datum(date.fromordinal(day)), *(_told(value, schrijf) for value in values))


def _told(value: float, schrijf: Schrijf) -> str:
    return schrijf(value) if isfinite(value) else "niet bekend"
