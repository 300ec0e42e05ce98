"""The data contract: every canonical table, its columns, key and references.

Importers and the generator of a made-up region write these tables; feature builders read
them. Ids of persons are keyed pseudonyms; names and contact details are not here at all.

Time: ``datum`` (or ``begindatum``, ``week``) is when something happened, ``bekend_op`` when it was
known. The end of a period is known later than its begin, so a period has ``einde_bekend_op`` too.
"""

from enum import StrEnum

import polars as pl

from features import vocabulary as v
from features.contract import Column, Reference, Rule, Table

TEXT = pl.String()
DAY = pl.Date()
REAL = pl.Float64()
WHOLE = pl.Int32()
YES_NO = pl.Boolean()
TEXTS = pl.List(pl.String)

BRIN = r"\d{2}[A-Z]{2}"
CREBO = r"\d{5}"
POSTCODE4 = r"[1-9]\d{3}"
LEERBEDRIJF_ID = r"\d{9}"
HOURS_PER_WEEK = 60.0


def _values(words: type[StrEnum]) -> tuple[str, ...]:
    return tuple(word.value for word in words)


def _id(name: str, meaning: str) -> Column:
    return Column(name, TEXT, meaning, pattern=r"\S(?:.*\S)?")


JONGERE_ID = _id("jongere_id", "keyed pseudonym of the jongere")
BRON = _id("bron", "file or system that the row came from")
BEKEND_OP = Column("bekend_op", DAY, "day on which this was known")
EINDE_BEKEND_OP = Column("einde_bekend_op", DAY, "day on which the end was known", required=False)
DATUM = Column("datum", DAY, "day on which it happened")
OF_JONGERE = Reference(("jongere_id",), "jongere", ("jongere_id",))
OF_LEERWERKPLEK = Reference(("leerwerkplek_id",), "leerwerkplek", ("leerwerkplek_id",))
OF_COMPETENTIE = Reference(("competentie_id",), "competentie", ("competentie_id",))


def _optional(name: str, dtype: pl.DataType, meaning: str, **demands: object) -> Column:
    return Column(name, dtype, meaning, required=False, **demands)  # type: ignore[arg-type]  # demands are Column fields


def _uren(
    name: str, meaning: str, *, required: bool = True, maximum: float = HOURS_PER_WEEK
) -> Column:
    return Column(name, REAL, meaning, required=required, minimum=0, maximum=maximum)


JONGERE = Table(
    "jongere",
    "a person",
    (
        JONGERE_ID,
        _optional("geboortedatum", DAY, "month of birth, as its first day"),
        _optional("postcode4", TEXT, "four digits of the home postcode", pattern=POSTCODE4),
        _optional("woonplaats", TEXT, "place of living"),
        _optional("gemeente", TEXT, "gemeente of living"),
        BRON,
    ),
    key=("jongere_id",),
)

INSCHRIJVING = Table(
    "inschrijving",
    "an enrolment period: one opleiding, leerweg and niveau at one instelling",
    (
        JONGERE_ID,
        Column("instelling", TEXT, "BRIN of the school", pattern=BRIN),
        Column("volgnummer", TEXT, "number of the enrolment at that school"),
        Column("onderwijssoort", TEXT, "kind of education", values=_values(v.Onderwijssoort)),
        _optional("niveau", WHOLE, "mbo niveau", minimum=1, maximum=4),
        _optional("opleidingcode", TEXT, "crebo", pattern=CREBO),
        _optional("leerweg", TEXT, "leerweg", values=_values(v.Leerweg)),
        _optional("leerjaar", WHOLE, "year of the programme", minimum=1, maximum=8),
        Column("begindatum", DAY, "first day"),
        _optional("geplande_einddatum", DAY, "planned last day"),
        _optional("einddatum", DAY, "last day; null while it lasts"),
        _optional(
            "reden_uitschrijving", TEXT, "why it ended", values=_values(v.RedenUitschrijving)
        ),
        BEKEND_OP,
        EINDE_BEKEND_OP,
        BRON,
    ),
    key=("jongere_id", "instelling", "volgnummer", "begindatum"),
    references=(OF_JONGERE,),
    rules=(
        Rule("einddatum", pl.col("einddatum") >= pl.col("begindatum"), "not before begindatum"),
        Rule(
            "einde_bekend_op",
            pl.col("einddatum").is_null() | pl.col("einde_bekend_op").is_not_null(),
            "a day, because einddatum is there",
        ),
    ),
)

