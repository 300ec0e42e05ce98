"""Canonical tables of what a made-up region offers: schools aside, places and their demands."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from features import tables as t
from features.contract import Table
from features.reference.region import (
    BRON_COMPETENTNL,
    competentie_facts,
    opleiding_competentie_facts,
    opleiding_facts,
    postcode_facts,
    werkproces_facts,
)
from features.synthetic_config import Bools, Ints, RegionConfig
from features.synthetic_places import OMSTANDIGHEDEN, SECTOREN, STEUN, Places
from features.vocabulary import Sector, SoortLeerwerkplek

BRON = "regio"
LEERBEDRIJF_BASE = 100_800_001
NAAM_BEGIN = ("De", "Van", "Nieuw", "Oud", "Het", "Groot", "Klein", "Ter")
NAAM_MIDDEN = (
    "Berkel",
    "Slinge",
    "Essen",
    "Linden",
    "Molen",
    "Kolk",
    "Brink",
    "Hagen",
    "Wolde",
    "Veld",
)
NAAM_EIND = ("hof", "berg", "kamp", "horst", "beek", "laar", "stede", "mark", "goor", "zand")
NAAM_SECTOR = {
    Sector.BOUW: ("Bouw", "Bouwbedrijf", "Afbouw"),
    Sector.TECHNIEK: ("Techniek", "Metaal", "Installaties"),
    Sector.MOBILITEIT: ("Logistiek", "Transport", "Autobedrijf"),
    Sector.VOEDSEL_GROEN: ("Groen", "Kwekerij", "Boerderij"),
    Sector.HORECA: ("Eetcafé", "Bakkerij", "Restaurant"),
    Sector.ZORG_WELZIJN: ("Zorg", "Kinderopvang", "Welzijn"),
    Sector.HANDEL: ("Winkel", "Handel", "Markt"),
    Sector.ZAKELIJK: ("Administratie", "ICT", "Kantoor"),
    Sector.SCHOONMAAK: ("Schoonmaak", "Facilitair", "Onderhoud"),
    Sector.CREATIEF: ("Kapsalon", "Meubelmakerij", "Atelier"),
}
TITELS = {
    Sector.BOUW: "in de bouw",
    Sector.TECHNIEK: "in de techniek",
    Sector.MOBILITEIT: "in magazijn en garage",
    Sector.VOEDSEL_GROEN: "in het groen",
    Sector.HORECA: "in keuken en bediening",
    Sector.ZORG_WELZIJN: "in zorg en welzijn",
    Sector.HANDEL: "in de winkel",
    Sector.ZAKELIJK: "op kantoor en ICT",
    Sector.SCHOONMAAK: "in schoonmaak en beheer",
    Sector.CREATIEF: "in salon en werkplaats",
}


def shaped(table: Table, columns: Mapping[str, object], bron: str = BRON) -> pl.DataFrame:
    """Return a frame with exactly the columns and types of a table; absent columns are null."""
    frame = pl.DataFrame(columns)
    if "bron" not in frame.columns:
        frame = frame.with_columns(bron=pl.lit(bron))
    absent = [name for name in table.schema.names() if name not in frame.columns]
    frame = frame.with_columns(pl.lit(None).alias(name) for name in absent)
    return frame.select(pl.col(name).cast(dtype) for name, dtype in table.schema.items())


def words(flags: Bools, names: Sequence[str]) -> pl.Series:
    """Return, per row, the list of names whose flag is set; null when none is.

    An empty list and an empty cell look the same in a file, so that "none" and "not told" do too.

    Examples
    --------
    >>> words(np.array([[True, False], [False, False]]), ("a", "b")).to_list()
    [['a'], None]
    """
    row, column = np.nonzero(flags)
    listed = (
        pl.DataFrame({"row": row, "word": np.array(names, dtype=object)[column].astype(str)})
        .group_by("row", maintain_order=True)
        .agg("word")
    )
    rows = pl.DataFrame({"row": np.arange(flags.shape[0])})
    return rows.join(listed, on="row", how="left", maintain_order="left")["word"]


def days(values: npt.NDArray[np.datetime64]) -> pl.Series:
    """Return days as a polars Date column; NaT becomes null."""
    return pl.Series(values.astype("datetime64[D]").astype("datetime64[ms]")).cast(pl.Date)


def leerbedrijf_ids(positions: Ints) -> pl.Series:
    """Return the nine-digit LeerbedrijfID of each leerbedrijf; invented."""
    return pl.Series(positions + LEERBEDRIJF_BASE).cast(pl.String)


def leerwerkplek_ids(positions: Ints) -> pl.Series:
    """Return the id of each leerwerkplek; null for a negative position."""
    text = "P" + pl.Series(positions.astype(np.int64)).cast(pl.String).str.zfill(5)
    return text.set(pl.Series(positions < 0), None)


def reference_tables() -> dict[str, pl.DataFrame]:
    """Return the tables that hold facts: postcodes, qualifications, werkprocessen, skills."""
    uses = werkproces_facts().join(opleiding_competentie_facts(), on="opleidingcode")
    return {
        "postcode": postcode_facts().drop("in_regio"),
        "kwalificatie": opleiding_facts().drop("gewicht"),
        "competentie": competentie_facts(),
        "werkproces": werkproces_facts(),
        "werkproces_competentie": uses.select(
            "werkproces_id", "competentie_id", pl.lit(BRON_COMPETENTNL).alias("bron")
        ),
    }


def place_tables(config: RegionConfig, places: Places) -> dict[str, pl.DataFrame]:
    """Return leerbedrijf, leerwerkplek and what a place asks and teaches."""
    rng = config.rng(4)
    return {
        "leerbedrijf": _leerbedrijf(places, rng),
        "leerwerkplek": _leerwerkplek(places, rng),
        "leerwerkplek_eis": _leerwerkplek_eis(places),
        "leerwerkplek_werkproces": _leerwerkplek_werkproces(places, rng),
    }


def _leerbedrijf(places: Places, rng: np.random.Generator) -> pl.DataFrame:
    n = places.bedrijf_sector.size
    postcodes = postcode_facts()
    codes = np.array(places.crebo)
    own = np.zeros((n, codes.size), bool)
    own[places.plek_bedrijf, places.plek_opleiding] = rng.random(places.plek_bedrijf.size) < 0.98
    same = places.bedrijf_sector[:, None] == places.sector
    own |= same & (rng.random(own.shape) < 0.35)
    return shaped(
        t.LEERBEDRIJF,
        {
            "leerbedrijf_id": leerbedrijf_ids(np.arange(n)),
            "naam": _employer_names(places.bedrijf_sector, rng),
            "plaats": postcodes["plaats"].gather(places.bedrijf_postcode),
            "postcode4": postcodes["postcode4"].gather(places.bedrijf_postcode),
            "sector": [SECTOREN[code].value for code in places.bedrijf_sector],
            "erkenningen": words(own, tuple(codes)),
        },
    )


def _employer_names(sector: Ints, rng: np.random.Generator) -> list[str]:
    """Compose a different invented name per leerbedrijf."""
    names: list[str] = []
    seen: dict[str, int] = {}
    parts = rng.integers(0, 1000, (sector.size, 4))
    for code, (a, b, c, d) in zip(sector, parts, strict=True):
        kinds = NAAM_SECTOR[SECTOREN[code]]
        core = NAAM_MIDDEN[b % len(NAAM_MIDDEN)] + NAAM_EIND[c % len(NAAM_EIND)]
        name = f"{kinds[d % len(kinds)]} {NAAM_BEGIN[a % len(NAAM_BEGIN)]} {core}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return names


def _leerwerkplek(places: Places, rng: np.random.Generator) -> pl.DataFrame:
    n = places.plek_bedrijf.size
    niveau = places.niveau[places.plek_opleiding]
    least, most = places.plek_uren.T
    kind = rng.random(n)
    soort = np.where(
        most >= 28,
        np.where(kind < 0.5, SoortLeerwerkplek.LEERBAAN, SoortLeerwerkplek.STAGE),
        SoortLeerwerkplek.STAGE,
    ).astype(object)
    soort[(niveau == 1) & (kind < 0.2)] = SoortLeerwerkplek.PRAKTIJKVERKLARING
    soort[(niveau == 1) & (kind > 0.88)] = SoortLeerwerkplek.ONTWIKKELBAAN
    soort[(niveau == 1) & (kind > 0.97) & (least <= 20)] = SoortLeerwerkplek.BESCHUT
    titels = opleiding_facts()["titel"].to_list()
    sectors = places.bedrijf_sector[places.plek_bedrijf]
    known = places.plek_open - rng.integers(0, 30, n).astype("timedelta64[D]")
    return shaped(
        t.LEERWERKPLEK,
        {
            "leerwerkplek_id": leerwerkplek_ids(np.arange(n)),
            "leerbedrijf_id": leerbedrijf_ids(places.plek_bedrijf),
            "soort": [str(word) for word in soort],
            "titel": [
                titels[o] if k < 0.6 else f"Medewerker {TITELS[SECTOREN[s]]}"
                for o, s, k in zip(places.plek_opleiding, sectors, rng.random(n), strict=True)
            ],
            "opleidingcode": np.array(places.crebo)[places.plek_opleiding],
            "begindatum": days(places.plek_open),
            "capaciteit": places.plek_capaciteit,
            "uren_min": least,
            "uren_max": most,
            "omstandigheden": words(places.plek_omstandigheden, OMSTANDIGHEDEN),
            "begeleiding": words(places.plek_steun, STEUN),
            "sluit_op": days(places.plek_sluit),
            "bekend_op": days(known),
        },
    )


def _leerwerkplek_eis(places: Places) -> pl.DataFrame:
    row, column = np.nonzero(places.plek_eis >= 0)
    return shaped(
        t.LEERWERKPLEK_EIS,
        {
            "leerwerkplek_id": leerwerkplek_ids(row),
            "competentie_id": np.array(places.competentie)[places.plek_eis[row, column]],
            "niveau": places.plek_eis_niveau[row, column],
            "hard": places.plek_eis_hard[row, column],
        },
    )


def _leerwerkplek_werkproces(places: Places, rng: np.random.Generator) -> pl.DataFrame:
    """Every place teaches most werkprocessen of its opleiding."""
    codes = pl.DataFrame(
        {
            "leerwerkplek_id": leerwerkplek_ids(np.arange(places.plek_bedrijf.size)),
            "opleidingcode": np.array(places.crebo)[places.plek_opleiding],
        }
    )
    taught = codes.join(werkproces_facts(), on="opleidingcode", maintain_order="left_right")
    taught = taught.filter(pl.Series(rng.random(taught.height) < 0.65))
    return shaped(
        t.LEERWERKPLEK_WERKPROCES,
        {"leerwerkplek_id": taught["leerwerkplek_id"], "werkproces_id": taught["werkproces_id"]},
    )
