"""Canonical tables of a made-up history: persons, enrolments, diplomas and stages."""

import numpy as np
import polars as pl

from features import tables as t
from features.reference.region import postcode_facts
from features.synthetic_config import ENTREE, SOORTEN, VAVO, Days, Ints, RegionConfig
from features.synthetic_history import Truth
from features.synthetic_loopbaan import DUUR
from features.synthetic_plaatsing import agreed_hours
from features.synthetic_places import SCHOLEN
from features.synthetic_state import Columns, gathered
from features.synthetic_tables import days, leerbedrijf_ids, leerwerkplek_ids, shaped
from features.vocabulary import RedenEindeStage, RedenUitschrijving, SoortDiploma

BRON_SCHOOL = "schooladministratie"
NO_DAY = np.datetime64("NaT", "D")
FIRST_DIPLOMA = 500_001
LEAVING = (
    RedenUitschrijving.EIGEN_VERZOEK,
    RedenUitschrijving.GESTOPT,
    RedenUitschrijving.ANDERS,
    RedenUitschrijving.VERWIJDERD,
    RedenUitschrijving.ZONDER_DIPLOMA,
)
LEAVING_SHARE = (0.3, 0.35, 0.15, 0.05, 0.15)
BREAKING = (
    RedenEindeStage.JONGERE,
    RedenEindeStage.LEERBEDRIJF,
    RedenEindeStage.SCHOOL,
    RedenEindeStage.ANDERS,
)
BREAKING_SHARE = (0.45, 0.33, 0.14, 0.08)


def jongere_ids(numbers: Ints) -> pl.Series:
    """Return the id of each jongere of a region by number.

    Examples
    --------
    >>> jongere_ids(np.array([12])).to_list()
    ['J000012']
    """
    return "J" + pl.Series(numbers.astype(np.int64)).cast(pl.String).str.zfill(6)


def career_tables(config: RegionConfig, truth: Truth) -> dict[str, pl.DataFrame]:
    """Return jongere, inschrijving, diploma and stage, with what was known on the peildatum."""
    rng = config.rng(5)
    return {
        "jongere": _jongere(config, truth, rng),
        "inschrijving": _inschrijving(config, truth, rng),
        "diploma": _diploma(config, truth, rng),
        "stage": _stage(config, truth, rng),
    }


def known_on(frame: pl.DataFrame, config: RegionConfig) -> pl.DataFrame:
    """Keep what was known on the peildatum; an end that was not known yet becomes null."""
    frame = frame.filter(pl.col("bekend_op") <= config.peildatum)
    if "einde_bekend_op" not in frame.columns:
        return frame
    ends = [
        name
        for name in ("einddatum", "reden_uitschrijving", "reden_einde", "beoordeling")
        if name in frame.columns
    ]
    later = pl.col("einde_bekend_op") > config.peildatum
    return frame.with_columns(
        pl.when(later).then(None).otherwise(pl.col(name)).alias(name)
        for name in (*ends, "einde_bekend_op")
    )


def _jongere(config: RegionConfig, truth: Truth, rng: np.random.Generator) -> pl.DataFrame:
    jongeren = truth.jongeren
    born = np.datetime64(config.begin, "M") + jongeren.geboren.astype("timedelta64[M]")
    n = jongeren.nummer.size
    row = np.where(rng.random(n) < 0.03, -1, jongeren.postcode)
    home = pl.DataFrame({"row": row}).join(
        postcode_facts().with_row_index("row").cast({"row": pl.Int64}),
        on="row",
        how="left",
        maintain_order="left",
    )
    return shaped(
        t.JONGERE,
        {
            "jongere_id": jongere_ids(jongeren.nummer),
            "geboortedatum": days(born.astype("datetime64[D]")),
            "postcode4": home["postcode4"],
            "woonplaats": home["plaats"],
            "gemeente": home["gemeente"],
        },
        BRON_SCHOOL,
    )


def enrolments(config: RegionConfig, truth: Truth) -> Columns:
    """Return every enrolment as it truly was; ``einde`` is NaT while it lasts, ``reden`` -1.

    An enrolment that ran when the history began has begun one or more years before.
    """
    begun, ended = (
        gathered(truth.journal.inschrijvingen),
        gathered(truth.journal.inschrijving_einden),
    )
    n = begun["who"].size
    einde, reden = np.full(n, NO_DAY), np.full(n, -1, np.int8)
    if ended:
        einde[ended["row"]], reden[ended["row"]] = ended["dag"], ended["reden"]
    first = begun["dag"] == np.datetime64(config.begin)
    years = np.where(first, truth.jongeren.instap_leerjaar[begun["who"]] - 1, 0)
    month = begun["dag"].astype("datetime64[M]") - (12 * years).astype("timedelta64[M]")
    begin = np.where(first, month.astype("datetime64[D]"), begun["dag"])
    return begun | {"dag": begin, "einde": einde, "reden": reden}


