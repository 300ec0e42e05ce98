"""Whom the table discusses, and in which order: urgency in words, and a part left to chance.

One place in five is drawn at random among all who wait, and nobody sees which: so the scores are
tested on people whom they did not choose, and a wrong score cannot hide the same jongere for ever
(TRUST H6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

ASELECT_DEEL = 0.2
"""Chance that a place on the agenda is drawn at random."""
LANG_ZONDER = 26
"""Weeks without school or stage after which waiting longer adds nothing to the urgency."""
RISICO = "risico op uitval"
"""How the words of a risk end."""
ZOEKT = "zoekt een plek"
"""Urgency of who has none of its own."""
BINNENKORT = 8
"""Weeks before an end in which it is urgent."""

FACTS = pl.Schema(
    {
        "jongere_id": pl.String,
        "weken_zonder": pl.Float64,
        "weken_tot_einde": pl.Float64,
        "uitvalrisico": pl.Float64,
        "aangehouden": pl.Boolean,
    }
)
"""What urgency is made of; a null says that it does not apply or is not known."""


@dataclass(frozen=True)
class Agendaregel:
    """Somebody for the agenda: why in words, whether by chance, and how likely that chance was."""

    jongere_id: str
    urgentie: tuple[str, ...]
    aselect: bool
    trekkans: float


def draw_agenda(
    facts: pl.DataFrame,
    *,
    aantal: int,
    rng: np.random.Generator,
    woorden: Mapping[str, str],
    aselect_deel: float = ASELECT_DEEL,
) -> list[Agendaregel]:
    """Return who is on the agenda, in its order.

    Every place on the list is, by its own draw, either that of the most urgent jongere who is
    left or that of anybody who is left, each equally likely. All lots are drawn before anybody
    looks at urgency, so with the same chance a higher risk never puts a jongere later, or off the
    agenda (TRUST H4). Who was put off last time is always on it and stands first. All others stand
    by urgency, so that no place in the order tells who was drawn.

    Parameters
    ----------
    facts : DataFrame
        Columns of `FACTS`, one row per jongere who waits; their order does not matter.
    aantal : int
        Most lines on the agenda, those put off included (they stay even when they are more).
    rng : numpy.random.Generator
        Source of the chance.
    woorden : mapping of jongere_id to str
        Risk in words ("hoog risico op uitval"), for whom there is a score.
    aselect_deel : float
        Chance per place.

    Returns
    -------
    list of Agendaregel
        ``trekkans`` is the chance that this place took this jongere at random: the share left
        to chance, divided by how many were left.
    """
    ordered = facts.with_columns(urgency().alias("urgentie")).sort(
        ["aangehouden", "urgentie", "jongere_id"], descending=[True, True, False]
    )
    waiting = ordered.to_dicts()
    place = {row["jongere_id"]: number for number, row in enumerate(waiting)}
    lots = dict(zip(sorted(place), rng.permutation(len(place)).tolist(), strict=True))
    lines: list[Agendaregel] = []
    while waiting and (len(lines) < aantal or waiting[0]["aangehouden"]):
        held = waiting[0]["aangehouden"]
        by_chance = not held and bool(rng.random() < aselect_deel)
        trekkans = 0.0 if held else aselect_deel / len(waiting)
        row = waiting.pop(_first_by_lot(waiting, lots) if by_chance else 0)
        lines.append(
            Agendaregel(
                row["jongere_id"], in_words(row, woorden), aselect=by_chance, trekkans=trekkans
            )
        )
    return sorted(lines, key=lambda line: place[line.jongere_id])


def _first_by_lot(waiting: Sequence[Mapping[str, object]], lots: Mapping[str, int]) -> int:
    return min(range(len(waiting)), key=lambda at: lots[str(waiting[at]["jongere_id"])])


def urgency() -> pl.Expr:
    """Return the urgency: waiting, an end that is near and the risk count up to 1 each.

    The three weigh the same because nobody has measured which matters most; the order is shown
    in words so that the table can put somebody first for its own reasons.
    """
    waiting = (pl.col("weken_zonder") / LANG_ZONDER).clip(0, 1).fill_null(0)
    near = (1 - pl.col("weken_tot_einde") / BINNENKORT).clip(0, 1).fill_null(0)
    return waiting + near + pl.col("uitvalrisico").fill_null(0)


def in_words(row: Mapping[str, object], woorden: Mapping[str, str]) -> tuple[str, ...]:
    """Return what makes a jongere urgent, as a person at the table would say it."""
    found: list[str] = []
    if row["aangehouden"]:
        found.append("komt terug van de vorige keer")
    zonder, einde = row["weken_zonder"], row["weken_tot_einde"]
    if isinstance(zonder, float):
        found.append(f"al {_weken(zonder)} zonder school of stage")
    if isinstance(einde, float) and einde <= BINNENKORT:
        found.append(f"school of stage eindigt over {_weken(einde)}")
    found += [woorden[one] for one in [str(row["jongere_id"])] if one in woorden]
    return tuple(found) or (ZOEKT,)


def _weken(weeks: float) -> str:
    whole = max(0, round(weeks))
    return "minder dan een week" if whole == 0 else "1 week" if whole == 1 else f"{whole} weken"