DIPLOMA = Table(
    "diploma",
    "a diploma or certificate",
    (
        JONGERE_ID,
        _id("diploma_id", "id within the source"),
        Column("soort", TEXT, "kind of proof", values=_values(v.SoortDiploma)),
        _optional("opleidingcode", TEXT, "crebo", pattern=CREBO),
        _optional("niveau", WHOLE, "mbo niveau", minimum=1, maximum=4),
        DATUM,
        BEKEND_OP,
        BRON,
    ),
    key=("jongere_id", "diploma_id"),
    references=(OF_JONGERE,),
)

VERZUIM = Table(
    "verzuim",
    "the absence of one week",
    (
        JONGERE_ID,
        Column("week", DAY, "Monday of the week"),
        _uren("lesuren", "clock hours taught"),
        _uren("uren_geoorloofd", "clock hours missed with permission"),
        _uren("uren_ongeoorloofd", "clock hours missed without permission"),
        BEKEND_OP,
        BRON,
    ),
    key=("jongere_id", "week"),
    references=(OF_JONGERE,),
    rules=(
        Rule("week", pl.col("week").dt.weekday() == 1, "a Monday"),
        Rule(
            "uren_ongeoorloofd",
            pl.col("uren_geoorloofd") + pl.col("uren_ongeoorloofd") <= pl.col("lesuren") + 1e-6,
            "together with uren_geoorloofd not more than lesuren",
        ),
        Rule("bekend_op", pl.col("bekend_op") >= pl.col("week"), "not before the week"),
    ),
)

VERZUIMMELDING = Table(
    "verzuimmelding",
    "a legal absence report",
    (
        JONGERE_ID,
        DATUM,
        Column("soort", TEXT, "kind of report", values=_values(v.SoortVerzuimmelding)),
        BEKEND_OP,
        BRON,
    ),
    key=("jongere_id", "datum", "soort"),
    references=(OF_JONGERE,),
)

RESULTAAT = Table(
    "resultaat",
    "a mark or progress point",
    (
        JONGERE_ID,
        DATUM,
        Column("onderdeel", TEXT, "subject or part"),
        Column("waarde", REAL, "result as a share of the best possible", minimum=0, maximum=1),
        BEKEND_OP,
        BRON,
    ),
    key=("jongere_id", "datum", "onderdeel"),
    references=(OF_JONGERE,),
)

STAGE = Table(
    "stage",
    "a praktijkovereenkomst: a jongere at a leerbedrijf for a period",
    (
        _id("stage_id", "id of the praktijkovereenkomst"),
        JONGERE_ID,
        Column("leerbedrijf_id", TEXT, "LeerbedrijfID of SBB", pattern=LEERBEDRIJF_ID),
        _optional("leerwerkplek_id", TEXT, "the place, when it is known"),
        _optional("opleidingcode", TEXT, "crebo", pattern=CREBO),
        Column("begindatum", DAY, "first day"),
        _optional("geplande_einddatum", DAY, "planned last day"),
        _optional("einddatum", DAY, "last day; null while it lasts"),
        _uren("uren_per_week", "clock hours a week", required=False),
        _optional(
            "zoekduur_weken", REAL, "weeks of searching before the begin", minimum=0, maximum=260
        ),
        _optional("beoordeling", REAL, "final judgement, known with the end", minimum=0, maximum=1),
        _optional("reden_einde", TEXT, "why it ended", values=_values(v.RedenEindeStage)),
        BEKEND_OP,
        EINDE_BEKEND_OP,
        BRON,
    ),
    key=("stage_id",),
    references=(OF_JONGERE,),
    rules=(
        Rule("einddatum", pl.col("einddatum") >= pl.col("begindatum"), "not before begindatum"),
        Rule(
            "einde_bekend_op",
            pl.col("einddatum").is_null() | pl.col("einde_bekend_op").is_not_null(),
            "a day, because einddatum is there",
        ),
    ),
)

