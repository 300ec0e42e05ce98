"""The one thing that can be wrong with input: a table that breaks its contract."""

from dataclasses import dataclass


@dataclass
class TableError(Exception):
    """A table breaks the contract of `features.tables`.

    Parameters
    ----------
    table : str
        Name of the canonical table, such as ``"verzuim"``.
    column : str
        Column at fault; for a key of several columns, their names joined by ``", "``.
    row : int or None
        Zero-based row at fault, or None when the whole column is at fault.
    problem : str
        What is wrong, in English, with the value at fault.
    """

    table: str
    column: str
    row: int | None
    problem: str

    def __str__(self) -> str:
        """Return one line for the log."""
        place = "" if self.row is None else f", row {self.row}"
        return f"table {self.table}, column {self.column}{place}: {self.problem}"
