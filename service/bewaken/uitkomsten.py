"""What came of what a model said: calibration, gaps between groups, and whom people helped.

The rule of the gate is held again over outcomes that were not known when the model was made
(TRUST F5, F12), and whom people helped is laid beside whom the model would list (F7). What was
shown counts where enough of it has matured; else the model says again what it would have said
then, and the text says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from features.contract import Tables
from features.labels import UITVAL, uitval
from models.drift_rows import Rijp, matured_since
from models.fairness import Scored, report, select
from models.gate import CALIBRATION, FEWEST_POSITIVES, Kleur, judge
from models.gate import Bevinding as Gevonden
from models.history import uitval_known_by
from models.measures import LIST_SHARE
from models.uitvalrisico import UitvalrisicoModel
from service.bewaken.groepen import NIVEAUS
from service.bewaken.kampioen import Kampioen
from service.bewaken.maten import Maat
from service.dutch import getal
from service.modelbeheer.na_besluit import NIETS, NaBesluit, chosen_by_people, over_lijst
from service.storage.bewaken import BewakenRepository, Gekozen
from service.storage.bewaking import ALARM, RUSTIG, TE_WEINIG, Bevinding
from service.web.modelzinnen import bevinding_zin

Vector = NDArray[np.float64]
Shown = tuple[Vector, Vector, pl.Series]
"""Outcome, score and who, of what was shown and has matured."""

FEWEST_SHOWN = 200
"""Jongeren of whom something shown has matured, before that counts instead of scores made again."""
SEED = 1
IEDEREEN = "iedereen"


@dataclass(frozen=True)
class Uitgekomen:
    """What the outcomes say of a model, and of who was helped beside whom it would list."""

    bevindingen: tuple[Bevinding, ...]
    besloten: NaBesluit = NIETS


def uitgekomen(session: Session, een: Kampioen, tables: Tables, until: date) -> Uitgekomen:
    """Return what the outcomes say that matured since a model was made.

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
        return Uitgekomen(())
    rijp = matured_since(een.naam, tables, bekend_tot=een.bekend_tot, until=until)
    features = rijp.frame.select(een.model.stack.columns)
    said = een.model.predict(features) if features.height else np.zeros(0)
    repository = BewakenRepository(session)
    shown = _shown(repository, een, tables, until)
    return held_against(een, rijp, said, shown=shown, gekozen=repository.gekozen())


def held_against(
    een: Kampioen,
    rijp: Rijp,
    said: Vector,
    *,
    shown: Shown | None = None,
    gekozen: Sequence[Gekozen] = (),
) -> Uitgekomen:
    """Return what outcomes say of chances; as `uitgekomen`.

    Parameters
    ----------
    een : Kampioen
        The model.
    rijp : Rijp
        Rows of which the outcome is known.
    said : array of shape (n_rows,)
        What the model says of them.
    shown : tuple, optional
        Outcome, score and who, of what was really shown: then these tell of calibration.
    gekozen : sequence of Gekozen
        Whom people decided to help.
    """
    found = [_kalibratie(een, rijp.uitkomst, said, rijp.frame["jongere_id"], shown)]
    if not rijp.groepen.width or not rijp.frame.height:
        return Uitgekomen(tuple(found))
    kept, scored = rijp.groepen.drop("instelling", strict=False), _listed(een, rijp, said)
    found += _groepen(een, scored, kept)
    if een.naam != UitvalrisicoModel.name:
        return Uitgekomen(tuple(found))
    chosen = chosen_by_people(rijp.frame, gekozen)
    return Uitgekomen(tuple(found), over_lijst(scored, chosen, kept, seed=SEED))


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
) -> Shown | None:
    """Return what was shown and has matured; None when too few."""
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
    shown: Shown | None,
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


def _groepen(een: Kampioen, scored: Scored, groups: pl.DataFrame) -> Iterator[Bevinding]:
    """Yield what the gate says of groups, or one calm line when it has nothing to say."""
    found = report(scored, groups, seed=SEED)
    told = judge(found).bevindingen
    for one in told:
        yield _bevinding(een, one)
    if all(one.kleur is Kleur.TE_WEINIG for one in told):
        enough = found.groepen.height > len(told)
        zin = "Geen verschil tussen groepen dat te groot is." if enough else "Nog te weinig bekend."
        niveau = RUSTIG if enough else TE_WEINIG
        yield Bevinding(een.naam, een.versie, Maat.GROEPEN.value, IEDEREEN, niveau, zin)


def _bevinding(een: Kampioen, one: Gevonden) -> Bevinding:
    key = (
        een.naam,
        een.versie,
        Maat.GROEPEN.value,
        f"{one.kenmerk} {one.waarde}: {one.regel.value}",
    )
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
