"""What is known of the jongeren of a made-up region themselves: wishes, support, skills, marks."""

import numpy as np
import polars as pl

from features import tables as t
from features.reference.region import competentie_facts, opleiding_competentie_facts
from features.synthetic_config import (
    ENTREE,
    OUT,
    VAVO,
    Days,
    Ints,
    RegionConfig,
    calendar_month,
    first_days,
)
from features.synthetic_history import Truth
from features.synthetic_jongeren import Jongeren
from features.synthetic_plaatsing import Situation, true_niveau
from features.synthetic_places import OMSTANDIGHEDEN, SECTOREN, STEUN, VERVOER
from features.synthetic_records import BRON_SCHOOL, jongere_ids, known_on, true_stages
from features.synthetic_tables import days, shaped, words
from features.vocabulary import Beoordelaar

BRON_COACH = "loopbaancoach"
MARK_MONTHS = (11, 2, 4, 6)
ONDERDELEN = ("Nederlands", "rekenen", "beroepsgerichte vakken", "burgerschap")
NO_VOORKEUR, NEW_VOORKEUR = 0.14, 0.25
"""Share of jongeren without any voorkeur, and with a second one later."""


def profile_tables(config: RegionConfig, truth: Truth) -> dict[str, pl.DataFrame]:
    """Return voorkeur, ondersteuningsbehoefte, competentiemeting and resultaat, as known."""
    rng = config.rng(7)
    made = {
        "voorkeur": _voorkeur(config, truth.jongeren, rng),
        "ondersteuningsbehoefte": _ondersteuning(config, truth.jongeren, rng),
        "competentiemeting": _competentiemeting(config, truth, rng),
        "resultaat": _resultaat(config, truth, rng),
    }
    return {name: known_on(frame, config) for name, frame in made.items()}


def _days_after(
    config: RegionConfig, months: Ints, low: int, high: int, rng: np.random.Generator
) -> Days:
    shift = rng.integers(low, high + 1, months.size).astype("timedelta64[D]")
    drawn: Days = first_days(config, months) + shift
    return drawn


def _voorkeur(config: RegionConfig, jongeren: Jongeren, rng: np.random.Generator) -> pl.DataFrame:
    """One or two talks about wishes and limits; hours are often told too high, some things not."""
    n = jongeren.nummer.size
    first = np.flatnonzero(rng.random(n) >= NO_VOORKEUR)
    again = first[rng.random(first.size) < NEW_VOORKEUR]
    who = np.concatenate([first, again])
    when = np.concatenate(
        [
            _days_after(config, jongeren.instap[first], 5, 240, rng),
            _days_after(config, jongeren.instap[again], 300, 800, rng),
        ]
    )
    who_is = jongeren.take(who)
    told = rng.choice([0.0, 2.0, 4.0], who.size, p=[0.68, 0.2, 0.12])
    most = np.clip(who_is.belastbaar + told, 8, 40)
    silent = rng.random((5, who.size)) < np.array([0.06, 0.12, 0.1, 0.06, 0.15])[:, None]
    avoided = who_is.vermijdt & (rng.random(who_is.vermijdt.shape) > 0.15)
    sectors = np.zeros((who.size, len(SECTOREN)), bool)
    sectors[np.arange(who.size), who_is.wens[:, 0]] = True
    wish = [SECTOREN[code].value for code in range(len(SECTOREN))]
    second = rng.random(who.size) < 0.7
    wishes = [
        [wish[a], wish[b]] if both else [wish[a]]
        for a, b, both in zip(*who_is.wens.T, second, strict=True)
    ]
    listed = pl.Series(wishes, dtype=pl.List(pl.String))
    return shaped(
        t.VOORKEUR,
        {
            "jongere_id": jongere_ids(who),
            "datum": days(when),
            "sectoren": listed.set(pl.Series(silent[0]), None),
            "uren_min": pl.Series(np.clip(most - 8, 4, None)).set(
                pl.Series(silent[2] | silent[1]), None
            ),
            "uren_max": pl.Series(most).set(pl.Series(silent[1]), None),
            "reistijd_max": pl.Series(who_is.reis_max).set(pl.Series(silent[2]), None),
            "vervoer": words(who_is.vervoer, VERVOER).set(pl.Series(silent[3]), None),
            "vermijdt": words(avoided, OMSTANDIGHEDEN),
            "rijbewijs": pl.Series(who_is.rijbewijs).set(pl.Series(silent[4]), None),
            "bekend_op": days(when + rng.integers(0, 8, who.size).astype("timedelta64[D]")),
        },
        BRON_COACH,
    )