COMPETENTIEMETING = Table(
    "competentiemeting",
    "one judged competentie",
    (
        JONGERE_ID,
        DATUM,
        _id("competentie_id", "the competentie"),
        Column("niveau", WHOLE, "judged niveau, see Niveau", minimum=0, maximum=4),
        BEKEND_OP,
        Column("bron", TEXT, "who judged", values=_values(v.Beoordelaar)),
    ),
    key=("jongere_id", "datum", "competentie_id", "bron"),
    references=(OF_JONGERE, OF_COMPETENTIE),
)

VOORKEUR = Table(
    "voorkeur",
    "wishes and limits of a jongere from a day on",
    (
        JONGERE_ID,
        DATUM,
        Column(
            "sectoren",
            TEXTS,
            "wished sectors, best first",
            required=False,
            values=_values(v.Sector),
        ),
        _uren("uren_min", "least hours a week", required=False),
        _uren("uren_max", "belastbaarheid: most hours a week", required=False),
        _optional(
            "reistijd_max", REAL, "longest one-way travel in minutes", minimum=0, maximum=240
        ),
        Column("vervoer", TEXTS, "ways of travelling", required=False, values=_values(v.Vervoer)),
        Column(
            "vermijdt",
            TEXTS,
            "conditions to avoid",
            required=False,
            values=_values(v.Omstandigheid),
        ),
        _optional("rijbewijs", YES_NO, "has a driving licence"),
        BEKEND_OP,
        BRON,
    ),
    key=("jongere_id", "datum"),
    references=(OF_JONGERE,),
    rules=(Rule("uren_max", pl.col("uren_max") >= pl.col("uren_min"), "not below uren_min"),),
)

ONDERSTEUNINGSBEHOEFTE = Table(
    "ondersteuningsbehoefte",
    "support that a place or traject must offer",
    (
        JONGERE_ID,
        DATUM,
        Column("soort", TEXT, "support", values=_values(v.Ondersteuning)),
        Column("toestemming", YES_NO, "the jongere agrees that it is used for placing"),
        BEKEND_OP,
        BRON,
    ),
    key=("jongere_id", "datum", "soort"),
    references=(OF_JONGERE,),
)

LEERBEDRIJF = Table(
    "leerbedrijf",
    "an employer recognised by SBB",
    (
        Column("leerbedrijf_id", TEXT, "LeerbedrijfID of SBB", pattern=LEERBEDRIJF_ID),
        Column("naam", TEXT, "name"),
        _optional("plaats", TEXT, "place"),
        _optional("postcode4", TEXT, "four digits of the postcode", pattern=POSTCODE4),
        _optional("sector", TEXT, "sector", values=_values(v.Sector)),
        Column("erkenningen", TEXTS, "crebo's it may train for", required=False, pattern=CREBO),
        BRON,
    ),
    key=("leerbedrijf_id",),
)

LEERWERKPLEK = Table(
    "leerwerkplek",
    "a place to learn and work",
    (
        _id("leerwerkplek_id", "id of the place"),
        Column("leerbedrijf_id", TEXT, "LeerbedrijfID of SBB", pattern=LEERBEDRIJF_ID),
        Column("soort", TEXT, "kind of place", values=_values(v.SoortLeerwerkplek)),
        Column("titel", TEXT, "what one does there"),
        _optional("opleidingcode", TEXT, "crebo it belongs to", pattern=CREBO),
        Column("begindatum", DAY, "first day on which one can start"),
        Column("capaciteit", WHOLE, "jongeren at a time", minimum=0, maximum=500),
        _uren("uren_min", "least hours a week"),
        _uren("uren_max", "most hours a week"),
        Column(
            "omstandigheden", TEXTS, "conditions", required=False, values=_values(v.Omstandigheid)
        ),
        Column(
            "begeleiding", TEXTS, "support offered", required=False, values=_values(v.Ondersteuning)
        ),
        _optional("sluit_op", DAY, "last day on which one can start"),
        BEKEND_OP,
        BRON,
    ),
    key=("leerwerkplek_id",),
    references=(Reference(("leerbedrijf_id",), "leerbedrijf", ("leerbedrijf_id",)),),
    rules=(
        Rule("uren_max", pl.col("uren_max") >= pl.col("uren_min"), "not below uren_min"),
        Rule("sluit_op", pl.col("sluit_op") >= pl.col("begindatum"), "not before begindatum"),
    ),
)

