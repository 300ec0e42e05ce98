"""Which suggestions became a plaatsing that lasted, by their rank and the version that made them.

Here the circle closes: a besluit leads to a stage, its outcome is an example of the next training
(`models.plaatsing_history`), and the log says how the place came to be chosen.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import polars as pl
from sqlalchemy.orm import Session

from features.contract import Tables
from features.labels import plaatsing_geslaagd
from features.peildatum import table
from models.leerwerkplek import PlaatsingModel
from models.propensity import RECORDED
from service.bewaken.maten import Maat
from service.dutch import percent
from service.matchtafel.agenda import ASELECT_DEEL
from service.privacy.kleine_aantallen import KLEINSTE, share
from service.storage.bewaken import BewakenRepository, Voorgesteld
from service.storage.bewaking import RUSTIG, TE_WEINIG, Bevinding

NO_STAGE = timedelta(days=180)
"""A suggestion that led to no stage within this time became no plaatsing."""
RANGEN = ((1, "eerste plek"), (3, "tweede of derde plek"), (10**9, "lager"))
"""Name of the ranks up to each bound."""
SCHEMA = {
    "besluit_id": pl.Int64,
    "jongere_id": pl.String,
    "leerwerkplek_id": pl.String,
    "dag": pl.Date,
    "aselect": pl.Boolean,
    "trekkans": pl.Float64,
    "versie": pl.String,
    "rang": pl.Int64,
    "genoemd": pl.String,
}


def teruggekomen(session: Session, tables: Tables, until: date) -> pl.DataFrame:
    """Return every place that a matchtafel chose from a list, with what came of it.

    Parameters
    ----------
    session : Session
        A unit of work that reads.
    tables : mapping of name to DataFrame
        Canonical tables.
    until : date
        Last day of which anything is known.

    Returns
    -------
    DataFrame
        ``besluit_id``, ``stage_id`` (null where none began), ``versie`` and ``rang`` in the list
        that was seen last, ``aselect`` and ``trekkans`` (whether and how likely chance put the
        jongere at the table), ``geslaagd`` (null where it is too early to say).
    """
    rows = BewakenRepository(session).voorgesteld()
    taken = _frame(rows)
    stages = table(tables, "stage").filter(pl.col("leerwerkplek_id").is_not_null())
    outcome = plaatsing_geslaagd(stages, observed_until=until)
    began = stages.select("jongere_id", "leerwerkplek_id", "stage_id", "begindatum")
    first = (
        taken.join(began, on=["jongere_id", "leerwerkplek_id"])
        .filter(
            (pl.col("stage_id") == pl.col("genoemd"))
            | pl.col("begindatum").is_between("dag", pl.col("dag") + NO_STAGE)
        )
        .sort("begindatum", "stage_id")
        .unique("besluit_id", keep="first", maintain_order=True)
        .select("besluit_id", "stage_id")
    )
    late = pl.col("stage_id").is_null() & (pl.col("dag") + NO_STAGE < until)
    return (
        taken.join(first, on="besluit_id", how="left")
        .join(outcome, on="stage_id", how="left")
        .with_columns(
            geslaagd=pl.when(late).then(pl.lit(value=False)).otherwise(pl.col("geslaagd"))
        )
        .select("besluit_id", "stage_id", "versie", "rang", "aselect", "trekkans", "geslaagd")
        .sort("besluit_id")
    )


def trekkansen(session: Session, tables: Tables, until: date) -> pl.DataFrame:
    """Return how likely it was that each stage that a matchtafel brought about would be.

    Every place on an agenda goes by its own draw to anybody who waits, each as likely, or else to
    the most urgent (`service.matchtafel.agenda`): so one who was not drawn stood first. Of who was
    put off before, and stood on it anyway, nothing is known.

    Returns
    -------
    DataFrame
        Columns of `models.propensity.RECORDED`, one row per stage.
    """
    anybody = pl.col("trekkans") / ASELECT_DEEL
    first = pl.col("trekkans") + 1 - ASELECT_DEEL
    known = teruggekomen(session, tables, until).filter(
        pl.col("stage_id").is_not_null(), pl.col("trekkans") > 0
    )
    return (
        known.with_columns(kans=pl.when("aselect").then("trekkans").otherwise(first), doel=anybody)
        .select(*RECORDED)
        .unique("stage_id", keep="last", maintain_order=True)
    )


def _frame(rows: Sequence[Voorgesteld]) -> pl.DataFrame:
    told = [
        (
            *(one.besluit_id, one.jongere_id, one.leerwerkplek_id, one.tijdstip.date()),
            *(one.aselect, one.trekkans, one.versie, one.rang, one.stage_id),
        )
        for one in rows
    ]
    return pl.DataFrame(told, schema=SCHEMA, orient="row")


def standgehouden(session: Session, tables: Tables, until: date) -> Iterator[Bevinding]:
    """Yield per version and rank which share of the suggestions became a plaatsing that lasted."""
    known = teruggekomen(session, tables, until).filter(pl.col("geslaagd").is_not_null())
    for versie in known["versie"].unique().sort():
        below = 0
        for bound, naam in RANGEN:
            own = known.filter(
                pl.col("versie") == versie, pl.col("rang") > below, pl.col("rang") <= bound
            )
            below = bound
            yield _share(versie, naam, int(own["geslaagd"].sum()), own.height)


def _share(versie: str, naam: str, deel: int, geheel: int) -> Bevinding:
    key = (PlaatsingModel.name, versie, Maat.PLAATSING.value, naam)
    found = share(deel, geheel)
    if found is None:
        return Bevinding(*key, TE_WEINIG, f"Minder dan {KLEINSTE} voorstellen met een uitkomst.")
    same = found.laag == found.hoog
    told = percent(found.laag) if same else f"{percent(found.laag)} tot {percent(found.hoog)}"
    return Bevinding(
        *key,
        RUSTIG,
        f"{told} werd een plaatsing die standhield.",
        waarde=found.laag if same else None,
        laag=found.laag,
        hoog=found.hoog,
        n=geheel // KLEINSTE * KLEINSTE,
    )
