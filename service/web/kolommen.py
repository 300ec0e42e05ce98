"""The screen on which a beheerder says what the columns and words of a file mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from features.contract import Table
from service.dependencies import ActorDep, InstallationDep, require_own_site
from service.importing.cells import DATE_ORDERS
from service.importing.explanations import TABLES_EXPLAINED
from service.importing.mapping import CONTRACTS, MappingError, missing_columns
from service.importing.mappingvoorstel import (
    Keuze,
    Kolom,
    choices_of,
    open_columns,
    pattern_of,
    stored_keuze,
    strange_words,
    suggest_columns,
    suggest_table,
    targets_of,
    write_mapping,
)
from service.importing.voorstel import Voorstel, find
from service.rechten.begrippen import Actor
from service.web.importen import SCHRIJVEN, STEP, Kort, address_of, file_of, try_again
from service.web.plekken import SentDep
from service.web.rendering import page

KOLOMMEN = STEP + "/{nummer}/kolommen"
LONGEST_DOEL = 90
router = APIRouter(dependencies=[Depends(require_own_site), SCHRIJVEN], include_in_schema=False)


@dataclass(frozen=True)
class Woord:
    """A word of a column that is none of the values of the table: its field, and what it means."""

    veld: str
    woord: str
    waarde: str


@dataclass(frozen=True)
class Woorden:
    """The strange words of one column, and the values between which to choose."""

    kop: str
    keuzes: tuple[tuple[str, str], ...]
    woorden: tuple[Woord, ...]


@router.get(KOLOMMEN)
def show_kolommen(
    actor: ActorDep, installation: InstallationDep, sleutel: str, nummer: int, tabel: Kort = ""
) -> HTMLResponse:
    """Show the columns of a file beside those of a table, with what each probably is."""
    voorstel = find(installation.werkplaats, sleutel, door=actor.gebruiker_id)
    path = file_of(voorstel, nummer)
    _, kolommen = open_columns(path)
    koppen = [one.kop for one in kolommen]
    keuze = stored_keuze(installation.werkplaats.mappings, path, tabel)
    if keuze is None:
        table = CONTRACTS.get(tabel) or CONTRACTS[suggest_table(koppen, path.stem)]
        keuze = Keuze(table.name, pattern_of(path.name), suggest_columns(table, koppen))
    return _page(actor, voorstel, nummer, keuze)


@router.post(KOLOMMEN)
def receive_kolommen(
    actor: ActorDep, installation: InstallationDep, sleutel: str, nummer: int, sent: SentDep
) -> Response:
    """Keep what columns and words mean as a mapping file, and try the files again."""
    voorstel = find(installation.werkplaats, sleutel, door=actor.gebruiker_id)
    keuze = _read(sent, voorstel, nummer)
    try:
        write_mapping(installation.werkplaats.mappings, keuze)
    except MappingError as error:
        fout = error.problem.partition(": ")[2] or error.problem
        return _page(actor, voorstel, nummer, keuze, fout=fout)
    try_again(actor, installation, voorstel)
    return RedirectResponse(f"{address_of(voorstel)}?klaar=kolommen", HTTPStatus.SEE_OTHER)


def _read(sent: SentDep, voorstel: Voorstel, nummer: int) -> Keuze:
    """Return what a form says; a word counts in the column that its own column now is."""
    path = file_of(voorstel, nummer)
    blad, kolommen = open_columns(path)
    tabel, patroon, datum = (_first(sent, name) for name in ("tabel", "bestand", "datum"))
    chosen = {one.kop: _first(sent, f"kolom_{at}") for at, one in enumerate(kolommen)}
    vast = zip(sent.get("vast_kolom", ()), sent.get("vast_waarde", ()), strict=False)
    return Keuze(
        tabel,
        patroon.strip() or pattern_of(path.name),
        chosen,
        datum,
        blad,
        _read_words(sent, CONTRACTS.get(tabel), kolommen, chosen),
        {kolom: waarde.strip() for kolom, waarde in vast if kolom and waarde.strip()},
    )


def _read_words(
    sent: SentDep, table: Table | None, kolommen: Sequence[Kolom], chosen: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for at, kolom in enumerate(kolommen):
        doel = chosen[kolom.kop]
        allowed = choices_of(table, doel) if table is not None else ()
        for place, woord in enumerate(kolom.woorden):
            waarde = _first(sent, _field(at, place))
            if waarde in allowed:
                found.setdefault(doel, {})[woord] = waarde
    return found


def _page(
    actor: Actor, voorstel: Voorstel, nummer: int, keuze: Keuze, *, fout: str = ""
) -> HTMLResponse:
    path = file_of(voorstel, nummer)
    _, kolommen = open_columns(path)
    table = CONTRACTS.get(keuze.tabel) or CONTRACTS[suggest_table([one.kop for one in kolommen])]
    mist = missing_columns(table, {*keuze.kolommen.values(), *keuze.vast})
    told = {
        "bestand": path.name,
        "adres": f"{address_of(voorstel)}/{nummer}/kolommen",
        "terug": address_of(voorstel),
        "kolommen": kolommen,
        "gekozen": keuze.kolommen,
        "tabel": table.name,
        "uitleg": TABLES_EXPLAINED[table.name],
        "tabellen": [(name, name.replace("_", " ")) for name in TABLES_EXPLAINED],
        "doelen": _targets(table),
        "woorden": _words(table, kolommen, keuze),
        "vast": [*keuze.vast.items(), *((one, "") for one in mist), ("", "")],
        "vaste_doelen": [one for one in _targets(table) if one[0] in table.schema],
        "patroon": keuze.bestand,
        "datum": keuze.datum,
        "datums": [(form, form) for form in DATE_ORDERS.values()],
        "mist": [one.replace("_", " ") for one in mist],
        "fout": fout,
    }
    status = HTTPStatus.BAD_REQUEST if fout else HTTPStatus.OK
    return page("importen/kolommen.html", told, actor=actor.naam, status=status)


def _words(table: Table, kolommen: Sequence[Kolom], keuze: Keuze) -> list[Woorden]:
    """Return the columns with words that the table does not know, and what was said of them."""
    found = []
    for at, kolom in enumerate(kolommen):
        doel = keuze.kolommen.get(kolom.kop, "")
        said = keuze.waarden.get(doel, {})
        strange = {*strange_words(table, doel, kolom.woorden), *said}
        woorden = tuple(
            Woord(_field(at, place), woord, said.get(woord, ""))
            for place, woord in enumerate(kolom.woorden)
            if woord in strange
        )
        if woorden:
            keuzes = choices_of(table, doel)
            found.append(Woorden(kolom.kop, tuple(zip(keuzes, keuzes, strict=True)), woorden))
    return found


def _field(kolom: int, woord: int) -> str:
    return f"woord_{kolom}_{woord}"


def _targets(table: Table) -> Sequence[tuple[str, str]]:
    """Return what a column may be, in words; what must be there says so."""
    needed = set(missing_columns(table, set()))
    return [
        (
            name,
            f"{name.replace('_', ' ')}{' (moet)' if name in needed else ''}: {meaning}"[
                :LONGEST_DOEL
            ],
        )
        for name, meaning in targets_of(table)
    ]


def _first(sent: SentDep, name: str) -> str:
    return next(iter(sent.get(name, ())), "")
