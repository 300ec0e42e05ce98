"""Shorthand of the storage tests."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import polars as pl
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from features.tables import JONGERE, VERZUIM
from service.storage import CanonicalRepository, ImportRepository, MergeCount

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
MONDAY = date(2025, 9, 1)


def start_import(session: Session) -> int:
    """Record an import and return its id."""
    return ImportRepository(session).add(
        tijdstip=NOON, bestand="a.csv", sha256="0" * 64, soort="tabel", actor="test"
    )


def merge_all(session: Session, tables: Mapping[str, pl.DataFrame]) -> dict[str, MergeCount]:
    """Merge tables in their order, as one import."""
    import_id = start_import(session)
    repository = CanonicalRepository(session)
    return {name: repository.merge(name, frame, import_id) for name, frame in tables.items()}


@contextmanager
def rolled_back(engine: Engine) -> Iterator[Session]:
    """Give a session that leaves the database as it was, for one example of many."""
    with Session(engine) as session:
        yield session
        session.rollback()


def jongeren(number: int) -> pl.DataFrame:
    """Return that many jongeren, J0 and up."""
    rows = [{"jongere_id": f"J{at}", "bron": "test"} for at in range(number)]
    return pl.DataFrame(rows, schema=JONGERE.schema).sort("jongere_id")


def verzuim(jongere: int, weeks: int) -> pl.DataFrame:
    """Return that many weeks of that many jongeren."""
    mondays = [MONDAY + timedelta(weeks=at) for at in range(weeks)]
    return (
        jongeren(jongere)
        .select("jongere_id")
        .join(pl.DataFrame({"week": mondays}), how="cross")
        .with_columns(
            lesuren=pl.lit(25.0),
            uren_geoorloofd=pl.lit(0.1),
            uren_ongeoorloofd=pl.lit(1 / 3),
            bekend_op=pl.col("week").dt.offset_by("9d"),
            bron=pl.lit("test"),
        )
        .select(VERZUIM.schema.names())
    )
