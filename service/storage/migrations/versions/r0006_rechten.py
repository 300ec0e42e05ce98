"""Organisations, who works for them, who guides whom; row security on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

from service.storage.migrations.row_security import (
    DOEL,
    GEBRUIKER,
    is_postgresql,
    protect,
    protect_by,
    unprotect,
)

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PERSONS = (
    "jongere",
    "inschrijving",
    "diploma",
    "verzuim",
    "verzuimmelding",
    "resultaat",
    "stage",
    "competentiemeting",
    "voorkeur",
    "ondersteuningsbehoefte",
    "contact",
    "bekend_bij",
    "vsv_registratie",
    "identiteit",
    "toewijzing",
    "matchtafel_deelnemer",
    "agendapunt",
    "matchtafel_plek",
    "matchtafel_wens",
    "voorstel",
    "voorstelregel",
    "besluit",
    "opvolging",
    "gebeurtenis",
)
REGIOS = f"""
    {DOEL} IN ('matchtafel', 'toezicht') AND regio IN (
        SELECT organisatie.regio FROM organisatie JOIN gebruiker_organisatie
        ON organisatie.id = gebruiker_organisatie.organisatie_id
        WHERE gebruiker_organisatie.gebruiker_id = {GEBRUIKER}
    )
"""  # noqa: S608  # made of constants alone
JONGEREN = """
CREATE FUNCTION vangnet_jongeren(doel text, wie integer) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    asked text := current_setting('vangnet.doel', true);
    regios text[];
BEGIN
    PERFORM set_config('vangnet.doel', 'systeem', true);
    IF doel = 'werving' THEN
        RETURN QUERY SELECT vrijgave.jongere_id::text FROM vrijgave
            WHERE vrijgave.ingetrokken_op IS NULL AND vrijgave.leerbedrijf_id IN (
                SELECT organisatie.code FROM organisatie
                JOIN gebruiker_organisatie ON organisatie_id = organisatie.id
                WHERE gebruiker_id = wie AND soort = 'leerbedrijf')
            GROUP BY vrijgave.jongere_id, vrijgave.leerbedrijf_id
            HAVING count(DISTINCT vrijgave.van) = 2;
    ELSIF doel IN ('begeleiding', 'matchtafel', 'toezicht') THEN
        SELECT array_agg(regio) INTO regios FROM organisatie
            JOIN gebruiker_organisatie ON organisatie_id = organisatie.id
            WHERE gebruiker_id = wie AND (doel <> 'begeleiding' OR soort = 'regio');
        RETURN QUERY
            WITH own AS (
                SELECT soort, code FROM organisatie
                WHERE regio = ANY (regios)
                UNION
                SELECT soort, code FROM organisatie
                JOIN gebruiker_organisatie ON organisatie_id = organisatie.id
                WHERE gebruiker_id = wie AND doel = 'begeleiding'
            )
            SELECT jongere.jongere_id::text FROM jongere
            WHERE jongere.gemeente IN (SELECT code FROM own WHERE soort = 'gemeente')
                OR jongere.jongere_id IN (
                    SELECT inschrijving.jongere_id FROM inschrijving
                    WHERE instelling IN (SELECT code FROM own WHERE soort = 'school')
                        AND (einddatum IS NULL OR einddatum >= current_date - 365))
                OR doel = 'begeleiding' AND jongere.jongere_id IN (
                    SELECT toewijzing.jongere_id FROM toewijzing WHERE gebruiker_id = wie);
    END IF;
    PERFORM set_config('vangnet.doel', coalesce(asked, ''), true);
END
$$
"""
"""`service.rechten.rijen.zichtbare_jongeren` in SQL; inside it every row is seen, to decide.

`RETURN QUERY` reads all rows before the purpose is put back. A clause ``SET vangnet.doel`` would do
that by itself, but only a superuser may make a function that has one. After an error PostgreSQL
puts it back with the transaction or savepoint.
"""


def upgrade() -> None:
    op.create_table(
        "organisatie",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("regio", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisatie")),
        sa.UniqueConstraint("naam", name=op.f("uq_organisatie_naam")),
        sa.UniqueConstraint("soort", "code", name=op.f("uq_organisatie_soort_code")),
    )
    op.create_index(op.f("ix_organisatie_regio"), "organisatie", ["regio"])
    op.create_table(
        "gebruiker_organisatie",
        sa.Column("gebruiker_id", sa.Integer(), nullable=False),
        sa.Column("organisatie_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gebruiker_id"],
            ["gebruiker.id"],
            name=op.f("fk_gebruiker_organisatie_gebruiker_id_gebruiker"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisatie_id"],
            ["organisatie.id"],
            name=op.f("fk_gebruiker_organisatie_organisatie_id_organisatie"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "gebruiker_id", "organisatie_id", name=op.f("pk_gebruiker_organisatie")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "toewijzing",
        sa.Column("gebruiker_id", sa.Integer(), nullable=False),
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("sinds", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["gebruiker_id"],
            ["gebruiker.id"],
            name=op.f("fk_toewijzing_gebruiker_id_gebruiker"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"],
            ["jongere.jongere_id"],
            name=op.f("fk_toewijzing_jongere_id_jongere"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("gebruiker_id", "jongere_id", name=op.f("pk_toewijzing")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_toewijzing_jongere_id"), "toewijzing", ["jongere_id"])
    stand = op.create_table(
        "rechtenstand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rechtenstand")),
    )
    op.bulk_insert(stand, [{"id": 1, "versie": 1}])
    if is_postgresql():
        op.execute(JONGEREN)
    protect_by("matchtafel", REGIOS)
    for table in PERSONS:
        protect(table)


def downgrade() -> None:
    for table in PERSONS:
        unprotect(table)
    unprotect("matchtafel")
    if is_postgresql():
        op.execute("DROP FUNCTION vangnet_jongeren(text, integer)")
    for table in ("rechtenstand", "toewijzing", "gebruiker_organisatie", "organisatie"):
        op.drop_table(table)
