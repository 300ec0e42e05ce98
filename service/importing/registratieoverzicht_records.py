"""Records of a Registratieoverzicht: where each field stands, and lines cut into typed columns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Literal

import polars as pl

from service.errors import FileError
from service.importing.duo_bestand import (
    REASON_DATE,
    REASON_MISSING,
    collect,
    find_style,
    parse_date,
    parse_month_of_birth,
    read_head,
    read_text,
    report,
)
from service.importing.duo_personen import (
    NUMBER,
    PERSON,
    Persons,
    find_persons,
    number_persons,
)
from service.importing.parsed import LINE, no_problems
from service.importing.pseudonym import Key

KNOWN_RECORDS = ("VLP", "PER", "ISG", "ISP", "ISE", "BPV", "DIP", "AMO", "GEO", "KZD", "SLR")
FIELD_COUNT = 12
HEAD_LINES = 20
PADDING_BYTES = 2**16
"""Where it shows whether fields are filled up with spaces: a file does so throughout or not."""
BRIN = r"^\d{2}[A-Z]{2}$"


class Variant(StrEnum):
    """Which of DUO's two files with these records it is."""

    REGISTRATIEOVERZICHT = "registratieoverzicht"
    GRONDSLAG = "grondslag"


Kind = Literal["text", "number", "date", "month", "hours", "niveau"]


@dataclass(frozen=True)
class Field:
    """One field of a record: DUO's words for it, and what it holds."""

    label: str
    kind: Kind = "text"


FIELDS: Mapping[str, Field] = {
    "geboortedatum": Field("geboortedatum", "month"),
    "postcode4": Field("postcodecijfers"),
    "volgnummer": Field("inschrijvingvolgnummer", "number"),
    "inschrijving": Field("datum inschrijving", "date"),
    "gepland": Field("datum uitschrijving gepland", "date"),
    "werkelijk": Field("datum uitschrijving werkelijk", "date"),
    "reden": Field("reden uitschrijving"),
    "begin": Field("datum begin", "date"),
    "opleidingcode": Field("opleidingcode"),
    "leertraject": Field("leertraject"),
    "niveau": Field("niveau", "niveau"),
    "afgesloten": Field("afsluitdatum", "date"),
    "bpv_gepland": Field("datum einde gepland", "date"),
    "bpv_werkelijk": Field("datum einde werkelijk", "date"),
    "omvang": Field("omvang", "hours"),
    "leerbedrijf_id": Field("leerbedrijf-ID"),
    "resultaat": Field("resultaatvolgnummer"),
    "onderdeel_van": Field("resultaatvolgnummer diploma"),
    "datum": Field("datum", "date"),
}

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "PER": (),
    "ISG": ("volgnummer", "inschrijving"),
    "ISP": ("volgnummer", "begin", "opleidingcode"),
    "BPV": ("begin", "leerbedrijf_id"),
    "DIP": ("resultaat", "datum"),
    "AMO": ("resultaat",),
}

_ISG = ("volgnummer", "inschrijving", "gepland", "werkelijk", "reden")
_BPV = (
    *("volgnummer", "", "afgesloten", "begin", "bpv_gepland", "bpv_werkelijk"),
    *("omvang", "leerbedrijf_id", "opleidingcode"),
)
LAYOUTS: Mapping[Variant, Mapping[str, tuple[str, ...]]] = {
    Variant.REGISTRATIEOVERZICHT: {
        "PER": ("geboortedatum",),
        "ISG": _ISG,
        "ISP": ("volgnummer", "begin", "opleidingcode", "leertraject", "niveau"),
        "BPV": _BPV,
        "DIP": ("resultaat", "opleidingcode", "datum"),
        "AMO": ("onderdeel_van", "opleidingcode", "resultaat", "", "datum"),
    },
    Variant.GRONDSLAG: {
        "PER": ("", "", "", "", "postcode4"),
        "ISG": _ISG,
        "ISP": ("volgnummer", "begin", "", "opleidingcode", "niveau", "leertraject"),
        "BPV": _BPV,
        "DIP": ("resultaat", "opleidingcode", "datum"),
        "AMO": ("onderdeel_van", "resultaat", ""),
    },
}
"""Names of the fields that are read, from the third field after the record type on.

The first two are BSN and onderwijsnummer; in GRONDSLAG they are a pseudonym and the BRIN. What is
not named (geslacht, ages, background codes) is not read at all. GRONDSLAG tells ages, from which
no date of birth can be made.
"""


