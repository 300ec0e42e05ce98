"""The files that the schools of a made-up region keep together, and those of its other parties."""

from collections.abc import Iterator

import polars as pl

from features.contract import Tables
from features.synthetic import Region
from features.vocabulary import Beoordelaar, Niveau, RedenEindeStage, SoortVerzuimmelding
from service.schoolfiles_export import SchoolFile, Sheet
from service.schoolfiles_notation import (
    NUMBER,
    REGIO,
    STYLES,
    plain_headers,
    whole_part,
    with_number,
)
from service.schoolfiles_ro import stages_of_mbo

WORDS_EINDE = {
    RedenEindeStage.AFGEROND.value: "volbracht",
    RedenEindeStage.DIPLOMA.value: "gediplomeerd",
    RedenEindeStage.JONGERE.value: "student gestopt",
    RedenEindeStage.LEERBEDRIJF.value: "bedrijf gestopt",
    RedenEindeStage.SCHOOL.value: "school gestopt",
    RedenEindeStage.NIET_GESTART.value: "nooit begonnen",
    RedenEindeStage.ANDERS.value: "overig",
}
WORDS_MELDING = {
    SoortVerzuimmelding.ZESTIEN_UUR.value: "16-uursmelding",
    SoortVerzuimmelding.LANGDURIG.value: "LRV",
    SoortVerzuimmelding.LUXEVERZUIM.value: "luxe",
    SoortVerzuimmelding.OVERIG.value: "overig",
}
WORDS_NIVEAU = {
    str(int(niveau)): word
    for niveau, word in zip(
        Niveau,
        ("nog niet", "met hulp", "onder toezicht", "zelfstandig", "leert anderen"),
        strict=True,
    )
}
WORDS_BRON = {
    Beoordelaar.SCHOOL.value: "docent",
    Beoordelaar.LEERBEDRIJF.value: "praktijkopleider",
    Beoordelaar.ZELF.value: "leerling zelf",
}


def region_files(region: Region) -> Iterator[SchoolFile]:
    """Yield what the schools together, coaches, leerplicht and the matchtafel keep."""
    yield from _stages(region)
    yield _competenties(region)
    yield _coaches(region)
    yield _leerplicht(region)
    yield _bekend_bij(region)
    yield _werkplekken(region.tables)


def _stages(region: Region) -> Iterator[SchoolFile]:
    """Yield the stage lists: for mbo beside the Registratieoverzicht, for the others all of it."""
    of_mbo = stages_of_mbo(region.tables)
    others = region.tables["stage"].join(of_mbo, on="stage_id", how="anti", maintain_order="left")
    shared = (
        "leerbedrijf_id",
        "leerwerkplek_id",
        "begindatum",
        "geplande_einddatum",
        "einddatum",
        "zoekduur_weken",
        "beoordeling",
        "reden_einde",
        "bekend_op",
        "einde_bekend_op",
    )
    for name, rows, columns in (
        ("stages_mbo.csv", of_mbo, shared),
        ("stages_pro_vso.xlsx", others, (*shared, "uren_per_week")),
    ):
        headers = plain_headers(
            columns, leerbedrijf_id="Bedrijfsnummer SBB", leerwerkplek_id="Werkplek"
        )
        sheet = Sheet(
            with_number(rows, region),
            headers,
            [whole_part("stage", headers)],
            {"reden_einde": WORDS_EINDE},
            "Stages",
        )
        yield SchoolFile(name, [sheet], STYLES[0])


def _competenties(region: Region) -> SchoolFile:
    rows = with_number(region.tables["competentiemeting"], region)
    rows = rows.with_columns(pl.col("niveau").cast(pl.String))
    headers = plain_headers(
        ("datum", "competentie_id", "niveau", "bekend_op"), bron="Beoordeeld door"
    )
    words = {"niveau": WORDS_NIVEAU, "bron": WORDS_BRON}
    sheet = Sheet(rows, headers, [whole_part("competentiemeting", headers)], words)
    return SchoolFile("competenties_portfolio.csv", [sheet], REGIO)


def _coaches(region: Region) -> SchoolFile:
    """Return the Excel file of the coaches: wishes and limits, and support."""
    limits = ("datum", "sectoren", "uren_min", "uren_max", "reistijd_max", "vervoer", "vermijdt")
    wishes = plain_headers((*limits, "rijbewijs", "bekend_op"), uren_max="Uren per week hoogstens")
    support = plain_headers(("datum", "soort", "toestemming", "bekend_op"), soort="Wat helpt")
    return SchoolFile(
        "coaches.xlsx",
        [
            Sheet(
                with_number(region.tables["voorkeur"], region),
                wishes,
                [whole_part("voorkeur", wishes)],
                name="Wensen",
            ),
            Sheet(
                with_number(region.tables["ondersteuningsbehoefte"], region),
                support,
                [whole_part("ondersteuningsbehoefte", support)],
                name="Ondersteuning",
            ),
        ],
        STYLES[1],
    )


def _leerplicht(region: Region) -> SchoolFile:
    headers = plain_headers(("datum", "soort", "bekend_op"), bekend_op="Ontvangen op")
    sheet = Sheet(
        with_number(region.tables["verzuimmelding"], region),
        headers,
        [whole_part("verzuimmelding", headers)],
        {"soort": WORDS_MELDING},
    )
    return SchoolFile("leerplicht_meldingen.csv", [sheet], STYLES[0])


def _bekend_bij(region: Region) -> SchoolFile:
    """Return the youth-following system: contacts, and who is known where."""
    contact = plain_headers(("datum", "kanaal", "gelukt", "door", "bekend_op"))
    known = plain_headers(("register", "datum_van", "datum_tot", "bekend_op"))
    return SchoolFile(
        "jongerenvolgsysteem.xlsx",
        [
            Sheet(
                with_number(region.tables["contact"], region),
                contact,
                [whole_part("contact", contact)],
                name="Contacten",
            ),
            Sheet(
                with_number(region.tables["bekend_bij"], region),
                known,
                [whole_part("bekend_bij", known)],
                name="Registers",
            ),
        ],
    )


def _werkplekken(tables: Tables) -> SchoolFile:
    """Return the list of leerbedrijven and leerwerkplekken of the werkgeversservicepunt."""
    sheets = []
    for name, title in (
        ("leerbedrijf", "Bedrijven"),
        ("leerwerkplek", "Werkplekken"),
        ("leerwerkplek_eis", "Eisen"),
        ("leerwerkplek_werkproces", "Werkprocessen"),
    ):
        columns = tuple(column for column in tables[name].columns if column != "bron")
        headers = plain_headers(columns)
        del headers[NUMBER]
        sheets.append(Sheet(tables[name], headers, [whole_part(name, headers)], name=title))
    return SchoolFile("werkplekken.xlsx", sheets, REGIO)
