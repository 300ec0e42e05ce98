"""Where every jongere of a made-up region stands in a month, and what is written down of it."""

from dataclasses import dataclass, field, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from features.synthetic_config import OUT, Days, Ints, calendar_month
from features.synthetic_places import Places

Columns = dict[str, npt.NDArray[Any]]
LONG_AGO = 99
"""Months since something that never happened, or not lately."""


@dataclass
class State:
    """One row per jongere in every array; changed in place month by month.

    `soort` is `OUT` while not enrolled; `toestand` is a slowly varying mood, high is bad;
    `rest` the months that a running stage has left (0 is none), `zoek` the months a search will
    still take beyond the wished begin. `na_breuk`, `na_overstap`, `uit` count months since
    a stage broke off, since leaving pro or vso for mbo, since leaving altogether.
    """

    soort: npt.NDArray[np.int8]
    school: npt.NDArray[np.int8]
    opleiding: npt.NDArray[np.int16]
    bbl: npt.NDArray[np.bool_]
    leerjaar: npt.NDArray[np.int8]
    toestand: npt.NDArray[np.float32]
    startkwalificatie: npt.NDArray[np.bool_]
    plek: npt.NDArray[np.int32]
    rest: npt.NDArray[np.int8]
    duur: npt.NDArray[np.int8]
    logit: npt.NDArray[np.float32]
    ervaring: npt.NDArray[np.int16]
    zoek: npt.NDArray[np.int8]
    zoek_weken: npt.NDArray[np.float32]
    na_breuk: npt.NDArray[np.int16]
    na_overstap: npt.NDArray[np.int16]
    uit: npt.NDArray[np.int16]

    @classmethod
    def outside(cls, n: int, rng: np.random.Generator) -> Self:
        """Return the state of n jongeren who have not entered yet."""
        return cls(
            soort=np.full(n, OUT, np.int8),
            school=np.zeros(n, np.int8),
            opleiding=np.full(n, -1, np.int16),
            bbl=np.zeros(n, np.bool_),
            leerjaar=np.zeros(n, np.int8),
            toestand=rng.normal(size=n).astype(np.float32),
            startkwalificatie=np.zeros(n, np.bool_),
            plek=np.full(n, -1, np.int32),
            rest=np.zeros(n, np.int8),
            duur=np.zeros(n, np.int8),
            logit=np.zeros(n, np.float32),
            ervaring=np.zeros(n, np.int16),
            zoek=np.zeros(n, np.int8),
            zoek_weken=np.full(n, 6.0, np.float32),
            na_breuk=np.full(n, LONG_AGO, np.int16),
            na_overstap=np.full(n, LONG_AGO, np.int16),
            uit=np.full(n, -1, np.int16),
        )

    def take(self, rows: Ints) -> Self:
        """Return a copy of these rows, in this order; rows may repeat."""
        return type(self)(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass
class Journal:
    """What happened to whom, as arrays per kind of event; the row of an open period per jongere.

    A period (inschrijving, stage) is written at its begin and gets its end later.
    """

    jongeren: int
    inschrijvingen: list[Columns] = field(default_factory=list)
    inschrijving_einden: list[Columns] = field(default_factory=list)
    diplomas: list[Columns] = field(default_factory=list)
    stages: list[Columns] = field(default_factory=list)
    stage_einden: list[Columns] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._open = {
            "inschrijving": np.full(self.jongeren, -1),
            "stage": np.full(self.jongeren, -1),
        }
        self._rows = {"inschrijving": 0, "stage": 0}

    def begin(self, kind: str, who: Ints, **columns: npt.NDArray[Any]) -> None:
        """Write the begin of a period of each of these jongeren."""
        target = self.inschrijvingen if kind == "inschrijving" else self.stages
        first = self._rows[kind]
        self._rows[kind] += who.size
        self._open[kind][who] = np.arange(first, first + who.size)
        target.append({"who": who} | columns)

    def end(self, kind: str, who: Ints, **columns: npt.NDArray[Any]) -> None:
        """Write the end of the open period of each of these jongeren."""
        target = self.inschrijving_einden if kind == "inschrijving" else self.stage_einden
        target.append({"row": self._open[kind][who]} | columns)


def gathered(parts: list[Columns]) -> Columns:
    """Join the events of one kind, in the order in which they were written."""
    if not parts:
        return {}
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@dataclass(frozen=True)
class Month:
    """What every part of a month needs."""

    number: int
    day: np.datetime64
    places: Places
    rng: np.random.Generator
    journal: Journal | None
    free: Ints | None

    @property
    def of_year(self) -> int:
        """Month of the year, 1-12."""
        return calendar_month(self.number)

    def days(self, n: int, low: int, high: int) -> Days:
        """Draw days of this month; `low` and `high` count from the first day, 0 is the first."""
        drawn: Days = self.day + self.rng.integers(low, high + 1, n).astype("timedelta64[D]")
        return drawn
