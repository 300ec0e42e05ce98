"""Parts of a region that are taken over from the former one when what they are made of is the same.

A part is a function of some tables and models and of nothing else. The same objects in, the same
part out: so a region that is built on a former one equals one that is built from nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar, cast

import polars as pl

from features.contract import Tables

Part = TypeVar("Part")
VALUES = (date, str, frozenset, dict, type(None))
"""Inputs that are compared by what they say; of any other the same object is asked."""


class Parts:
    """The parts of one region, with what each was made of.

    Parameters
    ----------
    former : Parts, optional
        Those of the region before it.
    """

    def __init__(self, former: "Parts | None" = None) -> None:
        self._former = {} if former is None else former._made
        self._made: dict[str, tuple[tuple[object, ...], object]] = {}

    def part(self, name: str, inputs: Iterable[object], make: Callable[[], Part]) -> Part:
        """Return the former part of this name if its inputs were these; else make it."""
        given = tuple(inputs)
        known = self._former.get(name)
        made = known[1] if known is not None and _same(known[0], given) else make()
        self._made[name] = given, made
        return cast("Part", made)

    def of_tables(
        self,
        name: str,
        tables: Tables,
        names: Iterable[str],
        make: Callable[[Tables], Part],
        *others: object,
    ) -> Part:
        """Return a part that is made of these tables and others, and can see no other table."""
        only = Only(tables, names)
        return self.part(name, (*only.values(), *others), lambda: make(only))

    def let_go(self) -> None:
        """Forget the former parts, which hold the tables of before."""
        self._former = {}


class Only(Mapping[str, pl.DataFrame]):
    """Some of the tables; to ask for another is an error, not a table without rows.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables; any may be absent.
    names : iterable of str
        Which of them may be seen.
    """

    def __init__(self, tables: Tables, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._tables = {name: tables[name] for name in sorted(self._names) if name in tables}

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return a table; KeyError when it is absent, ValueError when it may not be seen."""
        self._check(name)
        return self._tables[name]

    def __contains__(self, name: object) -> bool:
        self._check(name)
        return name in self._tables

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def _check(self, name: object) -> None:
        if name not in self._names:
            raise ValueError(f"this part may not look at the table {name}")


def _same(former: tuple[object, ...], given: tuple[object, ...]) -> bool:
    return len(former) == len(given) and all(
        one is other or (isinstance(one, VALUES) and one == other)
        for one, other in zip(former, given, strict=True)
    )
