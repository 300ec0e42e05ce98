"""The matchtafel: its agenda, places, wishes and proposals, what was decided, what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matchtafel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("regio", sa.String(), nullable=False),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("momentopname", sa.JSON(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("aangemaakt_door", sa.Integer(), nullable=False),
        sa.Column("aangemaakt_op", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["aangemaakt_door"],
            ["gebruiker.id"],
            name=op.f("fk_matchtafel_aangemaakt_door_gebruiker"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matchtafel")),
    )
    op.create_table(
        "matchtafel_deelnemer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matchtafel_id", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("organisatie", sa.String(), nullable=False),
        sa.Column("rol", sa.String(), nullable=False),
        sa.Column("gebruiker_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["gebruiker_id"],
            ["gebruiker.id"],
            name=op.f("fk_matchtafel_deelnemer_gebruiker_id_gebruiker"),
        ),
        sa.ForeignKeyConstraint(
            ["matchtafel_id"],
            ["matchtafel.id"],
            name=op.f("fk_matchtafel_deelnemer_matchtafel_id_matchtafel"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matchtafel_deelnemer")),
        sa.UniqueConstraint(
            "matchtafel_id", "naam", name=op.f("uq_matchtafel_deelnemer_matchtafel_id_naam")
        ),
    )
    op.create_index(
        op.f("ix_matchtafel_deelnemer_matchtafel_id"), "matchtafel_deelnemer", ["matchtafel_id"]
    )
    op.create_table(
        "agendapunt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matchtafel_id", sa.Integer(), nullable=False),
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("volgorde", sa.Integer(), nullable=False),
        sa.Column("urgentie", sa.JSON(), nullable=False),
        sa.Column("aselect", sa.Boolean(), nullable=False),
        sa.Column("trekkans", sa.Double(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["matchtafel_id"],
            ["matchtafel.id"],
            name=op.f("fk_agendapunt_matchtafel_id_matchtafel"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agendapunt")),
        sa.UniqueConstraint(
            "matchtafel_id", "jongere_id", name=op.f("uq_agendapunt_matchtafel_id_jongere_id")
        ),
    )
    op.create_table(
        "matchtafel_plek",
        sa.Column("matchtafel_id", sa.Integer(), nullable=False),
        sa.Column("leerwerkplek_id", sa.String(), nullable=False),
        sa.Column("vrij", sa.Integer(), nullable=False),
        sa.Column("alleen_voor", sa.String(), nullable=True),
        sa.Column("alleen_tot", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["matchtafel_id"],
            ["matchtafel.id"],
            name=op.f("fk_matchtafel_plek_matchtafel_id_matchtafel"),
        ),
        sa.PrimaryKeyConstraint(
            "matchtafel_id", "leerwerkplek_id", name=op.f("pk_matchtafel_plek")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "matchtafel_wens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matchtafel_id", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("leerwerkplek_id", sa.String(), nullable=False),
        sa.Column("door", sa.Integer(), nullable=False),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ingetrokken_op", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["door"], ["gebruiker.id"], name=op.f("fk_matchtafel_wens_door_gebruiker")
        ),
        sa.ForeignKeyConstraint(
            ["matchtafel_id"],
            ["matchtafel.id"],
            name=op.f("fk_matchtafel_wens_matchtafel_id_matchtafel"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matchtafel_wens")),
    )
    op.create_index(op.f("ix_matchtafel_wens_matchtafel_id"), "matchtafel_wens", ["matchtafel_id"])
    op.create_table(
        "voorstel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matchtafel_id", sa.Integer(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("opties", sa.JSON(), nullable=False),
        sa.Column("uitkomst", sa.JSON(), nullable=False),
        sa.Column("door", sa.Integer(), nullable=False),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["door"], ["gebruiker.id"], name=op.f("fk_voorstel_door_gebruiker")
        ),
        sa.ForeignKeyConstraint(
            ["matchtafel_id"], ["matchtafel.id"], name=op.f("fk_voorstel_matchtafel_id_matchtafel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voorstel")),
        sa.UniqueConstraint(
            "matchtafel_id", "nummer", name=op.f("uq_voorstel_matchtafel_id_nummer")
        ),
    )
    op.create_table(
        "voorstelregel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voorstel_id", sa.Integer(), nullable=False),
        sa.Column("agendapunt_id", sa.Integer(), nullable=False),
        sa.Column("leerwerkplek_id", sa.String(), nullable=True),
        sa.Column("kans", sa.Double(), nullable=True),
        sa.Column("uitleg", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agendapunt_id"],
            ["agendapunt.id"],
            name=op.f("fk_voorstelregel_agendapunt_id_agendapunt"),
        ),
        sa.ForeignKeyConstraint(
            ["voorstel_id"], ["voorstel.id"], name=op.f("fk_voorstelregel_voorstel_id_voorstel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voorstelregel")),
    )
    op.create_index(op.f("ix_voorstelregel_voorstel_id"), "voorstelregel", ["voorstel_id"])
    op.create_table(
        "besluit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agendapunt_id", sa.Integer(), nullable=False),
        sa.Column("voorstelregel_id", sa.Integer(), nullable=True),
        sa.Column("leerwerkplek_id", sa.String(), nullable=True),
        sa.Column("keuze", sa.String(), nullable=False),
        sa.Column("reden", sa.String(), nullable=False),
        sa.Column("eigenaar_id", sa.Integer(), nullable=False),
        sa.Column("opvolgdatum", sa.Date(), nullable=False),
        sa.Column("door", sa.Integer(), nullable=False),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vervangt_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "keuze <> 'voorstellen aan leerbedrijf' OR leerwerkplek_id IS NOT NULL",
            name=op.f("ck_besluit_ck_besluit_plek"),
        ),
        sa.CheckConstraint("length(trim(reden)) >= 10", name=op.f("ck_besluit_ck_besluit_reden")),
        sa.ForeignKeyConstraint(
            ["agendapunt_id"], ["agendapunt.id"], name=op.f("fk_besluit_agendapunt_id_agendapunt")
        ),
        sa.ForeignKeyConstraint(["door"], ["gebruiker.id"], name=op.f("fk_besluit_door_gebruiker")),
        sa.ForeignKeyConstraint(
            ["eigenaar_id"],
            ["matchtafel_deelnemer.id"],
            name=op.f("fk_besluit_eigenaar_id_matchtafel_deelnemer"),
        ),
        sa.ForeignKeyConstraint(
            ["vervangt_id"], ["besluit.id"], name=op.f("fk_besluit_vervangt_id_besluit")
        ),
        sa.ForeignKeyConstraint(
            ["voorstelregel_id"],
            ["voorstelregel.id"],
            name=op.f("fk_besluit_voorstelregel_id_voorstelregel"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_besluit")),
        sa.UniqueConstraint("vervangt_id", name=op.f("uq_besluit_vervangt_id")),
    )
    op.create_index(op.f("ix_besluit_agendapunt_id"), "besluit", ["agendapunt_id"])
    op.create_table(
        "opvolging",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("besluit_id", sa.Integer(), nullable=False),
        sa.Column("vraag", sa.String(), nullable=False),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("eigenaar_id", sa.Integer(), nullable=False),
        sa.Column("uitkomst", sa.String(), nullable=True),
        sa.Column("toelichting", sa.String(), nullable=False),
        sa.Column("stage_id", sa.String(), nullable=True),
        sa.Column("gedaan_door", sa.Integer(), nullable=True),
        sa.Column("gedaan_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["besluit_id"], ["besluit.id"], name=op.f("fk_opvolging_besluit_id_besluit")
        ),
        sa.ForeignKeyConstraint(
            ["eigenaar_id"],
            ["matchtafel_deelnemer.id"],
            name=op.f("fk_opvolging_eigenaar_id_matchtafel_deelnemer"),
        ),
        sa.ForeignKeyConstraint(
            ["gedaan_door"], ["gebruiker.id"], name=op.f("fk_opvolging_gedaan_door_gebruiker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opvolging")),
    )
    op.create_index(op.f("ix_opvolging_besluit_id"), "opvolging", ["besluit_id"])
    op.create_index(op.f("ix_opvolging_datum"), "opvolging", ["datum"])
    op.create_table(
        "gebeurtenis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matchtafel_id", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("onderwerp_id", sa.Integer(), nullable=False),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["matchtafel_id"],
            ["matchtafel.id"],
            name=op.f("fk_gebeurtenis_matchtafel_id_matchtafel"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gebeurtenis")),
    )
    op.create_index(op.f("ix_gebeurtenis_matchtafel_id"), "gebeurtenis", ["matchtafel_id"])


def downgrade() -> None:
    op.drop_table("gebeurtenis")
    op.drop_table("opvolging")
    op.drop_table("besluit")
    op.drop_table("voorstelregel")
    op.drop_table("voorstel")
    op.drop_table("matchtafel_wens")
    op.drop_table("matchtafel_plek")
    op.drop_table("agendapunt")
    op.drop_table("matchtafel_deelnemer")
    op.drop_table("matchtafel")
