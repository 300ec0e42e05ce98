"""The screen of a verkenning: the list as it would be if something were otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from service.dependencies import ActorDep, RegioDep, RegioView, require, require_own_site
from service.observations.sentence import NIVEAUS
from service.rechten.begrippen import Handeling
from service.suggesties import Suggesties
from service.verkenning import Verkenning
from service.web.plekken import SentDep
from service.web.rendering import page
from service.web.verkenning_form import (
    SECTOREN,
    SETS,
    WENSEN,
    VerkenningForm,
    form_of,
    read_form,
    wijziging_of,
)

VERKEND = 10
"""Places of each list that are held against each other."""


@dataclass(frozen=True)
class Schuif:
    """Where a slider begins and ends, and how far one step goes."""

    van: int
    tot: int
    stap: int


SCHUIVEN: Mapping[str, Schuif] = MappingProxyType(
    {
        "uren_min": Schuif(0, 40, 1),
        "uren_max": Schuif(1, 40, 1),
        "reistijd_max": Schuif(5, 120, 5),
    }
)
"""Sliders beside the fields of the same name; a field takes what lies beyond its slider too."""

router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


@router.get("/jongeren/{jongere_id}/verkenning", dependencies=[require(Handeling.SUGGESTIES_LEZEN)])
def show_verkenning(actor: ActorDep, regio: RegioDep, jongere_id: str) -> HTMLResponse:
    """Show the form, filled in as it stands for the jongere now, beside the list of now."""
    form = form_of(regio.matching.wensen(jongere_id))
    return _verkenning_page(actor.naam, regio, jongere_id, form, found=None)


@router.post(
    "/jongeren/{jongere_id}/verkenning", dependencies=[require(Handeling.SUGGESTIES_LEZEN)]
)
def receive_verkenning(
    actor: ActorDep,
    regio: RegioDep,
    jongere_id: str,
    sent: SentDep,
) -> HTMLResponse:
    """Show the list as it would be beside that of now, or the form again with what is wrong.

    A wish or a need for support stands in no address this way: not in the history of a browser,
    not in the log of a proxy.
    """
    nu = regio.matching.wensen(jongere_id)
    form = read_form(sent, regio.matching.competenties())
    if form.fouten:
        return _verkenning_page(actor.naam, regio, jongere_id, form, found=None)
    found = regio.matching.verkenning(jongere_id, wijziging_of(form, nu), top=VERKEND)
    return _verkenning_page(actor.naam, regio, jongere_id, form, found=found)


def _verkenning_page(
    actor: str,
    regio: RegioView,
    jongere_id: str,
    form: VerkenningForm,
    *,
    found: Verkenning | None,
) -> HTMLResponse:
    return page(
        "verkenning.html",
        {
            "jongere": regio.jongere(jongere_id),
            "address": f"/jongeren/{quote(jongere_id, safe='')}",
            "form": form,
            "gevraagd": regio.matching.wensen(jongere_id).vervoer is not None,
            "sets": SETS,
            "sectoren": [(sector, sector) for sector in SECTOREN],
            "niveaus": list(enumerate(NIVEAUS)),
            "wensen": range(1, WENSEN + 1),
            "schuiven": SCHUIVEN,
            "competenties": regio.matching.competenties(),
            "found": found,
            "nu": _now(regio, jongere_id, form, found),
            "peildatum": regio.peildatum,
        },
        actor=actor,
        status=400 if form.fouten else 200,
    )


def _now(
    regio: RegioView, jongere_id: str, form: VerkenningForm, found: Verkenning | None
) -> Suggesties | None:
    """Return the list of now; None beside a form with fouten, where it would distract."""
    if found is not None:
        return found.nu
    return None if form.fouten else regio.matching.suggesties(jongere_id, top=VERKEND)