def _inschrijving(config: RegionConfig, truth: Truth, rng: np.random.Generator) -> pl.DataFrame:
    rows = enrolments(config, truth)
    soort, begin, einde, reden = rows["soort"], rows["dag"], rows["einde"], rows["reden"]
    n = soort.size
    mbo = soort >= ENTREE
    year = begin.astype("datetime64[M]").astype(np.int64)
    school_year = (year - 7) // 12
    length = DUUR[soort] - _skipped(config, truth, rows)
    planned: Days = (
        (12 * (school_year + length) + 7).astype("datetime64[M]").astype("datetime64[D]")
    )
    known = einde + np.select(
        [reden == 1, reden == 2],
        [rng.integers(5, 41, n), rng.integers(10, 46, n)],
        rng.integers(30, 91, n),
    ).astype("timedelta64[D]")
    left = np.array(LEAVING)[rng.choice(len(LEAVING), n, p=LEAVING_SHARE)]
    codes = np.select(
        [reden == 1, reden == 2, reden == 0],
        [RedenUitschrijving.DIPLOMA.value, RedenUitschrijving.ANDERE_INSTELLING.value, left],
        "",
    )
    crebo = np.array(truth.places.crebo)[rows["opleiding"]]
    frame = pl.DataFrame(
        {
            "who": rows["who"],
            "overstap": reden == 2,
            "jongere_id": jongere_ids(rows["who"]),
            "instelling": np.array([school[0] for school in SCHOLEN])[rows["school"]],
            "onderwijssoort": np.array([str(s) for s in SOORTEN])[soort],
            "niveau": pl.Series(soort - ENTREE + 1).set(pl.Series(~mbo), None),
            "opleidingcode": pl.Series(crebo).set(pl.Series(~mbo), None),
            "leerweg": pl.Series(np.where(rows["bbl"], "BBL", "BOL")).set(pl.Series(~mbo), None),
            "begindatum": days(begin),
            "geplande_einddatum": days(planned - np.timedelta64(1, "D")),
            "einddatum": days(einde),
            "reden_uitschrijving": pl.Series(codes).replace("", None),
            "bekend_op": days(begin),
            "einde_bekend_op": days(known),
        }
    ).sort("who", "begindatum")
    frame = _join_changes(frame).drop("who", "overstap")
    return known_on(shaped(t.INSCHRIJVING, frame.to_dict(), BRON_SCHOOL), config)


def _skipped(config: RegionConfig, truth: Truth, rows: Columns) -> Ints:
    """Return the years of an opleiding that were done elsewhere: who enters later, ends sooner."""
    entry = np.zeros(rows["who"].size, bool)
    entry[np.unique(rows["who"], return_index=True)[1]] = True
    here = entry & (rows["dag"] >= np.datetime64(config.begin))
    return np.where(here, truth.jongeren.instap_leerjaar[rows["who"]] - 1, 0)


def _join_changes(frame: pl.DataFrame) -> pl.DataFrame:
    """Give enrolments their number; a switch within one mbo school changes the same enrolment.

    Such a row ends the day before the next begins, without reden, and that is known at once; the
    enrolment as a whole has one planned end, as in the register of DUO.
    """
    kind = ("opleidingcode", "leerweg")
    differs = pl.any_horizontal(pl.col(name) != pl.col(name).shift(-1) for name in kind)
    school = ("who", "instelling")
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift(-1) for name in school)
    change = (pl.col("overstap") & same & differs).fill_null(value=False)
    following = pl.col("begindatum").shift(-1)
    whole = ("who", "instelling", "volgnummer")
    return (
        frame.with_columns(change=change, following=following)
        .with_columns(
            volgnummer=(~pl.col("change").shift(1, fill_value=False))
            .cast(pl.Int32)
            .cum_sum()
            .over("who", "instelling")
            .cast(pl.String),
            einddatum=pl.when("change")
            .then(pl.col("following") - pl.duration(days=1))
            .otherwise("einddatum"),
            reden_uitschrijving=pl.when(~pl.col("change")).then("reden_uitschrijving"),
            einde_bekend_op=pl.when("change").then("following").otherwise("einde_bekend_op"),
        )
        .with_columns(pl.col("geplande_einddatum").last().over(whole))
        .drop("change", "following")
    )


