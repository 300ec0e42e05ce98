"""The vsv files of DUO: who was counted as startpopulatie and as voortijdig schoolverlater.

Read are the monthly A04 and A14 (new vsv'ers so far) and the yearly NRSP (startpopulatie) and NenR
(namen en rugnummers: the new vsv'ers). They hold names, addresses and BSN's: a BSN becomes a
pseudonym, name and address go to the separated table identiteit, geslacht is not read.
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from features.contract import Table
from features.tables import BEKEND_BIJ, JONGERE, VSV_REGISTRATIE
from service.errors import FileError
from service.identity import IDENTITEIT
from service.importing.duo_bestand import (
    REASON_DATE,
    REASON_MISSING,
    collect,
    parse_date,
    parse_month_of_birth,
    read_head,
    read_text,
    report,
)
from service.importing.duo_personen import NUMBER, PERSON, Persons, find_persons
from service.importing.duo_vsv import (
    REGISTER,
    SEPARATOR,
    Edition,
    edition_of,
    has_marks,
    header_names,
)
from service.importing.parsed import LINE, ParsedFile
from service.importing.pseudonym import Key

STYLE = "%d-%m-%Y"
OVERFLOW = "te veel velden"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "geboortedatum": ("GEBOORTEDATUM",),
    "gemeente": ("WOONGEMEENTE", "GEMEENTENAAM"),
    "woonplaats": ("WOONPLAATS",),
    "postcode": ("POSTCODE", "POSTCODE_CIJFERS"),
    "instelling": ("BRIN", "BRIN_NR"),
    "opleidingcode": ("ONDERWIJSCODE", "CREBO"),
    "niveau": ("NIVEAU",),
    "rapportagemaand": ("RAPPORTAGEMAAND",),
    "uitschrijving": ("DATUM_UITSCHRIJVING",),
    "voornamen": ("ALLE_VOORNAMEN", "VOORNAMEN"),
    "tussenvoegsel": ("VOORVOEGSEL",),
    "achternaam": ("ACHTERNAAM",),
    "straat": ("STRAAT",),
    "huisnummer": ("HUISNUMMER",),
    "huisletter": ("HUISLETTER",),
    "toevoeging": ("HUISNUMMER_TOEVOEGING",),
}
"""Columns that are read: our name, and DUO's names for it, the monthly one first."""
NUMBERS = ("PERSOONSGEBONDENNUMMER", "BURGERSERVICENUMMER", "ONDERWIJSNUMMER")
REPORTED = {
    ("jongere", "geboortedatum"): "geboortedatum",
    ("vsv_registratie", "instelling"): "instelling",
    ("vsv_registratie", "opleidingcode"): "opleidingcode",
    ("vsv_registratie", "datum"): "rapportagemaand",
    ("bekend_bij", "datum_van"): "rapportagemaand",
    ("identiteit", "postcode"): "postcode",
}


def is_vsv(path: Path) -> bool:
    """Whether the columns of a file are those of a vsv file of DUO, whatever its name."""
    first = read_head(path).split(b"\n", 1)[0].decode("utf-8", errors="replace")
    return has_marks(set(header_names(first)))


def read_vsv(path: Path, *, key: Key, allow_masked: bool = False) -> ParsedFile:
    """Read a vsv file of DUO: A04 or A14 of a month, NRSP or NenR of a year.

    Parameters
    ----------
    path : Path
        The file, under the name that DUO gave it; it may be packed with gzip.
    key : Key
        Key of the pseudonyms; no BSN or onderwijsnummer is kept.
    allow_masked : bool
        Accept numbers that fail the elfproef; they are hashed all the same.

    Returns
    -------
    ParsedFile
        Tables jongere, vsv_registratie, bekend_bij (not for a startpopulatie) and identiteit.

    Raises
    ------
    FileError
        The file is no vsv file, or its name does not tell which one.

    Notes
    -----
    *Which year*: NenR2023D holds the definitive vsv'ers of school year 2022-2023 (schooljaar 2022),
    V in the place of D the provisional ones. In a monthly file every row has a RAPPORTAGEMAAND,
    and the school year runs from October: A14 goes on with the year before that of its name.

    *datum*: of a startpopulatie 1 October of the school year; of NenR 1 October after it, the day
    on which somebody is still gone; of a monthly row the uitschrijving, else the first day of the
    RAPPORTAGEMAAND.

    *bekend_op*: definitive figures come in November of the year after the one in the name; we take
    the end of that month, and for provisional ones the end of the May before. A monthly row was
    known at the end of the month after its RAPPORTAGEMAAND, or of the month of the file when that
    is earlier.

    References
    ----------
    DUO, Zakelijk, Verzuim: Rapportages (codes A01 to A07); Definitieve cijfers Namen en rugnummers
    2016-2017 and 2017-2018 (the year in the name, the D, and the month of publication).
    """
    content = read_text(path)
    header, _, body = content.partition(b"\n")
    names = header_names(header.decode())
    edition = edition_of(path, set(names))
    rows = _rows(body, names, path)
    persons = find_persons(
        rows.select(NUMBER, LINE), path, _label(names), key=key, allow_masked=allow_masked
    )
    rows = rows.join(persons.numbers, on=NUMBER, how="inner", maintain_order="left").drop(NUMBER)
    typed, problems = _type(rows, path, names)
    made, warnings = _make_tables(typed, persons, edition)
    return ParsedFile(
        path=path,
        kind=f"vsv {edition.code}",
        tables=made,
        problems=collect([*persons.problems, *problems]),
        columns={place: _source(name, names) for place, name in REPORTED.items()},
        warnings=tuple(warnings),
    )


