"""Whether what a model sees has moved, feature by feature and by source, and so its score."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from features.contract import Tables
from models.drift import (
    ALARM,
    NOTED,
    SCORE,
    Verschuiving,
    rewritten,
    stand_of,
    verschuivingen,
)
from models.drift_rows import asked_on, same_day_then
from models.registered import RegisteredModel
from models.store import KINDS
from models.training import Training
from service.bewaken.kampioen import Kampioen
from service.bewaken.maten import Maat
from service.dutch import datum, getal, percent
from service.storage.bewaking import ALARM as ROOD
from service.storage.bewaking import LET_OP, RUSTIG, TE_WEINIG, Bevinding

MOVED_UNKNOWN = 0.1
"""A share of unknown values that differs more is named."""


def verschoven(een: Kampioen, tables: Tables, dag: date) -> Iterator[Bevinding]:
    """Yield what moved of each feature of a model, and of its score.

    Parameters
    ----------
    een : Kampioen
        The model.
    tables : mapping of name to DataFrame
        Canonical tables.
    dag : date
        From which to look.
    """
    if een.model is None or een.bekend_tot is None:
        return
    toen = same_day_then(dag, een.bekend_tot)
    then, now = (_scored(een.model, asked_on(een.naam, tables, day)) for day in (toen, dag))
    names = [*een.model.stack.columns, SCORE]
    changed = {}
    if een.stand:
        again = _scored(een.model, asked_on(een.naam, tables, een.bekend_tot))
        changed = rewritten(een.stand, again)
    for one in verschuivingen(then, now, names, sources_of(tables, now)):
        more = changed.get(one.naam, 0.0)
        if more > max(one.psi, NOTED):
            yield _found(een, replace(one, psi=more, herschreven=True), een.bekend_tot)
        else:
            yield _found(een, one, toen)


def with_stand(training: Training, tables: Tables, dag: date) -> Training:
    """Return a training whose card says what the day looked like on which it was made.

    Parameters
    ----------
    training : Training
        A model that was just made.
    tables : mapping of name to DataFrame
        Canonical tables.
    dag : date
        Last day of which it knew anything.
    """
    rows = _scored(training.model, asked_on(training.name, tables, dag))
    stand = stand_of(rows, [*training.model.stack.columns, SCORE])
    return replace(training, card={**training.card, "stand": stand})


def _scored(model: RegisteredModel, rows: pl.DataFrame) -> pl.DataFrame:
    frame = rows.select(
        *(one for one in ("jongere_id", "leerwerkplek_id") if one in rows.columns),
        *model.stack.columns,
    )
    features = frame.select(model.stack.columns)
    said = model.predict(features) if frame.height else np.zeros(0)
    return frame.with_columns(pl.Series(SCORE, said, dtype=pl.Float64))


def sources_of(tables: Tables, rows: pl.DataFrame) -> pl.Series:
    """Return the source of the jongere of each row; null where it is not known."""
    known = tables["jongere"].select("jongere_id", "bron")
    return rows.select("jongere_id").join(
        known, on="jongere_id", how="left", maintain_order="left"
    )["bron"]


def _found(een: Kampioen, one: Verschuiving, toen: date) -> Bevinding:
    score = one.naam == SCORE
    maat = Maat.SCORE if score else Maat.INVOER
    onderwerp = "kans" if score else one.naam
    key = (een.naam, een.versie, maat.value, onderwerp)
    if not one.genoeg:
        return Bevinding(*key, TE_WEINIG, "Te weinig om iets te zeggen.")
    niveau = ROOD if one.alarm else LET_OP if one.opvallend else RUSTIG
    return Bevinding(
        *key,
        niveau,
        _zin(een, one, toen),
        waarde=one.psi,
        toeval=one.toeval,
        grens=ALARM,
        n=one.n,
    )


def _zin(een: Kampioen, one: Verschuiving, toen: date) -> str:
    """Return in words what moved, since when, from which source, and what is unknown."""
    feature = next((f for f in KINDS[een.naam].features if f.name == one.naam), None)
    wat = "De kansen" if feature is None else f"'{feature.label}' (bron: {feature.source})"
    hoe = "zijn" if feature is None else "is"
    mate = "sterk verschoven" if one.alarm else "wat verschoven" if one.opvallend else "als eerst"
    zin = f"{wat} {hoe} {mate}, vergeleken met {datum(toen)}: {getal(one.psi, 2)}."
    if one.herschreven:
        zin += " Wat toen al bekend was, is later veranderd in de bron."
    elif abs(one.onbekend - one.onbekend_eerst) > MOVED_UNKNOWN:
        nu, eerst = percent(one.onbekend), percent(one.onbekend_eerst)
        zin += f" Onbekend bij {nu}; dat was {eerst}."
    return f"{zin} Het komt vooral uit {one.bron}." if one.bron else zin
