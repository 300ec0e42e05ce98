"""How a jongere and a leerwerkplek fit: features of the pair, and the rules that block it.

Both sides are prepared once as arrays (`features.pair_context`), so one jongere beside all places
and all jongeren beside all places cost a few array operations each. What is unknown never blocks.
uitvalrisico is no feature of a pair (TRUST H4), and of where somebody lives only the travel
minutes count, against the jongere's own limit.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from features.blokkade import Blokkade, column
from features.contract import Tables
from features.pair_context import (
    SOORTEN,
    UNKNOWN,
    Bools,
    Floats,
    Ints,
    PairContext,
    context_of,
    prepare_pairs,
)
from features.passendheid_features import PAIR_FEATURES
from features.peildatum import RIJ, table
from features.travel import distance_km, fastest_minutes
from features.vaardigheidsprofiel import vaardigheidsprofiel
from features.vocabulary import Omstandigheid, SoortLeerwerkplek

__all__ = [
    "PAIR_FEATURES",
    "PairContext",
    "missing_competenties",
    "pair_features",
    "prepare_pairs",
]

MOST = 5.0
"""Ratios are cut off here: five times too much is as bad as it gets."""
RIJBEWIJS = 1 << list(Omstandigheid).index(Omstandigheid.RIJBEWIJS)


def pair_features(tables: Tables | PairContext, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return features and blokkades of pairs, from what was known on the peildatum of each.

    Parameters
    ----------
    tables : mapping of name to DataFrame, or PairContext
        Canonical tables, cut or not; or what `prepare_pairs` made of them.
    pairs : DataFrame
        ``jongere_id``, ``leerwerkplek_id`` and ``peildatum``; other columns are kept.

    Returns
    -------
    DataFrame
        The pairs, same rows and order, with one Float64 column per `PAIR_FEATURES` (null is
        unknown), ``reistijd_minuten`` (Float64, null unknown) and one Boolean column per
        `Blokkade` (`features.blokkade.column`).

    Raises
    ------
    ValueError
        A prepared context was given and a pair has another peildatum.
    """
    if isinstance(tables, PairContext):
        context = tables
        _check_peildatum(context, pairs)
    else:
        context = context_of(
            tables,
            pairs.select("jongere_id", "peildatum").unique(),
            pairs.select("leerwerkplek_id", "peildatum").unique(),
        )
    j = _rows(pairs, context.jongeren, "jongere_id")
    p = _rows(pairs, context.plekken, "leerwerkplek_id")
    values, blocks, minutes = _fit(context, j, p)
    return pairs.hstack(
        pl.DataFrame(
            {
                **{feature.name: values[feature.name] for feature in PAIR_FEATURES},
                "reistijd_minuten": minutes,
                **{column(blokkade): blocks[blokkade] for blokkade in Blokkade},
            }
        ).with_columns(pl.selectors.float().fill_nan(None))
    )


