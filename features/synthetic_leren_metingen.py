"""What is written down of learning in a made-up region: judgements before and after stages."""

import numpy as np
import polars as pl

from features import tables as t
from features.synthetic_config import Bools, Days, Floats, Ints, RegionConfig
from features.synthetic_history import Truth
from features.synthetic_leren import STREAM, ZELFSTANDIG, Leren, learn
from features.synthetic_records import jongere_ids, known_on
from features.synthetic_tables import days, shaped
from features.vocabulary import Beoordelaar

BEFORE, AFTER = 0.95, 0.85
"""Share of the werkprocessen of a stage that is judged beforehand, and of those also at the end."""


def leren_metingen(config: RegionConfig, truth: Truth, taught: pl.DataFrame) -> pl.DataFrame:
    """Return the judgements before and after stages, and in school practice, as known.

    Returns
    -------
    DataFrame with the columns of `features.tables.COMPETENTIEMETING`
        A school judges beforehand, six weeks or more before the begin; leerbedrijf or school
        about the end.
    """
    leren = learn(config, truth, taught)
    rng = config.rng(STREAM + 1)
    n = leren.who.size
    judged = rng.random(n) < BEFORE
    ended = judged & (rng.random(n) < AFTER) & ~np.isnat(leren.einde)
    at_work = rng.random(n) < 0.75
    seen = np.clip(np.rint(leren.voor + rng.normal(0, 0.4, n)), 0, 4)
    after = np.where(leren.na >= ZELFSTANDIG, leren.na, np.minimum(np.rint(leren.na), 2))
    before = leren.begin - rng.integers(42, 76, n).astype("timedelta64[D]")
    end = leren.einde - rng.integers(0, 10, n).astype("timedelta64[D]")
    parts = [
        _judged(leren, judged, before, seen, np.zeros(n, bool)),
        _judged(leren, ended, end, after, at_work),
    ]
    if leren.practice:
        rest = leren.practice
        some = rest["niveau"] + rng.normal(0, 0.5, rest["niveau"].size)
        parts.append(
            (
                rest["who"],
                rest["dag"],
                rest["werkproces"],
                np.clip(np.rint(some), 0, 4),
                np.zeros(some.size, bool),
            )
        )
    who, when, werkproces, niveau, work = (np.concatenate(c) for c in zip(*parts, strict=True))
    known = when + rng.integers(0, 15, who.size).astype("timedelta64[D]")
    frame = shaped(
        t.COMPETENTIEMETING,
        {
            "jongere_id": jongere_ids(who),
            "datum": days(when),
            "competentie_id": np.array(truth.places.competentie)[werkproces],
            "niveau": niveau,
            "bekend_op": days(known),
            "bron": np.where(work, str(Beoordelaar.LEERBEDRIJF), str(Beoordelaar.SCHOOL)),
        },
    ).unique(["jongere_id", "datum", "competentie_id", "bron"], keep="first", maintain_order=True)
    return known_on(frame, config)


Metingen = tuple[Ints, Days, Ints, Floats, Bools]
"""Who, when, which competentie, what niveau, judged at work."""


def _judged(leren: Leren, rows: Bools, when: Days, niveau: Floats, at_work: Bools) -> Metingen:
    return leren.who[rows], when[rows], leren.werkproces[rows], niveau[rows], at_work[rows]