def _label(names: list[str]) -> str:
    return next(name for name in NUMBERS if name in names)


def _source(name: str, names: list[str]) -> str:
    return next((column for column in COLUMNS[name] if column in names), name)


def _rows(body: bytes, names: list[str], path: Path) -> pl.DataFrame:
    """Cut the rows; keep only the columns that are read, under our names, and the number."""
    if not body.strip():
        raise FileError(str(path), "Dit bestand heeft alleen een kopregel.")
    frame = pl.read_csv(
        body,
        has_header=False,
        separator=SEPARATOR,
        schema=dict.fromkeys([*names, OVERFLOW], pl.String()),
        extra_columns="ignore",
        missing_columns="insert",
    ).with_row_index(LINE, offset=2)
    numbers = [name for name in NUMBERS if name in names]
    empty = pl.lit(None, pl.String)
    return frame.filter(~pl.all_horizontal(pl.exclude(LINE).is_null())).select(
        LINE,
        pl.coalesce(_clean(name) for name in numbers).alias(NUMBER),
        OVERFLOW,
        *(
            pl.coalesce([_clean(column) for column in columns if column in names] or [empty]).alias(
                name
            )
            for name, columns in COLUMNS.items()
        ),
    )


def _clean(name: str) -> pl.Expr:
    text = pl.col(name).str.strip_chars()
    return pl.when(text != "").then(text)


def _type(
    rows: pl.DataFrame, path: Path, names: list[str]
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Return the sound rows with their dates, and a report of the others."""
    month = rows["rapportagemaand"]
    dates = {
        "geboortedatum": parse_month_of_birth(rows["geboortedatum"], STYLE),
        "uitschrijving": parse_date(rows["uitschrijving"], STYLE),
        "rapportagemaand": (month + "01").str.to_date("%Y%m%d", strict=False),
    }
    typed = rows.with_columns(values.alias(name) for name, values in dates.items())
    faults = [
        (name, rows[name].is_not_null() & typed[name].is_null(), REASON_DATE) for name in dates
    ]
    if "RAPPORTAGEMAAND" in names:
        faults.append(("rapportagemaand", month.is_null(), REASON_MISSING))
    problems = [
        report(rows.filter(bad), path, _source(name, names), pl.col(name), reason)
        for name, bad, reason in faults
    ]
    crowded = rows[OVERFLOW].is_not_null()
    problems.append(
        report(
            rows.filter(crowded),
            path,
            "regel",
            pl.lit(None, pl.String),
            "Deze regel heeft meer velden dan de kopregel.",
        )
    )
    bad_rows = pl.select(pl.any_horizontal(crowded, *(bad for _, bad, _ in faults))).to_series()
    return typed.filter(~bad_rows), problems


def _make_tables(
    rows: pl.DataFrame, persons: Persons, edition: Edition
) -> tuple[dict[str, pl.DataFrame], list[str]]:
    rows = rows.with_columns(
        persons.ids.gather(rows[PERSON]).alias("jongere_id"),
        pl.lit(f"{REGISTER} {edition.code}").alias("bron"),
        *edition.timing(),
    )
    registered = _registrations(rows, edition)
    tables = {
        "jongere": _finish(_persons(rows), JONGERE),
        "vsv_registratie": _finish(registered, VSV_REGISTRATIE),
        "identiteit": _finish(_identities(rows), IDENTITEIT),
    }
    if edition.counts_leavers:
        known = registered.with_columns(
            pl.lit(REGISTER).alias("register"), pl.col("datum").alias("datum_van")
        )
        tables["bekend_bij"] = _finish(
            known.unique(BEKEND_BIJ.key, keep="last", maintain_order=True), BEKEND_BIJ
        )
    doubles = rows.height - registered.height
    return tables, (
        [f"Dubbele regels voor een jongere in een schooljaar samengevoegd: {doubles}."]
        if doubles
        else []
    )


def _registrations(rows: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """One row per jongere and school year: the last one; known since the first."""
    code = pl.col("opleidingcode")
    return rows.with_columns(
        pl.lit(edition.soort.value).alias("soort"),
        pl.col("instelling").str.to_uppercase(),
        pl.when(code.str.contains(r"^\d{5}$")).then(code),
        pl.col("niveau").str.extract(r"(?i)^mbo\s?-?([1-4])").cast(pl.Int32),
        pl.col("bekend_op").min().over("jongere_id", "schooljaar"),
    ).unique(VSV_REGISTRATIE.key, keep="last", maintain_order=True)


def _persons(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per jongere: the last one of the file."""
    last = rows.unique("jongere_id", keep="last", maintain_order=True)
    digits = pl.col("postcode").str.extract(r"^([1-9]\d{3})")
    return last.with_columns(digits.alias("postcode4"))


def _identities(rows: pl.DataFrame) -> pl.DataFrame:
    last = rows.unique("jongere_id", keep="last", maintain_order=True)
    postcode = pl.col("postcode").str.to_uppercase()
    number = pl.col("huisnummer").str.strip_suffix(".0")
    extra = pl.concat_str("huisletter", "toevoeging", separator=" ", ignore_nulls=True)
    return last.with_columns(
        pl.when(postcode.str.contains(r"^[1-9]\d{3} ?[A-Z]{2}$")).then(postcode),
        pl.when(number.is_not_null())
        .then(pl.concat_str(number, extra, separator=" ", ignore_nulls=True).str.strip_chars())
        .alias("huisnummer"),
    )


def _finish(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return the columns of a contract and `LINE`; a column that the file has not is null."""
    return rows.select(
        *(
            (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in table.schema.items()
        ),
        LINE,
    )
