"""The screen of own words of schools: what each probably means, and what a person decides."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

import polars as pl
from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from features.competentieruimte import OWN
from service.audit.spoor import current_spoor
from service.dependencies import ActorDep, Installation, InstallationDep, require, require_own_site
from service.koppelingen import Keuze, decide, open_list
from service.rechten.begrippen import Actor, Handeling
from service.rechten.toegang import SYSTEEM, looking_as
from service.storage.canonical import CanonicalRepository
from service.storage.engine import unit_of_work
from service.storage.koppeling import Besluit
from service.web.rendering import page

PATH = "/koppelingen"
AT_ONCE = 15
"""Own words on one screen, the most used first."""
MOST_FOUND = 20
KLAAR = {
    Besluit.BEVESTIGD: "Vastgelegd. Deze woorden tellen nu mee.",
    Besluit.AFGEWEZEN: "Vastgelegd. Dit stellen we niet meer voor.",
}
KIES = "Kies wat de woorden betekenen."
SCHRIJVEN = require(Handeling.IMPORTEN_SCHRIJVEN)
router = APIRouter(dependencies=[Depends(require_own_site), SCHRIJVEN], include_in_schema=False)
Kort = Annotated[str, Query(max_length=200)]
Woord = Annotated[str, Form(max_length=1000)]


@router.get(PATH)
def show_koppelingen(
    actor: ActorDep,
    installation: InstallationDep,
    woord: Kort = "",
    zoek: Kort = "",
    klaar: Kort = "",
) -> HTMLResponse:
    """Show own words that wait, or one of them with every meaning that is looked for."""
    done = KLAAR[Besluit(klaar)] if klaar in {*Besluit} else ""
    return _page(actor, installation, woord=woord, zoek=zoek.strip(), klaar=done)


@router.post(PATH)
def receive_besluit(
    actor: ActorDep,
    installation: InstallationDep,
    woord: Woord = "",
    betekenis: Woord = "",
    stap: Woord = "",
) -> Response:
    """Record that own words mean something, or that they do not."""
    besluit = Besluit.AFGEWEZEN if stap == "wijs af" else Besluit.BEVESTIGD
    if not betekenis:
        return _page(actor, installation, woord=woord, fout=KIES)
    # the words stand in rows about everybody, and show nobody
    with looking_as(SYSTEEM), unit_of_work(installation.engine) as session:
        keuze = Keuze(woord, besluit, betekenis)
        problems = decide(session, [keuze], actor=actor.naam, moment=datetime.now(UTC))
    if problems:
        return _page(actor, installation, woord=woord, fout=" ".join(problems))
    current_spoor().note("koppeling", betekenis)
    return RedirectResponse(f"{PATH}?klaar={besluit.value}", HTTPStatus.SEE_OTHER)


def _page(
    actor: Actor,
    installation: Installation,
    *,
    woord: str = "",
    zoek: str = "",
    klaar: str = "",
    fout: str = "",
) -> HTMLResponse:
    with looking_as(SYSTEEM), unit_of_work(installation.engine, read_only=True) as session:
        listed = open_list(session)
        found = _search(session, zoek) if zoek else []
    waiting = listed.filter(pl.col("besluit").is_null())
    one = waiting.filter(pl.col("eigen_id") == woord) if woord else waiting
    shown = one if one.height else waiting
    groups = [
        group.rows(named=True)
        for group in shown.partition_by("eigen_id", maintain_order=True)[:AT_ONCE]
    ]
    told = {
        "groepen": groups,
        "wachten": waiting["eigen_id"].n_unique(),
        "bevestigd": listed.filter(pl.col("besluit").is_not_null()).rows(named=True),
        "woord": woord if one.height else "",
        "zoek": zoek,
        "gevonden": found,
        "klaar": klaar,
        "fout": fout,
    }
    status = HTTPStatus.BAD_REQUEST if fout else HTTPStatus.OK
    return page("koppelingen.html", told, actor=actor.naam, status=status)


def _search(session: Session, zoek: str) -> list[tuple[str, str]]:
    """Return code and title of the first competenties whose title or code holds a text."""
    known = CanonicalRepository(session).read("competentie")
    holds = pl.any_horizontal(
        pl.col(name).str.to_lowercase().str.contains(zoek.lower(), literal=True)
        for name in ("titel", "competentie_id")
    )
    own = pl.col("competentie_id").str.starts_with(OWN)
    rows = known.filter(holds & ~own).sort("titel", "competentie_id").head(MOST_FOUND)
    return list(rows.select("competentie_id", "titel").iter_rows())
