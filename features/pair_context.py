"""Both sides of many pairs as arrays, prepared once, so that a pair is two row numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.contract import Tables
from features.leerwerkplek import leerwerkplek_conditions
from features.peildatum import RIJ, numbered, table
from features.vaardigheidsprofiel import judgements, niveau
from features.vocabulary import Sector, SoortLeerwerkplek
from features.voorkeur import jongere_conditions

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Columns = Mapping[str, Floats]

UNKNOWN = -1
"""Niveau, code or row that is not known."""
SECTOREN = [str(sector) for sector in Sector]
SOORTEN = [str(soort) for soort in SoortLeerwerkplek]

JONGERE_COLUMNS = (
    "uren_min",
    "uren_max",
    "reistijd_max",
    "reistijd_gewoon",
    "rijbewijs",
    "vervoer",
    "vermijdt",
    "steun",
    "opleidingcode",
    "opleiding_niveau",
    "opleiding_sector",
    "breedtegraad",
    "lengtegraad",
    "zoekduur",
    "afgebroken",
    "eigen_plek",
)
PLEK_COLUMNS = (
    "plek_code",
    "soort",
    "capaciteit",
    "vrij",
    "uren_min",
    "uren_max",
    "breedtegraad",
    "lengtegraad",
    "opleidingcode",
    "opleiding_niveau",
    "sector",
    "open",
    "erkend",
    "omstandigheden",
    "begeleiding",
    "plek_ervaring",
    "leerbedrijf_ervaring",
    "ervaring_aantal",
)


@dataclass(frozen=True)
class Eisen:
    """Demands of the places, one row per place, padded with niveau `UNKNOWN`."""

    competentie: NDArray[np.int32]
    niveau: NDArray[np.int8]
    hard: Bools


@dataclass(frozen=True)
class PairContext:
    """Both sides of all pairs on their peildata, as arrays; the last row of each is unknown.

    Made by `prepare_pairs`, to be given to `pair_features` any number of times.
    """

    jongeren: pl.DataFrame
    plekken: pl.DataFrame
    jongere: Columns
    plek: Columns
    wensen: Floats
    """Rank of each sector in the wishes of each jongere; 0 when not wished, NaN without wishes."""
    niveaus: NDArray[np.int8]
    """Judged niveau per jongere and competentie; the last column stands for no competentie."""
    gemiddeld: Floats
    """Mean judged niveau per jongere over all competenties, also those that no place asks."""
    eisen: Eisen


def prepare_pairs(tables: Tables, peildatum: date) -> PairContext:
    """Prepare all jongeren and all leerwerkplekken of the tables on one peildatum."""
    day = pl.lit(peildatum).alias("peildatum")
    return context_of(
        tables,
        table(tables, "jongere").select("jongere_id", day).unique(),
        table(tables, "leerwerkplek").select("leerwerkplek_id", day).unique(),
    )


def context_of(tables: Tables, jongeren: pl.DataFrame, plekken: pl.DataFrame) -> PairContext:
    """Prepare distinct rows of (jongere_id, peildatum) and of (leerwerkplek_id, peildatum)."""
    jongere_spine = numbered(jongeren)
    jongere = jongere_conditions(tables, jongere_spine)
    plek = leerwerkplek_conditions(tables, plekken.lazy().with_row_index(RIJ))
    ids = plek["leerwerkplek_id"].unique(maintain_order=True)
    codes = pl.DataFrame({"leerwerkplek_id": ids}).with_row_index("plek_code")
    competenties = table(tables, "leerwerkplek_eis").select("competentie_id").unique()
    competenties = competenties.sort("competentie_id").with_row_index("code")
    own = jongere.join(
        codes, left_on="eigen_plek", right_on="leerwerkplek_id", how="left", maintain_order="left"
    )
    niveaus, gemiddeld = _niveaus(tables, jongere_spine, competenties, jongere.height)
    return PairContext(
        jongeren=jongere.select(RIJ, "jongere_id", "peildatum"),
        plekken=plek.select(RIJ, "leerwerkplek_id", "peildatum"),
        jongere=_arrays(
            own.with_columns(_code("opleiding_sector", SECTOREN), eigen_plek="plek_code"),
            JONGERE_COLUMNS,
        ),
        plek=_arrays(
            plek.join(codes, on="leerwerkplek_id", how="left", maintain_order="left").with_columns(
                _code("sector", SECTOREN), _code("soort", SOORTEN)
            ),
            PLEK_COLUMNS,
        ),
        wensen=_wensen(jongere),
        niveaus=niveaus,
        gemiddeld=gemiddeld,
        eisen=_eisen(tables, plek, competenties),
    )


def _arrays(frame: pl.DataFrame, columns: tuple[str, ...]) -> Columns:
    """Return columns as float arrays, NaN for null, with one unknown row at the end."""
    return {name: np.append(frame[name].cast(pl.Float64).to_numpy(), np.nan) for name in columns}


def _code(name: str, words: list[str]) -> pl.Expr:
    return pl.col(name).replace_strict(
        words, range(len(words)), default=None, return_dtype=pl.Float64
    )


def _wensen(jongere: pl.DataFrame) -> Floats:
    ranks = np.full((jongere.height + 1, len(SECTOREN) + 1), np.nan)
    wished = (
        jongere.select(RIJ, "sectoren")
        .drop_nulls()
        .filter(pl.col("sectoren").list.len() > 0)
        .explode("sectoren")
        .with_columns(rang=pl.int_range(1, pl.len() + 1).over(RIJ))
        .select(RIJ, _code("sectoren", SECTOREN).cast(pl.Int64), "rang")
        .sort("rang", descending=True)
    )
    row, sector = wished[RIJ].to_numpy(), wished["sectoren"].to_numpy()
    ranks[row, :-1] = 0.0
    ranks[row, sector] = wished["rang"].to_numpy()
    return ranks


def _niveaus(
    tables: Tables, spine: pl.LazyFrame, competenties: pl.DataFrame, height: int
) -> tuple[NDArray[np.int8], Floats]:
    """Return the judged niveaus of what places ask, and the mean over all that was judged."""
    levels = np.full((height + 1, competenties.height + 1), UNKNOWN, dtype=np.int8)
    mean = np.full(height + 1, np.nan)
    latest = (
        judgements(tables, spine)
        .group_by(RIJ, "competentie_id")
        .agg(pl.col("oordeel").max())
        .join(competenties.lazy(), on="competentie_id", how="left")
        .select(RIJ, "code", niveau().alias("niveau"))
        .collect()
    )
    asked = latest.drop_nulls("code")
    levels[asked[RIJ].to_numpy(), asked["code"].to_numpy()] = asked["niveau"].to_numpy()
    means = latest.group_by(RIJ).agg(pl.col("niveau").mean())
    mean[means[RIJ].to_numpy()] = means["niveau"].to_numpy()
    return levels, mean


def _eisen(tables: Tables, plek: pl.DataFrame, competenties: pl.DataFrame) -> Eisen:
    demands = (
        plek.filter(pl.col("capaciteit").is_not_null())
        .select(RIJ, "leerwerkplek_id")
        .join(table(tables, "leerwerkplek_eis"), on="leerwerkplek_id")
        .join(competenties, on="competentie_id")
        .filter(pl.col("niveau") > 0)
        .with_columns(plaats=pl.int_range(pl.len()).over(RIJ))
    )
    width = 0 if demands.is_empty() else int(demands["plaats"].to_numpy().max()) + 1
    shape = (plek.height + 1, width)
    competentie = np.full(shape, UNKNOWN, dtype=np.int32)
    asked = np.full(shape, UNKNOWN, dtype=np.int8)
    hard = np.zeros(shape, dtype=np.bool_)
    cell = (demands[RIJ].to_numpy(), demands["plaats"].to_numpy())
    competentie[cell] = demands["code"].to_numpy()
    asked[cell] = demands["niveau"].to_numpy()
    hard[cell] = demands["hard"].to_numpy()
    return Eisen(competentie, asked, hard)