LEERWERKPLEK_EIS = Table(
    "leerwerkplek_eis",
    "a demand of a place",
    (
        _id("leerwerkplek_id", "the place"),
        _id("competentie_id", "the competentie"),
        Column("niveau", WHOLE, "niveau asked", minimum=0, maximum=4),
        Column("hard", YES_NO, "must (true) or wish (false)"),
        BRON,
    ),
    key=("leerwerkplek_id", "competentie_id"),
    references=(OF_LEERWERKPLEK, OF_COMPETENTIE),
)

LEERWERKPLEK_WERKPROCES = Table(
    "leerwerkplek_werkproces",
    "a werkproces that can be learned at a place",
    (_id("leerwerkplek_id", "the place"), _id("werkproces_id", "the werkproces"), BRON),
    key=("leerwerkplek_id", "werkproces_id"),
    references=(
        OF_LEERWERKPLEK,
        Reference(("werkproces_id",), "werkproces", ("werkproces_id",)),
    ),
)

KWALIFICATIE = Table(
    "kwalificatie",
    "an mbo qualification",
    (
        Column("opleidingcode", TEXT, "crebo", pattern=CREBO),
        Column("titel", TEXT, "title"),
        _optional("niveau", WHOLE, "mbo niveau", minimum=1, maximum=4),
        _optional("sector", TEXT, "sector", values=_values(v.Sector)),
        BRON,
    ),
    key=("opleidingcode",),
)

WERKPROCES = Table(
    "werkproces",
    "the smallest part of a qualification that can be learned and judged",
    (
        _id("werkproces_id", "crebo and code, as 25748-B1-K1-W1"),
        Column("opleidingcode", TEXT, "crebo", pattern=CREBO),
        Column("titel", TEXT, "title"),
        BRON,
    ),
    key=("werkproces_id",),
    references=(Reference(("opleidingcode",), "kwalificatie", ("opleidingcode",)),),
)

COMPETENTIE = Table(
    "competentie",
    "a skill that can be judged; a werkproces is one as well, under the same id",
    (
        _id("competentie_id", "id"),
        Column("titel", TEXT, "title"),
        Column("soort", TEXT, "where it comes from", values=_values(v.SoortCompetentie)),
        BRON,
    ),
    key=("competentie_id",),
)

WERKPROCES_COMPETENTIE = Table(
    "werkproces_competentie",
    "a competentie that a werkproces uses",
    (_id("werkproces_id", "the werkproces"), _id("competentie_id", "the competentie"), BRON),
    key=("werkproces_id", "competentie_id"),
    references=(
        Reference(("werkproces_id",), "werkproces", ("werkproces_id",)),
        OF_COMPETENTIE,
    ),
)

CERTIFICAAT = Table(
    "certificaat",
    "a separately recognised part of a qualification: an mbo-certificaat",
    (
        _id("certificaat_id", "id, as in the register of certificates"),
        Column("opleidingcode", TEXT, "crebo of the qualification", pattern=CREBO),
        Column("titel", TEXT, "title"),
        BRON,
    ),
    key=("certificaat_id",),
    references=(Reference(("opleidingcode",), "kwalificatie", ("opleidingcode",)),),
)

CERTIFICAAT_WERKPROCES = Table(
    "certificaat_werkproces",
    "a werkproces that a certificate asks",
    (_id("certificaat_id", "the certificate"), _id("werkproces_id", "the werkproces"), BRON),
    key=("certificaat_id", "werkproces_id"),
    references=(
        Reference(("certificaat_id",), "certificaat", ("certificaat_id",)),
        Reference(("werkproces_id",), "werkproces", ("werkproces_id",)),
    ),
)

TRAJECT = Table(
    "traject",
    "an intervention or route that is no place",
    (
        _id("traject_id", "id"),
        Column("soort", TEXT, "kind, such as voorschakeltraject"),
        Column("titel", TEXT, "name"),
        _optional("regio", TEXT, "region"),
        _optional("capaciteit", WHOLE, "jongeren at a time", minimum=0, maximum=5000),
        _optional("duur_weken", REAL, "length in weeks", minimum=0, maximum=520),
        BRON,
    ),
    key=("traject_id",),
)

