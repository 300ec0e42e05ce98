"""Every SQL table of the store, in one MetaData; the migrations build the same.

A canonical table follows its contract in `features.tables`: typed columns, the key as primary key,
NOT NULL where a value is required, foreign keys for the references. A list is kept as text.
"""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from features.contract import Column, Table
from features.tables import TABLES
from service.identity import IDENTITEIT

METADATA = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

IMPORT_ID = "import_id"
"""Column that says which import wrote a row, or changed it last."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, also where the database keeps no time zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without time zone; store the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


SQL_TYPES: dict[pl.DataType, type[TypeEngine[Any]]] = {
    pl.String(): sa.String,
    pl.Date(): sa.Date,
    pl.Float64(): sa.Double,
    pl.Int32(): sa.Integer,
    pl.Boolean(): sa.Boolean,
    pl.List(pl.String): sa.Text,
}


def _sql_column(column: Column, contract: Table) -> sa.Column[object]:
    return sa.Column(
        column.name,
        SQL_TYPES[column.dtype](),
        primary_key=column.name in contract.key,
        nullable=not column.required and column.name not in contract.key,
    )


def _sql_table(contract: Table) -> sa.Table:
    """Return the SQL table of a contract; rows lie in the order of the key on SQLite as well."""
    by_name = {column.name: column for column in contract.columns}
    columns = [_sql_column(column, contract) for column in by_name.values()]
    return sa.Table(
        contract.name,
        METADATA,
        *columns,
        sa.Column(IMPORT_ID, sa.Integer, sa.ForeignKey("importrun.id"), nullable=False),
        sa.PrimaryKeyConstraint(*contract.key),
        *(
            sa.ForeignKeyConstraint(
                reference.columns, [f"{reference.table}.{name}" for name in reference.target]
            )
            for reference in contract.references
        ),
        sqlite_with_rowid=False,
    )


IMPORTRUN = sa.Table(
    "importrun",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
    sa.Column("bestand", sa.String, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("soort", sa.String, nullable=False),
    sa.Column("tellingen", sa.JSON, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
)

CANONICAL: dict[str, sa.Table] = {name: _sql_table(table) for name, table in TABLES.items()}
"""The SQL table of each canonical table, by name."""

IDENTITEIT_TABLE = _sql_table(IDENTITEIT)

GEBRUIKER = sa.Table(
    "gebruiker",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("naam", sa.String, nullable=False, unique=True),
    sa.Column("password_hash", sa.String, nullable=False),
    sa.Column("rollen", sa.Text, nullable=False),
    sa.Column("actief", sa.Boolean, nullable=False),
    sa.Column("aangemaakt_op", UtcDateTime, nullable=False),
    sa.Column("wachtwoord_op", UtcDateTime),
)
"""Without `wachtwoord_op` no password was ever set, and the hash is of something unknown."""

SESSIE = sa.Table(
    "sessie",
    METADATA,
    sa.Column("token_hmac", sa.String(64), primary_key=True),
    sa.Column(
        "gebruiker_id",
        sa.Integer,
        sa.ForeignKey("gebruiker.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("aangemaakt_op", UtcDateTime, nullable=False),
    sa.Column("gezien_op", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

INLOGPOGING = sa.Table(
    "inlogpoging",
    METADATA,
    sa.Column("sleutel_hmac", sa.String(64), primary_key=True),
    sa.Column("pogingen", sa.Integer, nullable=False),
    sa.Column("laatste_op", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)
"""Attempts to log in since the last success, by name and by address, also of unknown names."""

KOPPELING = sa.Table(
    "koppeling",
    METADATA,
    sa.Column("eigen_id", sa.String, sa.ForeignKey("competentie.competentie_id")),
    sa.Column("competentie_id", sa.String, sa.ForeignKey("competentie.competentie_id")),
    sa.Column("besluit", sa.String, nullable=False),
    sa.Column("zekerheid", sa.Double),
    sa.Column("door", sa.String, nullable=False),
    sa.Column("besloten_op", UtcDateTime, nullable=False),
    sa.PrimaryKeyConstraint("eigen_id", "competentie_id"),
    sqlite_with_rowid=False,
)
"""What a person decided on own words of a school: the same as a competentie, or not."""
