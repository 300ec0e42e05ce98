"""What came of what a model said: calibration and gaps between groups, before and after people.

The rule of the gate is held again over outcomes that were not known when the model was made
(TRUST F5, F7, F12). What was shown counts where enough of it has matured; else the model says again
what it would have said then, and the text says so.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from features.contract import Tables
from features.labels import UITVAL, uitval
from models.drift_rows import Rijp, matured_since
from models.fairness import Flags, Scored, report, select
from models.gate import CALIBRATION, FEWEST_POSITIVES, Kleur, Regel, judge
from models.gate import Bevinding as Gevonden
from models.history import uitval_known_by
from models.measures import LIST_SHARE
from models.uitvalrisico import UitvalrisicoModel
from service.bewaken.kampioen import Kampioen
from service.bewaken.maten import Maat
from service.dutch import getal
from service.storage.bewaken import BewakenRepository, Gekozen
from service.storage.bewaking import ALARM, LET_OP, RUSTIG, TE_WEINIG, Bevinding
from service.web.modelzinnen import bevinding_zin

Vector = NDArray[np.float64]

FEWEST_SHOWN = 200
"""Jongeren of whom something shown has matured, before that counts instead of scores made again."""
CHOSEN_DAYS = 90
"""A besluit within so many days after a peildatum is the human decision on that list."""
SEED = 1
IEDEREEN = "iedereen"
NIVEAUS = {Kleur.ROOD: ALARM, Kleur.ORANJE: LET_OP, Kleur.GROEN: RUSTIG, Kleur.TE_WEINIG: TE_WEINIG}
RULES_OF_PEOPLE = {Regel.RECALL, Regel.SELECTIE, Regel.TE_WEINIG}
"""What people chose says nothing of whether chances are right."""


def uitgekomen(session: Session, een: Kampioen, tables: Tables, until: date) -> Iterator[Bevinding]:
    """Yield what the outcomes say that matured since a model was made.

    Parameters
    ----------
    session : Session
        A unit of work that reads.
    een : Kampioen
        The model.
    tables : mapping of name to DataFrame
        Canonical tables.
    until : date
        Last day of which anything is known.
    """
    if een.model is None or een.bekend_tot is None:
        return
    rijp = matured_since(een.naam, tables, bekend_tot=een.bekend_tot, until=until)
    features = rijp.frame.select(een.model.stack.columns)
    said = een.model.predict(features) if features.height else np.zeros(0)
    repository = BewakenRepository(session)
    shown = _shown(repository, een, tables, until)
    yield _kalibratie(een, rijp.uitkomst, said, rijp.frame["jongere_id"], shown)
    if not rijp.groepen.width or not rijp.frame.height:
        return
    kept = rijp.groepen.drop("instelling", strict=False)
    yield from _groepen(een, Maat.GROEPEN, _listed(een, rijp, said), kept)
    if een.naam == UitvalrisicoModel.name:
        chosen = _chosen(rijp.frame, repository.gekozen())
        yield from _na_besluit(een, rijp, said, chosen, kept)


def _numbers(who: pl.Series) -> NDArray[np.int64]:
    return who.rank("dense").cast(pl.Int64).to_numpy()


def _listed(een: Kampioen, rijp: Rijp, said: Vector) -> Scored:
    """Return the rows with the list that coaches have room for; of other models everybody."""
    lists = rijp.frame["peildatum"].rank("dense").cast(pl.Int64).to_numpy()
    room = een.naam == UitvalrisicoModel.name
    chosen = select(said, lists, LIST_SHARE) if room else np.ones(len(said), dtype=np.bool_)
    return Scored(rijp.uitkomst, said, _numbers(rijp.frame["jongere_id"]), chosen)


def _shown(
    repository: BewakenRepository, een: Kampioen, tables: Tables, until: date
) -> tuple[Vector, Vector, pl.Series] | None:
    """Return outcome, score and who, of what was shown and has matured; None when too few."""
    if een.naam != UitvalrisicoModel.name:
        return None
    rows = repository.getoond(een.naam, een.versie)
    due = [row for row in rows if uitval_known_by(row.peildatum, UITVAL) <= until]
    if len({row.jongere_id for row in due}) < FEWEST_SHOWN:
        return None
    spine = pl.DataFrame(
        {"jongere_id": [r.jongere_id for r in due], "peildatum": [r.peildatum for r in due]}
    )
    told = uitval(tables, spine, observed_until=until)["uitval"].cast(pl.Float64)
    outcome = told.fill_null(float("nan")).to_numpy()
    kept = ~np.isnan(outcome)
    scores = np.array([row.score for row in due])
    return outcome[kept], scores[kept], spine["jongere_id"].filter(pl.Series(kept))


def _kalibratie(
    een: Kampioen,
    outcome: Vector,
    said: Vector,
    who: pl.Series,
    shown: tuple[Vector, Vector, pl.Series] | None,
) -> Bevinding:
    key = (een.naam, een.versie, Maat.KALIBRATIE.value, IEDEREEN)
    if shown is not None:
        outcome, said, who = shown
    if outcome.sum() < FEWEST_POSITIVES or (1 - outcome).sum() < FEWEST_POSITIVES:
        return Bevinding(*key, TE_WEINIG, "Nog te weinig uitkomsten die sindsdien bekend werden.")
    everybody = np.ones(len(said), dtype=np.bool_)
    row = report(
        Scored(outcome, said, _numbers(who), everybody),
        pl.DataFrame({IEDEREEN: ["ja"] * len(said)}),
        seed=SEED,
    ).groepen.row(0, named=True)
    value, low, high = (row[f"calibration_in_the_large{end}"] for end in ("", "_low", "_high"))
    off = abs(value) > CALIBRATION and (low > 0 or high < 0)
    kant = "meer" if value > 0 else "minder"
    hoe = "over wat is getoond" if shown is not None else "opnieuw berekend, zoals het toen was"
    zin = (
        f"Het model zegt {getal(abs(100 * value))} van de 100 {kant} dan er uitkwam (tussen "
        f"{getal(100 * low)} en {getal(100 * high)}), {hoe}."
    )
    niveau = ALARM if off else RUSTIG
    return Bevinding(
        *key,
        niveau,
        zin,
        waarde=value,
        laag=low,
        hoog=high,
        grens=CALIBRATION,
        n=len(said) // 10 * 10,
    )


def _groepen(
    een: Kampioen, maat: Maat, scored: Scored, groups: pl.DataFrame, *, people: bool = False
) -> Iterator[Bevinding]:
    """Yield what the gate says of groups, or one calm line when it has nothing to say."""
    found = report(scored, groups, seed=SEED)
    told = [one for one in judge(found).bevindingen if not people or one.regel in RULES_OF_PEOPLE]
    for one in told:
        yield _bevinding(een, maat, one)
    if all(one.kleur is Kleur.TE_WEINIG for one in told):
        enough = found.groepen.height > len(told)
        zin = "Geen verschil tussen groepen dat te groot is." if enough else "Nog te weinig bekend."
        niveau = RUSTIG if enough else TE_WEINIG
        yield Bevinding(een.naam, een.versie, maat.value, IEDEREEN, niveau, zin)


def _na_besluit(
    een: Kampioen, rijp: Rijp, said: Vector, chosen: Flags, groups: pl.DataFrame
) -> Iterator[Bevinding]:
    """Yield the same of who was chosen by people (TRUST F7)."""
    if chosen.sum() < FEWEST_POSITIVES:
        key = (een.naam, een.versie, Maat.NA_BESLUIT.value, IEDEREEN)
        yield Bevinding(*key, TE_WEINIG, "Nog te weinig besluiten waarvan de uitkomst bekend is.")
        return
    scored = Scored(rijp.uitkomst, said, _numbers(rijp.frame["jongere_id"]), chosen)
    yield from _groepen(een, Maat.NA_BESLUIT, scored, groups, people=True)


def _chosen(frame: pl.DataFrame, besluiten: list[Gekozen]) -> Flags:
    """Return of which rows somebody decided to help, soon after the peildatum."""
    days: dict[str, list[date]] = {}
    for one in besluiten:
        days.setdefault(one.jongere_id, []).append(one.dag)
    return np.array(
        [
            any(0 <= (dag - peildatum).days <= CHOSEN_DAYS for dag in days.get(who, ()))
            for who, peildatum in frame.select("jongere_id", "peildatum").iter_rows()
        ],
        dtype=np.bool_,
    )


def _bevinding(een: Kampioen, maat: Maat, one: Gevonden) -> Bevinding:
    key = (een.naam, een.versie, maat.value, f"{one.kenmerk} {one.waarde}: {one.regel.value}")
    if one.kleur is Kleur.TE_WEINIG:
        return Bevinding(*key, TE_WEINIG, bevinding_zin(one))
    return Bevinding(
        *key,
        NIVEAUS[one.kleur],
        bevinding_zin(one),
        waarde=one.gevonden,
        laag=one.laag,
        hoog=one.hoog,
    )