def _diploma(config: RegionConfig, truth: Truth, rng: np.random.Generator) -> pl.DataFrame:
    """Diplomas of mbo are known on the day itself, as in the register of DUO."""
    rows = gathered(truth.journal.diplomas)
    if not rows:
        return t.DIPLOMA.empty()
    n = rows["who"].size
    vavo = rows["soort"] == VAVO
    crebo = np.array(truth.places.crebo)[rows["opleiding"]]
    brin = pl.Series(np.array([school[0] for school in SCHOLEN])[rows["school"]])
    of_vo = np.where(rng.random(n) < 0.75, SoortDiploma.HAVO, SoortDiploma.VWO)
    niveau = pl.Series(rows["soort"].astype(np.int64) - ENTREE + 1)
    delay = np.where(vavo, rng.integers(1, 31, n), 0).astype("timedelta64[D]")
    frame = shaped(
        t.DIPLOMA,
        {
            "jongere_id": jongere_ids(rows["who"]),
            "diploma_id": brin + "-" + pl.Series(np.arange(n) + FIRST_DIPLOMA).cast(pl.String),
            "soort": np.where(vavo & rows["telt"], of_vo, SoortDiploma.DIPLOMA).astype(str),
            "opleidingcode": pl.Series(crebo).set(pl.Series(vavo), None),
            "niveau": niveau.set(pl.Series(vavo), None),
            "datum": days(rows["dag"]),
            "bekend_op": days(rows["dag"] + delay),
        },
        BRON_SCHOOL,
    )
    return known_on(frame, config)


def _stage(config: RegionConfig, truth: Truth, rng: np.random.Generator) -> pl.DataFrame:
    rows = true_stages(truth)
    if not rows:
        return t.STAGE.empty()
    n = rows["who"].size
    places, who = truth.places, rows["who"]
    ended, held, started = ~np.isnat(rows["einde"]), rows["gelukt"], rows["gestart"]
    delay = np.where(rng.random(n) < 0.2, rng.integers(46, 91, n), rng.integers(3, 36, n))
    known = rows["einde"] + delay.astype("timedelta64[D]")
    verdict = np.clip(
        rng.normal(np.where(held, 0.72, 0.4) + 0.02 * rows["logit"], 0.13), 0, 1
    ).round(2)
    silent = ~ended | ~started | (rng.random(n) < 0.2)
    why = np.array(BREAKING)[rng.choice(len(BREAKING), n, p=BREAKING_SHARE)]
    why = np.select(
        [~ended, held, ~started], ["", RedenEindeStage.AFGEROND, RedenEindeStage.NIET_GESTART], why
    )
    shown = rows["bekend"] & (rng.random(n) > 0.12)
    searched = pl.Series(rows["zoek_weken"].astype(np.float64).round(0))
    hours = agreed_hours(truth.jongeren.take(who), rows["plek"], places)
    mbo = rows["mbo"]
    bedrijf = leerbedrijf_ids(places.plek_bedrijf[rows["plek"]])
    frame = pl.DataFrame(
        {
            "jongere_id": jongere_ids(who),
            "leerbedrijf_id": bedrijf,
            "leerwerkplek_id": leerwerkplek_ids(np.where(shown, rows["plek"], -1)),
            "opleidingcode": pl.Series(np.array(places.crebo)[rows["opleiding"]]).set(
                pl.Series(~mbo), None
            ),
            "begindatum": days(rows["dag"]),
            "geplande_einddatum": days(rows["gepland"]),
            "einddatum": days(rows["einde"]),
            "uren_per_week": hours,
            "zoekduur_weken": searched.set(pl.Series(rng.random(n) < 0.25), None),
            "beoordeling": pl.Series(verdict).set(pl.Series(silent), None),
            "reden_einde": pl.Series(why.astype(str)).replace("", None),
            "bekend_op": days(rows["dag"] + rng.integers(-20, 15, n).astype("timedelta64[D]")),
            "einde_bekend_op": days(known),
        }
    ).with_columns(
        stage_id=pl.col("jongere_id")
        + "-"
        + pl.col("leerbedrijf_id")
        + "-"
        + pl.col("begindatum").dt.strftime("%Y%m%d")
    )
    return known_on(shaped(t.STAGE, frame.to_dict(), BRON_SCHOOL), config)


def true_stages(truth: Truth) -> Columns:
    """Return every stage as it truly was; ``einde`` is NaT while it lasts."""
    begun, ended = gathered(truth.journal.stages), gathered(truth.journal.stage_einden)
    if not begun:
        return {}
    n = begun["who"].size
    einde, held, started = np.full(n, NO_DAY), np.zeros(n, bool), np.ones(n, bool)
    if ended:
        row = ended["row"]
        einde[row], held[row], started[row] = ended["dag"], ended["gelukt"], ended["gestart"]
    einde = np.where(started, einde, begun["dag"])
    return begun | {"einde": einde, "gelukt": held, "gestart": started}
