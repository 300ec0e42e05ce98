"""What the order of the model would have brought, judged on stages that people arranged."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.blokkade import Blokkade, column
from features.contract import Tables
from features.passendheid import pair_features
from models.choice import NEEDED, ChoiceModel
from models.offpolicy import Evaluation, Logged, evaluate, top_policy
from models.registered import RegisteredModel

Vector = NDArray[np.float64]

SHOWN = 5
"""The order is judged as if one of the first five were taken, whichever."""
MOST_CHOICES = 1500
AT_ONCE = 50
"""Choices beside all places in memory at a time."""
KEY = ["jongere_id", "leerwerkplek_id", "peildatum"]
BLOCKED = pl.any_horizontal(column(rule) for rule in Blokkade)


@dataclass(frozen=True)
class Judged:
    """Choices beside every place that was open and that nothing blocked, one row per place.

    Parameters
    ----------
    frame : DataFrame
        ``keuze`` (nondecreasing), `KEY`, ``gekozen``, ``niveau`` (the place is at the niveau of the
        jongere), ``kans`` (said by the model), ``oud`` (how likely people chose the place) and
        ``nieuw`` (how likely the order of the model would).
    outcomes : array of shape (n_choices,)
        What came of the chosen place, by ``keuze``.
    """

    frame: pl.DataFrame
    outcomes: Vector

    def logged(self) -> Logged:
        """Return the choices for `models.offpolicy.evaluate`."""
        value = (
            self.frame.group_by("keuze", maintain_order=True)
            .agg(waarde=(pl.col("kans") * pl.col("nieuw")).sum())
            .get_column("waarde")
        )
        chosen = self.frame.filter("gekozen")
        return Logged(
            outcome=self.outcomes[chosen["keuze"].to_numpy()],
            logging=chosen["oud"].to_numpy(),
            target=chosen["nieuw"].to_numpy(),
            expected=chosen["kans"].to_numpy(),
            value=value.to_numpy(),
            groups=chosen["jongere_id"].rank("dense").cast(pl.Int64).to_numpy(),
        )


def judge_order(
    tables: Tables,
    examples: pl.DataFrame,
    outcomes: Vector,
    *,
    model: RegisteredModel,
    choice: ChoiceModel,
    seed: int,
) -> Judged:
    """Lay past choices beside all places, with what the model says and what people used to do.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables.
    examples : DataFrame
        `KEY` of past stages, later than what the model and the choices were learned from.
    outcomes : array of shape (n_examples,)
        0 or 1.
    model : RegisteredModel
        Whose order is judged.
    choice : ChoiceModel
        How people chose.
    seed : int
        Draws choices where there are more than `MOST_CHOICES`.

    Returns
    -------
    Judged
        Without choices of a place that a rule blocks now: no list would show it.
    """
    n = min(MOST_CHOICES, examples.height)
    drawn = np.sort(np.random.default_rng(seed).permutation(examples.height)[:n])
    asked = examples.select(KEY).with_row_index("keuze")
    asked = asked.filter(pl.col("keuze").is_in(drawn.tolist()))
    chosen = pair_features(tables, asked).filter(~BLOCKED).select(asked.columns)
    places = tables["leerwerkplek"].select("leerwerkplek_id").sort("leerwerkplek_id")
    parts = [_beside(tables, part, places, model, choice) for part in chosen.iter_slices(AT_ONCE)]
    return Judged(pl.concat(parts) if parts else _nothing(), outcomes)


def order_metrics(judged: Judged, *, seed: int) -> tuple[dict[str, float], Evaluation]:
    """Return figures for the card, named ``volgorde_…``, and what they rest on.

    Where the choices cannot carry the comparison its figures are NaN.
    """
    found = evaluate(judged.logged(), rng=np.random.default_rng(seed))
    told = {
        "volgorde_keuzes": float(len(judged.frame.filter("gekozen"))),
        "volgorde_ess": found.ess,
        "volgorde_overlap": found.overlap,
        "volgorde_gekozen": found.observed.value,
    }
    for name in ("ips", "snips", "dr"):
        one = getattr(found, name)
        for end, value in (("", one.value), ("_low", one.low), ("_high", one.high)):
            told[f"volgorde_{name}{end}"] = value if found.supported else float("nan")
    return told, found


def _beside(
    tables: Tables,
    chosen: pl.DataFrame,
    places: pl.DataFrame,
    model: RegisteredModel,
    choice: ChoiceModel,
) -> pl.DataFrame:
    pairs = chosen.rename({"leerwerkplek_id": "toen"}).join(places, how="cross")
    is_chosen = (pl.col("leerwerkplek_id") == pl.col("toen")).alias("gekozen")
    keys = pairs.with_columns(is_chosen).drop("toen")
    frame = pair_features(tables, keys).filter(~BLOCKED)
    sets = frame["keuze"].cast(pl.Int64).to_numpy()
    said = model.predict(frame.drop("keuze", "gekozen"))
    return frame.select(
        "keuze",
        *KEY,
        "gekozen",
        (pl.col("niveau_verschil") == 0).fill_null(value=False).alias("niveau"),
        pl.Series("kans", said),
        pl.Series("oud", choice.propensities(frame.select(NEEDED), sets)),
        pl.Series("nieuw", top_policy(said, sets, top=SHOWN)),
    )


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "keuze": pl.UInt32,
            "jongere_id": pl.String,
            "leerwerkplek_id": pl.String,
            "peildatum": pl.Date,
            "gekozen": pl.Boolean,
            "niveau": pl.Boolean,
            "kans": pl.Float64,
            "oud": pl.Float64,
            "nieuw": pl.Float64,
        }
    )
