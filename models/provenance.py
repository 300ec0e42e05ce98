"""What a model came from and what came out, as hashes: the same inputs must give the same ones."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from math import isfinite

import polars as pl

from features.contract import LIST_SEPARATOR, Tables
from features.tables import TABLES
from models.training import Training

ROWS_AT_ONCE = 200_000
DIGITS = 9
"""Figures count in so many digits: the last ones hang on the processor that added them up."""


def fingerprint(tables: Tables) -> str:
    """Return the SHA-256 of all that canonical tables hold, whatever the order of their rows.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables. A table that is absent counts as one without rows; columns that the
        contract does not know do not count.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for name in sorted(TABLES):
        if name in tables and tables[name].height:
            digest.update(f"{name} {_table_digest(name, tables[name])}\n".encode())
    return digest.hexdigest()


def ordered(tables: Tables) -> dict[str, pl.DataFrame]:
    """Return the tables with their rows in order of their keys, so that no order can matter."""
    return {
        name: frame.sort(TABLES[name].key, maintain_order=True) if name in TABLES else frame
        for name, frame in tables.items()
    }


def metrics_hash(metrics: Mapping[str, float]) -> str:
    """Return the SHA-256 of the figures of a test as canonical JSON.

    Parameters
    ----------
    metrics : mapping of str to float
        Figures by name, in any order; what is not finite counts as null.

    Examples
    --------
    >>> metrics_hash({"auc": 0.75, "ece": 0.1}) == metrics_hash({"ece": 0.1, "auc": 0.75})
    True
    """
    plain = {
        name: float(f"{value:.{DIGITS}g}") if isfinite(value) else None
        for name, value in metrics.items()
    }
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def with_herkomst(training: Training, herkomst: Mapping[str, str]) -> Training:
    """Return a training that says where it came from, on its card too.

    Parameters
    ----------
    training : Training
        A fitted model that was judged.
    herkomst : mapping of str to str
        Such as the version of the code, the `fingerprint` of the data and the seed; the hash of
        the metrics is added.
    """
    told = {
        **training.herkomst,
        **herkomst,
        "meetwaarden_sha256": metrics_hash(training.metrics),
    }
    return replace(training, herkomst=told, card=training.card | {"herkomst": told})


def _table_digest(name: str, frame: pl.DataFrame) -> str:
    """Return the SHA-256 of a table as lines of text, in order of its key and then of all else."""
    contract = TABLES[name]
    columns = [one for one in contract.schema.names() if one in frame.columns]
    text = frame.select(
        pl.col(column).list.join(LIST_SEPARATOR)
        if contract.column(column).is_list
        else pl.col(column)
        for column in columns
    ).sort(columns)
    digest = hashlib.sha256(",".join(columns).encode())
    for rows in text.iter_slices(ROWS_AT_ONCE):
        digest.update(rows.write_csv(include_header=False, null_value="\0").encode())
    return digest.hexdigest()
