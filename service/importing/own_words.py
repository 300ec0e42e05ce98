"""Competenties that a file names in its own words: kept whole, and listed to be explained.

An import stays all or nothing. A code that nobody knows is still a mistake that refuses the
import. Free text is no mistake: it becomes a competentie of the school's own list, so that every
row is stored as it was judged and nothing has to be imported again. What the words mean is decided
once, in the mapping list, and is applied where features read the tables
(`features.competentieruimte.apply_koppelingen`), so that a decision can be taken back.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from features.competentieruimte import USED_IN, find_codes, is_code, own_id
from features.vocabulary import SoortCompetentie
from service.importing.conceal import conceal
from service.importing.mapping import CONTRACTS
from service.importing.parsed import LINE, ParsedFile

COMPETENTIE, COMPETENTIE_ID = "competentie", "competentie_id"
SHOWN = 3
"""Own words that a warning names; the rest is counted."""


def adopt_own_words(files: Sequence[ParsedFile], stored: pl.DataFrame) -> list[ParsedFile]:
    """Give every free text that names a competentie an id, and the batch a competentie for it.

    Parameters
    ----------
    files : sequence of ParsedFile
        The whole batch.
    stored : DataFrame
        ``competentie_id`` of the store.

    Returns
    -------
    list of ParsedFile
        The same files in the same order. In the tables of `USED_IN` an exact code in another
        spelling is written as the code, free text as its own id; an unknown code stays, for the
        check to refuse. New own words stand in the table competentie of the first file that has
        them, and each file that has unexplained words says so in a warning.
    """
    known = set(stored[COMPETENTIE_ID])
    for file in files:
        if COMPETENTIE in file.tables:
            known |= set(file.tables[COMPETENTIE][COMPETENTIE_ID])
    adopted = []
    for file in files:
        changed, fresh = _adopt(file, known)
        known |= fresh
        adopted.append(changed)
    return adopted


def _adopt(file: ParsedFile, known: set[str]) -> tuple[ParsedFile, set[str]]:
    """Return a file with ids for its own words, and the ids that were not known yet."""
    tables = dict(file.tables)
    named = pl.concat(
        [
            pl.DataFrame(schema={COMPETENTIE_ID: pl.String, LINE: pl.UInt32}),
            *(
                tables[name].select(COMPETENTIE_ID, pl.col(LINE).cast(pl.UInt32))
                for name in USED_IN
                if name in tables
            ),
        ]
    ).unique(COMPETENTIE_ID, keep="first", maintain_order=True)
    lines = {text: line for text, line in named.iter_rows() if text not in known}
    meant = find_codes(lines, known)
    own = {text: own_id(text) for text in lines if text not in meant and not is_code(text)}
    if not meant and not own:
        return file, set()
    for name in USED_IN:
        if name in tables:
            tables[name] = tables[name].with_columns(
                pl.col(COMPETENTIE_ID).replace({**meant, **own})
            )
    first = {eigen_id: text for text, eigen_id in reversed(own.items()) if eigen_id not in known}
    if first:
        tables[COMPETENTIE] = _with_own_words(file, first, lines)
    warnings = (*file.warnings, _warning(list(own))) if own else file.warnings
    return replace(file, tables=tables, warnings=warnings), set(first)


def _with_own_words(file: ParsedFile, first: dict[str, str], lines: dict[str, int]) -> pl.DataFrame:
    """Return the table competentie of a file with a row for each of its own words."""
    contract = CONTRACTS[COMPETENTIE]
    rows = pl.DataFrame(
        {
            COMPETENTIE_ID: list(first),
            "titel": [" ".join(text.split()) for text in first.values()],
            "soort": str(SoortCompetentie.EIGEN_LIJST),
            "bron": conceal(file.path.name),
            LINE: [lines[text] for text in first.values()],
        },
        schema={**contract.schema, LINE: pl.UInt32()},
    )
    listed = file.tables.get(COMPETENTIE)
    if listed is None:
        return rows
    return pl.concat([listed, rows.select(listed.columns).cast({LINE: listed.schema[LINE]})])


def _warning(texts: Sequence[str]) -> str:
    shown = ", ".join(f"“{text}”" for text in texts[:SHOWN])
    more = f" en {len(texts) - SHOWN} andere" if len(texts) > SHOWN else ""
    return (
        f"{shown}{more}: dit zijn eigen woorden en geen bekende competenties. We bewaren de "
        "regels. Ze tellen mee zodra u zegt wat ze betekenen: vangnet koppelingen."
    )
