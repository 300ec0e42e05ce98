"""Recording what a command writes to a file: that too is shown (TRUST H1)."""

from collections.abc import Sequence

import polars as pl
from sqlalchemy import Engine

from features.passendheid import pair_matrix
from models.uitvalrisico import UitvalrisicoModel
from service.matching import Matching
from service.regio import Regio
from service.suggestielog.herkomst import canonical_json
from service.suggestielog.lijst import Lijst, Regel, Soort, invoer_json
from service.suggestielog.maken import regel_of_paar
from service.suggestielog.tafel import ROUNDED
from service.suggestielog.tonen import Suggestielog
from service.uitleg import as_invoer

PAIRS_AT_ONCE = 8192
"""Pairs whose features are held in memory at once."""


def record_scores(engine: Engine, regio: Regio) -> None:
    """Record that the uitvalrisico of everybody leaves in a file."""
    made = regio.herkomst
    if made is None:
        return
    rows = zip(regio.scores.iter_rows(), regio.invoer(), strict=True)
    lines = tuple(
        Regel(
            who,
            None,
            rang,
            kans,
            invoer_json(UitvalrisicoModel.name, who, invoer),
            canonical_json({"jongere": who}),
        )
        for rang, ((who, kans), invoer) in enumerate(rows, start=1)
    )
    _record(engine, Lijst(Soort.UITVOER, regio.peildatum, made, lines, volgorde="jongere_id"))


def record_pairs(engine: Engine, matching: Matching, frame: pl.DataFrame) -> None:
    """Record that pairs leave in a file.

    Parameters
    ----------
    engine : Engine
        The store.
    matching : Matching
        What scored them.
    frame : DataFrame
        ``jongere_id``, ``leerwerkplek_id``, ``kans``; ``rang`` within a jongere when there is one.
    """
    made = matching.herkomst
    if made is None:
        return
    ranks = frame["rang"] if "rang" in frame.columns else pl.Series([1] * frame.height)
    given = _inputs(matching, frame["jongere_id"].to_list(), frame["leerwerkplek_id"].to_list())
    lines = tuple(
        regel_of_paar(
            who, plek, rang, exact if abs(exact - kans) <= ROUNDED else kans, invoer, {"kans": kans}
        )
        for who, plek, kans, rang, (invoer, exact) in zip(
            frame["jongere_id"],
            frame["leerwerkplek_id"],
            frame["kans"],
            ranks,
            given,
            strict=True,
        )
    )
    _record(engine, Lijst(Soort.UITVOER, matching.peildatum, made, lines, volgorde="jongere_id"))


def _inputs(
    matching: Matching, jongeren: Sequence[str], plekken: Sequence[str]
) -> list[tuple[bytes, float]]:
    """Return what the model saw of each pair and what it said: a proposal counts in millionths."""
    context, scorer = matching.paren.context, matching.paren.scorer
    if scorer is None:
        return []
    rows, places = context.jongere_rows(jongeren), context.plek_rows(plekken)
    found: list[tuple[bytes, float]] = []
    for at in range(0, len(rows), PAIRS_AT_ONCE):
        some = slice(at, at + PAIRS_AT_ONCE)
        features = pair_matrix(context, rows[some], places[some])[0]
        found += zip(as_invoer(features), scorer.kansen(features).tolist(), strict=True)
    return found


def _record(engine: Engine, lijst: Lijst) -> None:
    if lijst.regels:
        Suggestielog(engine).show([lijst])
