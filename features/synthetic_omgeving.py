"""Who looks after the jongeren of a made-up region: contacts, registers, trajecten."""

import numpy as np
import polars as pl

from features import tables as t
from features.reference.region import opleiding_facts, werkproces_facts
from features.synthetic_config import OUT, Days, Ints, RegionConfig, first_days, sigmoid
from features.synthetic_history import Truth
from features.synthetic_records import jongere_ids, known_on
from features.synthetic_tables import days, shaped
from features.vocabulary import Kanaal

BRON_CERTIFICAAT = "register van certificaten (verzonnen)"
BRON_LEERPLICHT, BRON_TRAJECT = "jongerenvolgsysteem", "sociale kaart (verzonnen)"
KANALEN = tuple(Kanaal)
SCHOOL, DOORSTROOMPUNT = "mentor", "Doorstroompunt"
REGIO = "Achterhoek"
CERTIFICAAT_PARTS = 2

TRAJECTEN = (
    ("T01", "voorschakeltraject", "Op weg naar entree", 24, 20.0),
    ("T02", "groepsprogramma", "Samen verder", 15, 12.0),
    ("T03", "transitieroute", "Van pro en vso naar werk", 75, 40.0),
    ("T04", "kleinschalige mbo-2-klas", "Mbo-2 in het klein", 16, 80.0),
    ("T05", "praktijkverklaringstraject", "Leren op de werkvloer", 60, 26.0),
    ("T06", "jobcoaching", "Werk houden", 40, 52.0),
)
"""Invented trajecten: id, kind, name, capacity, weeks."""
VOORWAARDEN = (
    ("T01", "leeftijd", ">=", "16", "Entree kan vanaf 16 jaar."),
    (
        "T01",
        "startkwalificatie",
        "=",
        "nee",
        "Het is voor wie geen startkwalificatie heeft.",
    ),
    ("T02", "leeftijd", "<=", "27", "De groep is voor jongeren tot 27 jaar."),
    ("T02", "ingeschreven", "=", "nee", "De groep is voor jongeren zonder school."),
    ("T03", "onderwijssoort", "in", "pro|vso", "De route is voor leerlingen van pro en vso."),
    ("T03", "leeftijd", ">=", "17", "De route begint in het laatste schooljaar."),
    ("T04", "niveau", "=", "2", "De klas leidt op voor mbo niveau 2."),
    ("T05", "startkwalificatie", "=", "nee", "Een diploma is nu nog niet haalbaar."),
    ("T05", "leeftijd", ">=", "16", "Werken met een praktijkovereenkomst kan vanaf 16 jaar."),
    ("T06", "leeftijd", ">=", "18", "Jobcoaching betaalt UWV of gemeente vanaf 18 jaar."),
)


def omgeving_tables(config: RegionConfig, truth: Truth) -> dict[str, pl.DataFrame]:
    """Return contact and bekend_bij as known on the peildatum, and the trajecten."""
    rng = config.rng(8)
    names = ("traject_id", "soort", "titel", "capaciteit", "duur_weken")
    rules = ("traject_id", "attribuut", "operator", "waarde", "reden")
    trajecten = dict(zip(names, zip(*TRAJECTEN, strict=True), strict=True))
    voorwaarden = dict(zip(rules, zip(*VOORWAARDEN, strict=True), strict=True))
    return {
        "traject": shaped(t.TRAJECT, trajecten, BRON_TRAJECT).with_columns(regio=pl.lit(REGIO)),
        "traject_voorwaarde": shaped(t.TRAJECT_VOORWAARDE, voorwaarden, BRON_TRAJECT),
        **_certificaten(),
        "contact": known_on(_contact(config, truth, rng), config),
        "bekend_bij": known_on(_bekend_bij(config, truth, rng), config),
    }


def _certificaten() -> dict[str, pl.DataFrame]:
    """Return invented certificates: of each opleiding the first two werkprocessen of a kerntaak."""
    asked = (
        werkproces_facts()
        .with_columns(
            kerntaak=pl.col("werkproces_id").str.replace(r"-W\d+$", ""),
            nummer=pl.col("werkproces_id").str.extract(r"(\d+)$").cast(pl.Int32),
        )
        .sort("kerntaak", "nummer")
        .with_columns(plaats=pl.int_range(1, pl.len() + 1).over("kerntaak"))
        .filter(
            pl.len().over("kerntaak") > CERTIFICAAT_PARTS, pl.col("plaats") <= CERTIFICAAT_PARTS
        )
        .filter(pl.col("kerntaak") == pl.col("kerntaak").first().over("opleidingcode"))
        .with_columns(("C-" + pl.col("kerntaak")).alias("certificaat_id"))
    )
    named = opleiding_facts().select("opleidingcode", naam="titel")
    parts = asked.unique("certificaat_id", maintain_order=True).join(
        named, on="opleidingcode", maintain_order="left"
    )
    part = parts["kerntaak"].str.slice(len("12345-"))
    titles = "Certificaat " + parts["naam"] + ", deel " + part
    return {
        "certificaat": shaped(
            t.CERTIFICAAT,
            {
                "certificaat_id": parts["certificaat_id"],
                "opleidingcode": parts["opleidingcode"],
                "titel": titles,
            },
            BRON_CERTIFICAAT,
        ),
        "certificaat_werkproces": shaped(
            t.CERTIFICAAT_WERKPROCES,
            {name: asked[name] for name in ("certificaat_id", "werkproces_id")},
            BRON_CERTIFICAAT,
        ),
    }


