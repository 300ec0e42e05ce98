"""DUO Registratieoverzicht: every enrolment, stage and diploma of one mbo institution.

Four layouts of the same records are read: separator ``|`` or ``;``, three styles of dates, with or
without padding, `VLP` and `SLR` at either end or absent, codes with or without leading zero; and
GRONDSLAG, with a pseudonym and ages. The same facts end in the same rows.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import polars as pl

from service.errors import FileError
from service.importing.duo_bestand import collect, parse_date, report
from service.importing.parsed import LINE, ParsedFile
from service.importing.pseudonym import Key
from service.importing.registratieoverzicht_records import (
    BRIN,
    FIELDS,
    REQUIRED,
    Lines,
    Variant,
    find_persons_of,
    is_registratieoverzicht,
    read_lines,
    read_record,
    unknown_records,
)
from service.importing.registratieoverzicht_tables import (
    ENROLMENT,
    Made,
    Records,
    Source,
    find_niveaus,
    make_diploma,
    make_inschrijving,
    make_jongere,
    make_stage,
)

__all__ = ["is_registratieoverzicht", "read_registratieoverzicht"]

THREADS = 2
SLR_ORDER = {
    Variant.REGISTRATIEOVERZICHT: ("PER", "ISG", "ISP", "ISE", "BPV", "DIP", "AMO", "GEO", "KZD"),
    Variant.GRONDSLAG: ("PER", "ISG", "ISP", "ISE", "BPV", "", "DIP", "", "AMO", "GEO", "KZD"),
}
"""Which record type each total of SLR counts; GRONDSLAG has two that no sample explains."""
FILE_NAME = re.compile(r"(?:^|_)(\d{2}[A-Z]{2})(?:_|\.|$)", re.IGNORECASE)
DATE_IN_NAME = re.compile(r"(?<!\d)(20\d{6})(?!\d)")

COLUMNS = {
    ("jongere", "geboortedatum"): "geboortedatum",
    ("inschrijving", "volgnummer"): "volgnummer",
    ("inschrijving", "opleidingcode"): "opleidingcode",
    ("inschrijving", "leerweg"): "leertraject",
    ("inschrijving", "begindatum"): "begin",
    ("inschrijving", "geplande_einddatum"): "gepland",
    ("inschrijving", "einddatum"): "werkelijk",
    ("inschrijving", "reden_uitschrijving"): "reden",
    ("diploma", "diploma_id"): "resultaat",
    ("diploma", "opleidingcode"): "opleidingcode",
    ("diploma", "datum"): "datum",
    ("stage", "leerbedrijf_id"): "leerbedrijf_id",
    ("stage", "opleidingcode"): "opleidingcode",
    ("stage", "begindatum"): "begin",
    ("stage", "geplande_einddatum"): "bpv_gepland",
    ("stage", "einddatum"): "bpv_werkelijk",
    ("stage", "uren_per_week"): "omvang",
}
"""Field of a record (see `FIELDS`) behind each canonical column."""


def read_registratieoverzicht(
    path: Path,
    *,
    key: Key,
    meldvertraging_dagen: int = 75,
    allow_masked: bool = False,
    brin: str | None = None,
) -> ParsedFile:
    """Read a Registratieoverzicht, or the GRONDSLAG file with the same records.

    Parameters
    ----------
    path : Path
        The file: UTF-8 (with or without BOM) or Windows-1252, also packed with gzip.
    key : Key
        Key of the pseudonyms; no BSN or onderwijsnummer is kept.
    meldvertraging_dagen : int
        Days between an end and others knowing of it, at least 0.
    allow_masked : bool
        Accept numbers that fail the elfproef, such as ``BSN1`` in samples and the pseudonyms of
        GRONDSLAG. They are hashed all the same.
    brin : str, optional
        BRIN of the institution; otherwise it is taken from VLP, the records or the file name.

    Returns
    -------
    ParsedFile
        Tables jongere, inschrijving, diploma and stage.

    Raises
    ------
    FileError
        The file is no Registratieoverzicht, or nothing tells the BRIN or a date.

    Notes
    -----
    *inschrijving*: one row per ISG and run of ISP records with the same opleidingcode, leerweg and
    niveau. A row ends the day before the next one begins, the last one with the ISG; only that one
    carries the reden. The niveau comes from the ISP, else from `features.reference`; unknown
    gives onderwijssoort mbo without niveau. A code of four digits is one of voortgezet onderwijs,
    which an mbo institution only offers as vavo.

    *geboortedatum*: the first day of the month; an unknown month (00) counts as July. Geslacht is
    not read. GRONDSLAG tells ages only: no date of birth is made of those.

    *When something was known*, where the date of the file is the date on which DUO made it (VLP),
    else the newest date in its name, else the newest date of an event in it:

    - an inschrijving: on its first day, a stage: on its afsluitdatum, else its first day, a
      diploma: on its datum; never later than the date of the file;
    - the end of an inschrijving or stage: `meldvertraging_dagen` after it, or on the date of the
      file when that is earlier (also for an end that lies after the file);
    - an end that is only a change within the same ISG: with the change.

    A stage is a jongere, a leerbedrijf and a begin; hours a week are the omvang divided by the
    weeks between begin and planned end, and null when that is no possible week.
    """
    lines = read_lines(path)
    warnings = _check_totals(lines)
    found_brin = _find_brin(lines, brin)
    lines, persons = find_persons_of(lines, key, allow_masked=allow_masked)
    problems = [unknown_records(lines), *persons.problems]
    read: dict[str, pl.DataFrame] = {}
    with ThreadPoolExecutor(THREADS) as pool:  # polars lets go of Python meanwhile
        for record, found in zip(
            REQUIRED, pool.map(partial(read_record, lines), REQUIRED), strict=True
        ):
            read[record], bad = found
            problems.append(bad)
    problems.append(_report_orphans(lines, read))
    records = {
        record: rows if rows["sound"].all() else rows.filter("sound")
        for record, rows in read.items()
    }
    source = Source(
        persons.ids,
        found_brin,
        _file_date(lines, records),
        timedelta(days=meldvertraging_dagen),
    )
    made = _make_tables(records, source)
    warnings += [sentence for _, sentences in made.values() for sentence in sentences]
    warnings += _unknown_niveaus(made["inschrijving"][0])
    return ParsedFile(
        path=path,
        kind=lines.variant.value,
        tables={name: table for name, (table, _) in made.items()},
        problems=collect(problems),
        columns={place: FIELDS[name].label for place, name in COLUMNS.items()},
        warnings=tuple(warnings),
    )


def _make_tables(records: Records, source: Source) -> dict[str, Made]:
    niveaus = find_niveaus(records["ISP"])
    makers: dict[str, Callable[[], Made]] = {
        "jongere": lambda: make_jongere(records["PER"], source),
        "inschrijving": lambda: make_inschrijving(records["ISG"], records["ISP"], niveaus, source),
        "diploma": lambda: make_diploma(records["DIP"], records["AMO"], niveaus, source),
        "stage": lambda: make_stage(records["BPV"], source),
    }
    with ThreadPoolExecutor(THREADS) as pool:
        made = pool.map(lambda make: make(), makers.values())
        return dict(zip(makers, made, strict=True))


def _find_brin(lines: Lines, given: str | None) -> str:
    in_name = FILE_NAME.search(lines.path.name)
    candidates: list[str | None] = [
        given,
        *lines.of("VLP")["f1"].to_list(),
        *(lines.of("ISG").head(1)["f2"] if lines.variant is Variant.GRONDSLAG else ()),
        in_name.group(1) if in_name else None,
    ]
    for candidate in candidates:
        if candidate and re.fullmatch(BRIN, candidate.upper()):
            return candidate.upper()
    raise FileError(
        str(lines.path),
        "Het bestand zegt niet van welke instelling het is. Geef het bestand de naam die DUO het "
        "gaf (RO_<BRIN>_...) of geef de BRIN op.",
    )


def _file_date(lines: Lines, records: Records) -> date:
    """Return the date on which the file was made, by VLP, the name, or the newest event."""
    made = "f3" if lines.variant is Variant.GRONDSLAG else "f4"
    told = parse_date(lines.of("VLP")[made], lines.style).max()
    if isinstance(told, date):
        return told
    in_name = pl.Series(DATE_IN_NAME.findall(lines.path.name), dtype=pl.String)
    named = in_name.str.to_date("%Y%m%d", strict=False).max()
    if isinstance(named, date):
        return named
    events = {
        "ISG": ("inschrijving", "werkelijk"),
        "ISP": ("begin",),
        "BPV": ("afgesloten", "bpv_werkelijk"),
        "DIP": ("datum",),
    }
    newest = [records[record][name].max() for record, names in events.items() for name in names]
    days = [day for day in newest if isinstance(day, date)]
    if not days:
        raise FileError(str(lines.path), "Er staat geen enkele datum in dit bestand.")
    return max(days)


def _check_totals(lines: Lines) -> list[str]:
    """Compare the totals of SLR with what is there; a file that was cut off shows here."""
    totals = lines.of("SLR").drop("f0", LINE)
    if not totals.height:
        return ["Er is geen record met totalen (SLR): of het bestand volledig is, is niet te zien."]
    order = SLR_ORDER[lines.variant]
    told = totals.row(-1)[: len(order)]
    differences = [
        f"{record}: {text or 0} volgens SLR, {lines.counts.get(record, 0)} geteld"
        for record, text in zip(order, told, strict=True)
        if record and (text or "0") != str(lines.counts.get(record, 0))
    ]
    if not differences:
        return []
    return [
        "De totalen in het bestand (SLR) kloppen niet met de regels. Mogelijk is het bestand niet "
        f"volledig. {'; '.join(differences)}."
    ]


def _report_orphans(lines: Lines, read: Records) -> pl.DataFrame:
    """Report an ISG without ISP and an ISP without ISG; one of them may be a bad row itself."""
    label = FIELDS["volgnummer"].label
    pairs = (
        ("ISG", "ISP", "Bij deze inschrijving (ISG) hoort geen periode (ISP)."),
        ("ISP", "ISG", "Bij deze periode (ISP) hoort geen inschrijving (ISG)."),
    )
    return pl.concat(
        report(
            read[record].join(read[other], on=ENROLMENT, how="anti"),
            lines.path,
            label,
            pl.col("volgnummer"),
            reason,
        )
        for record, other, reason in pairs
    )


def _unknown_niveaus(inschrijving: pl.DataFrame) -> list[str]:
    codes = inschrijving.filter(pl.col("niveau").is_null())["opleidingcode"]
    distinct = codes.drop_nulls().unique().sort().to_list()
    if not distinct:
        return []
    shown = ", ".join(distinct[:10]) + (" ..." if len(distinct) > 10 else "")
    return [f"Opleidingcodes waarvan het niveau niet bekend is ({len(distinct)}): {shown}."]
