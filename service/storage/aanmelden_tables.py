"""SQL tables of signing in: setup links, second factors, tokens, the identity provider, limits.

Of every secret that is shown once (a link, a token, a recovery code) only a keyed hash is stored,
and of a second factor the encrypted secret. All rows go with their account.
"""

import sqlalchemy as sa

from service.storage.tables import METADATA, UtcDateTime


def _gebruiker(*, primary_key: bool = False, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(
        "gebruiker_id",
        sa.Integer,
        sa.ForeignKey("gebruiker.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=nullable,
        index=not primary_key,
        autoincrement=False,
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime, nullable=nullable)


INRICHTLINK = sa.Table(
    "inrichtlink",
    METADATA,
    sa.Column("link_hmac", sa.String(64), primary_key=True),
    _gebruiker(),
    _moment("verloopt_op"),
    sqlite_with_rowid=False,
)
"""A link by which somebody sets the first or a new password; removed when used."""

INLOGSTAP = sa.Table(
    "inlogstap",
    METADATA,
    sa.Column("token_hmac", sa.String(64), primary_key=True),
    _gebruiker(),
    _moment("aangemaakt_op"),
    sqlite_with_rowid=False,
)
"""A login of which the password was right and the second factor remains; opens nothing."""

TWEEDE_FACTOR = sa.Table(
    "tweede_factor",
    METADATA,
    _gebruiker(primary_key=True),
    sa.Column("geheim", sa.LargeBinary, nullable=False),
    sa.Column("laatste_stap", sa.BigInteger, nullable=False),
    _moment("bevestigd_op", nullable=True),
)
"""The TOTP secret of an account, encrypted; `laatste_stap` is the newest time step used."""

HERSTELCODE = sa.Table(
    "herstelcode",
    METADATA,
    sa.Column("code_hmac", sa.String(64), primary_key=True),
    _gebruiker(),
    sqlite_with_rowid=False,
)
"""A code for who lost the second factor; removed when used."""

API_TOKEN = sa.Table(
    "api_token",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _gebruiker(),
    sa.Column("naam", sa.String, nullable=False),
    sa.Column("token_hmac", sa.String(64), nullable=False, unique=True),
    sa.Column("einde", sa.String(4), nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    _moment("aangemaakt_op"),
    _moment("verloopt_op"),
    _moment("gebruikt_op", nullable=True),
    _moment("ingetrokken_op", nullable=True),
)
"""A key by which a program asks the API for an account; `einde` are its last characters."""

OIDC_IDENTITEIT = sa.Table(
    "oidc_identiteit",
    METADATA,
    sa.Column("iss", sa.String, primary_key=True),
    sa.Column("sub", sa.String, primary_key=True),
    _gebruiker(),
    _moment("gekoppeld_op"),
    sqlite_with_rowid=False,
)
"""Which account a person of an identity provider has; the key is never an e-mail address."""

OIDC_AANVRAAG = sa.Table(
    "oidc_aanvraag",
    METADATA,
    sa.Column("state_hmac", sa.String(64), primary_key=True),
    sa.Column("browser_hmac", sa.String(64), nullable=False),
    sa.Column("nonce", sa.String, nullable=False),
    sa.Column("code_verifier", sa.String, nullable=False),
    sa.Column("volgende", sa.String, nullable=False),
    _gebruiker(nullable=True),
    _moment("aangemaakt_op"),
    sqlite_with_rowid=False,
)
"""A login that was sent to the identity provider; with an account it links instead."""

EXPORTPOGING = sa.Table(
    "exportpoging",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _gebruiker(),
    _moment("tijdstip"),
)
"""A download of the last hour."""
