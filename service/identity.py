"""Names and addresses: kept apart from everything that a feature or a model may read."""

from features.contract import Column, Reference, Table
from features.tables import BRON, JONGERE_ID, TEXT

IDENTITEIT = Table(
    "identiteit",
    "name and contact details of a jongere",
    (
        JONGERE_ID,
        Column("voornamen", TEXT, "first names", required=False),
        Column("tussenvoegsel", TEXT, "particle of the surname", required=False),
        Column("achternaam", TEXT, "surname", required=False),
        Column("straat", TEXT, "street", required=False),
        Column("huisnummer", TEXT, "house number with additions", required=False),
        Column("postcode", TEXT, "postcode", required=False, pattern=r"[1-9]\d{3} ?[A-Z]{2}"),
        Column("woonplaats", TEXT, "place", required=False),
        Column("telefoon", TEXT, "telephone number", required=False),
        Column("email", TEXT, "e-mail address", required=False),
        BRON,
    ),
    key=("jongere_id",),
    references=(Reference(("jongere_id",), "jongere", ("jongere_id",)),),
)
