"""Every table of the store, and what it has to do with a person.

Inzage shows what stands here, verwijdering takes it away and key rotation follows it, so a table
that is absent would be forgotten by all three; tests/service/privacy/test_register.py refuses one.
Protected attributes lie apart, under pseudonyms: `service.privacy.beschermd` looks after those.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from service.storage.tables import METADATA

JONGERE_ID = "jongere_id"
GEWIST = "[gewist op verzoek]"
"""What stands where a person's words stood; long enough for the reason of a besluit."""
WEG = "verwijderd-"
"""How the id begins of somebody who was erased from a table that keeps its numbers."""

Waarden = Callable[[sa.Table], Mapping[str, object]]


@dataclass(frozen=True)
class Via:
    """Rows that belong to whoever the row of another table belongs to."""

    kolom: str
    tabel: str
    sleutel: str = "id"


@dataclass(frozen=True)
class Persoonstabel:
    """A table with rows of persons.

    Parameters
    ----------
    kop : str
        Dutch heading in an inzage.
    via : Via or None
        How its rows belong to a person; None when they carry the ``jongere_id``.
    wist : callable or None
        Values that take the person's place, given the table; None when the row itself goes.
    teksten : tuple of str
        Columns of text or JSON in which ids of persons may stand.
    intern : bool
        Left out of an inzage, for it says nothing but a key.
    ruw : bool
        In an inzage only in the JSON, where a machine can read it.
    """

    kop: str
    via: Via | None = None
    wist: Waarden | None = None
    teksten: tuple[str, ...] = field(default=())
    intern: bool = False
    ruw: bool = False


def _lost(table: sa.Table) -> dict[str, object]:
    return {
        JONGERE_ID: sa.literal(WEG) + sa.cast(table.c.id, sa.String),
        "urgentie": [],
        "versie": table.c.versie + 1,
    }


AGENDAPUNT = Via("agendapunt_id", "agendapunt")
PERSOONSTABELLEN: dict[str, Persoonstabel] = {
    "jongere": Persoonstabel("Wie je bent"),
    "identiteit": Persoonstabel("Naam en adres"),
    "inschrijving": Persoonstabel("Inschrijvingen op school"),
    "diploma": Persoonstabel("Diploma's en certificaten"),
    "verzuim": Persoonstabel("Verzuim per week"),
    "verzuimmelding": Persoonstabel("Verzuimmeldingen"),
    "resultaat": Persoonstabel("Resultaten"),
    "stage": Persoonstabel("Stages"),
    "competentiemeting": Persoonstabel("Wat anderen van je vaardigheden vonden"),
    "voorkeur": Persoonstabel("Wat je wilt en kunt"),
    "ondersteuningsbehoefte": Persoonstabel("Ondersteuning die je nodig hebt"),
    "contact": Persoonstabel("Contact met jou"),
    "bekend_bij": Persoonstabel("Waar je bekend bent"),
    "vsv_registratie": Persoonstabel("Voortijdig schoolverlaten"),
    "toewijzing": Persoonstabel("Wie jou begeleidt"),
    "bezwaar": Persoonstabel("Bezwaren"),
    "zienswijze": Persoonstabel("Zienswijzen"),
    "vrijgave": Persoonstabel("Aan welke leerbedrijven je profiel is vrijgegeven"),
    "correctie": Persoonstabel("Verbeterde gegevens"),
    "contactmoment": Persoonstabel("Gesprekken en afspraken met jou"),
    "deling": Persoonstabel("Wat met jou is gedeeld"),
    "persoonssleutel": Persoonstabel("Geheim van je pseudoniemen", intern=True),
    "agendapunt": Persoonstabel("Besproken aan een matchtafel", wist=_lost),
    "matchtafel_wens": Persoonstabel("Wensen aan een matchtafel"),
    "voorstelregel": Persoonstabel(
        "Voorstellen voor jou",
        via=AGENDAPUNT,
        wist=lambda _: {"uitleg": {}, "kans": None},
    ),
    "besluit": Persoonstabel("Besluiten", via=AGENDAPUNT, wist=lambda _: {"reden": GEWIST}),
    "opvolging": Persoonstabel(
        "Wat er van besluiten kwam",
        via=Via("besluit_id", "besluit"),
        wist=lambda _: {"toelichting": "", "stage_id": None},
    ),
    "suggestie": Persoonstabel("Suggesties"),
    "suggestielijst": Persoonstabel("Lijsten met suggesties", teksten=("ordening",)),
    "suggestie_inhoud": Persoonstabel(
        "Gegevens en uitleg achter suggesties", teksten=("invoer", "uitleg"), ruw=True
    ),
    "vertoning": Persoonstabel(
        "Aan wie suggesties zijn getoond", via=Via("lijst_sha256", "suggestielijst", "sha256")
    ),
}