def _ondersteuning(
    config: RegionConfig, jongeren: Jongeren, rng: np.random.Generator
) -> pl.DataFrame:
    """Support as a condition of work; some needs nobody knows of."""
    who, kind = np.nonzero(jongeren.steun & (rng.random(jongeren.steun.shape) < 0.85))
    when = _days_after(config, jongeren.instap[who], 10, 400, rng)
    return shaped(
        t.ONDERSTEUNINGSBEHOEFTE,
        {
            "jongere_id": jongere_ids(who),
            "datum": days(when),
            "soort": np.array([str(word) for word in STEUN])[kind],
            "toestemming": rng.random(who.size) < 0.92,
            "bekend_op": days(when + rng.integers(0, 31, who.size).astype("timedelta64[D]")),
        },
        BRON_COACH,
    )


def _competentiemeting(
    config: RegionConfig, truth: Truth, rng: np.random.Generator
) -> pl.DataFrame:
    """Judgements of schools, of leerbedrijven at the end of a stage, and of jongeren themselves."""
    parts = [*_judged_at_school(config, truth, rng), *_judged_at_work(truth, rng)]
    who, when, competentie, judge = (np.concatenate(column) for column in zip(*parts, strict=True))
    month = (when.astype("datetime64[M]") - np.datetime64(config.begin, "M")).astype(np.int64)
    month = np.clip(month, 0, config.months)
    states = truth.states
    situation = Situation(
        np.stack([state.toestand for state in states])[month, who],
        np.stack([state.ervaring for state in states])[month, who],
    )
    level = true_niveau(who, competentie, truth.jongeren.take(who), situation)
    spread = np.array([0.55, 0.4, 0.7])[judge]
    bias = np.array([0.0, 0.05, 0.45])[judge]
    seen = np.clip(np.rint(level + bias + rng.normal(0, 1, who.size) * spread), 0, 4)
    known = when + rng.integers(0, 29, who.size).astype("timedelta64[D]")
    return shaped(
        t.COMPETENTIEMETING,
        {
            "jongere_id": jongere_ids(who),
            "datum": days(when),
            "competentie_id": np.array(truth.places.competentie)[competentie],
            "niveau": seen,
            "bekend_op": days(known),
            "bron": np.array([str(word) for word in Beoordelaar])[judge],
        },
    ).unique(["jongere_id", "datum", "competentie_id", "bron"], keep="first", maintain_order=True)


Judged = tuple[Ints, Days, Ints, Ints]
"""Who was judged, when, on which competentie (its position), by whom (position in Beoordelaar)."""