def missing_competenties(tables: Tables, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the demands that the jongere of each pair is not known to meet.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables, cut or not.
    pairs : DataFrame
        ``jongere_id``, ``leerwerkplek_id`` and ``peildatum``.

    Returns
    -------
    DataFrame
        ``jongere_id``, ``leerwerkplek_id``, ``peildatum``, ``competentie_id``, ``gevraagd``
        (niveau asked), ``niveau`` (judged; null when never judged) and ``hard``. In the order
        of the pairs; hard demands first, then the greatest gap, then by id.
    """
    keys = ["jongere_id", "leerwerkplek_id", "peildatum"]
    numbered_pairs = pairs.select(keys).with_row_index(RIJ)
    spine = pairs.select("jongere_id", "peildatum").unique()
    judged = vaardigheidsprofiel(tables, spine).select(
        "jongere_id", "peildatum", "competentie_id", "niveau"
    )
    return (
        numbered_pairs.join(table(tables, "leerwerkplek_eis"), on="leerwerkplek_id")
        .rename({"niveau": "gevraagd"})
        .join(judged, on=["jongere_id", "peildatum", "competentie_id"], how="left")
        .filter(pl.col("niveau").is_null() | (pl.col("niveau") < pl.col("gevraagd")))
        .filter(pl.col("gevraagd") > 0)
        .sort(
            RIJ,
            "hard",
            pl.col("gevraagd") - pl.col("niveau").fill_null(0),
            "competentie_id",
            descending=[False, True, True, False],
        )
        .select(*keys, "competentie_id", "gevraagd", "niveau", "hard")
    )


def _check_peildatum(context: PairContext, pairs: pl.DataFrame) -> None:
    prepared = set(context.plekken["peildatum"].unique()) | set(
        context.jongeren["peildatum"].unique()
    )
    other = set(pairs["peildatum"].unique()) - prepared
    if other:
        raise ValueError(f"pairs have peildatum {min(other)}, prepared were {sorted(prepared)}")


def _rows(pairs: pl.DataFrame, known_rows: pl.DataFrame, key: str) -> Ints:
    """Return the row of each pair among the prepared rows; the last (unknown) when absent."""
    found = pairs.select(key, "peildatum").join(
        known_rows, on=[key, "peildatum"], how="left", maintain_order="left"
    )
    return found[RIJ].cast(pl.Int64).fill_null(UNKNOWN).to_numpy()


def _fit(
    context: PairContext, j: Ints, p: Ints
) -> tuple[dict[str, Floats], dict[Blokkade, Bools], Floats]:
    """Return features, blokkades and travel minutes of pairs of row numbers."""
    pairs = _Pairs(context, j, p)
    tekort = _tekorten(context, j, p)
    minutes = _minutes(pairs)
    values, blocks = _conditions(pairs, minutes)
    values |= tekort | _wens_en_opleiding(pairs, context) | _plek(pairs)
    blocks[Blokkade.HARDE_EIS] = tekort["harde_eisen_tekort"] > 0
    own = pairs.jongere("eigen_plek") == pairs.plek("plek_code")
    blocks[Blokkade.VOL] = pairs.plek("vrij") + own <= 0
    blocks[Blokkade.PERIODE] = ~(pairs.plek("open") == 1)
    blocks[Blokkade.ERKENNING] = pairs.plek("erkend") == 0
    return values, blocks, minutes


@dataclass(frozen=True)
class _Pairs:
    context: PairContext
    j: Ints
    p: Ints

    def jongere(self, name: str) -> Floats:
        return self.context.jongere[name][self.j]

    def plek(self, name: str) -> Floats:
        return self.context.plek[name][self.p]


def _minutes(pairs: _Pairs) -> Floats:
    km = distance_km(
        pairs.jongere("breedtegraad"),
        pairs.jongere("lengtegraad"),
        pairs.plek("breedtegraad"),
        pairs.plek("lengtegraad"),
    )
    return fastest_minutes(km, _bit_set(pairs.jongere("vervoer")))


def _conditions(pairs: _Pairs, minutes: Floats) -> tuple[dict[str, Floats], dict[Blokkade, Bools]]:
    """Compare hours, journey, conditions and support with limits and needs."""
    least, most = pairs.plek("uren_min"), pairs.plek("uren_max")
    can, limit = pairs.jongere("uren_max"), pairs.jongere("reistijd_max")
    avoids, present = pairs.jongere("vermijdt"), pairs.plek("omstandigheden")
    needs, offers = pairs.jongere("steun"), pairs.plek("begeleiding")
    needs = np.where(np.isnan(needs), 0.0, needs)
    without_licence = _bit_set(present) & ~np.int64(RIJBEWIJS)
    avoided = _count(_bit_set(avoids) & without_licence, avoids + present)
    lacking = _count(_bit_set(needs) & ~_bit_set(offers), needs + offers)
    licence = (present >= 0) & ((_bit_set(present) & RIJBEWIJS) > 0)
    assumed = np.where(np.isnan(limit), pairs.jongere("reistijd_gewoon"), limit)
    values = {
        "uren_verhouding": _ratio(least, can),
        "uren_boven": least - can,
        "reistijd_boven": minutes - assumed,
        "reistijd_grens_onbekend": np.isnan(limit).astype(np.float64),
        "rijbewijs_ontbreekt": np.where(licence, 1 - pairs.jongere("rijbewijs"), 0.0 * present),
        "uren_overlap": _overlap(least, most, pairs.jongere("uren_min"), can),
        "reistijd_verhouding": _ratio(minutes, limit),
        "omstandigheden_vermeden": avoided,
        "omstandigheden_aantal": _count(without_licence, present),
        "begeleiding_ontbreekt": lacking,
        "begeleiding_nodig": _count(_bit_set(needs), needs),
        "begeleiding_aanbod": _count(_bit_set(offers), offers),
    }
    blocks = {
        Blokkade.UREN: least > can,
        Blokkade.REISTIJD: minutes > limit,
        Blokkade.OMSTANDIGHEID: avoided > 0,
        Blokkade.ONDERSTEUNING: lacking > 0,
        Blokkade.RIJBEWIJS: licence & (pairs.jongere("rijbewijs") == 0),
    }
    return values, blocks


def _wens_en_opleiding(pairs: _Pairs, context: PairContext) -> dict[str, Floats]:
    sector = pairs.plek("sector")
    code = np.where(np.isnan(sector), UNKNOWN, sector).astype(np.int64)
    rank = context.wensen[pairs.j, code]
    opleiding = pairs.jongere("opleidingcode")
    return {
        "sector_wens": np.where(rank > 0, 1 / np.where(rank > 0, rank, 1.0), rank),
        "opleiding_gelijk": _equal(opleiding, pairs.plek("opleidingcode")),
        "opleiding_sector_gelijk": _equal(pairs.jongere("opleiding_sector"), sector),
        "niveau_verschil": pairs.plek("opleiding_niveau") - pairs.jongere("opleiding_niveau"),
    }


def _plek(pairs: _Pairs) -> dict[str, Floats]:
    soort = pairs.plek("soort")

    def is_soort(*soorten: SoortLeerwerkplek) -> Floats:
        codes = [SOORTEN.index(str(word)) for word in soorten]
        return np.where(np.isnan(soort), np.nan, np.isin(soort, codes))

    return {
        "plek_ervaring": pairs.plek("plek_ervaring"),
        "leerbedrijf_ervaring": pairs.plek("leerbedrijf_ervaring"),
        "ervaring_aantal": pairs.plek("ervaring_aantal"),
        "zoekduur": pairs.jongere("zoekduur"),
        "eerder_afgebroken": pairs.jongere("afgebroken"),
        "soort_leerbaan": is_soort(SoortLeerwerkplek.LEERBAAN),
        "soort_praktijkverklaring": is_soort(SoortLeerwerkplek.PRAKTIJKVERKLARING),
        "soort_ontwikkelbaan": is_soort(SoortLeerwerkplek.ONTWIKKELBAAN, SoortLeerwerkplek.BESCHUT),
        "capaciteit": pairs.plek("capaciteit"),
    }


def _tekorten(context: PairContext, j: Ints, p: Ints) -> dict[str, Floats]:
    """Hold the demands of each place against what the jongere was judged on."""
    eisen = context.eisen
    total, judged, met, gap, hard_gap, likely = (np.zeros(len(j)) for _ in range(6))
    mean = context.gemiddeld[j]
    for place in range(eisen.niveau.shape[1]):
        asked = eisen.niveau[p, place]
        have = context.niveaus[j, eisen.competentie[p, place]]
        known_level = (asked > 0) & (have >= 0)
        short = np.where(known_level, np.maximum(asked - have, 0), 0)
        total += asked > 0
        judged += known_level
        met += known_level & (short == 0)
        gap += short
        hard_gap += short * eisen.hard[p, place]
        guess = np.where(asked > 0, np.maximum(asked - mean, 0.0), 0.0)
        likely += np.where(known_level, short, guess)
    unknown_place = np.isnan(context.plek["capaciteit"][p])
    none_judged = np.where(judged > 0, 0.0, np.nan)
    return {
        "eisen_gehaald": met / np.where(judged > 0, judged, np.nan),
        "eisen_tekort": gap + none_judged,
        "harde_eisen_tekort": hard_gap + none_judged,
        "eisen_tekort_verwacht": np.where(unknown_place, np.nan, likely),
        "competentie_niveau": mean,
        "eisen_onbekend": (total - judged) / np.where(total > 0, total, np.nan),
        "eisen_aantal": np.where(unknown_place, np.nan, total),
    }


def _bit_set(values: Floats) -> Ints:
    """Return a bit set kept as float as integer; unknown becomes the empty set."""
    return np.where(np.isnan(values), 0.0, values).astype(np.int64)


def _count(members: Ints, known_if: Floats) -> Floats:
    return np.where(np.isnan(known_if), np.nan, np.bitwise_count(members))


def _ratio(value: Floats, limit: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.minimum(value / limit, MOST)


def _overlap(least: Floats, most: Floats, wished_least: Floats, wished_most: Floats) -> Floats:
    """Return the share of [least, most] within the wish; of a single point, whether it is in."""
    floor = np.where(np.isnan(wished_least), 0.0, wished_least)
    common = np.minimum(most, wished_most) - np.maximum(least, floor)
    width = most - least
    share = np.clip(common, 0.0, None) / np.where(width > 0, width, 1.0)
    return np.where(width > 0, share, np.where(np.isnan(common), np.nan, common >= 0))


def _equal(left: Floats, right: Floats) -> Floats:
    return np.where(np.isnan(left + right), np.nan, left == right)