PER_PERSOON_ELDERS: dict[str, str] = {
    "auditregel": "holds a pseudonym of the domain audit, unlinkable after an erasure",
    "verwerkingsregel": "holds a pseudonym of the domain audit, unlinkable after an erasure",
    "herhaling": "an answer that is kept a day; thrown away whole at each erasure",
    "voorstel": "its questions may name jongeren; see `TEKSTEN`",
    "verwijdering": "holds a keyed mark that tells nobody who",
}

ZONDER_JONGERE: dict[str, str] = {
    **dict.fromkeys(
        (
            *("postcode", "kwalificatie", "competentie", "werkproces", "werkproces_competentie"),
            *("certificaat", "certificaat_werkproces", "leerbedrijf", "leerwerkplek"),
            *("leerwerkplek_eis", "leerwerkplek_werkproces", "traject", "traject_voorwaarde"),
            *("koppeling", "organisatie"),
        ),
        "reference data and what employers offer",
    ),
    **dict.fromkeys(
        (
            *("gebruiker", "gebruiker_organisatie", "rechtenstand", "sessie", "inlogpoging"),
            *("api_token", "exportpoging", "herstelcode", "inlogstap", "inrichtlink"),
            *("instructie_gelezen", "oidc_aanvraag", "oidc_identiteit", "tweede_factor"),
            "matchtafel_deelnemer",
        ),
        "staff, not jongeren",
    ),
    **dict.fromkeys(
        (
            "matchtafel",
            "matchtafel_plek",
            "plekverzoek",
            "gebeurtenis",
            "volgalarm",
            "modelstop",
            "bericht",
            "modelbesluit",
            "bewaking",
            "bevinding",
            "bewaakalarm",
            "groepstoets",
            "beschermd_inname",
        ),
        "about a meeting or a model",
    ),
    **dict.fromkeys(
        ("importrun", "audit_ijkpunt", "bewaarverslag", "controlestand", "sleutelstand"),
        "about the system itself",
    ),
}

TEKSTEN: dict[str, tuple[str, ...]] = {"voorstel": ("opties", "uitkomst")} | {
    name: one.teksten for name, one in PERSOONSTABELLEN.items() if one.teksten
}
"""Columns of text or JSON in which ids of persons may stand, by table."""


def tabellen() -> list[tuple[sa.Table, Persoonstabel]]:
    """Return the tables with persons that this version has, parents before children."""
    return [
        (table, PERSOONSTABELLEN[table.name])
        for table in METADATA.sorted_tables
        if table.name in PERSOONSTABELLEN
    ]


def belongs_to(table: sa.Table, jongere_id: object) -> sa.ColumnElement[bool]:
    """Return the condition that a row of a registered table belongs to a person.

    Parameters
    ----------
    table : Table
        One of `tabellen`.
    jongere_id : object
        The id, or a column to compare with.
    """
    via = PERSOONSTABELLEN[table.name].via
    if via is None:
        return table.c[JONGERE_ID] == jongere_id
    parent = METADATA.tables[via.tabel]
    chosen = sa.select(parent.c[via.sleutel]).where(belongs_to(parent, jongere_id))
    return table.c[via.kolom].in_(chosen)