TRAJECT_VOORWAARDE = Table(
    "traject_voorwaarde",
    "a rule of a traject on who may enter",
    (
        _id("traject_id", "the traject"),
        _id("attribuut", "what is looked at, such as leeftijd"),
        Column("operator", TEXT, "comparison", values=_values(v.Operator)),
        Column("waarde", TEXT, "value compared with; a list is separated by |"),
        Column("reden", TEXT, "why, in words"),
        BRON,
    ),
    key=("traject_id", "attribuut", "operator"),
    references=(Reference(("traject_id",), "traject", ("traject_id",)),),
)

CONTACT = Table(
    "contact",
    "an attempt to reach a jongere, or a conversation",
    (
        JONGERE_ID,
        DATUM,
        Column("kanaal", TEXT, "how", values=_values(v.Kanaal)),
        Column("gelukt", YES_NO, "the jongere was reached"),
        Column("door", TEXT, "role or team that tried"),
        BEKEND_OP,
        BRON,
    ),
    key=("jongere_id", "datum", "kanaal", "door"),
    references=(OF_JONGERE,),
)

BEKEND_BIJ = Table(
    "bekend_bij",
    "a period in which a register knows a jongere",
    (
        JONGERE_ID,
        _id("register", "name of the register, or id or title of a traject that one takes part in"),
        Column("datum_van", DAY, "from"),
        _optional("datum_tot", DAY, "until; null while it lasts"),
        BEKEND_OP,
        BRON,
    ),
    key=("jongere_id", "register", "datum_van"),
    references=(OF_JONGERE,),
    rules=(Rule("datum_tot", pl.col("datum_tot") >= pl.col("datum_van"), "not before datum_van"),),
)

VSV_REGISTRATIE = Table(
    "vsv_registratie",
    "what a DUO vsv file says of a jongere in a school year",
    (
        JONGERE_ID,
        Column(
            "schooljaar",
            WHOLE,
            "calendar year in which the school year begins",
            minimum=1990,
            maximum=2100,
        ),
        Column("soort", TEXT, "which list", values=_values(v.SoortVsvRegistratie)),
        Column("instelling", TEXT, "BRIN of the school", pattern=BRIN),
        _optional("opleidingcode", TEXT, "crebo", pattern=CREBO),
        _optional("niveau", WHOLE, "mbo niveau", minimum=1, maximum=4),
        DATUM,
        BEKEND_OP,
        BRON,
    ),
    key=("jongere_id", "schooljaar", "soort"),
    references=(OF_JONGERE,),
)

POSTCODE = Table(
    "postcode",
    "where a postcode lies",
    (
        Column("postcode4", TEXT, "four digits", pattern=POSTCODE4),
        Column("plaats", TEXT, "place"),
        _optional("gemeente", TEXT, "gemeente"),
        Column("breedtegraad", REAL, "latitude in degrees (WGS 84)", minimum=50, maximum=54),
        Column("lengtegraad", REAL, "longitude in degrees (WGS 84)", minimum=3, maximum=8),
        BRON,
    ),
    key=("postcode4",),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        POSTCODE,
        KWALIFICATIE,
        COMPETENTIE,
        WERKPROCES,
        WERKPROCES_COMPETENTIE,
        CERTIFICAAT,
        CERTIFICAAT_WERKPROCES,
        LEERBEDRIJF,
        LEERWERKPLEK,
        LEERWERKPLEK_EIS,
        LEERWERKPLEK_WERKPROCES,
        TRAJECT,
        TRAJECT_VOORWAARDE,
        JONGERE,
        INSCHRIJVING,
        DIPLOMA,
        VERZUIM,
        VERZUIMMELDING,
        RESULTAAT,
        STAGE,
        COMPETENTIEMETING,
        VOORKEUR,
        ONDERSTEUNINGSBEHOEFTE,
        CONTACT,
        BEKEND_BIJ,
        VSV_REGISTRATIE,
    )
}
"""All tables by name, a referenced table before the tables that refer to it."""
