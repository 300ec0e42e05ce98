"""The first tables: the canonical data set, identity apart, imports, accounts and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "importrun",
    "gebruiker",
    "sessie",
    "postcode",
    "kwalificatie",
    "competentie",
    "werkproces",
    "werkproces_competentie",
    "leerbedrijf",
    "leerwerkplek",
    "leerwerkplek_eis",
    "leerwerkplek_werkproces",
    "traject",
    "traject_voorwaarde",
    "jongere",
    "identiteit",
    "inschrijving",
    "diploma",
    "resultaat",
    "vsv_registratie",
    "verzuim",
    "verzuimmelding",
    "stage",
    "competentiemeting",
    "voorkeur",
    "ondersteuningsbehoefte",
    "contact",
    "bekend_bij",
)
"""In the order in which they are made: a table after those it refers to."""


def upgrade() -> None:
    _create_beheer()
    _create_kwalificatie()
    _create_leerwerkplek()
    _create_traject()
    _create_jongere()
    _create_onderwijs()
    _create_verzuim()
    _create_stage()
    _create_wens()
    _create_contact()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _create_beheer() -> None:
    # Who imported what, who may log in.
    op.create_table(
        "importrun",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bestand", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("tellingen", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_importrun")),
    )
    op.create_index(op.f("ix_importrun_sha256"), "importrun", ["sha256"], unique=False)
    op.create_table(
        "gebruiker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("rollen", sa.Text(), nullable=False),
        sa.Column("actief", sa.Boolean(), nullable=False),
        sa.Column("aangemaakt_op", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gebruiker")),
        sa.UniqueConstraint("naam", name=op.f("uq_gebruiker_naam")),
    )
    op.create_table(
        "sessie",
        sa.Column("token_hmac", sa.String(length=64), nullable=False),
        sa.Column("gebruiker_id", sa.Integer(), nullable=False),
        sa.Column("aangemaakt_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gezien_op", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["gebruiker_id"],
            ["gebruiker.id"],
            name=op.f("fk_sessie_gebruiker_id_gebruiker"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hmac", name=op.f("pk_sessie")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sessie_gebruiker_id"), "sessie", ["gebruiker_id"], unique=False)


def _create_kwalificatie() -> None:
    # Reference data: places, qualifications, what they ask.
    op.create_table(
        "postcode",
        sa.Column("postcode4", sa.String(), nullable=False),
        sa.Column("plaats", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=True),
        sa.Column("breedtegraad", sa.Double(), nullable=False),
        sa.Column("lengtegraad", sa.Double(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_postcode_import_id_importrun")
        ),
        sa.PrimaryKeyConstraint("postcode4", name=op.f("pk_postcode")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kwalificatie",
        sa.Column("opleidingcode", sa.String(), nullable=False),
        sa.Column("titel", sa.String(), nullable=False),
        sa.Column("niveau", sa.Integer(), nullable=True),
        sa.Column("sector", sa.String(), nullable=True),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_kwalificatie_import_id_importrun")
        ),
        sa.PrimaryKeyConstraint("opleidingcode", name=op.f("pk_kwalificatie")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "competentie",
        sa.Column("competentie_id", sa.String(), nullable=False),
        sa.Column("titel", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_competentie_import_id_importrun")
        ),
        sa.PrimaryKeyConstraint("competentie_id", name=op.f("pk_competentie")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "werkproces",
        sa.Column("werkproces_id", sa.String(), nullable=False),
        sa.Column("opleidingcode", sa.String(), nullable=False),
        sa.Column("titel", sa.String(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_werkproces_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["opleidingcode"],
            ["kwalificatie.opleidingcode"],
            name=op.f("fk_werkproces_opleidingcode_kwalificatie"),
        ),
        sa.PrimaryKeyConstraint("werkproces_id", name=op.f("pk_werkproces")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "werkproces_competentie",
        sa.Column("werkproces_id", sa.String(), nullable=False),
        sa.Column("competentie_id", sa.String(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competentie_id"],
            ["competentie.competentie_id"],
            name=op.f("fk_werkproces_competentie_competentie_id_competentie"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["importrun.id"],
            name=op.f("fk_werkproces_competentie_import_id_importrun"),
        ),
        sa.ForeignKeyConstraint(
            ["werkproces_id"],
            ["werkproces.werkproces_id"],
            name=op.f("fk_werkproces_competentie_werkproces_id_werkproces"),
        ),
        sa.PrimaryKeyConstraint(
            "werkproces_id", "competentie_id", name=op.f("pk_werkproces_competentie")
        ),
        sqlite_with_rowid=False,
    )


def _create_leerwerkplek() -> None:
    # Employers, their places, what these ask and offer.
    op.create_table(
        "leerbedrijf",
        sa.Column("leerbedrijf_id", sa.String(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("plaats", sa.String(), nullable=True),
        sa.Column("postcode4", sa.String(), nullable=True),
        sa.Column("sector", sa.String(), nullable=True),
        sa.Column("erkenningen", sa.Text(), nullable=True),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_leerbedrijf_import_id_importrun")
        ),
        sa.PrimaryKeyConstraint("leerbedrijf_id", name=op.f("pk_leerbedrijf")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leerwerkplek",
        sa.Column("leerwerkplek_id", sa.String(), nullable=False),
        sa.Column("leerbedrijf_id", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("titel", sa.String(), nullable=False),
        sa.Column("opleidingcode", sa.String(), nullable=True),
        sa.Column("begindatum", sa.Date(), nullable=False),
        sa.Column("capaciteit", sa.Integer(), nullable=False),
        sa.Column("uren_min", sa.Double(), nullable=False),
        sa.Column("uren_max", sa.Double(), nullable=False),
        sa.Column("omstandigheden", sa.Text(), nullable=True),
        sa.Column("begeleiding", sa.Text(), nullable=True),
        sa.Column("sluit_op", sa.Date(), nullable=True),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_leerwerkplek_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["leerbedrijf_id"],
            ["leerbedrijf.leerbedrijf_id"],
            name=op.f("fk_leerwerkplek_leerbedrijf_id_leerbedrijf"),
        ),
        sa.PrimaryKeyConstraint("leerwerkplek_id", name=op.f("pk_leerwerkplek")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leerwerkplek_eis",
        sa.Column("leerwerkplek_id", sa.String(), nullable=False),
        sa.Column("competentie_id", sa.String(), nullable=False),
        sa.Column("niveau", sa.Integer(), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competentie_id"],
            ["competentie.competentie_id"],
            name=op.f("fk_leerwerkplek_eis_competentie_id_competentie"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_leerwerkplek_eis_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["leerwerkplek_id"],
            ["leerwerkplek.leerwerkplek_id"],
            name=op.f("fk_leerwerkplek_eis_leerwerkplek_id_leerwerkplek"),
        ),
        sa.PrimaryKeyConstraint(
            "leerwerkplek_id", "competentie_id", name=op.f("pk_leerwerkplek_eis")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leerwerkplek_werkproces",
        sa.Column("leerwerkplek_id", sa.String(), nullable=False),
        sa.Column("werkproces_id", sa.String(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["importrun.id"],
            name=op.f("fk_leerwerkplek_werkproces_import_id_importrun"),
        ),
        sa.ForeignKeyConstraint(
            ["leerwerkplek_id"],
            ["leerwerkplek.leerwerkplek_id"],
            name=op.f("fk_leerwerkplek_werkproces_leerwerkplek_id_leerwerkplek"),
        ),
        sa.ForeignKeyConstraint(
            ["werkproces_id"],
            ["werkproces.werkproces_id"],
            name=op.f("fk_leerwerkplek_werkproces_werkproces_id_werkproces"),
        ),
        sa.PrimaryKeyConstraint(
            "leerwerkplek_id", "werkproces_id", name=op.f("pk_leerwerkplek_werkproces")
        ),
        sqlite_with_rowid=False,
    )


def _create_traject() -> None:
    # Interventions and who may enter.
    op.create_table(
        "traject",
        sa.Column("traject_id", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("titel", sa.String(), nullable=False),
        sa.Column("regio", sa.String(), nullable=True),
        sa.Column("capaciteit", sa.Integer(), nullable=True),
        sa.Column("duur_weken", sa.Double(), nullable=True),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_traject_import_id_importrun")
        ),
        sa.PrimaryKeyConstraint("traject_id", name=op.f("pk_traject")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "traject_voorwaarde",
        sa.Column("traject_id", sa.String(), nullable=False),
        sa.Column("attribuut", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("waarde", sa.String(), nullable=False),
        sa.Column("reden", sa.String(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_traject_voorwaarde_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["traject_id"],
            ["traject.traject_id"],
            name=op.f("fk_traject_voorwaarde_traject_id_traject"),
        ),
        sa.PrimaryKeyConstraint(
            "traject_id", "attribuut", "operator", name=op.f("pk_traject_voorwaarde")
        ),
        sqlite_with_rowid=False,
    )


def _create_jongere() -> None:
    # Persons, and apart from them their names.
    op.create_table(
        "jongere",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("geboortedatum", sa.Date(), nullable=True),
        sa.Column("postcode4", sa.String(), nullable=True),
        sa.Column("woonplaats", sa.String(), nullable=True),
        sa.Column("gemeente", sa.String(), nullable=True),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_jongere_import_id_importrun")
        ),
        sa.PrimaryKeyConstraint("jongere_id", name=op.f("pk_jongere")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "identiteit",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("voornamen", sa.String(), nullable=True),
        sa.Column("tussenvoegsel", sa.String(), nullable=True),
        sa.Column("achternaam", sa.String(), nullable=True),
        sa.Column("straat", sa.String(), nullable=True),
        sa.Column("huisnummer", sa.String(), nullable=True),
        sa.Column("postcode", sa.String(), nullable=True),
        sa.Column("woonplaats", sa.String(), nullable=True),
        sa.Column("telefoon", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_identiteit_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"], ["jongere.jongere_id"], name=op.f("fk_identiteit_jongere_id_jongere")
        ),
        sa.PrimaryKeyConstraint("jongere_id", name=op.f("pk_identiteit")),
        sqlite_with_rowid=False,
    )


def _create_onderwijs() -> None:
    # Enrolments and what came of them.
    op.create_table(
        "inschrijving",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("instelling", sa.String(), nullable=False),
        sa.Column("volgnummer", sa.String(), nullable=False),
        sa.Column("onderwijssoort", sa.String(), nullable=False),
        sa.Column("niveau", sa.Integer(), nullable=True),
        sa.Column("opleidingcode", sa.String(), nullable=True),
        sa.Column("leerweg", sa.String(), nullable=True),
        sa.Column("leerjaar", sa.Integer(), nullable=True),
        sa.Column("begindatum", sa.Date(), nullable=False),
        sa.Column("geplande_einddatum", sa.Date(), nullable=True),
        sa.Column("einddatum", sa.Date(), nullable=True),
        sa.Column("reden_uitschrijving", sa.String(), nullable=True),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("einde_bekend_op", sa.Date(), nullable=True),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_inschrijving_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"], ["jongere.jongere_id"], name=op.f("fk_inschrijving_jongere_id_jongere")
        ),
        sa.PrimaryKeyConstraint(
            "jongere_id", "instelling", "volgnummer", "begindatum", name=op.f("pk_inschrijving")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "diploma",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("diploma_id", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("opleidingcode", sa.String(), nullable=True),
        sa.Column("niveau", sa.Integer(), nullable=True),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_diploma_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"], ["jongere.jongere_id"], name=op.f("fk_diploma_jongere_id_jongere")
        ),
        sa.PrimaryKeyConstraint("jongere_id", "diploma_id", name=op.f("pk_diploma")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "resultaat",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("onderdeel", sa.String(), nullable=False),
        sa.Column("waarde", sa.Double(), nullable=False),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_resultaat_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"], ["jongere.jongere_id"], name=op.f("fk_resultaat_jongere_id_jongere")
        ),
        sa.PrimaryKeyConstraint("jongere_id", "datum", "onderdeel", name=op.f("pk_resultaat")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "vsv_registratie",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("schooljaar", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("instelling", sa.String(), nullable=False),
        sa.Column("opleidingcode", sa.String(), nullable=True),
        sa.Column("niveau", sa.Integer(), nullable=True),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_vsv_registratie_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"],
            ["jongere.jongere_id"],
            name=op.f("fk_vsv_registratie_jongere_id_jongere"),
        ),
        sa.PrimaryKeyConstraint(
            "jongere_id", "schooljaar", "soort", name=op.f("pk_vsv_registratie")
        ),
        sqlite_with_rowid=False,
    )


def _create_verzuim() -> None:
    # Absence.
    op.create_table(
        "verzuim",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("lesuren", sa.Double(), nullable=False),
        sa.Column("uren_geoorloofd", sa.Double(), nullable=False),
        sa.Column("uren_ongeoorloofd", sa.Double(), nullable=False),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_verzuim_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"], ["jongere.jongere_id"], name=op.f("fk_verzuim_jongere_id_jongere")
        ),
        sa.PrimaryKeyConstraint("jongere_id", "week", name=op.f("pk_verzuim")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "verzuimmelding",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_verzuimmelding_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"],
            ["jongere.jongere_id"],
            name=op.f("fk_verzuimmelding_jongere_id_jongere"),
        ),
        sa.PrimaryKeyConstraint("jongere_id", "datum", "soort", name=op.f("pk_verzuimmelding")),
        sqlite_with_rowid=False,
    )


def _create_stage() -> None:
    # Praktijkovereenkomsten and judged competenties.
    op.create_table(
        "stage",
        sa.Column("stage_id", sa.String(), nullable=False),
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("leerbedrijf_id", sa.String(), nullable=False),
        sa.Column("leerwerkplek_id", sa.String(), nullable=True),
        sa.Column("opleidingcode", sa.String(), nullable=True),
        sa.Column("begindatum", sa.Date(), nullable=False),
        sa.Column("geplande_einddatum", sa.Date(), nullable=True),
        sa.Column("einddatum", sa.Date(), nullable=True),
        sa.Column("uren_per_week", sa.Double(), nullable=True),
        sa.Column("zoekduur_weken", sa.Double(), nullable=True),
        sa.Column("beoordeling", sa.Double(), nullable=True),
        sa.Column("reden_einde", sa.String(), nullable=True),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("einde_bekend_op", sa.Date(), nullable=True),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_stage_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"], ["jongere.jongere_id"], name=op.f("fk_stage_jongere_id_jongere")
        ),
        sa.PrimaryKeyConstraint("stage_id", name=op.f("pk_stage")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "competentiemeting",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("competentie_id", sa.String(), nullable=False),
        sa.Column("niveau", sa.Integer(), nullable=False),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competentie_id"],
            ["competentie.competentie_id"],
            name=op.f("fk_competentiemeting_competentie_id_competentie"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_competentiemeting_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"],
            ["jongere.jongere_id"],
            name=op.f("fk_competentiemeting_jongere_id_jongere"),
        ),
        sa.PrimaryKeyConstraint(
            "jongere_id", "datum", "competentie_id", "bron", name=op.f("pk_competentiemeting")
        ),
        sqlite_with_rowid=False,
    )


def _create_wens() -> None:
    # What a jongere wants and needs.
    op.create_table(
        "voorkeur",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("sectoren", sa.Text(), nullable=True),
        sa.Column("uren_min", sa.Double(), nullable=True),
        sa.Column("uren_max", sa.Double(), nullable=True),
        sa.Column("reistijd_max", sa.Double(), nullable=True),
        sa.Column("vervoer", sa.Text(), nullable=True),
        sa.Column("vermijdt", sa.Text(), nullable=True),
        sa.Column("rijbewijs", sa.Boolean(), nullable=True),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_voorkeur_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"], ["jongere.jongere_id"], name=op.f("fk_voorkeur_jongere_id_jongere")
        ),
        sa.PrimaryKeyConstraint("jongere_id", "datum", name=op.f("pk_voorkeur")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ondersteuningsbehoefte",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("toestemming", sa.Boolean(), nullable=False),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["importrun.id"],
            name=op.f("fk_ondersteuningsbehoefte_import_id_importrun"),
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"],
            ["jongere.jongere_id"],
            name=op.f("fk_ondersteuningsbehoefte_jongere_id_jongere"),
        ),
        sa.PrimaryKeyConstraint(
            "jongere_id", "datum", "soort", name=op.f("pk_ondersteuningsbehoefte")
        ),
        sqlite_with_rowid=False,
    )


def _create_contact() -> None:
    # Who tried to reach a jongere, who knows one.
    op.create_table(
        "contact",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("kanaal", sa.String(), nullable=False),
        sa.Column("gelukt", sa.Boolean(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_contact_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"], ["jongere.jongere_id"], name=op.f("fk_contact_jongere_id_jongere")
        ),
        sa.PrimaryKeyConstraint("jongere_id", "datum", "kanaal", "door", name=op.f("pk_contact")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bekend_bij",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("register", sa.String(), nullable=False),
        sa.Column("datum_van", sa.Date(), nullable=False),
        sa.Column("datum_tot", sa.Date(), nullable=True),
        sa.Column("bekend_op", sa.Date(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_bekend_bij_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["jongere_id"], ["jongere.jongere_id"], name=op.f("fk_bekend_bij_jongere_id_jongere")
        ),
        sa.PrimaryKeyConstraint("jongere_id", "register", "datum_van", name=op.f("pk_bekend_bij")),
        sqlite_with_rowid=False,
    )
