"""What routes towards a praktijkverklaring need of a whole region, prepared once per peildatum."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import polars as pl

from features.contract import Tables
from features.peildatum import table
from features.traject import TrajectOordeel, judge_trajecten, traject_oordelen
from features.vaardigheidsprofiel import vaardigheidsprofiel
from features.vocabulary import Niveau, SoortCompetentie
from features.werkproces import WerkprocesContext, prepare_werkprocessen

HIGHEST_NIVEAU = 2
"""Routes cover qualifications of entree and niveau 2: a praktijkverklaring is for who has no
startkwalificatie within reach."""
DEMAND = 0.3
"""A werkproces that the region asks most counts for so much more than one that nobody asks."""
LEAST_JUDGED, LEAST_NIVEAU = 3, 1.5
"""Werknemersvaardigheden: so many judged, and below this mean niveau a hard basis is missing."""
LEAST_HOURS = 12.0
MOST_BROKEN = 2
_OF_KERNTAAK = re.compile(r"^(.*)-W(\d+)$")


class Basis(StrEnum):
    """A hard basis that is missing, before learning on a leerwerkplek can begin."""

    WERKNEMERSVAARDIGHEDEN = "werknemersvaardigheden"
    BELASTBAARHEID = "belastbaarheid"
    AFGEBROKEN = "afgebroken stages"
    GEEN_PLEK = "geen plek"


@dataclass(frozen=True)
class WerkprocesFeit:
    """A werkproces with its place in its qualification; `waarde` is a share of it, by demand.

    `gelijk` is the same for a werkproces that several qualifications share, such as the basis of
    all entree-opleidingen: the same code within the qualification and the same title.
    """

    werkproces_id: str
    gelijk: str
    titel: str
    opleidingcode: str
    kerntaak: str
    volgorde: int
    waarde: float
    vraag: int


@dataclass(frozen=True)
class Certificaat:
    """A separately recognised part of a qualification: who masters all of it earns it."""

    certificaat_id: str
    titel: str
    werkprocessen: frozenset[str]


@dataclass(frozen=True)
class Kwalificatie:
    """A qualification of which werkprocessen are known; `kerntaken` holds those of each.

    `certificaten` are those known to the region; empty says that none are known.
    """

    opleidingcode: str
    titel: str
    niveau: int
    sector: str | None
    kerntaken: Mapping[str, tuple[str, ...]]
    certificaten: tuple[Certificaat, ...] = ()

    @property
    def totaal(self) -> int:
        """Number of werkprocessen."""
        return sum(len(part) for part in self.kerntaken.values())


@dataclass(frozen=True)
class PlekAanbod:
    """What a place teaches, in chains: the werkprocessen of a kerntaak in their order."""

    leerwerkplek_id: str
    leerbedrijf_id: str
    titel: str
    soort: str
    sector: str | None
    begindatum: date
    uren_min: float
    uren_max: float
    ketens: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class JongereFeiten:
    """What routes need to know of a jongere; hours are None and wishes empty when not told."""

    uren_max: float | None
    wensen: tuple[str, ...]
    beheerst: frozenset[str]
    basis: tuple[Basis, ...]
    trajecten: tuple[TrajectOordeel, ...]


@dataclass(frozen=True)
class RouteContext:
    """A region on one peildatum; made by `prepare_routes`, used for any number of jongeren."""

    peildatum: date
    tables: Tables
    werkproces: WerkprocesContext
    werkprocessen: Mapping[str, WerkprocesFeit]
    kwalificaties: Mapping[str, Kwalificatie]
    plekken: Mapping[str, PlekAanbod]
    _wensen: Mapping[str, tuple[tuple[str, ...], float | None]]
    _oordelen: pl.DataFrame
    _vaardig: Mapping[str, float]

    def feiten(self, jongere_id: str) -> JongereFeiten:
        """Return what is known of one jongere."""
        mine = pl.col("jongere_id") == jongere_id
        levels = self.werkproces.niveaus.filter(mine, pl.col("startniveau") >= Niveau.ZELFSTANDIG)
        shared = {
            self.werkprocessen[one].gelijk
            for one in levels["werkproces_id"]
            if one in self.werkprocessen
        }
        wensen, uren_max = self._wensen.get(jongere_id, ((), None))
        return JongereFeiten(
            uren_max=uren_max,
            wensen=wensen,
            beheerst=frozenset(
                name for name, one in self.werkprocessen.items() if one.gelijk in shared
            ),
            basis=self._basis(jongere_id, uren_max),
            trajecten=judge_trajecten(self.tables, self._oordelen.filter(mine)),
        )

    def _basis(self, jongere_id: str, uren_max: float | None) -> tuple[Basis, ...]:
        rows = self.werkproces.jongere.filter(pl.col("jongere_id") == jongere_id)
        broken = rows["stages_afgebroken"].item() if rows.height else 0
        missing = {
            Basis.WERKNEMERSVAARDIGHEDEN: self._vaardig.get(jongere_id, np.inf) < LEAST_NIVEAU,
            Basis.BELASTBAARHEID: uren_max is not None and uren_max < LEAST_HOURS,
            Basis.AFGEBROKEN: broken >= MOST_BROKEN,
        }
        return tuple(basis for basis, absent in missing.items() if absent)


def prepare_routes(tables: Tables, peildatum: date) -> RouteContext:
    """Prepare everything of a region that does not depend on one jongere.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        The canonical tables, cut to the peildatum.
    peildatum : date
        The day from which we look.
    """
    kwalificaties = _kwalificaties(tables)
    werkproces = prepare_werkprocessen(tables, peildatum)
    jongere_ids = table(tables, "jongere")["jongere_id"]
    return RouteContext(
        peildatum=peildatum,
        tables=tables,
        werkproces=werkproces,
        werkprocessen=_werkprocessen(tables, kwalificaties, peildatum),
        kwalificaties=kwalificaties,
        plekken=_plekken(tables, kwalificaties, peildatum),
        _wensen=_wensen(tables, peildatum),
        _oordelen=traject_oordelen(tables, jongere_ids, peildatum=peildatum),
        _vaardig=_vaardig(tables, peildatum),
    )


def kerntaak_of(werkproces_id: str) -> tuple[str, int]:
    """Return the kerntaak of a werkproces and its place in it; else it stands alone.

    Examples
    --------
    >>> kerntaak_of("25748-B1-K1-W2")
    ('25748-B1-K1', 2)
    """
    found = _OF_KERNTAAK.match(werkproces_id)
    return (found[1], int(found[2])) if found else (werkproces_id, 1)


def _kwalificaties(tables: Tables) -> dict[str, Kwalificatie]:
    rows = (
        table(tables, "werkproces")
        .select("opleidingcode", "werkproces_id")
        .join(table(tables, "kwalificatie").drop("bron"), on="opleidingcode")
        .filter(pl.col("niveau") <= HIGHEST_NIVEAU)
        .sort("opleidingcode", "werkproces_id")
    )
    certificaten = _certificaten(tables)
    found: dict[str, Kwalificatie] = {}
    for (code,), part in rows.group_by("opleidingcode", maintain_order=True):
        ids = sorted(part["werkproces_id"], key=kerntaak_of)
        kerntaken: dict[str, tuple[str, ...]] = {}
        for one in ids:
            name = kerntaak_of(one)[0]
            kerntaken[name] = (*kerntaken.get(name, ()), one)
        titel, niveau, sector = part.select("titel", "niveau", "sector").row(0)
        found[str(code)] = Kwalificatie(
            str(code), titel, niveau, sector, kerntaken, certificaten.get(str(code), ())
        )
    return found


def _certificaten(tables: Tables) -> dict[str, tuple[Certificaat, ...]]:
    """Return the certificates of each qualification, by id; those without parts are left out."""
    rows = (
        table(tables, "certificaat_werkproces")
        .join(table(tables, "certificaat"), on="certificaat_id")
        .group_by("opleidingcode", "certificaat_id", "titel")
        .agg("werkproces_id")
        .sort("certificaat_id")
    )
    found: dict[str, tuple[Certificaat, ...]] = {}
    for code, name, titel, parts in rows.iter_rows():
        found[code] = (*found.get(code, ()), Certificaat(name, titel, frozenset(parts)))
    return found


def _werkprocessen(
    tables: Tables, kwalificaties: Mapping[str, Kwalificatie], peildatum: date
) -> dict[str, WerkprocesFeit]:
    """Return every werkproces of the qualifications, worth more when many open places ask it."""
    places = _open(tables, peildatum)["leerwerkplek_id"]
    asked = (
        pl.concat(
            [
                table(tables, "leerwerkplek_eis").select("leerwerkplek_id", werk="competentie_id"),
                table(tables, "leerwerkplek_werkproces").select(
                    "leerwerkplek_id", werk="werkproces_id"
                ),
            ]
        )
        .filter(pl.col("leerwerkplek_id").is_in(places.to_list()))
        .unique()
        .group_by("werk")
        .len()
    )
    demand = dict(asked.iter_rows())
    titles = dict(table(tables, "werkproces").select("werkproces_id", "titel").iter_rows())
    found = {}
    scale = np.log1p(max(demand.values(), default=1))
    for code, dossier in kwalificaties.items():
        for kerntaak, ids in dossier.kerntaken.items():
            for one in ids:
                extra = 1 + DEMAND * np.log1p(demand.get(one, 0)) / scale
                found[one] = WerkprocesFeit(
                    werkproces_id=one,
                    gelijk=f"{one.removeprefix(code)} {titles[one]}",
                    titel=titles[one],
                    opleidingcode=code,
                    kerntaak=kerntaak,
                    volgorde=kerntaak_of(one)[1],
                    waarde=float(extra) / dossier.totaal,
                    vraag=demand.get(one, 0),
                )
    return found


def _open(tables: Tables, peildatum: date) -> pl.DataFrame:
    return table(tables, "leerwerkplek").filter(
        pl.col("bekend_op") <= peildatum,
        pl.col("sluit_op").is_null() | (pl.col("sluit_op") >= peildatum),
    )


def _plekken(
    tables: Tables, kwalificaties: Mapping[str, Kwalificatie], peildatum: date
) -> dict[str, PlekAanbod]:
    known = {
        one
        for dossier in kwalificaties.values()
        for part in dossier.kerntaken.values()
        for one in part
    }
    sectors = table(tables, "leerbedrijf").select("leerbedrijf_id", "sector")
    taught = (
        table(tables, "leerwerkplek_werkproces")
        .filter(pl.col("werkproces_id").is_in(list(known)))
        .group_by("leerwerkplek_id")
        .agg("werkproces_id")
    )
    rows = (
        _open(tables, peildatum)
        .join(taught, on="leerwerkplek_id")
        .join(sectors, on="leerbedrijf_id", how="left")
    )
    return {
        row["leerwerkplek_id"]: PlekAanbod(
            leerwerkplek_id=row["leerwerkplek_id"],
            leerbedrijf_id=row["leerbedrijf_id"],
            titel=row["titel"],
            soort=row["soort"],
            sector=row["sector"],
            begindatum=max(row["begindatum"], peildatum),
            uren_min=row["uren_min"],
            uren_max=row["uren_max"],
            ketens=in_chains(row["werkproces_id"]),
        )
        for row in rows.sort("leerwerkplek_id").iter_rows(named=True)
    }


def in_chains(werkprocessen: list[str]) -> tuple[tuple[str, ...], ...]:
    """Return werkprocessen per kerntaak, each in its order.

    Examples
    --------
    >>> in_chains(["1-K1-W2", "1-K2-W1", "1-K1-W1"])
    (('1-K1-W1', '1-K1-W2'), ('1-K2-W1',))
    """
    chains: dict[str, list[str]] = {}
    for one in sorted(set(werkprocessen), key=kerntaak_of):
        chains.setdefault(kerntaak_of(one)[0], []).append(one)
    return tuple(tuple(chain) for chain in chains.values())


def _wensen(tables: Tables, peildatum: date) -> dict[str, tuple[tuple[str, ...], float | None]]:
    latest = (
        table(tables, "voorkeur")
        .filter(pl.col("bekend_op") <= peildatum, pl.col("datum") <= peildatum)
        .sort("datum", "bekend_op")
        .unique("jongere_id", keep="last", maintain_order=True)
    )
    return {
        who: (tuple(sectoren or ()), hours)
        for who, sectoren, hours in latest.select("jongere_id", "sectoren", "uren_max").iter_rows()
    }


def _vaardig(tables: Tables, peildatum: date) -> dict[str, float]:
    """Return the mean niveau of the werknemersvaardigheden of who has enough of them judged."""
    spine = table(tables, "jongere").select("jongere_id", pl.lit(peildatum).alias("peildatum"))
    kinds = table(tables, "competentie").filter(
        pl.col("soort") == str(SoortCompetentie.WERKNEMERSVAARDIGHEID)
    )
    found = (
        vaardigheidsprofiel(tables, spine)
        .join(kinds.select("competentie_id"), on="competentie_id", how="semi")
        .group_by("jongere_id")
        .agg(pl.col("niveau").mean(), pl.len().alias("aantal"))
        .filter(pl.col("aantal") >= LEAST_JUDGED)
    )
    return dict(found.select("jongere_id", "niveau").iter_rows())