def _judged_at_school(config: RegionConfig, truth: Truth, rng: np.random.Generator) -> list[Judged]:
    jongeren = truth.jongeren
    ids = competentie_facts()["competentie_id"]
    own = np.arange(int(ids.str.starts_with("WV-").sum()))
    known = np.flatnonzero(rng.random(jongeren.nummer.size) < 0.8)
    picked = rng.permuted(np.tile(own, (known.size, 1)), axis=1)[:, :5]
    first = np.repeat(known, 5)
    day = np.repeat(_days_after(config, jongeren.instap[known], 40, 150, rng), 5)
    judged = [(first, day, picked.ravel(), np.zeros(first.size, np.int64))]
    themselves = rng.random(first.size) < 0.25
    judged.append(
        (
            first[themselves],
            day[themselves],
            picked.ravel()[themselves],
            np.full(themselves.sum(), 2),
        )
    )
    skills = _skills_per_opleiding(truth.places.crebo)
    for month in range(config.months):
        if calendar_month(month) in (3, 6):
            state = truth.states[month]
            who = np.flatnonzero((state.soort >= ENTREE) & (rng.random(state.soort.size) < 0.45))
            when = _days_after(config, np.full(who.size, month), 0, 27, rng)
            options = skills[state.opleiding[who]]
            picked = options[np.arange(who.size), rng.integers(0, skills.shape[1], who.size)]
            judged.append((who, when, picked, np.zeros(who.size, np.int64)))
    return judged


def _skills_per_opleiding(crebo: tuple[str, ...]) -> Ints:
    """Return six positions of competenties per opleiding; those of few skills repeat."""
    position = {name: i for i, name in enumerate(competentie_facts()["competentie_id"])}
    lists = opleiding_competentie_facts().group_by("opleidingcode").agg("competentie_id")
    skills = dict(lists.iter_rows())
    return np.array(
        [np.resize([position[name] for name in skills[code]], 6) for code in crebo], dtype=np.int64
    )


def _judged_at_work(truth: Truth, rng: np.random.Generator) -> list[Judged]:
    """Judge what the place asks, and two werknemersvaardigheden, about the end of a stage."""
    rows = true_stages(truth)
    if not rows:
        return []
    ended = np.flatnonzero(~np.isnat(rows["einde"]) & rows["gestart"])
    ended = ended[rng.random(ended.size) < 0.7]
    who, when = rows["who"][ended], rows["einde"][ended]
    eis = truth.places.plek_eis[rows["plek"][ended]]
    row, column = np.nonzero(eis >= 0)
    judge = np.where(rng.random(row.size) < 0.75, 1, 0)
    asked = (who[row], when[row], eis[row, column], judge)
    own = int(competentie_facts()["competentie_id"].str.starts_with("WV-").sum())
    some = rng.integers(0, own, who.size)
    return [asked, (who, when, some, np.ones(who.size, np.int64))]


def _resultaat(config: RegionConfig, truth: Truth, rng: np.random.Generator) -> pl.DataFrame:
    """Two marks four times a year for everyone at vavo or mbo, and now and then at pro and vso."""
    parts = []
    for month in range(config.months):
        if calendar_month(month) in MARK_MONTHS:
            state = truth.states[month]
            share = np.where(state.soort >= VAVO, 0.92, np.where(state.soort == OUT, 0.0, 0.35))
            who = np.flatnonzero(rng.random(share.size) < share)
            first = rng.integers(0, len(ONDERDELEN), who.size)
            second = (first + rng.integers(1, len(ONDERDELEN), who.size)) % len(ONDERDELEN)
            day = _days_after(config, np.full(who.size, month), 0, 27, rng)
            mood = state.toestand[who]
            parts += [(who, day, first, mood), (who, day, second, mood)]
    if not parts:
        return t.RESULTAAT.empty()
    who, when, part, mood = (np.concatenate(column) for column in zip(*parts, strict=True))
    jongeren = truth.jongeren
    mean = 0.63 + 0.07 * jongeren.talent[who] - 0.045 * mood - 0.02 * jongeren.kwetsbaar[who]
    return shaped(
        t.RESULTAAT,
        {
            "jongere_id": jongere_ids(who),
            "datum": days(when),
            "onderdeel": np.array(ONDERDELEN)[part],
            "waarde": np.clip(mean + rng.normal(0, 0.1, who.size), 0.1, 1.0).round(2),
            "bekend_op": days(when + rng.integers(1, 22, who.size).astype("timedelta64[D]")),
        },
        BRON_SCHOOL,
    )
