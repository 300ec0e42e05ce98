"""Both sides of many pairs as arrays, prepared once, so that a pair is two row numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import numpy as np
import polars as pl

from features.contract import Tables
from features.leerwerkplek import leerwerkplek_conditions
from features.pair_arrays import (
    SECTOREN,
    UNKNOWN,
    Floats,
    Ints,
    bit_set,
    eisen,
    jongere_side,
    niveaus,
    plek_side,
    refresh_eigen,
)
from features.peildatum import RIJ, numbered, table
from features.travel import Travel, travel_assumptions
from features.vocabulary import Omstandigheid, Ondersteuning, Sector, Vervoer
from features.voorkeur import jongere_conditions

if TYPE_CHECKING:
    from features.pair_kernel import JongereSide, PlekSide


_SETS = {"vervoer": Vervoer, "vermijdt": Omstandigheid, "steun": Ondersteuning}


class Wensen(TypedDict, total=False):
    """What a jongere may want, need or be able to otherwise; what is left out stays as it is."""

    uren_min: float | None
    uren_max: float | None
    reistijd_max: float | None
    rijbewijs: bool | None
    vervoer: Sequence[Vervoer]
    vermijdt: Sequence[Omstandigheid]
    steun: Sequence[Ondersteuning]
    sectoren: Sequence[Sector]


@dataclass(frozen=True)
class PairContext:
    """Both sides of all pairs on their peildata, as arrays; the last row of each is unknown.

    Made by `prepare_pairs`, to be given to `features.passendheid` any number of times.

    Parameters
    ----------
    jongeren, plekken : DataFrame
        `RIJ`, the id and the peildatum of each row.
    jongere, plek : JongereSide, PlekSide
        What is known of each row.
    travel : Travel
        How to go from one to the other.
    competenties : tuple of str
        The competentie of each column of the judged niveaus, but for the last.
    beoordeeld : array of int of shape (n_jongeren + 1,)
        How many competenties of each jongere were judged.
    plek_row : mapping of str to int
        The row of each place.
    """

    jongeren: pl.DataFrame
    plekken: pl.DataFrame
    jongere: "JongereSide"
    plek: "PlekSide"
    travel: Travel
    competenties: tuple[str, ...]
    beoordeeld: Ints
    plek_row: Mapping[str, int]

    def jongere_rows(self, ids: Sequence[str]) -> Ints:
        """Return the row of each jongere; the last (unknown) for who is not here."""
        return np.array([self._jongere_row.get(one, UNKNOWN) for one in ids], dtype=np.int64)

    def plek_rows(self, ids: Sequence[str]) -> Ints:
        """Return the row of each place; the last (unknown) for what is not here."""
        return np.array([self.plek_row.get(one, UNKNOWN) for one in ids], dtype=np.int64)

    @cached_property
    def _jongere_row(self) -> dict[str, int]:
        return {one: row for row, one in enumerate(self.jongeren["jongere_id"].to_list())}


def prepare_pairs(tables: Tables, peildatum: date) -> PairContext:
    """Prepare all jongeren and all leerwerkplekken of the tables on one peildatum."""
    day = pl.lit(peildatum).alias("peildatum")
    return context_of(
        tables,
        table(tables, "jongere").select("jongere_id", day).unique().sort("jongere_id"),
        table(tables, "leerwerkplek")
        .select("leerwerkplek_id", day)
        .unique()
        .sort("leerwerkplek_id"),
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
    ).with_columns(eigen_plek="plek_code")
    coded = plek.join(codes, on="leerwerkplek_id", how="left", maintain_order="left")
    crebos = jongere.filter("mbo")["opleidingcode"].drop_nulls().unique().sort()
    judged = niveaus(tables, jongere_spine, competenties, jongere.height)
    return PairContext(
        jongeren=jongere.select(RIJ, "jongere_id", "peildatum"),
        plekken=plek.select(RIJ, "leerwerkplek_id", "peildatum"),
        jongere=jongere_side(own, judged, crebos),
        plek=plek_side(coded, eisen(tables, plek, competenties), crebos),
        travel=travel_assumptions(),
        competenties=tuple(competenties["competentie_id"]),
        beoordeeld=judged.aantal,
        plek_row={one: row for row, one in enumerate(plek["leerwerkplek_id"].to_list())},
    )


def with_room(context: PairContext) -> PairContext:
    """Return the same context as if every place had room: where room is reckoned with later."""
    rij = context.plek.rij.copy()
    rij["vrij"] = np.maximum(np.nan_to_num(rij["vrij"]), 1)
    return replace(context, plek=context.plek._replace(rij=rij))


def with_beloofd(context: PairContext, beloofd: Mapping[str, str]) -> PairContext:
    """Return the same context with places taken that were promised and not yet begun.

    Parameters
    ----------
    context : PairContext
        Both sides, on one peildatum.
    beloofd : mapping of str to str
        The leerwerkplek_id that each jongere_id was promised; to that jongere it counts as the
        own place, so that it is not full. Who or what is unknown is passed over.
    """
    jongere, plek = context.jongere.rij.copy(), context.plek.rij.copy()
    rows = context.jongere_rows(list(beloofd))
    places = context.plek_rows(list(beloofd.values()))
    np.subtract.at(plek["vrij"], places[places != UNKNOWN], 1)
    new = (rows != UNKNOWN) & (places != UNKNOWN) & (jongere["eigen_plek"][rows] == UNKNOWN)
    jongere["eigen_plek"][rows[new]] = plek["plek_code"][places[new]]
    return replace(
        context,
        jongere=context.jongere._replace(rij=jongere),
        plek=context.plek._replace(rij=plek),
    )


def with_wensen(context: PairContext, jongere_id: str, **wensen: Unpack[Wensen]) -> PairContext:
    """Return a context of one jongere, who wants or can do something else, and the same places.

    Nothing is stored and nothing is read again: this is the what-if of a conversation.

    Raises
    ------
    KeyError
        The jongere is not in the context.
    """
    row = int(context.jongere_rows([jongere_id])[0])
    if row == UNKNOWN:
        raise KeyError(jongere_id)
    alone = only_jongere(context, row)
    for name, value in wensen.items():
        _write(alone.jongere, name, value)
    refresh_eigen(alone.jongere)
    return alone


def _write(side: "JongereSide", name: str, value: Any) -> None:  # noqa: ANN401  # a value of Wensen
    if name == "sectoren":
        _wish(side.wensen[0], value)
    elif name in _SETS:
        side.rij[name][0] = bit_set(value, list(_SETS[name]))
    else:
        side.rij[name][0] = np.nan if value is None else value


def only_jongere(context: PairContext, row: int) -> PairContext:
    """Return a context of the jongere of a row, in arrays of its own, and the same places."""
    rows, side = [row, UNKNOWN], context.jongere
    return replace(
        context,
        jongeren=context.jongeren.slice(row, 1),
        jongere=side._replace(
            rij=side.rij[rows],
            wensen=side.wensen[rows],
            niveaus=side.niveaus[rows],
            eigen=side.eigen[rows],
        ),
        beoordeeld=context.beoordeeld[rows],
    )


def _wish(ranks: Floats, sectoren: Sequence[Sector]) -> None:
    """Write the rank of each wished sector into the row of a jongere."""
    ranks[:] = np.nan
    if sectoren:
        ranks[:-1] = 0.0
    for rang, sector in reversed(list(enumerate(sectoren, start=1))):
        ranks[SECTOREN.index(str(sector))] = rang
