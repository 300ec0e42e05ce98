"""The files that schools and the region of a made-up region have, for the real importers.

Per mbo school a Registratieoverzicht of DUO, each in another layout; for the rest CSV and Excel
files with the columns, words and notations of different systems, and the mappings for them.
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from features.contract import Tables
from features.synthetic import Region
from features.synthetic_places import SCHOLEN
from features.vocabulary import Beoordelaar, Niveau, RedenEindeStage, SoortVerzuimmelding
from service.schoolfiles_export import Part, SchoolFile, Sheet, Style, mapping_entry, write
from service.schoolfiles_ro import LAYOUTS, stages_of_mbo, write_registratieoverzicht

MAPPING_FILE = "regio.mapping.toml"
NUMBER = "onderwijsnummer"
STYLES = (
    Style(";", "windows-1252", decimal_comma=True, date="dd-mm-jjjj", list_mark=", "),
    Style(",", "utf-8", decimal_comma=False, date="jjjj-mm-dd", yes_no=("1", "0")),
    Style("\t", "utf-8-sig", decimal_comma=True, iso_week=True, yes_no=("J", "N")),
)
"""Notations of the systems in the region; a school has the one of its place in the list."""
REGIO = Style(";", "utf-8", decimal_comma=True, list_mark="|")
MBO = tuple(school[0] for school in SCHOLEN if len(school[3]) > 1)
BRINS = tuple(school[0] for school in SCHOLEN)
COLUMNS_VERZUIM = (
    {
        NUMBER: "Leerlingnummer",
        "week": "Week van",
        "coordinator": "Coördinator",
        "lesuren": "Lesuren",
        "uren_geoorloofd": "Geoorloofd (uren)",
        "uren_ongeoorloofd": "Ongeoorloofd (uren)",
        "bekend_op": "Ingevoerd op",
    },
    {
        NUMBER: "bsn",
        "week": "week_start",
        "lesuren": "uren_les",
        "uren_geoorloofd": "afwezig_geoorloofd",
        "uren_ongeoorloofd": "afwezig_ongeoorloofd",
        "bekend_op": "datum_registratie",
    },
    {
        NUMBER: "Onderwijsnr",
        "week": "Weeknummer",
        "lesuren": "Roosteruren",
        "uren_geoorloofd": "AG",
        "uren_ongeoorloofd": "AO",
        "bekend_op": "Verwerkt",
    },
)
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


def write_school_files(region: Region, folder: Path) -> list[Path]:
    """Write everything that the schools and the region of a made-up region know into files.

    Parameters
    ----------
    region : Region
        As generated.
    folder : Path
        Is made when it is not there. Files with these names are replaced.

    Returns
    -------
    list of Path
        The files written, the mapping last. Together they hold what ``region.tables`` holds,
        but for what a Registratieoverzicht cannot tell: its ends are known
        ``meldvertraging_dagen`` after they happened, and its stages have whole hours in all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = _write_registratieoverzichten(region, folder)
    paths += _write_reference(region.tables, folder)
    files = [*_per_school(region), *_of_region(region)]
    paths += [write(file, folder) for file in files]
    mapping = folder / MAPPING_FILE
    mapping.write_text("\n".join(mapping_entry(file) for file in files), encoding="utf-8")
    return [*paths, mapping]


def _write_registratieoverzichten(region: Region, folder: Path) -> list[Path]:
    return [
        write_registratieoverzicht(
            region.tables,
            region.numbers,
            brin,
            layout,
            begin=region.config.begin,
            end=region.config.peildatum,
            folder=folder,
        )
        for brin, layout in zip(MBO, LAYOUTS, strict=True)
    ]


def _write_reference(tables: Tables, folder: Path) -> list[Path]:
    """Write tables without persons under their own names; those need no mapping."""
    paths = []
    for name in (
        "postcode",
        "kwalificatie",
        "competentie",
        "werkproces",
        "werkproces_competentie",
        "traject",
        "traject_voorwaarde",
    ):
        path = folder / f"{name}.csv"
        tables[name].write_csv(path)
        paths.append(path)
    return paths


