"""What an import changes: incoming rows beside the stored ones, by key."""

from dataclasses import dataclass

import polars as pl

from features.contract import Table

BRON = "bron"
BEKEND_OP = "bekend_op"
EINDDATUM = "einddatum"
EINDE_BEKEND_OP = "einde_bekend_op"

REPLACED = {"inschrijving": (EINDDATUM, "reden_uitschrijving")}
"""Columns that a newer source replaces even by nothing: an enrolment may go on after all."""

_STORED = ":stored"
_FOUND = ":found"


@dataclass(frozen=True)
class MergeCount:
    """How many incoming rows are new, change a stored row, or change nothing."""

    new: int
    changed: int
    unchanged: int

    @property
    def total(self) -> int:
        """Number of incoming rows."""
        return self.new + self.changed + self.unchanged


@dataclass(frozen=True)
class Merge:
    """Rows to insert, rows to update (whole, as they become), and how many stay as they are."""

    new: pl.DataFrame
    changed: pl.DataFrame
    unchanged: int

    @property
    def count(self) -> MergeCount:
        """The numbers of rows."""
        return MergeCount(self.new.height, self.changed.height, self.unchanged)


def merge_rows(contract: Table, stored: pl.DataFrame, incoming: pl.DataFrame) -> Merge:
    """Compare incoming rows with stored ones and say what must be written.

    A null does not wipe what is known, except the end of an enrolment (`REPLACED`). ``bekend_op``
    keeps the earliest day, and so does ``einde_bekend_op`` as long as ``einddatum`` stays. Another
    ``bron`` alone is no change. Where keeping would break a rule of the contract (a stored
    ``einddatum`` before the incoming ``begindatum``), the incoming row wins with its nulls.

    Parameters
    ----------
    contract : Table
        The contract that both frames satisfy.
    stored : DataFrame
        Rows of the store, at least those with a key of `incoming`.
    incoming : DataFrame
        Rows of the newer source; each key once.
    """
    if not stored.height:
        return Merge(incoming, contract.empty(), 0)
    names = incoming.columns
    facts = [name for name in names if name not in contract.key]
    beside = stored.rename({name: name + _STORED for name in facts}).with_columns(
        pl.lit(value=True).alias(_FOUND)
    )
    pairs = incoming.join(beside, on=contract.key, how="left", maintain_order="left")
    found = pairs.filter(pl.col(_FOUND).is_not_null())
    merged = _merge_found(contract, found, facts)
    differs = [
        merged[name].ne_missing(found[name + _STORED]).alias(name) for name in facts if name != BRON
    ]
    changed = merged.filter(pl.any_horizontal(differs)) if differs else merged.clear()
    return Merge(
        pairs.filter(pl.col(_FOUND).is_null()).select(names),
        changed,
        merged.height - changed.height,
    )


def _merge_found(contract: Table, found: pl.DataFrame, facts: list[str]) -> pl.DataFrame:
    """Return the merged rows in the order of `found`, with the columns of the contract."""
    names = contract.schema.names()
    keeping = found.with_columns(_merged(contract, name, keep=True) for name in facts)
    if not contract.rules:
        return keeping.select(names)
    holds = pl.all_horizontal(rule.holds.fill_null(value=True) for rule in contract.rules)
    satisfied = keeping.select(holds.alias(_FOUND))[_FOUND]
    if satisfied.all():
        return keeping.select(names)
    replacing = found.with_columns(_merged(contract, name, keep=False) for name in facts)
    return keeping.select(
        pl.when(satisfied).then(pl.col(name)).otherwise(replacing[name]).alias(name)
        for name in names
    )


def _merged(contract: Table, name: str, *, keep: bool) -> pl.Expr:
    """Return a column after the merge; `keep` says whether a null keeps the stored value."""
    new, old = pl.col(name), pl.col(name + _STORED)
    if name == BEKEND_OP:
        return pl.min_horizontal(new, old).alias(name)
    if name == EINDE_BEKEND_OP:
        return _einde_bekend_op(contract, keep=keep)
    replaced = REPLACED.get(contract.name, ())
    if not keep or (name == EINDDATUM and name in replaced):
        return new
    kept = pl.coalesce(new, old).alias(name)
    if name in replaced:
        return pl.when(_same(EINDDATUM)).then(kept).otherwise(new).alias(name)
    return kept


def _einde_bekend_op(contract: Table, *, keep: bool) -> pl.Expr:
    """Return the earliest day on which the end that remains was known."""
    end, old_end = pl.col(EINDDATUM), pl.col(EINDDATUM + _STORED)
    remains = _merged(contract, EINDDATUM, keep=keep)
    return pl.min_horizontal(
        pl.when(end.eq_missing(remains)).then(pl.col(EINDE_BEKEND_OP)),
        pl.when(old_end.eq_missing(remains)).then(pl.col(EINDE_BEKEND_OP + _STORED)),
    ).alias(EINDE_BEKEND_OP)


def _same(name: str) -> pl.Expr:
    return pl.col(name).eq_missing(pl.col(name + _STORED))
