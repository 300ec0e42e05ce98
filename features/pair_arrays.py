"""Tables of jongeren and places as arrays: structured rows, and what is held per column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.contract import Tables
from features.peildatum import RIJ, table
from features.vaardigheidsprofiel import judgements, niveau
from features.vocabulary import Omstandigheid, Sector, SoortLeerwerkplek

if TYPE_CHECKING:
    from features.pair_kernel import JongereSide, PlekSide, Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Small = NDArray[np.int8]

UNKNOWN = -1
"""Niveau, code, bit set or row that is not known."""
SECTOREN = [str(sector) for sector in Sector]

JONGERE_EIGEN = (
    "zoekduur",
    "eerder_afgebroken",
    "begeleiding_nodig",
    "reistijd_grens_onbekend",
    "competentie_niveau",
)
"""Pair features that the jongere alone decides."""
PLEK_EIGEN = (
    "plek_ervaring",
    "leerbedrijf_ervaring",
    "ervaring_aantal",
    "soort_leerbaan",
    "soort_praktijkverklaring",
    "soort_ontwikkelbaan",
    "capaciteit",
    "leerbedrijf_capaciteit",
    "omstandigheden_aantal",
    "begeleiding_aanbod",
    "eisen_aantal",
    "start_schooljaar",
)
"""Pair features that the place alone decides."""

AUGUST = 8
STAGE_VANAF, WERK_VANAF = 14, 16
"""Least age on any place, and for ordinary work or work before seven in the morning: children under
16 may not work, but from 14 on may do light work as part of school, between 7:00 and 19:00 only
(Arbeidstijdenwet art. 1:2, 3:2 and 5:3; Nadere regeling kinderarbeid)."""
GEWOON_WERK = (
    SoortLeerwerkplek.LEERBAAN,
    SoortLeerwerkplek.ONTWIKKELBAAN,
    SoortLeerwerkplek.BESCHUT,
)
"""Places with a contract of employment."""
BPV = (SoortLeerwerkplek.STAGE, SoortLeerwerkplek.LEERBAAN)
"""Places that a student of mbo takes for the BPV of the opleiding."""


def refresh_eigen(side: "JongereSide") -> None:
    """Bring the features of the jongere alone in line with the rows."""
    rows, eigen = side.rij, side.eigen
    support = np.bitwise_count(np.maximum(rows["steun"], 0))
    eigen[:, JONGERE_EIGEN.index("begeleiding_nodig")] = support
    unknown = np.isnan(rows["reistijd_max"])
    eigen[:, JONGERE_EIGEN.index("reistijd_grens_onbekend")] = unknown
    eigen[:, JONGERE_EIGEN.index("competentie_niveau")] = rows["gemiddeld"]


def bit_set(words: Sequence[str], order: Sequence[str]) -> int:
    """Return words as a bit set over an order.

    Examples
    --------
    >>> bit_set(["fiets", "lopen"], ["lopen", "fiets", "auto"])
    3
    """
    return sum(1 << order.index(word) for word in set(words))


def _floats(frame: pl.DataFrame, name: str) -> Floats:
    """Return a column as floats, NaN for null, with one unknown row at the end."""
    return np.append(frame[name].cast(pl.Float64).to_numpy(), np.nan)


def _codes(frame: pl.DataFrame, name: str) -> Ints:
    """Return a column as whole numbers, `UNKNOWN` for null, with one unknown row at the end."""
    known = frame[name].cast(pl.Int64).fill_null(UNKNOWN).to_numpy()
    return np.append(known, UNKNOWN)


def _points(frame: pl.DataFrame) -> dict[str, Floats]:
    """Return coordinates as points on the unit sphere."""
    lat, lon = (np.radians(_floats(frame, name)) for name in ("breedtegraad", "lengtegraad"))
    return {"x": np.cos(lat) * np.cos(lon), "y": np.cos(lat) * np.sin(lon), "z": np.sin(lat)}


def _rows(frame: pl.DataFrame, dtype: np.dtype[np.void], **given: Floats | Ints) -> "Rows":
    """Return the fields of a structured type: those given, and columns of the same name."""
    found = np.empty(frame.height + 1, dtype=dtype)
    for name, (kind, *_) in (dtype.fields or {}).items():
        if name in given:
            found[name] = given[name]
        else:
            found[name] = (_floats if kind == np.float64 else _codes)(frame, name)
    return found


def jongere_side(jongere: pl.DataFrame, judged: "Judged", crebos: pl.Series) -> "JongereSide":
    """Return the side of the jongeren (`features.voorkeur.jongere_conditions`).

    Parameters
    ----------
    jongere : DataFrame
        With the code of the own place instead of its id.
    judged : Judged
        What was judged of them.
    crebos : Series
        Opleidingcodes of the students of mbo, in the order of `PlekSide.erkent`.
    """
    from features.pair_kernel import JONGERE, JongereSide

    own = jongere.with_columns(_code("opleiding_sector", SECTOREN), eerder_afgebroken="afgebroken")
    code = pl.col("opleidingcode").replace_strict(
        crebos, range(len(crebos)), default=None, return_dtype=pl.Int64
    )
    crebo = own.select(crebo=pl.when("mbo").then(code).fill_null(len(crebos)))
    side = JongereSide(
        rij=_rows(
            own,
            JONGERE,
            gemiddeld=judged.gemiddeld,
            crebo=np.append(crebo["crebo"].to_numpy(), len(crebos)),
            **_points(own),
        ),
        wensen=_wensen(jongere),
        niveaus=judged.niveaus,
        eigen=np.column_stack(
            [
                _floats(own, name) if name in own.columns else np.zeros(own.height + 1)
                for name in JONGERE_EIGEN
            ]
        ),
    )
    refresh_eigen(side)
    return side


def plek_side(plek: pl.DataFrame, eisen: "Rows", crebos: pl.Series) -> "PlekSide":
    """Return the side of the places (`features.leerwerkplek.leerwerkplek_conditions`).

    Parameters
    ----------
    plek : DataFrame
        With `plek_code` beside it.
    eisen : structured array
        Their demands.
    crebos : Series
        Opleidingcodes of the students of mbo.
    """
    from features.pair_kernel import PLEK, PlekSide

    soort = pl.col("soort")
    early = pl.col("omstandigheden").fill_null(0) & bit_set(
        [Omstandigheid.VROEGE_START], list(Omstandigheid)
    )
    licence = bit_set([Omstandigheid.RIJBEWIJS], list(Omstandigheid))
    grown = soort.is_in([str(word) for word in GEWOON_WERK]) | (early > 0)
    start = pl.max_horizontal("begindatum", "peildatum")
    known_place = pl.col("capaciteit").is_not_null()
    asked = (eisen["niveau"][:-1] > 0).sum(axis=1)
    own = plek.with_columns(
        _code("sector", SECTOREN),
        (soort == str(SoortLeerwerkplek.LEERBAAN)).alias("soort_leerbaan"),
        (soort == str(SoortLeerwerkplek.PRAKTIJKVERKLARING)).alias("soort_praktijkverklaring"),
        soort.is_in([str(SoortLeerwerkplek.ONTWIKKELBAAN), str(SoortLeerwerkplek.BESCHUT)]).alias(
            "soort_ontwikkelbaan"
        ),
        (pl.col("omstandigheden") & ~pl.lit(licence))
        .bitwise_count_ones()
        .alias("omstandigheden_aantal"),
        pl.col("begeleiding").bitwise_count_ones().alias("begeleiding_aanbod"),
        pl.when(known_place).then(pl.Series("eisen", asked)).alias("eisen_aantal"),
        (start.dt.year() * 12 + start.dt.month()).alias("startmaand"),
        pl.when(known_place)
        .then((start.dt.month().cast(pl.Int16) - AUGUST) % 12)
        .alias("start_schooljaar"),
        pl.when(known_place)
        .then(pl.when(grown).then(WERK_VANAF).otherwise(STAGE_VANAF) * 12)
        .alias("leeftijd"),
    )
    known_row = np.append(own["capaciteit"].is_not_null().to_numpy(), False)
    return PlekSide(
        rij=_rows(
            own,
            PLEK,
            bekend=known_row,
            open=np.append(own["open"].to_numpy(), False),
            spot=_spots(own),
            **_points(own),
        ),
        erkent=_erkent(own, crebos),
        eisen=eisen,
        eigen=np.column_stack([_floats(own, name) for name in PLEK_EIGEN]),
    )


def _spots(plek: pl.DataFrame) -> Ints:
    """Return the first row of a place with the same coordinates."""
    first = plek.select(pl.col(RIJ).first().over("breedtegraad", "lengtegraad"))
    return np.append(first.to_series().to_numpy(), plek.height)


def _erkent(plek: pl.DataFrame, crebos: pl.Series) -> Small:
    """Return per place that counts as BPV, and crebo, whether the leerbedrijf is recognised."""
    found = np.full((plek.height + 1, len(crebos) + 1), UNKNOWN, dtype=np.int8)
    counts = plek.filter(
        pl.col("soort").is_in([str(word) for word in BPV]), pl.col("erkenningen").is_not_null()
    )
    found[counts[RIJ].to_numpy(), :-1] = 0
    named = (
        counts.select(RIJ, crebo="erkenningen")
        .explode("crebo")
        .cast({"crebo": pl.Float64})
        .join(pl.DataFrame({"crebo": crebos}).with_row_index("code"), on="crebo")
    )
    found[named[RIJ].to_numpy(), named["code"].to_numpy()] = 1
    return found


@dataclass(frozen=True)
class Judged:
    """What was judged of the jongeren.

    `niveaus` has a row per jongere and a column per competentie that places ask, and a last one
    for no competentie; `gemiddeld` is the mean and `aantal` the number over all that was judged.
    """

    niveaus: Small
    gemiddeld: Floats
    aantal: Ints


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


def niveaus(tables: Tables, spine: pl.LazyFrame, competenties: pl.DataFrame, height: int) -> Judged:
    """Return the latest judged niveaus."""
    levels = np.full((height + 1, competenties.height + 1), UNKNOWN, dtype=np.int8)
    mean = np.full(height + 1, np.nan)
    count = np.zeros(height + 1, dtype=np.int64)
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
    means = latest.group_by(RIJ).agg(pl.col("niveau").mean(), pl.len().alias("aantal"))
    mean[means[RIJ].to_numpy()] = means["niveau"].to_numpy()
    count[means[RIJ].to_numpy()] = means["aantal"].to_numpy()
    return Judged(levels, mean, count)


def eisen(tables: Tables, plek: pl.DataFrame, competenties: pl.DataFrame) -> "Rows":
    """Return the demands of each place, padded with niveau `UNKNOWN`."""
    from features.pair_kernel import EIS

    demands = (
        plek.filter(pl.col("capaciteit").is_not_null())
        .select(RIJ, "leerwerkplek_id")
        .join(table(tables, "leerwerkplek_eis"), on="leerwerkplek_id")
        .join(competenties, on="competentie_id")
        .filter(pl.col("niveau") > 0)
        .with_columns(plaats=pl.int_range(pl.len()).over(RIJ))
    )
    width = 0 if demands.is_empty() else int(demands["plaats"].to_numpy().max()) + 1
    found = np.full((plek.height + 1, width), np.array((UNKNOWN, UNKNOWN, 0), dtype=EIS), dtype=EIS)
    cell = (demands[RIJ].to_numpy(), demands["plaats"].to_numpy())
    for name in ("competentie", "niveau", "hard"):
        source = "code" if name == "competentie" else name
        found[name][cell] = demands[source].to_numpy()
    return found
