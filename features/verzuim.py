"""Absence of a jongere before the peildatum: shares of the hours taught, spells, legal reports.

Registers hold hours per week, so which day of the week was missed (Mondays) cannot be told.
"""

from collections.abc import Sequence

import polars as pl

from features.contract import Tables
from features.peildatum import RIJ, table, zero_if_kind_is_known
from features.registry import Direction, Feature
from features.windows import FOREVER, Events, window_sums

WINDOWS = (4, 13, 26, 52)
"""Weeks of each window."""
OWN_PAST = 104
"""Weeks that the last quarter is held against."""
DAYS = 7
LATELY = {4: 0.4, 13: 0.3, 26: 0.2, 52: 0.1}
"""Weight of a week in the recent level, per window that it lies in: a week of the last month
counts fully, one of a year ago a tenth, about as fast as trouble with school comes and goes."""

_WORD = {
    4: "in de laatste 4 weken",
    13: "in het laatste kwartaal",
    26: "in het laatste halfjaar",
    52: "in het laatste jaar",
}
_PURPOSE = "Wie lessen mist, verliest het contact met school; meer verzuim gaat vooraf aan uitval."


def _feature(
    name: str, label: str, unit: str, direction: Direction = 0, source: str = "verzuim"
) -> Feature:
    return Feature(name, label, unit, source, _PURPOSE, direction, "verzuim")


FEATURES = (
    *(
        _feature(f"verzuim_ongeoorloofd_{weeks}", f"ongeoorloofd verzuim {_WORD[weeks]}", "deel", 1)
        for weeks in WINDOWS
    ),
    *(
        _feature(f"verzuim_geoorloofd_{weeks}", f"geoorloofd verzuim {_WORD[weeks]}", "deel")
        for weeks in WINDOWS
    ),
    _feature(
        "verzuim_ongeoorloofd_verandering",
        "verandering in ongeoorloofd verzuim tegenover het jaar ervoor",
        "deel",
    ),
    _feature(
        "verzuim_geoorloofd_verandering",
        "verandering in geoorloofd verzuim tegenover het jaar ervoor",
        "deel",
    ),
    _feature(
        "verzuim_weken_ongeoorloofd_13",
        "weken met ongeoorloofd verzuim in het laatste kwartaal",
        "weken",
        1,
    ),
    _feature(
        "verzuim_weken_ongeoorloofd_deel_26",
        "deel van de weken met ongeoorloofd verzuim in het laatste halfjaar",
        "deel",
        1,
    ),
    _feature(
        "verzuim_weken_ongeoorloofd_deel_52",
        "deel van de weken met ongeoorloofd verzuim in het laatste jaar",
        "deel",
        1,
    ),
    _feature(
        "verzuim_weken_ongeoorloofd_deel_alles",
        "deel van alle bekende weken met ongeoorloofd verzuim",
        "deel",
        1,
    ),
    _feature(
        "verzuim_weken_ongeoorloofd_recent",
        "deel van de weken met ongeoorloofd verzuim, laatste weken tellen zwaarder",
        "deel",
        1,
    ),
    _feature(
        "verzuim_weken_ongeoorloofd_verandering",
        "verandering in weken met ongeoorloofd verzuim tegenover het eigen verleden",
        "deel",
    ),
    _feature(
        "verzuim_reeksen_26",
        "keren dat ongeoorloofd verzuim begon in het laatste halfjaar",
        "aantal",
    ),
    _feature(
        "verzuim_hele_weken_26",
        "hele weken ongeoorloofd afwezig in het laatste halfjaar",
        "weken",
        1,
    ),
    _feature(
        "verzuim_hele_weken_geoorloofd_52",
        "hele weken geoorloofd afwezig in het laatste jaar",
        "weken",
    ),
    _feature(
        "verzuim_weken_geregistreerd_13",
        "weken waarvan het verzuim bekend is, in het laatste kwartaal",
        "weken",
    ),
    _feature(
        "verzuimmeldingen_13",
        "verzuimmeldingen in het laatste kwartaal",
        "aantal",
        1,
        "verzuimmelding",
    ),
    _feature(
        "verzuimmeldingen_52", "verzuimmeldingen in het laatste jaar", "aantal", 1, "verzuimmelding"
    ),
)
KINDS = ("ongeoorloofd", "geoorloofd")


