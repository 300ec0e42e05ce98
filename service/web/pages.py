"""The screens: the list, one jongere, how it works."""

from datetime import UTC, datetime
from http import HTTPStatus
from math import ceil
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine

from models.uitvalrisico import UitvalrisicoModel
from service import wording
from service.dependencies import (
    ActorDep,
    ActorNameDep,
    InstallationDep,
    RegioDep,
    RegioView,
    ToegangDep,
    require,
    require_own_site,
)
from service.errors import NotFoundError
from service.rechten.begrippen import Doel, Handeling
from service.rechten.matrix import allowed_doelen
from service.rechten.toegang import Toegang
from service.storage.contactmoment import ContactmomentRepository
from service.storage.engine import unit_of_work
from service.storage.toewijzing import ToewijzingRepository
from service.suggesties import Uitvalrisico, Volgorde
from service.web.buiten import EERSTE, group_uitgesloten
from service.web.forms import START
from service.web.paspoort import MOST_EVENTS, MOST_SKILLS, REEKSEN, paspoort_of
from service.web.rendering import page

PAGE_SIZE = 25
FIRST_PLEKKEN, MORE_PLEKKEN = 5, 10
MOST_PLEKKEN = 50
LONGEST_INPUT = 200

router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


class JongerenFilter(BaseModel):
    """What the list is asked to show; an empty field of the form means no filter."""

    model_config = ConfigDict(frozen=True)

    zoek: str = Field("", max_length=LONGEST_INPUT)
    onderwijssoort: str = Field("", max_length=LONGEST_INPUT)
    sortering: Literal["uitvalrisico", "naam"] = "uitvalrisico"
    wie: Literal["", "mijn", "alle"] = ""
    pagina: int = Field(1, ge=1, le=1_000_000)

    def address(self, pagina: int) -> str:
        """Return the address of another page of the same list."""
        asked = self.model_copy(update={"pagina": pagina}).model_dump(exclude_defaults=True)
        return f"{START}?{urlencode(asked)}" if asked else START

    @property
    def everybody(self) -> str:
        """Address of the same question about all jongeren whom one may see."""
        return self.model_copy(update={"wie": "alle"}).address(1)


@router.get("/", dependencies=[require(Handeling.OPENBAAR)])
def go_to_start() -> Response:
    """Lead to the list."""
    return RedirectResponse(START, HTTPStatus.SEE_OTHER)


@router.get("/jongeren", dependencies=[require(Handeling.RISICO_LEZEN)])
def show_jongeren(
    actor: ActorDep,
    toegang: ToegangDep,
    installation: InstallationDep,
    regio: RegioDep,
    asked: Annotated[JongerenFilter, Query()],
) -> HTMLResponse:
    """Show the list of jongeren; a coach who guides some begins with those."""
    mijn, afspraken = _own(installation.engine, toegang)
    alleen_mijn = bool(mijn) and asked.wie != "alle"
    rows, total = regio.jongeren(
        zoek=asked.zoek.strip(),
        onderwijssoort=asked.onderwijssoort or None,
        volgorde=asked.sortering,
        vanaf=(asked.pagina - 1) * PAGE_SIZE,
        aantal=PAGE_SIZE,
        zichtbaar=mijn if alleen_mijn else None,
    )
    zonder, unscored = regio.zonder_score(
        zoek=asked.zoek.strip(),
        onderwijssoort=asked.onderwijssoort or None,
        vanaf=(asked.pagina - 1) * PAGE_SIZE,
        aantal=PAGE_SIZE,
        zichtbaar=mijn if alleen_mijn else None,
    )
    return page(
        "jongeren.html",
        {
            "rows": rows,
            "total": total,
            "zonder": zonder,
            "unscored": unscored,
            "gestopt": UitvalrisicoModel.name in regio.gestopt,
            "first": (asked.pagina - 1) * PAGE_SIZE + 1,
            "pages": max(ceil(max(total, unscored) / PAGE_SIZE), 1),
            "asked": asked,
            "mijn": len(mijn),
            "alleen_mijn": alleen_mijn,
            "afspraken": afspraken,
            "onderwijssoorten": regio.onderwijssoorten(),
            "midden": middle_of(regio),
            "peildatum": regio.peildatum,
        },
        actor=actor.naam,
    )


@router.get("/jongeren/{jongere_id}", dependencies=[require(Handeling.RISICO_LEZEN)])
def show_jongere(
    actor: ActorDep,
    toegang: ToegangDep,
    installation: InstallationDep,
    regio: RegioDep,
    jongere_id: str,
    plekken: Annotated[int, Query(ge=1, le=MOST_PLEKKEN)] = FIRST_PLEKKEN,
    volgorde: Volgorde = "passendheid",
) -> HTMLResponse:
    """Show one jongere: the paspoort, the uitvalrisico, the places that fit, and what falls out."""
    found = regio.matching.suggesties(jongere_id, top=plekken, volgorde=volgorde)
    listed = max(len(found.suggesties), len(found.zonder_score))
    return page(
        "jongere.html",
        {
            "jongere": regio.jongere(jongere_id),
            "paspoort": paspoort_of(installation.engine, regio, toegang, jongere_id),
            "reeksen": REEKSEN,
            "op_de_pagina": (MOST_SKILLS, MOST_EVENTS),
            "risico": _risico_of(regio, jongere_id),
            "found": found,
            "outside": group_uitgesloten(found.uitgesloten),
            "eerste_buiten": EERSTE,
            "address": f"{START}/{quote(jongere_id, safe='')}",
            "shown": plekken,
            "more": min(found.passend, listed + MORE_PLEKKEN, MOST_PLEKKEN),
            "gelijk": wording.nek_aan_nek([one.kans for one in found.suggesties]),
            "midden": middle_of(regio),
            "peildatum": found.peildatum,
            "gestopt": regio.gestopt,
            "mag_inzage": bool(allowed_doelen(actor.rollen, Handeling.INZAGE)),
        },
        actor=actor.naam,
    )


@router.get("/zo-werkt-het", dependencies=[require(Handeling.OPENBAAR)])
def show_explanation(actor: ActorNameDep) -> HTMLResponse:
    """Show what Vangnet computes, from what, and who decides; for everybody."""
    return page("zo-werkt-het.html", {}, actor=actor)


@router.get("/begrippen", dependencies=[require(Handeling.OPENBAAR)])
def show_begrippen(actor: ActorNameDep) -> HTMLResponse:
    """Show what the words of the screens mean; for everybody."""
    return page("begrippen.html", {}, actor=actor)


def _own(engine: Engine, toegang: Toegang) -> tuple[frozenset[str], int]:
    """Return whom a coach guides, and how many next steps are due today or before."""
    if toegang.doel is not Doel.BEGELEIDING:
        return frozenset(), 0
    wie, today = toegang.actor.gebruiker_id, datetime.now(UTC).date()
    with unit_of_work(engine, read_only=True) as session:
        mijn = ToewijzingRepository(session).jongeren(wie)
        waiting = ContactmomentRepository(session).open(wie)
    return mijn, sum(1 for one in waiting if one.vervolg_op is not None and one.vervolg_op <= today)


def middle_of(regio: RegioView) -> float | None:
    """Return the uitvalrisico that half of the region lies above; None without jongeren."""
    return regio.midden()


def _risico_of(regio: RegioView, jongere_id: str) -> Uitvalrisico | None:
    """Return the risk of a jongere; None for who is not enrolled without startkwalificatie."""
    try:
        return regio.uitvalrisico(jongere_id)
    except NotFoundError:
        return None