def _contact(config: RegionConfig, truth: Truth, rng: np.random.Generator) -> pl.DataFrame:
    """Let a mentor seek contact when things go badly, the Doorstroompunt with who has left."""
    parts: list[tuple[Ints, Days, Ints]] = []
    for number, state in enumerate(truth.states[:-1]):
        mean = 0.025 + 0.1 * sigmoid(1.2 * state.toestand - 1.2) + 0.12 * (state.zoek > 0)
        gone = (state.soort == OUT) & (state.uit > 1) & (state.uit < 15) & ~state.startkwalificatie
        mean = np.where(gone, 0.45, np.where(state.soort == OUT, 0.0, mean))
        tries = np.minimum(rng.poisson(mean), 5)
        who = np.repeat(np.arange(tries.size), tries)
        day = first_days(config, np.full(who.size, number)) + rng.integers(0, 28, who.size)
        parts.append((who, day, gone[who].astype(np.int64)))
    who, when, gone = (np.concatenate(column) for column in zip(*parts, strict=True))
    month = (when.astype("datetime64[M]") - np.datetime64(config.begin, "M")).astype(np.int64)
    mood = np.stack([state.toestand for state in truth.states])[month, who]
    reach = 1.1 - 0.45 * mood - 0.25 * truth.jongeren.kwetsbaar[who] - 1.7 * gone
    kanaal = rng.choice(len(KANALEN), who.size, p=[0.4, 0.2, 0.15, 0.05, 0.05, 0.15])
    frame = shaped(
        t.CONTACT,
        {
            "jongere_id": jongere_ids(who),
            "datum": days(when),
            "kanaal": np.array([str(word) for word in KANALEN])[kanaal],
            "gelukt": rng.random(who.size) < sigmoid(reach),
            "door": np.where(gone, DOORSTROOMPUNT, SCHOOL),
            "bekend_op": days(when),
        },
        BRON_LEERPLICHT,
    )
    return frame.unique(
        ["jongere_id", "datum", "kanaal", "door"], keep="first", maintain_order=True
    )


def _bekend_bij(config: RegionConfig, truth: Truth, rng: np.random.Generator) -> pl.DataFrame:
    """Let registers know who has left, months later; some of them nobody gets to know."""
    parts: list[tuple[Ints, Ints, Ints]] = []
    for number, state in enumerate(truth.states):
        left = (state.uit == 3) & ~state.startkwalificatie
        for code, share in ((0, 0.85), (1, 0.25), (2, 0.3)):
            who = np.flatnonzero(left & (rng.random(left.size) < share))
            parts.append((who, np.full(who.size, number), np.full(who.size, code)))
    wijkteam = np.flatnonzero(
        rng.random(truth.jongeren.nummer.size) < sigmoid(truth.jongeren.kwetsbaar - 3)
    )
    parts.append((wijkteam, truth.jongeren.instap[wijkteam], np.full(wijkteam.size, 3)))
    who, month, register = (np.concatenate(column) for column in zip(*parts, strict=True))
    begin = first_days(config, month) + rng.integers(0, 28, who.size).astype("timedelta64[D]")
    until = begin + rng.integers(60, 700, who.size).astype("timedelta64[D]")
    until = np.where(
        (rng.random(who.size) < 0.5) & (until < np.datetime64(config.peildatum)),
        until,
        np.datetime64("NaT", "D"),
    )
    return shaped(
        t.BEKEND_BIJ,
        {
            "jongere_id": jongere_ids(who),
            "register": np.array([DOORSTROOMPUNT, "UWV", "gemeente", "wijkteam"])[register],
            "datum_van": days(begin),
            "datum_tot": days(until),
            "bekend_op": days(begin + rng.integers(0, 31, who.size).astype("timedelta64[D]")),
        },
        BRON_LEERPLICHT,
    ).unique(["jongere_id", "register", "datum_van"], keep="first", maintain_order=True)