@dataclass(frozen=True)
class Lines:
    """A file cut into fields ``f0`` (record type) to ``f11``, with `LINE`; an empty one is null."""

    path: Path
    frame: pl.DataFrame
    style: str
    variant: Variant
    counts: Mapping[str | None, int]

    def of(self, record: str, *columns: pl.Expr) -> pl.DataFrame:
        """Return the lines of one record type; all columns, or those given."""
        lines = self.frame.lazy().filter(pl.col("f0") == record)
        return (lines.select(columns) if columns else lines).collect()


def looks_like_records(head: bytes) -> bool:
    """Whether the first lines of a file begin with record types of a Registratieoverzicht."""
    lines = [line for line in head.split(b"\n")[:HEAD_LINES] if line.strip()]
    pattern = re.compile(rb"\s*(?:%s)\s*[;|]" % "|".join(KNOWN_RECORDS).encode())
    known = [bool(pattern.match(line)) for line in lines]
    return bool(known) and known[0] and 2 * sum(known) >= len(known)


def is_registratieoverzicht(path: Path) -> bool:
    """Whether the content of a file is a Registratieoverzicht or GRONDSLAG, whatever its name."""
    return looks_like_records(read_head(path))


def read_lines(path: Path) -> Lines:
    """Cut a file into fields.

    Raises
    ------
    FileError
        The file cannot be opened, is empty, or is no Registratieoverzicht.
    """
    content = read_text(path)
    start = len(content) - len(content.lstrip(b"\r\n"))
    skipped = content[:start].count(b"\n")
    content = content[start:]
    if not looks_like_records(content[: HEAD_LINES * 256]):
        raise FileError(str(path), "Dit is geen registratieoverzicht van DUO.")
    separator = "|" if content[:99].lstrip()[3:4] == b"|" else ";"
    frame = _cut(content, separator).with_row_index(LINE, offset=skipped + 1)
    counts = dict(frame["f0"].value_counts().rows())
    return Lines(path, frame, find_style(content), _variant(frame), counts)


def _cut(content: bytes, separator: str) -> pl.DataFrame:
    frame = pl.read_csv(
        content,
        has_header=False,
        separator=separator,
        quote_char=None,
        schema={f"f{place}": pl.String for place in range(FIELD_COUNT)},
        extra_columns="ignore",
        missing_columns="insert",
    )
    head = content[:PADDING_BYTES]
    if b" " + separator.encode() in head or separator.encode() + b" " in head:
        stripped = pl.all().str.strip_chars()
        frame = frame.with_columns(pl.when(stripped != "").then(stripped).name.keep())
    return frame


def _variant(frame: pl.DataFrame) -> Variant:
    second = frame.lazy().filter(pl.col("f0") == "ISG").head(1).collect()["f2"]
    is_brin = bool(second.str.contains(BRIN).any())
    return Variant.GRONDSLAG if is_brin else Variant.REGISTRATIEOVERZICHT


def unknown_records(lines: Lines) -> pl.DataFrame:
    """Report lines of a type that does not exist, such as a line that was cut off."""
    if lines.counts.keys() <= set(KNOWN_RECORDS):
        return no_problems()
    kind = pl.col("f0")
    rows = lines.frame.filter(
        kind.is_not_null() & ~kind.is_in(KNOWN_RECORDS)
        | (kind.is_null() & pl.any_horizontal(pl.col("^f[1-9]$").is_not_null()))
    )
    shown = kind.str.replace_all(r"\d", "*").str.slice(0, 20)
    return report(rows, lines.path, "recordsoort", shown, "Deze recordsoort bestaat niet.")


