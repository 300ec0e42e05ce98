"""The minutes of a table: what was decided for whom, who picks it up and when; PDF and XLSX.

The names of jongeren stand in them, so the minutes are made when asked for and never kept. A risk
does not leave the system in them.
"""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typst
import xlsxwriter
from sqlalchemy.orm import Session

from service.dutch import count, datum
from service.matchtafel.agenda import RISICO
from service.matchtafel.begrippen import Agendapunt, Besluit, Deelnemer, Matchtafel
from service.storage.besluit import BesluitRepository
from service.storage.matchtafel import MatchtafelRepository

TEMPLATE = Path(__file__).with_name("notulen.typ")
NOT_DISCUSSED = "niet besproken"
HEADS = (
    *("Nummer", "Jongere", "Urgentie", "Besluit", "Leerwerkplek", "Reden"),
    *("Wie pakt het op", "Organisatie", "Terugkomen op", "Eerder besloten"),
)
WIDTHS = (8, 26, 34, 26, 34, 44, 22, 22, 18, 40)


@dataclass(frozen=True)
class Regel:
    """One line of the minutes, in words; empty where nothing was decided."""

    nummer: int
    jongere: str
    urgentie: str
    besluit: str
    leerwerkplek: str
    reden: str
    eigenaar: str
    organisatie: str
    opvolgdatum: date | None
    eerder: str


@dataclass(frozen=True)
class Notulen:
    """Everything that the minutes show."""

    regio: str
    datum: date
    status: str
    peildatum: str
    deelnemers: tuple[str, ...]
    regels: tuple[Regel, ...]

    @property
    def samenvatting(self) -> str:
        """How many lines, how many of them discussed."""
        done = sum(regel.besluit != NOT_DISCUSSED for regel in self.regels)
        return f"{count(len(self.regels), 'jongere', 'jongeren')} op de agenda, {done} besproken."


def collect(
    session: Session,
    matchtafel_id: int,
    *,
    naam: Callable[[str], str],
    plek: Callable[[str], str],
) -> Notulen:
    """Return the minutes of a table as they stand now.

    Parameters
    ----------
    session : Session
        The store.
    matchtafel_id : int
        The table; NotFoundError when there is none.
    naam, plek : callable
        Give the name to show of a jongere and of a place, by id.
    """
    tables, besluiten = MatchtafelRepository(session), BesluitRepository(session)
    table = tables.get(matchtafel_id)
    people = tables.deelnemers(matchtafel_id)
    owners = {one.id: one for one in people}
    taken: dict[int, list[Besluit]] = {}
    for besluit in besluiten.of_matchtafel(matchtafel_id):
        taken.setdefault(besluit.agendapunt_id, []).append(besluit)
    return Notulen(
        regio=table.regio,
        datum=table.datum,
        status=table.status,
        peildatum=_peildatum(table),
        deelnemers=tuple(f"{one.naam} ({one.organisatie}, {one.rol})" for one in people),
        regels=tuple(
            _regel(place, line, taken.get(line.id, []), owners, naam(line.jongere_id), plek)
            for place, line in enumerate(tables.agendapunten(matchtafel_id), start=1)
        ),
    )


def _peildatum(table: Matchtafel) -> str:
    seen = table.momentopname.get("peildatum")
    return datum(date.fromisoformat(seen)) if seen else "onbekend"


def _regel(
    place: int,
    line: Agendapunt,
    taken: list[Besluit],
    owners: Mapping[int, Deelnemer],
    jongere: str,
    plek: Callable[[str], str],
) -> Regel:
    urgentie = ", ".join(one for one in line.urgentie if not one.endswith(RISICO))
    if not taken:
        return Regel(place, jongere, urgentie, NOT_DISCUSSED, "", "", "", "", None, "")
    last, owner = taken[-1], owners[taken[-1].eigenaar_id]
    return Regel(
        place,
        jongere,
        urgentie,
        last.keuze,
        plek(last.leerwerkplek_id) if last.leerwerkplek_id else "",
        last.reden,
        owner.naam,
        owner.organisatie,
        last.opvolgdatum,
        "; ".join(f"{one.keuze}: {one.reden}" for one in taken[:-1]),
    )


def as_pdf(notulen: Notulen) -> bytes:
    """Return the minutes as a PDF that a screen reader can follow (PDF/UA-1, ISO 14289-1).

    That standard refuses a sign for which no font is at hand. Then the minutes come as a plain PDF
    with a box for the sign: the meeting goes on.
    """
    told = {
        "regio": notulen.regio,
        "datum": datum(notulen.datum),
        "status": notulen.status,
        "peildatum": notulen.peildatum,
        "samenvatting": notulen.samenvatting,
        "deelnemers": notulen.deelnemers,
        "regels": [
            vars(one) | {"opvolgdatum": datum(one.opvolgdatum) if one.opvolgdatum else ""}
            for one in notulen.regels
        ],
    }
    inputs = {"notulen": json.dumps(told)}
    try:
        return bytes(typst.compile(TEMPLATE, sys_inputs=inputs, pdf_standards="ua-1"))
    except typst.TypstError:
        return bytes(typst.compile(TEMPLATE, sys_inputs=inputs))


def as_xlsx(notulen: Notulen) -> bytes:
    """Return the minutes as a sheet that can be sorted on owner or day."""
    target = io.BytesIO()
    # no cell is ever a formula or a link, whatever people typed
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("Notulen")
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "d mmmm yyyy", "valign": "top", "align": "left"})
        for column, (title, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        for place, regel in enumerate(notulen.regels, start=1):
            for column, value in enumerate(vars(regel).values()):
                if isinstance(value, date):
                    sheet.write_datetime(place, column, value, day)
                elif isinstance(value, int):
                    sheet.write_number(place, column, value, cell)
                else:
                    sheet.write_string(place, column, value or "", cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(notulen.regels)), len(HEADS) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return target.getvalue()
