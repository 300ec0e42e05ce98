"""Where a made-up region happens: postcodes, schools, leerbedrijven and leerwerkplekken.

Places are real (`features.reference.region`); schools, leerbedrijven and leerwerkplekken are
invented. Arrays here are the truth; `features.synthetic_tables` turns them into canonical tables.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from features.reference.region import (
    competentie_facts,
    opleiding_competentie_facts,
    opleiding_facts,
    postcode_facts,
    werkproces_facts,
)
from features.synthetic_config import (
    ENTREE,
    MBO_2,
    MBO_3,
    MBO_4,
    PRO,
    VAVO,
    VSO,
    Bools,
    Days,
    Floats,
    Ints,
    RegionConfig,
    choose,
)
from features.vocabulary import Omstandigheid, Ondersteuning, Sector, Vervoer

SECTOREN = tuple(Sector)
OMSTANDIGHEDEN = tuple(Omstandigheid)
STEUN = tuple(Ondersteuning)
VERVOER = tuple(Vervoer)
RIJBEWIJS = OMSTANDIGHEDEN.index(Omstandigheid.RIJBEWIJS)
EARTH_RADIUS_KM = 6371.0
DETOUR = 1.25
SPEED_KMH = {
    Vervoer.LOPEN: (5.0, 0.0),
    Vervoer.FIETS: (15.0, 1.0),
    Vervoer.E_BIKE: (21.0, 1.0),
    Vervoer.SCOOTER: (28.0, 2.0),
    Vervoer.OV: (32.0, 16.0),
    Vervoer.AUTO: (48.0, 6.0),
}
"""Speed in km an hour and minutes before and after, per way of travelling."""

SCHOLEN = (
    ("97MA", "Oude IJssel College", "7001", (ENTREE, MBO_2, MBO_3, MBO_4)),
    ("97MB", "Slinge Groen en Techniek", "7141", (ENTREE, MBO_2, MBO_3, MBO_4)),
    ("97MC", "Berkel MBO", "7201", (ENTREE, MBO_2, MBO_3, MBO_4)),
    ("97PA", "Praktijkschool De Bongerd", "7001", (PRO,)),
    ("97PB", "Praktijkschool Het Anker", "7101", (PRO,)),
    ("97PC", "Praktijkschool De Brink", "7131", (PRO,)),
    ("97VA", "De Wissel vso", "7009", (VSO,)),
    ("97VB", "De Springplank vso", "7151", (VSO,)),
    ("97WA", "Vavo Oude IJssel", "7001", (VAVO,)),
)
"""Invented schools: BRIN, name, postcode, kinds of education."""
GROEN = 1
SCHOOL_CHOICE = np.array([[0.55, 0.0, 0.45], [0.0, 1.0, 0.0], [0.5, 0.25, 0.25]])
"""Which mbo school trains for: most sectors; voedsel en groen; techniek and bouw."""

_SECTOR_SHARES = {
    Sector.BOUW: (0.35, 0.8, 0.5, 0.05, 0.7, 0.7, 0.0, 0.05, 0.5, 0.5, 0.25),
    Sector.TECHNIEK: (0.1, 0.1, 0.7, 0.1, 0.5, 0.4, 0.15, 0.05, 0.1, 0.3, 0.2),
    Sector.MOBILITEIT: (0.05, 0.2, 0.5, 0.25, 0.6, 0.5, 0.25, 0.2, 0.2, 0.2, 0.3),
    Sector.VOEDSEL_GROEN: (0.1, 0.75, 0.25, 0.05, 0.6, 0.6, 0.3, 0.1, 0.5, 0.3, 0.2),
    Sector.HORECA: (0.0, 0.05, 0.4, 0.8, 0.35, 0.3, 0.8, 0.8, 0.05, 0.02, 0.02),
    Sector.ZORG_WELZIJN: (0.0, 0.05, 0.1, 0.4, 0.35, 0.4, 0.4, 0.9, 0.0, 0.0, 0.08),
    Sector.HANDEL: (0.05, 0.05, 0.15, 0.7, 0.4, 0.1, 0.6, 0.9, 0.1, 0.05, 0.05),
    Sector.ZAKELIJK: (0.0, 0.0, 0.05, 0.25, 0.05, 0.02, 0.05, 0.4, 0.0, 0.0, 0.05),
    Sector.SCHOONMAAK: (0.15, 0.15, 0.1, 0.3, 0.4, 0.5, 0.35, 0.3, 0.05, 0.25, 0.12),
    Sector.CREATIEF: (0.02, 0.02, 0.4, 0.2, 0.3, 0.1, 0.1, 0.4, 0.02, 0.45, 0.05),
}
"""How often a place of a sector has each condition, in the order of `Omstandigheid`; invented."""


@dataclass(frozen=True)
class Places:
    """Arrays of one region; positions in them are the codes that other arrays hold.

    `reistijd` has shape (ways of travelling, postcodes, postcodes), in minutes. Of a
    leerwerkplek, `plek_eis` holds positions in the competenties, -1 for none. `verstrengeld` as in
    `features.synthetic_config.RegionConfig`.
    """

    postcode4: tuple[str, ...]
    gewicht: Floats
    reistijd: Floats
    crebo: tuple[str, ...]
    niveau: Ints
    sector: Ints
    keuze: Floats
    school_postcode: Ints
    competentie: tuple[str, ...]
    bedrijf_postcode: Ints
    bedrijf_sector: Ints
    bedrijf_kwaliteit: Floats
    plek_bedrijf: Ints
    plek_opleiding: Ints
    plek_uren: Ints
    plek_omstandigheden: Bools
    plek_steun: Bools
    plek_eis: Ints
    plek_eis_niveau: Ints
    plek_eis_hard: Bools
    plek_capaciteit: Ints
    plek_open: Days
    plek_sluit: Days
    plek_trek: Floats
    kandidaten: Ints
    kandidaten_begin: Ints
    verstrengeld: bool


def make_places(config: RegionConfig) -> Places:
    """Draw the leerbedrijven and leerwerkplekken of a region around its real postcodes."""
    rng = config.rng(1)
    postcodes, opleidingen = postcode_facts(), opleiding_facts()
    codes = tuple(postcodes["postcode4"])
    in_regio = postcodes["in_regio"].to_numpy()
    per_plaats = postcodes.select(pl.len().over("plaats")).to_series().to_numpy()
    gewicht = np.where(in_regio, 1.0 + 1.5 * (per_plaats > 1), 0.0)
    niveau = opleidingen["niveau"].to_numpy().astype(np.int64)
    sector = np.array([SECTOREN.index(Sector(s)) for s in opleidingen["sector"]])
    keuze = opleidingen["gewicht"].to_numpy()
    bedrijven = _draw_bedrijven(config.leerbedrijven, gewicht + 0.3 * ~in_regio, keuze, sector, rng)
    plekken = _draw_plekken(config, bedrijven[1], niveau, sector, keuze, rng)
    competentie = tuple(competentie_facts()["competentie_id"])
    eis, eis_niveau, eis_hard = _draw_eisen(
        plekken[1], tuple(opleidingen["opleidingcode"]), niveau, rng
    )
    trek = 0.8 * bedrijven[2][plekken[0]] + rng.normal(0, 0.6, config.leerwerkplekken)
    omstandigheden, steun, uren = _draw_werk(plekken[1], niveau, sector, rng)
    opening, sluit = _draw_period(config, rng)
    kandidaten, begin = _candidate_lists(plekken[1], niveau, sector)
    return Places(
        postcode4=codes,
        gewicht=gewicht,
        reistijd=travel_table(
            postcodes["breedtegraad"].to_numpy(), postcodes["lengtegraad"].to_numpy()
        ),
        crebo=tuple(opleidingen["opleidingcode"]),
        niveau=niveau,
        sector=sector,
        keuze=keuze,
        school_postcode=np.array([codes.index(school[2]) for school in SCHOLEN]),
        competentie=competentie,
        bedrijf_postcode=bedrijven[0],
        bedrijf_sector=bedrijven[1],
        bedrijf_kwaliteit=bedrijven[2],
        plek_bedrijf=plekken[0],
        plek_opleiding=plekken[1],
        plek_uren=uren,
        plek_omstandigheden=omstandigheden,
        plek_steun=steun,
        plek_eis=eis,
        plek_eis_niveau=eis_niveau,
        plek_eis_hard=eis_hard,
        plek_capaciteit=1 + rng.poisson(np.exp(0.4 + 0.35 * trek)),
        plek_open=opening,
        plek_sluit=sluit,
        plek_trek=trek,
        kandidaten=kandidaten,
        kandidaten_begin=begin,
        verstrengeld=config.verstrengeld,
    )


def travel_table(lat: Floats, lon: Floats) -> Floats:
    """Return travel minutes per way of travelling between all pairs of points.

    Great-circle distance, stretched by a detour, at one speed per way of travelling.
    """
    phi, lam = np.radians(lat), np.radians(lon)
    half = (
        np.sin((phi[:, None] - phi) / 2) ** 2
        + np.cos(phi[:, None]) * np.cos(phi) * np.sin((lam[:, None] - lam) / 2) ** 2
    )
    km = DETOUR * 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)) + 0.8
    return np.stack([km / speed * 60 + fixed for speed, fixed in SPEED_KMH.values()])


def _draw_bedrijven(
    n: int, gewicht: Floats, keuze: Floats, sector: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints, Floats]:
    """Return postcode, sector and latent quality; every sector has a leerbedrijf when n allows."""
    share = np.bincount(sector, weights=keuze, minlength=len(SECTOREN))
    sectors = choose(share, rng.random(n))
    sectors[: len(SECTOREN)] = np.arange(len(SECTOREN))[:n]
    return choose(gewicht, rng.random(n)), sectors, rng.normal(size=n)


def _draw_plekken(
    config: RegionConfig,
    bedrijf_sector: Ints,
    niveau: Ints,
    sector: Ints,
    keuze: Floats,
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """Return the leerbedrijf and the opleiding of each place; both in the same sector."""
    n = config.leerwerkplekken
    weight = rng.gamma(1.2, size=bedrijf_sector.size)
    bedrijf = choose(weight, rng.random(n))
    demand = keuze * np.array([0.0, 2.2, 1.2, 0.8, 0.7])[niveau]
    matching = (bedrijf_sector[bedrijf][:, None] == sector) * demand
    return bedrijf, choose(matching, rng.random(n))


def _draw_werk(
    opleiding: Ints, niveau: Ints, sector: Ints, rng: np.random.Generator
) -> tuple[Bools, Bools, Ints]:
    """Return conditions, support offered, and least and most hours of each place."""
    n = opleiding.size
    share = np.array([_SECTOR_SHARES[s] for s in SECTOREN])[sector[opleiding]]
    omstandigheden = rng.random(share.shape) < share * 0.75
    steun_share = np.array([0.6, 0.25, 0.25, 0.4, 0.45, 0.3, 0.2, 0.12])
    warm = rng.normal(0, 0.8, n) + 0.4 * (niveau[opleiding] == 1)
    steun = rng.random((n, len(STEUN))) < steun_share * np.exp(0.5 * warm)[:, None]
    least = choose(np.array([0.18, 0.24, 0.28, 0.2, 0.1]), rng.random(n)) * 4 + 12
    most = np.minimum(least + rng.choice([0, 4, 8, 12], n, p=[0.25, 0.3, 0.25, 0.2]), 36)
    return omstandigheden, steun, np.stack([least, most], axis=1)


def _draw_eisen(
    opleiding: Ints, crebo: tuple[str, ...], niveau: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints, Bools]:
    """Return the demands of each place: positions of competenties, niveau asked, hard or not."""
    position = {name: i for i, name in enumerate(competentie_facts()["competentie_id"])}
    own = sum(name.startswith("WV-") for name in position)
    n = opleiding.size
    first = rng.integers(0, own, n)
    second = (first + rng.integers(1, own, n)) % own
    skill = _pick_of_opleiding(
        opleiding,
        crebo,
        dict(
            opleiding_competentie_facts()
            .group_by("opleidingcode")
            .agg("competentie_id")
            .iter_rows()
        ),
        position,
        rng,
    )
    werkproces = _pick_of_opleiding(
        opleiding,
        crebo,
        dict(werkproces_facts().group_by("opleidingcode").agg("werkproces_id").iter_rows()),
        position,
        rng,
    )
    eis = np.stack([first, second, skill, werkproces], axis=1)
    ask = (
        1.4
        + 0.35 * niveau[opleiding][:, None]
        + rng.normal(0, 0.6, eis.shape)
        + np.array([0.5, 0.3, -0.3, -0.7])
    )
    eis_niveau = np.clip(np.rint(ask), 1, 4).astype(np.int64)
    eis_hard = rng.random(eis.shape) < np.array([0.35, 0.2, 0.15, 0.12])
    eis[(eis < 0) | (rng.random(eis.shape) < np.array([0.0, 0.2, 0.25, 0.4]))] = -1
    return eis, eis_niveau, eis_hard


def _pick_of_opleiding(
    opleiding: Ints,
    crebo: tuple[str, ...],
    lists: dict[str, list[str]],
    position: dict[str, int],
    rng: np.random.Generator,
) -> Ints:
    """Return the position of one competentie of each place's opleiding; -1 when it has none."""
    picked = np.full(opleiding.size, -1)
    for code in np.unique(opleiding):
        names = sorted(lists.get(crebo[code], []))
        if names:
            rows = np.flatnonzero(opleiding == code)
            options = np.array([position[name] for name in names])
            picked[rows] = options[rng.integers(0, options.size, rows.size)]
    return picked