def find_persons_of(lines: Lines, key: Key, *, allow_masked: bool) -> tuple[Lines, Persons]:
    """Make a pseudonym of every person; in GRONDSLAG of the pseudonym that stands there.

    Returns
    -------
    lines : Lines
        The same lines with the `PERSON` of each, null where the number is absent or refused.
    persons : Persons
        The persons, and what is wrong with their numbers.
    """
    rows = lines.frame.select("f0", _number(lines.variant).alias(NUMBER), LINE)
    persons = find_persons(
        rows.filter(pl.col("f0").is_in(list(REQUIRED))).drop("f0"),
        lines.path,
        "bsn of onderwijsnummer",
        key=key,
        allow_masked=allow_masked,
    )
    numbered = lines.frame.with_columns(number_persons(rows[NUMBER], persons))
    return replace(lines, frame=numbered), persons


def _number(variant: Variant) -> pl.Expr:
    if variant is Variant.GRONDSLAG:
        return pl.col("f1")
    return pl.coalesce("f1", "f2")


def read_record(lines: Lines, record: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the lines of one record type with typed fields, and a report of bad cells.

    The lines are those of `find_persons_of`; those of no known person are left out.

    Returns
    -------
    rows : DataFrame
        `LINE`, `PERSON`, and the fields of the layout under their names in `FIELDS`; a line with
        a bad cell has ``sound`` false, so that what belongs to it can still be found.
    problems : DataFrame with the columns of `service.importing.parsed.PROBLEMS`
    """
    layout = LAYOUTS[lines.variant][record]
    raw = lines.of(
        record,
        pl.col(LINE),
        pl.col(PERSON),
        *(pl.col(f"f{place}").alias(name) for place, name in enumerate(layout, 3) if name),
        *_scattered(lines.variant, record),
    ).filter(pl.col(PERSON).is_not_null())
    names = [name for name in raw.columns if name in FIELDS]
    typed = raw.select(
        LINE, PERSON, *(_typed(raw[name], FIELDS[name].kind, lines.style) for name in names)
    )
    bad = [
        (name, mask, reason)
        for name in names
        for mask, reason in _bad(raw, typed, name, required=name in REQUIRED[record])
        if mask.any()
    ]
    problems = [
        report(raw.filter(mask), lines.path, FIELDS[name].label, pl.col(name), reason)
        for name, mask, reason in bad
    ]
    masks = [pl.lit(value=False), *(mask for _, mask, _ in bad)]
    sound = typed.with_columns((~pl.any_horizontal(masks)).alias("sound"))
    return sound, collect(problems)


def _scattered(variant: Variant, record: str) -> list[pl.Expr]:
    """Return the date of a certificate in GRONDSLAG, which stands in no fixed field."""
    if variant is not Variant.GRONDSLAG or record != "AMO":
        return []
    dates = (pl.col(f"f{place}") for place in range(6, 11))
    return [
        pl.coalesce(pl.when(text.str.contains(r"^\d{8}$")).then(text) for text in dates).alias(
            "datum"
        )
    ]


def _typed(text: pl.Series, kind: Kind, style: str) -> pl.Series:
    match kind:
        case "date":
            return parse_date(text, style)
        case "month":
            return parse_month_of_birth(text, style)
        case "hours":
            hours = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
            return hours.set(hours < 0, None)
        case "niveau":
            return text.str.extract(r"^MBO-([1-4])$").cast(pl.Int32)
        case "number":
            bare = text.str.strip_chars_start("0")
            return bare.zip_with((bare != "").fill_null(value=True), text)
        case "text":
            return text


def _bad(
    raw: pl.DataFrame, typed: pl.DataFrame, name: str, *, required: bool
) -> list[tuple[pl.Series, str]]:
    """Return (cell is bad, why): it is absent, or it could not be read."""
    missing = raw[name].is_null()
    return [
        (missing & required, REASON_MISSING),
        (~missing & typed[name].is_null(), _reason(FIELDS[name])),
    ]


def _reason(field: Field) -> str:
    reasons = {"hours": "Dit is geen aantal uren.", "niveau": "Dit is geen niveau van MBO-1 tot 4."}
    return reasons.get(field.kind, REASON_DATE)