def _per_school(region: Region) -> Iterator[SchoolFile]:
    """Yield what each school has of its own: persons, enrolments outside mbo, absence, marks."""
    tables = region.tables
    verzuim = _at_school(tables["verzuim"], tables, "week")
    resultaat = _at_school(tables["resultaat"], tables, "datum")
    for place, brin in enumerate(BRINS):
        style = STYLES[place % len(STYLES)]
        yield _leerlingen(region, brin, style)
        yield _verzuim(_numbered(verzuim.filter(instelling=brin), region), brin, place)
        yield _resultaten(_numbered(resultaat.filter(instelling=brin), region), brin, style)
        if brin not in MBO:
            yield _inschrijvingen(region, brin, style)


def _at_school(rows: pl.DataFrame, tables: Tables, day: str) -> pl.DataFrame:
    """Return rows with the school where the jongere was enrolled on a day."""
    begun = tables["inschrijving"].select("jongere_id", "instelling", "begindatum")
    return (
        rows.with_columns(rond=pl.col(day) + pl.duration(days=6))
        .sort("rond")
        .join_asof(
            begun.sort("begindatum"),
            left_on="rond",
            right_on="begindatum",
            by="jongere_id",
            strategy="backward",
            check_sortedness=False,
        )
        .drop("rond", "begindatum")
    )


def _numbered(rows: pl.DataFrame, region: Region) -> pl.DataFrame:
    numbers = region.numbers.rename({"nummer": NUMBER})
    return rows.join(numbers, on="jongere_id", maintain_order="left").sort(
        NUMBER, maintain_order=True
    )


def _plain(columns: tuple[str, ...], **renamed: str) -> dict[str, str]:
    """Name columns as a tidy export does: capital, spaces."""
    named = {name: name.replace("_", " ").capitalize() for name in columns}
    return {NUMBER: "Onderwijsnummer", **named, **renamed}


def _part(table: str, headers: dict[str, str], **constants: str) -> Part:
    """Let a table take every column that its contract knows."""
    return Part(table, {name: name for name in headers if name != "coordinator"}, constants)


def _leerlingen(region: Region, brin: str, style: Style) -> SchoolFile:
    """Return persons with names and addresses: Excel for the small schools."""
    here = region.tables["inschrijving"].filter(instelling=brin).select("jongere_id").unique()
    people = region.tables["jongere"].join(here, on="jongere_id", how="semi", maintain_order="left")
    people = people.drop("postcode4", "woonplaats", "bron").join(
        region.identiteit.drop("bron"), on="jongere_id"
    )
    names = ("voornamen", "tussenvoegsel", "achternaam", "straat", "huisnummer", "postcode")
    contact = ("woonplaats", "gemeente", "telefoon", "email")
    headers = _plain(("geboortedatum", *names, *contact), email="E-mail", voornamen="Roepnaam")
    jongere = (NUMBER, "geboortedatum", "woonplaats", "gemeente")
    identiteit = (NUMBER, *names, "woonplaats", "telefoon", "email")
    parts = [
        Part("jongere", {name: name for name in jongere} | {"postcode": "postcode4"}),
        Part("identiteit", {name: name for name in identiteit}),
    ]
    suffix = "csv" if brin in MBO else "xlsx"
    sheet = Sheet(_numbered(people, region), headers, parts, name="Leerlingen")
    return SchoolFile(f"leerlingen_{brin}.{suffix}", [sheet], style)


def _verzuim(rows: pl.DataFrame, brin: str, place: int) -> SchoolFile:
    headers = COLUMNS_VERZUIM[place % len(COLUMNS_VERZUIM)]
    rows = rows.with_columns(coordinator=pl.lit("team één"))
    sheet = Sheet(rows, headers, [_part("verzuim", headers)])
    return SchoolFile(f"verzuim_{brin}.csv", [sheet], STYLES[place % len(STYLES)])


def _resultaten(rows: pl.DataFrame, brin: str, style: Style) -> SchoolFile:
    headers = _plain(("datum", "onderdeel", "waarde", "bekend_op"), bekend_op="Ingevoerd")
    return SchoolFile(
        f"resultaten_{brin}.csv", [Sheet(rows, headers, [_part("resultaat", headers)])], style
    )


