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
from service.schoolfiles_export import Part, SchoolFile, Sheet, Style, mapping_entry, write
from service.schoolfiles_notation import NUMBER, STYLES, plain_headers, whole_part, with_number
from service.schoolfiles_regio import region_files
from service.schoolfiles_ro import LAYOUTS, write_registratieoverzicht

MAPPING_FILE = "regio.mapping.toml"
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
    files = [*_per_school(region), *region_files(region)]
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
        "certificaat",
        "certificaat_werkproces",
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
        yield _verzuim(with_number(verzuim.filter(instelling=brin), region), brin, place)
        yield _resultaten(with_number(resultaat.filter(instelling=brin), region), brin, style)
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


def _leerlingen(region: Region, brin: str, style: Style) -> SchoolFile:
    """Return persons with names and addresses: Excel for the small schools."""
    here = region.tables["inschrijving"].filter(instelling=brin).select("jongere_id").unique()
    people = region.tables["jongere"].join(here, on="jongere_id", how="semi", maintain_order="left")
    people = people.drop("postcode4", "woonplaats", "bron").join(
        region.identiteit.drop("bron"), on="jongere_id"
    )
    names = ("voornamen", "tussenvoegsel", "achternaam", "straat", "huisnummer", "postcode")
    contact = ("woonplaats", "gemeente", "telefoon", "email")
    headers = plain_headers(
        ("geboortedatum", *names, *contact), email="E-mail", voornamen="Roepnaam"
    )
    jongere = (NUMBER, "geboortedatum", "woonplaats", "gemeente")
    identiteit = (NUMBER, *names, "woonplaats", "telefoon", "email")
    parts = [
        Part("jongere", {name: name for name in jongere} | {"postcode": "postcode4"}),
        Part("identiteit", {name: name for name in identiteit}),
    ]
    suffix = "csv" if brin in MBO else "xlsx"
    sheet = Sheet(with_number(people, region), headers, parts, name="Leerlingen")
    return SchoolFile(f"leerlingen_{brin}.{suffix}", [sheet], style)


def _verzuim(rows: pl.DataFrame, brin: str, place: int) -> SchoolFile:
    headers = COLUMNS_VERZUIM[place % len(COLUMNS_VERZUIM)]
    rows = rows.with_columns(coordinator=pl.lit("team één"))
    sheet = Sheet(rows, headers, [whole_part("verzuim", headers)])
    return SchoolFile(f"verzuim_{brin}.csv", [sheet], STYLES[place % len(STYLES)])


def _resultaten(rows: pl.DataFrame, brin: str, style: Style) -> SchoolFile:
    headers = plain_headers(("datum", "onderdeel", "waarde", "bekend_op"), bekend_op="Ingevoerd")
    return SchoolFile(
        f"resultaten_{brin}.csv", [Sheet(rows, headers, [whole_part("resultaat", headers)])], style
    )


def _inschrijvingen(region: Region, brin: str, style: Style) -> SchoolFile:
    """Return the enrolments of a school outside mbo; vavo lists its diplomas beside them."""
    rows = region.tables["inschrijving"].filter(instelling=brin)
    dates = ("begindatum", "geplande_einddatum", "einddatum")
    headers = plain_headers(
        ("volgnummer", "onderwijssoort", *dates, "reden_uitschrijving", "bekend_op"),
        bekend_op="Gemeld op",
        einde_bekend_op="Uitschrijving gemeld op",
    )
    sheets = [
        Sheet(
            with_number(rows, region),
            headers,
            [whole_part("inschrijving", headers, instelling=brin)],
            name="Inschrijvingen",
        )
    ]
    of_school = pl.col("diploma_id").str.starts_with(f"{brin}-")
    diplomas = region.tables["diploma"].filter(of_school)
    if diplomas.height:
        columns = plain_headers(("diploma_id", "soort", "datum", "bekend_op"))
        part = whole_part("diploma", columns)
        sheets.append(Sheet(with_number(diplomas, region), columns, [part], name="Diploma's"))
    return SchoolFile(f"inschrijvingen_{brin}.xlsx", sheets, style)
