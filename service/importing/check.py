"""The contract over a whole batch: every row that breaks it, in the words of its own file."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from features.contract import LIST_SEPARATOR, Offence, Table, Tables, find_violations
from service.identity import IDENTITEIT
from service.importing.mapping import CONTRACTS
from service.importing.parsed import LINE, PROBLEMS, ParsedFile, no_problems
from service.importing.sentences import sentence

HOW_KNOWN = ("bron", "bekend_op", "einde_bekend_op")
"""Columns that say how a fact came to us, and not what it is."""


def referenced_tables(files: Iterable[ParsedFile]) -> set[str]:
    """Return the names of the tables to which the rows of these files refer."""
    return {
        reference.table
        for file in files
        for name in file.tables
        for reference in CONTRACTS[name].references
    }


def known_keys(stored: Tables, files: Sequence[ParsedFile]) -> dict[str, pl.DataFrame]:
    """Return the keys to which a row may refer: those of the store and those of the batch.

    Parameters
    ----------
    stored : mapping of name to DataFrame
        The keys in the store of every table of `referenced_tables`.
    files : sequence of ParsedFile
        The whole batch.
    """
    return {
        name: pl.concat(
            [
                keys,
                *(file.tables[name].select(keys.columns) for file in files if name in file.tables),
            ]
        ).unique()
        for name, keys in stored.items()
    }


def check_file(file: ParsedFile, references: Tables) -> tuple[ParsedFile, pl.DataFrame]:
    """Hold the tables of one file against the contract.

    Parameters
    ----------
    file : ParsedFile
        What a reader made of the file.
    references : mapping of name to DataFrame
        See `known_keys`.

    Returns
    -------
    file : ParsedFile
        The same file; a row that stands in it twice, word for word, is there once.
    problems : DataFrame with the columns of `PROBLEMS`
        What the reader found, and every offence against the contract.
    """
    tables: dict[str, pl.DataFrame] = {}
    problems = [file.problems]
    warnings = list(file.warnings)
    for name, frame in file.tables.items():
        contract = CONTRACTS[name]
        rows, violations = _violations(frame, contract, references)
        twice = frame.height - rows.height
        if twice:
            warnings.append(f"Tabel {name}: {twice} rijen staan er dubbel in; we namen er één.")
        tables[name] = rows
        problems.append(_to_problems(file, contract, rows, violations))
    checked = ParsedFile(file.path, file.kind, tables, file.problems, file.columns, tuple(warnings))
    return checked, pl.concat(problems).sort("regel", maintain_order=True)


def contradictions(files: Sequence[ParsedFile]) -> list[str]:
    """Return a Dutch sentence per table of which several files tell different things of one key.

    An empty cell contradicts nothing, nor does another ``bron`` or another day of knowing.
    """
    sentences = []
    for name, contract in CONTRACTS.items():
        parts = [file.tables[name] for file in files if name in file.tables]
        count = _count_contradictions(parts, contract) if len(parts) > 1 else 0
        if count:
            sentences.append(
                f"Tabel {name}: over {count} rijen zeggen de bestanden verschillende dingen; wat "
                "het laatst bekend werd, telt. Kijk na welk bestand klopt."
            )
    return sentences


def _count_contradictions(parts: Sequence[pl.DataFrame], contract: Table) -> int:
    together = pl.concat([part.drop(LINE) for part in parts])
    twice = together.filter(pl.struct(contract.key).is_duplicated())
    facts = [name for name in twice.columns if name not in {*contract.key, *HOW_KNOWN}]
    if not twice.height or not facts:
        return 0
    lists = pl.col(pl.List(pl.String)).list.join(LIST_SEPARATOR)
    told = (
        twice.with_columns(lists)
        .group_by(contract.key)
        .agg(pl.col(facts).drop_nulls().n_unique() > 1)
    )
    return told.filter(pl.any_horizontal(facts)).height


def _violations(
    frame: pl.DataFrame, contract: Table, references: Tables
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows without repetitions, and what is wrong with them."""
    found = find_violations(frame.drop(LINE), contract, references=references)
    if (found["offence"] == Offence.DUPLICATE).any():
        single = frame.unique(contract.schema.names(), keep="first", maintain_order=True)
        if single.height < frame.height:
            return single, find_violations(single.drop(LINE), contract, references=references)
    return frame, found


def _to_problems(
    file: ParsedFile, contract: Table, rows: pl.DataFrame, violations: pl.DataFrame
) -> pl.DataFrame:
    if not violations.height:
        return no_problems()
    kinds = violations.select("column", "offence", "expected").unique()
    told = kinds.with_columns(
        kolom=pl.Series([_in_file(file.columns, contract, name) for name in kinds["column"]]),
        reden=pl.Series([sentence(contract.name, *kind) for kind in kinds.rows()]),
    )
    lines = rows.select(LINE).with_row_index("row")
    return (
        violations.join(told, on=kinds.columns, how="left", maintain_order="left")
        .join(lines, on="row", how="left", maintain_order="left")
        .select(
            pl.lit(file.path.name).alias("bestand"),
            pl.col(LINE).cast(pl.UInt32),
            "kolom",
            _shown(contract).alias("waarde"),
            "reden",
        )
        .match_to_schema(PROBLEMS)
    )


def _shown(contract: Table) -> pl.Expr:
    """Return the value of a bad cell; of names and addresses it stays in the file."""
    return pl.lit(None, pl.String) if contract is IDENTITEIT else pl.col("value")


def _in_file(columns: Mapping[tuple[str, str], str], contract: Table, names: str) -> str:
    """Return how the file calls a column, or the columns of a key."""
    return ", ".join(columns.get((contract.name, name), name) for name in names.split(", "))
