"""What falls out of a list, parted by what a reader can do with it, and the screens of all of it.

The page of a jongere or a place counts what falls out per rule and names the first few; hundreds of
names below each other help nobody, so the others stand on a page of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from features.blokkade import Blokkade
from models.leerwerkplek import PlaatsingModel
from service.audit.spoor import current_spoor
from service.dependencies import ActorDep, RegioDep, require, require_own_site
from service.rechten.begrippen import Actor, Handeling
from service.suggesties import Uitgesloten
from service.web.rendering import page

EERSTE = 5
"""Of each rule, named on the page of the jongere or the place itself."""
PER_PAGINA = 100
MEER = "meer"
"""In an address: what more than one rule blocks."""
ZONDER_MODEL = frozenset({PlaatsingModel.name})
"""What falls out does so by rules alone: no score is asked for, so none is recorded."""
Regel = Annotated[Blokkade | Literal["meer"], Query()]
Pagina = Annotated[int, Query(ge=1, le=10_000)]
router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


@dataclass(frozen=True)
class Outside:
    """What falls out, by what a reader can do with it.

    `single` holds pairs that one rule blocks, which one change would make possible, most places
    first; `several` holds pairs that more rules block, and `rules` the rules among those.
    """

    single: tuple[tuple[Blokkade, tuple[Uitgesloten, ...]], ...]
    several: tuple[Uitgesloten, ...]
    rules: tuple[Blokkade, ...]


def group_uitgesloten(uitgesloten: Sequence[Uitgesloten]) -> Outside:
    """Part the pairs that fall out into one rule and more rules; each pair comes back once."""
    single: dict[Blokkade, list[Uitgesloten]] = {}
    several: list[Uitgesloten] = []
    for pair in uitgesloten:
        if len(pair.blokkades) == 1:
            single.setdefault(pair.blokkades[0], []).append(pair)
        else:
            several.append(pair)
    groups = sorted(single.items(), key=lambda group: (-len(group[1]), group[0]))
    return Outside(
        single=tuple((rule, tuple(pairs)) for rule, pairs in groups),
        several=tuple(several),
        rules=tuple(rule for rule in Blokkade if any(rule in pair.blokkades for pair in several)),
    )


def named(outside: Outside) -> list[Uitgesloten]:
    """Return the pairs that the page of a jongere or a place names itself."""
    groups = [*(pairs for _, pairs in outside.single), outside.several]
    return [pair for pairs in groups for pair in pairs[:EERSTE]]


@router.get("/jongeren/{jongere_id}/buiten", dependencies=[require(Handeling.RISICO_LEZEN)])
def show_plekken_buiten(
    actor: ActorDep, regio: RegioDep, jongere_id: str, regel: Regel = "meer", pagina: Pagina = 1
) -> HTMLResponse:
    """Show every place that one rule, or more than one, keeps from a jongere."""
    found = regio.zonder(ZONDER_MODEL).matching.suggesties(jongere_id, top=1)
    current_spoor().about(jongere_id)
    over = regio.jongere(jongere_id)
    told = {
        "weg": (
            ("Jongeren", "/jongeren"),
            (over.naam or "Naam niet bekend", f"/jongeren/{quote(jongere_id, safe='')}"),
        ),
        "wat": ("plek", "plekken"),
        "peildatum": found.peildatum,
    }
    return _page(actor, group_uitgesloten(found.uitgesloten), told, regel, pagina)


@router.get(
    "/leerwerkplekken/{leerwerkplek_id}/buiten", dependencies=[require(Handeling.KANDIDATEN_LEZEN)]
)
def show_jongeren_buiten(
    actor: ActorDep,
    regio: RegioDep,
    leerwerkplek_id: str,
    regel: Regel = "meer",
    pagina: Pagina = 1,
) -> HTMLResponse:
    """Show every jongere whom one rule, or more than one, keeps from a place."""
    found = regio.zonder(ZONDER_MODEL).matching.kandidaten(leerwerkplek_id, top=1)
    told = {
        "weg": (
            ("Leerwerkplekken", "/leerwerkplekken"),
            (found.leerwerkplek.titel, f"/leerwerkplekken/{quote(leerwerkplek_id, safe='')}"),
        ),
        "wat": ("jongere", "jongeren"),
        "peildatum": found.peildatum,
    }
    return _page(actor, group_uitgesloten(found.uitgesloten), told, regel, pagina)


def _page(
    actor: Actor, outside: Outside, told: dict[str, object], regel: Regel, pagina: int
) -> HTMLResponse:
    groups: dict[str, tuple[Uitgesloten, ...]] = dict(outside.single)
    pairs = (groups | {MEER: outside.several}).get(regel, ())
    shown = pairs[(pagina - 1) * PER_PAGINA : pagina * PER_PAGINA]
    current_spoor().about(*(one.jongere.jongere_id for one in shown))
    pages = max(ceil(len(pairs) / PER_PAGINA), 1)
    context = told | {
        "regel": None if regel == MEER else regel,
        "regels": outside.rules,
        "paren": shown,
        "aantal": len(pairs),
        "pagina": pagina,
        "paginas": pages,
        "vorige": _address(regel, pagina - 1) if pagina > 1 else "",
        "volgende": _address(regel, pagina + 1) if pagina < pages else "",
    }
    return page("buiten.html", context, actor=actor.naam)


def _address(regel: Regel, pagina: int) -> str:
    return f"?{urlencode({'regel': regel, 'pagina': pagina})}"
