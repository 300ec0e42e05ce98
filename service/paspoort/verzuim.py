"""Absence of the last half year, week by week, with a sentence that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.dutch import getal
from service.storage.feiten import Row

WEKEN = 26


@dataclass(frozen=True)
class Verzuimweek:
    """One week with lessons: clock hours taught, and missed with and without permission."""

    week: date
    lesuren: float
    geoorloofd: float
    ongeoorloofd: float


@dataclass(frozen=True)
class Verzuim:
    """The weeks of the last half year that are known, in order of time."""

    weken: tuple[Verzuimweek, ...]

    @property
    def zin(self) -> str:
        """Say what was missed.

        Examples
        --------
        >>> Verzuim((Verzuimweek(date(2026, 10, 5), 30, 2, 4),)).zin
        'Van 30 lesuren zijn er 4 gemist zonder toestemming en 2 met toestemming.'
        """
        taught = sum(one.lesuren for one in self.weken)
        without = sum(one.ongeoorloofd for one in self.weken)
        allowed = sum(one.geoorloofd for one in self.weken)
        return (
            f"Van {getal(taught, 0)} lesuren zijn er {getal(without, 0)} gemist zonder "
            f"toestemming en {getal(allowed, 0)} met toestemming."
        )


def verzuim_of(rows: Sequence[Row], dag: date) -> Verzuim:
    """Return the weeks with lessons of the half year before a day.

    Parameters
    ----------
    rows : sequence of Row
        Of the table verzuim, of one jongere.
    dag : date
        Today.
    """
    first = dag - timedelta(weeks=WEKEN)
    found = [
        Verzuimweek(row["week"], row["lesuren"], row["uren_geoorloofd"], row["uren_ongeoorloofd"])
        for row in rows
        if first <= row["week"] <= dag and row["lesuren"]
    ]
    return Verzuim(tuple(sorted(found, key=lambda one: one.week)))
