"""Accounts: setup link, second factor, tokens, identity provider, limits."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW_TABLES = (
    "exportpoging",
    "oidc_aanvraag",
    "oidc_identiteit",
    "api_token",
    "herstelcode",
    "tweede_factor",
    "inlogstap",
    "inrichtlink",
)


def upgrade() -> None:
    op.add_column("gebruiker", sa.Column("wachtwoord_op", sa.DateTime(timezone=True)))
    op.execute("UPDATE gebruiker SET wachtwoord_op = aangemaakt_op")
    # in place on both servers; rebuilding a table that others refer to would empty those
    op.execute("ALTER TABLE inlogpoging RENAME COLUMN naam_hmac TO sleutel_hmac")
    _secrets()
    _tokens()
    _provider()
    op.create_table(
        "exportpoging",
        sa.Column("id", sa.Integer(), nullable=False),
        _gebruiker(),
        _moment("tijdstip"),
        _refers("exportpoging"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exportpoging")),
    )
    _index("exportpoging")


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    op.execute("ALTER TABLE inlogpoging RENAME COLUMN sleutel_hmac TO naam_hmac")
    op.drop_column("gebruiker", "wachtwoord_op")


def _secrets() -> None:
    for table, key, moment in (
        ("inrichtlink", "link_hmac", "verloopt_op"),
        ("inlogstap", "token_hmac", "aangemaakt_op"),
        ("herstelcode", "code_hmac", None),
    ):
        op.create_table(
            table,
            sa.Column(key, sa.String(64), nullable=False),
            _gebruiker(),
            *([_moment(moment)] if moment else []),
            _refers(table),
            sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")),
            sqlite_with_rowid=False,
        )
        _index(table)
    op.create_table(
        "tweede_factor",
        sa.Column("gebruiker_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("geheim", sa.LargeBinary(), nullable=False),
        sa.Column("laatste_stap", sa.BigInteger(), nullable=False),
        _moment("bevestigd_op", nullable=True),
        _refers("tweede_factor"),
        sa.PrimaryKeyConstraint("gebruiker_id", name=op.f("pk_tweede_factor")),
    )


def _tokens() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        _gebruiker(),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("token_hmac", sa.String(64), nullable=False),
        sa.Column("einde", sa.String(4), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        _moment("aangemaakt_op"),
        _moment("verloopt_op"),
        _moment("gebruikt_op", nullable=True),
        _moment("ingetrokken_op", nullable=True),
        _refers("api_token"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hmac", name=op.f("uq_api_token_token_hmac")),
    )
    _index("api_token")


def _provider() -> None:
    op.create_table(
        "oidc_identiteit",
        sa.Column("iss", sa.String(), nullable=False),
        sa.Column("sub", sa.String(), nullable=False),
        _gebruiker(),
        _moment("gekoppeld_op"),
        _refers("oidc_identiteit"),
        sa.PrimaryKeyConstraint("iss", "sub", name=op.f("pk_oidc_identiteit")),
        sqlite_with_rowid=False,
    )
    _index("oidc_identiteit")
    op.create_table(
        "oidc_aanvraag",
        sa.Column("state_hmac", sa.String(64), nullable=False),
        sa.Column("browser_hmac", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("code_verifier", sa.String(), nullable=False),
        sa.Column("volgende", sa.String(), nullable=False),
        _gebruiker(nullable=True),
        _moment("aangemaakt_op"),
        _refers("oidc_aanvraag"),
        sa.PrimaryKeyConstraint("state_hmac", name=op.f("pk_oidc_aanvraag")),
        sqlite_with_rowid=False,
    )
    _index("oidc_aanvraag")


def _gebruiker(*, nullable: bool = False) -> sa.Column[int]:
    return sa.Column("gebruiker_id", sa.Integer(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["gebruiker_id"],
        ["gebruiker.id"],
        name=op.f(f"fk_{table}_gebruiker_id_gebruiker"),
        ondelete="CASCADE",
    )


def _index(table: str) -> None:
    op.create_index(op.f(f"ix_{table}_gebruiker_id"), table, ["gebruiker_id"])