def _inschrijvingen(region: Region, brin: str, style: Style) -> SchoolFile:
    """Return the enrolments of a school outside mbo; vavo lists its diplomas beside them."""
    rows = region.tables["inschrijving"].filter(instelling=brin)
    dates = ("begindatum", "geplande_einddatum", "einddatum")
    headers = _plain(
        ("volgnummer", "onderwijssoort", *dates, "reden_uitschrijving", "bekend_op"),
        bekend_op="Gemeld op",
        einde_bekend_op="Uitschrijving gemeld op",
    )
    sheets = [
        Sheet(
            _numbered(rows, region),
            headers,
            [_part("inschrijving", headers, instelling=brin)],
            name="Inschrijvingen",
        )
    ]
    of_school = pl.col("diploma_id").str.starts_with(f"{brin}-")
    diplomas = region.tables["diploma"].filter(of_school)
    if diplomas.height:
        columns = _plain(("diploma_id", "soort", "datum", "bekend_op"))
        part = _part("diploma", columns)
        sheets.append(Sheet(_numbered(diplomas, region), columns, [part], name="Diploma's"))
    return SchoolFile(f"inschrijvingen_{brin}.xlsx", sheets, style)


def _of_region(region: Region) -> Iterator[SchoolFile]:
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
        headers = _plain(columns, leerbedrijf_id="Bedrijfsnummer SBB", leerwerkplek_id="Werkplek")
        sheet = Sheet(
            _numbered(rows, region),
            headers,
            [_part("stage", headers)],
            {"reden_einde": WORDS_EINDE},
            "Stages",
        )
        yield SchoolFile(name, [sheet], STYLES[0])


def _competenties(region: Region) -> SchoolFile:
    rows = _numbered(region.tables["competentiemeting"], region)
    rows = rows.with_columns(pl.col("niveau").cast(pl.String))
    headers = _plain(("datum", "competentie_id", "niveau", "bekend_op"), bron="Beoordeeld door")
    words = {"niveau": WORDS_NIVEAU, "bron": WORDS_BRON}
    sheet = Sheet(rows, headers, [_part("competentiemeting", headers)], words)
    return SchoolFile("competenties_portfolio.csv", [sheet], REGIO)


def _coaches(region: Region) -> SchoolFile:
    """Return the Excel file of the coaches: wishes and limits, and support."""
    limits = ("datum", "sectoren", "uren_min", "uren_max", "reistijd_max", "vervoer", "vermijdt")
    wishes = _plain((*limits, "rijbewijs", "bekend_op"), uren_max="Uren per week hoogstens")
    support = _plain(("datum", "soort", "toestemming", "bekend_op"), soort="Wat helpt")
    return SchoolFile(
        "coaches.xlsx",
        [
            Sheet(
                _numbered(region.tables["voorkeur"], region),
                wishes,
                [_part("voorkeur", wishes)],
                name="Wensen",
            ),
            Sheet(
                _numbered(region.tables["ondersteuningsbehoefte"], region),
                support,
                [_part("ondersteuningsbehoefte", support)],
                name="Ondersteuning",
            ),
        ],
        STYLES[1],
    )


def _leerplicht(region: Region) -> SchoolFile:
    headers = _plain(("datum", "soort", "bekend_op"), bekend_op="Ontvangen op")
    sheet = Sheet(
        _numbered(region.tables["verzuimmelding"], region),
        headers,
        [_part("verzuimmelding", headers)],
        {"soort": WORDS_MELDING},
    )
    return SchoolFile("leerplicht_meldingen.csv", [sheet], STYLES[0])


def _bekend_bij(region: Region) -> SchoolFile:
    """Return the youth-following system: contacts, and who is known where."""
    contact = _plain(("datum", "kanaal", "gelukt", "door", "bekend_op"))
    known = _plain(("register", "datum_van", "datum_tot", "bekend_op"))
    return SchoolFile(
        "jongerenvolgsysteem.xlsx",
        [
            Sheet(
                _numbered(region.tables["contact"], region),
                contact,
                [_part("contact", contact)],
                name="Contacten",
            ),
            Sheet(
                _numbered(region.tables["bekend_bij"], region),
                known,
                [_part("bekend_bij", known)],
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
        headers = _plain(columns)
        del headers[NUMBER]
        sheets.append(Sheet(tables[name], headers, [_part(name, headers)], name=title))
    return SchoolFile("werkplekken.xlsx", sheets, REGIO)