def _draw_period(config: RegionConfig, rng: np.random.Generator) -> tuple[Days, Days]:
    """Return first and last day on which one can start; NaT while a place stays open."""
    n = config.leerwerkplekken
    begin, peildatum = np.datetime64(config.begin, "D"), np.datetime64(config.peildatum, "D")
    days = int((peildatum - begin).astype(np.int64))
    old = rng.random(n) < 0.72
    opening = begin + np.where(old, -rng.integers(30, 900, n), rng.integers(0, days, n)).astype(
        "timedelta64[D]"
    )
    kind = rng.random(n)
    closes = np.where(
        kind < 0.1, rng.integers(days // 3, days, n), days + rng.integers(20, 400, n)
    ).astype("timedelta64[D]")
    sluit = np.maximum(begin + closes, opening + np.timedelta64(60, "D"))
    sluit[kind > 0.35] = np.datetime64("NaT", "D")
    return opening, sluit


def _candidate_lists(opleiding: Ints, niveau: Ints, sector: Ints) -> tuple[Ints, Ints]:
    """Return, per opleiding, the places that suit it, as one array and where each list begins.

    A place of the same opleiding counts three times; else one of the same sector and about the
    same niveau, else any of the sector, else any place at all.
    """
    lists = []
    for code in range(niveau.size):
        same = np.flatnonzero(opleiding == code)
        near = np.flatnonzero(
            (sector[opleiding] == sector[code]) & (abs(niveau[opleiding] - niveau[code]) <= 1)
        )
        options = np.concatenate([same, same, near])
        if not options.size:
            options = np.flatnonzero(sector[opleiding] == sector[code])
        lists.append(options if options.size else np.arange(opleiding.size))
    begin = np.cumsum([0] + [part.size for part in lists])
    return np.concatenate(lists), begin
