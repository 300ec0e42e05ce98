"""Looking whether the records of what was shown are whole, and whether they can be made again."""

from dataclasses import dataclass

from sqlalchemy import Engine

from service.storage.engine import unit_of_work
from service.storage.suggestielog import SuggestielogRepository
from service.suggestielog.herhalen import CLOSE, ByHash, repeat


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
        Lists in another order, with a score further off than `CLOSE`, with a damaged text.
    """

    lijsten: int
    suggesties: int
    verschil: float
    andere_rang: int
    te_ver: int
    beschadigd: int

    @property
    def goed(self) -> bool:
        """Whether everything came out as it was shown."""
        return not (self.andere_rang or self.te_ver or self.beschadigd)


def repeat_stored(
    engine: Engine, load: ByHash, *, aantal: int, soort: str | None = None
) -> Herhaling:
    """Make the newest stored suggesties again, whole lists, until there are `aantal`."""
    found, count = [], 0
    with unit_of_work(engine, read_only=True) as session:
        repository = SuggestielogRepository(session)
        for lijst in repository.lijsten(limit=aantal, soort=soort):
            if count >= aantal:
                break
            found.append(repeat(lijst, repository.suggesties(lijst.sha256), load))
            count += found[-1].suggesties
    return Herhaling(
        len(found),
        count,
        max((one.verschil for one in found), default=0.0),
        sum(one.zelfde_rang is False for one in found),
        sum(one.verschil > CLOSE for one in found),
        sum(not one.heel for one in found),
    )