def verzuim_features(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Summarise the absence that was known on the peildatum.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables; `verzuim` is used.
    spine : LazyFrame
        Numbered spine (`features.peildatum.numbered`).

    Returns
    -------
    LazyFrame
        `RIJ` and, for every spine row, shares of the ``lesuren`` in [0, 1] of each window, null
        when no lesuren were registered in it (which is not the same as no absence); the change
        of the last 4 weeks against weeks 5 to 52, in [-1, 1]; weeks with absence as a number and
        as shares of the weeks registered, the recent one weighted by `LATELY`; the change of
        the last quarter against the `OWN_PAST` before it; spells (weeks with unauthorised
        absence that do not follow on such a week) and weeks missed as a whole.
    """
    rows = spine.collect()
    weeks = _sums(tables, rows, [*WINDOWS, OWN_PAST], alles=True)
    spells = weeks.hstack(_following(tables, rows))
    return rows.select(RIJ).hstack(spells.select(_shares() + _weeks())).lazy()


def recent_shares(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    """Return unauthorised absence of the last quarter of each row, as `verzuim_features` does."""
    return _sums(tables, rows, [13], alles=False).select(
        _share("ongeoorloofd", "91").alias("verzuim_ongeoorloofd_13")
    )


def verzuimmelding_features(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Count the legal absence reports of the last 13 and 52 weeks.

    Returns
    -------
    LazyFrame
        `RIJ`, ``verzuimmeldingen_13`` and ``_52`` for every spine row: 0 when none is known,
        null when the register held no report of anybody yet.
    """
    rows = spine.collect()
    counts = window_sums(
        tables,
        "verzuimmelding",
        rows,
        day="datum",
        values={"n": pl.lit(1)},
        windows=[weeks * DAYS for weeks in (13, 52)],
    ).rename({f"n_{weeks * DAYS}": f"verzuimmeldingen_{weeks}" for weeks in (13, 52)})
    found = rows.select(RIJ).hstack(counts)
    return zero_if_kind_is_known(
        found.lazy(), rows.lazy(), table(tables, "verzuimmelding"), counts.columns
    )


def _sums(
    tables: Tables, rows: pl.DataFrame, windows: Sequence[int], *, alles: bool
) -> pl.DataFrame:
    """Return hours and weeks of each window, in days."""
    missed, lessons = pl.col("uren_ongeoorloofd"), pl.col("lesuren")
    taught = lessons > 0
    values = {
        "lesuren": lessons,
        "ongeoorloofd": missed,
        "geoorloofd": pl.col("uren_geoorloofd"),
        "weken": taught,
        "weken_weg": taught & (missed > 0),
        "weken_heel": taught & (missed >= lessons),
        "weken_ziek": taught & (pl.col("uren_geoorloofd") >= lessons),
    }
    events = Events.of(
        table(tables, "verzuim").lazy(),
        rows,
        day="week",
        values=values if alles else {name: values[name] for name in ("lesuren", "ongeoorloofd")},
    )
    return events.sums([*(weeks * DAYS for weeks in windows), *([FOREVER] if alles else [])])


def _following(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    """Count weeks of the last half year that follow on a week with unauthorised absence too."""
    away = (
        table(tables, "verzuim")
        .lazy()
        .filter(pl.col("uren_ongeoorloofd") > 0, pl.col("lesuren") > 0)
        .select("jongere_id", "week", "bekend_op")
    )
    pairs = away.join(
        away.select("jongere_id", pl.col("week").dt.offset_by("1w"), eerder="bekend_op"),
        on=["jongere_id", "week"],
    ).with_columns(pl.max_horizontal("bekend_op", "eerder").alias("bekend_op"))
    events = Events.of(pairs, rows, day="week", values={"vervolg": pl.lit(1)})
    return events.sums([26 * DAYS])


def _shares() -> list[pl.Expr]:
    """Return the shares of hours, and the change of the last month."""
    return [
        *(
            _share(kind, str(weeks * DAYS)).alias(f"verzuim_{kind}_{weeks}")
            for kind in KINDS
            for weeks in WINDOWS
        ),
        *(
            (
                _share(kind, "28")
                - (pl.col(f"{kind}_364") - pl.col(f"{kind}_28"))
                / _positive(pl.col("lesuren_364") - pl.col("lesuren_28"))
            ).alias(f"verzuim_{kind}_verandering")
            for kind in KINDS
        ),
    ]


def _weeks() -> list[pl.Expr]:
    """Return what is told in weeks: with absence, missed as a whole, known at all."""
    known, away = pl.col("weken_91"), pl.col("weken_weg_91")
    past = (pl.col("weken_weg_728") - away) / _positive(pl.col("weken_728") - known)
    weighted = {
        kind: pl.sum_horizontal(
            pl.col(f"{kind}_{weeks * DAYS}") * weight for weeks, weight in LATELY.items()
        )
        for kind in ("weken", "weken_weg")
    }
    half = pl.col("weken_182") > 0
    told = {
        "weken_ongeoorloofd_13": pl.when(known > 0).then(away),
        "weken_ongeoorloofd_deel_26": _share_of_weeks("182"),
        "weken_ongeoorloofd_deel_52": _share_of_weeks("364"),
        "weken_ongeoorloofd_deel_alles": _share_of_weeks("alles"),
        "weken_ongeoorloofd_recent": weighted["weken_weg"] / _positive(weighted["weken"]),
        "weken_ongeoorloofd_verandering": _share_of_weeks("91") - past,
        "reeksen_26": pl.when(half).then(pl.col("weken_weg_182") - pl.col("vervolg_182")),
        "hele_weken_26": pl.when(half).then(pl.col("weken_heel_182")),
        "hele_weken_geoorloofd_52": pl.when(pl.col("weken_364") > 0).then(pl.col("weken_ziek_364")),
        "weken_geregistreerd_13": pl.when(pl.col("weken_alles") > 0).then(known),
    }
    return [value.alias(f"verzuim_{name}") for name, value in told.items()]


def _share(kind: str, window: str) -> pl.Expr:
    return pl.col(f"{kind}_{window}") / _positive(pl.col(f"lesuren_{window}"))


def _share_of_weeks(window: str) -> pl.Expr:
    return pl.col(f"weken_weg_{window}") / _positive(pl.col(f"weken_{window}"))


def _positive(value: pl.Expr) -> pl.Expr:
    return pl.when(value > 0).then(value)
