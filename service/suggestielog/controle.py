"""Looking whether the records of what was shown are whole, and whether they can be made again.

An erasure takes the lines of a person out of lists about many, for good (TRUST P4), so those lists
no longer have the hash of their content. They count as erased from, and what is left of them is
made again. There cannot be more of them than the erasures say that they touched: the others are
damaged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from service.privacy.register import GEWIST
from service.storage.engine import unit_of_work
from service.storage.suggestielog import StoredLijst, StoredSuggestie, SuggestielogRepository
from service.storage.verwijdering import VerwijderingRepository
from service.suggestielog.herhalen import CLOSE, ByHash, is_whole, repeat
from service.suggestielog.lijst import sha256_of_list

TOUCHED = ("suggestie", "suggestielijst", "suggestie_inhoud")
"""Tables of which an erasure takes rows, or words, of lists about many."""


@dataclass(frozen=True)
class Herhaling:
    """What came of making stored suggesties again.

    Parameters
    ----------
    lijsten, suggesties : int
        How many were made again.
    verschil : float
        Greatest difference of a score.
    andere_rang, te_ver, beschadigd : int
        Lists in another order, with a score further off than `CLOSE`, with a damaged text or line.
    gewist : int
        Lists from which somebody was erased; the rest of them was made again.
    """

    lijsten: int
    suggesties: int
    verschil: float
    andere_rang: int
    te_ver: int
    beschadigd: int
    gewist: int

    @property
    def goed(self) -> bool:
        """Whether everything came out as it was shown."""
        return not (self.andere_rang or self.te_ver or self.beschadigd)


def repeat_stored(
    engine: Engine, load: ByHash, *, aantal: int, soort: str | None = None
) -> Herhaling:
    """Make the newest stored suggesties again, whole lists, until there are `aantal`."""
    found, count, gewist, lost = [], 0, 0, 0
    with unit_of_work(engine, read_only=True) as session:
        repository = SuggestielogRepository(session)
        room = VerwijderingRepository(session).touched(*TOUCHED)
        for lijst in repository.lijsten(limit=aantal, soort=soort):
            if count >= aantal:
                break
            lines = repository.suggesties(lijst.sha256)
            if _has_hash(lijst, lines):
                kept = lines
            elif gewist < room:
                gewist, kept = gewist + 1, [one for one in lines if _untouched(one)]
            else:
                lost, kept = lost + 1, lines
            found.append(repeat(lijst, kept, load))
            count += found[-1].suggesties
    return Herhaling(
        len(found),
        count,
        max((one.verschil for one in found), default=0.0),
        sum(one.zelfde_rang is False for one in found),
        sum(one.verschil > CLOSE for one in found),
        lost + sum(not one.heel for one in found),
        gewist,
    )


def empty_lists(engine: Engine) -> tuple[int, int]:
    """Return how many shown lists lost all lines to erasures, and how many have none otherwise."""
    with unit_of_work(engine, read_only=True) as session:
        empty = SuggestielogRepository(session).without_record()
        room = VerwijderingRepository(session).touched("suggestie")
    return min(empty, room), max(empty - room, 0)


def _has_hash(lijst: StoredLijst, lines: Sequence[StoredSuggestie]) -> bool:
    """Whether a list still is what its hash says, and no text in it was erased."""
    told = [
        [
            *(one.jongere_id, one.object_id, one.rang, one.score),
            *(one.invoer_sha256, one.uitleg_sha256),
        ]
        for one in lines
    ]
    same = sha256_of_list(vars(lijst), told) == lijst.sha256
    return same and not any(GEWIST in (one.uitleg or "") for one in lines)


def _untouched(line: StoredSuggestie) -> bool:
    """Whether an erasure left a line as it was; one whose own text changed is not made again."""
    return is_whole(line) or GEWIST not in f"{line.invoer}{line.uitleg}"
