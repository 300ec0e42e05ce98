"""Cells of a file as text, before anything is known of what they mean."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from service.importing.parsed import LINE


@dataclass(frozen=True)
class RawTable:
    """Cells of a file or sheet as text; column ``i`` of `frame` stands under ``headers[i]``.

    `frame` holds the columns ``"0"``, ``"1"``, ... (String, or Float64 where that was asked; an
    empty cell is null) and `LINE`.
    """

    headers: tuple[str, ...]
    frame: pl.DataFrame
    problems: pl.DataFrame
    warnings: tuple[str, ...]
    sheet: str = ""


def name_headers(headers: Sequence[str]) -> str:
    """Return the headers of a file for a sentence; not when its first line holds data.

    Examples
    --------
    >>> name_headers(["bsn", "week"]), name_headers(["999990019", "05-01-2026", "Jansen"])
    ('bsn, week', 'geen kopregel, want de eerste regel bevat gegevens')
    """
    if any(re.fullmatch(r"[\d.,/\s-]*\d[\d.,/\s-]*", header) for header in headers):
        return "geen kopregel, want de eerste regel bevat gegevens"
    return ", ".join(headers) or "niets"


def name_columns(
    headers: Sequence[str],
    frame: pl.DataFrame,
    problems: pl.DataFrame,
    warnings: tuple[str, ...],
    sheet: str = "",
) -> RawTable:
    """Return a table without the columns that have no name and the rows that have no value."""
    named = [i for i, header in enumerate(headers) if header.strip()]
    lost = [str(i) for i in range(len(headers)) if i not in named]
    if lost and any(frame[name].null_count() < frame.height for name in lost):
        warnings = (*warnings, "Een kolom zonder naam in de kopregel is overgeslagen.")
    kept = frame.select(
        *(pl.col(str(old)).alias(str(new)) for new, old in enumerate(named)), pl.col(LINE)
    )
    if named and all(kept[str(place)].null_count() for place in range(len(named))):
        kept = kept.filter(~pl.all_horizontal(pl.exclude(LINE).is_null()))
    return RawTable(tuple(headers[i].strip() for i in named), kept, problems, warnings, sheet)
