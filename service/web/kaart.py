"""The screen with the places for one jongere on a map, and the same as a list by travel time."""

from itertools import pairwise
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from service.dependencies import ActorDep, InstallationDep, RegioDep, require, require_own_site
from service.kaart.kaart import Kaart, TeTonen, make_kaart
from service.kaart.vlak import RINGEN, Punt
from service.rechten.begrippen import Handeling
from service.storage.engine import unit_of_work
from service.suggesties import OngescoordPaar, Suggestie, Suggesties
from service.web.rendering import page
from service.wording import kans_tekst, reistijd_tekst

GETOOND = 20
"""Places on the map: the best of the list."""

router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


@router.get("/jongeren/{jongere_id}/kaart", dependencies=[require(Handeling.SUGGESTIES_LEZEN)])
def show_kaart(
    actor: ActorDep, installation: InstallationDep, regio: RegioDep, jongere_id: str
) -> HTMLResponse:
    """Show the best places for a jongere on a map with travel rings."""
    found = regio.matching.suggesties(jongere_id, top=GETOOND)
    shown = te_tonen(found)
    ways = regio.matching.wensen(jongere_id).vervoer
    with unit_of_work(installation.engine, read_only=True) as session:
        kaart = make_kaart(session, jongere_id, shown, ways)
    return page(
        "kaart.html",
        {
            "jongere": regio.jongere(jongere_id),
            "address": f"/jongeren/{quote(jongere_id, safe='')}",
            "kaart": kaart,
            "gegevens": as_data(kaart, found, installation.kaarttegels, installation.kaartbron),
            "ringen": by_ring(shown),
            "found": found,
            "peildatum": regio.peildatum,
        },
        actor=actor.naam,
    )


def te_tonen(found: Suggesties) -> list[TeTonen]:
    """Return the places of a list with their numbers; those without a score are numbered too."""
    both: list[Suggestie | OngescoordPaar] = [*found.suggesties, *found.zonder_score]
    return [
        TeTonen(number, one.leerwerkplek, one.reistijd_minuten)
        for number, one in enumerate(both, start=1)
    ]


def by_ring(shown: list[TeTonen]) -> list[tuple[str, list[TeTonen]]]:
    """Return the places by travel time, the nearest first, in the rings of the map.

    Empty rings are left out; a place whose travel time is not known stands in the last one.
    """
    known = sorted(
        (one for one in shown if one.minuten is not None),
        key=lambda one: (one.minuten or 0.0, one.nummer),
    )
    bounds = (0, *RINGEN)
    heads = [f"Tot {RINGEN[0]} minuten"]
    heads += [f"{low} tot {high} minuten" for low, high in pairwise(RINGEN)]
    groups = [
        (head, [one for one in known if low < max(one.minuten or 0.0, 0.1) <= high])
        for head, low, high in zip(heads, bounds, RINGEN, strict=False)
    ]
    groups.append(
        (f"Langer dan {RINGEN[-1]} minuten", [o for o in known if (o.minuten or 0.0) > RINGEN[-1]])
    )
    groups.append(("Reistijd niet bekend", [one for one in shown if one.minuten is None]))
    return [(head, group) for head, group in groups if group]


def as_data(
    kaart: Kaart, found: Suggesties, tegels: str | None, bron: str
) -> dict[str, Any] | None:
    """Return what the script draws, as JSON can hold it; None when there is no home to draw."""
    if kaart.thuis is None:
        return None
    chances = {one.rang: kans_tekst(one.kans) for one in found.suggesties}
    return {
        "thuis": _pair(kaart.thuis),
        "woonplaats": kaart.woonplaats,
        "ringen": [{"minuten": one.minuten, "meter": round(1000 * one.km)} for one in kaart.ringen],
        "plaatsen": [{"naam": one.naam, "midden": _pair(one.midden)} for one in kaart.plaatsen],
        "gemeenten": [
            {
                "naam": one.naam,
                "midden": _pair(one.midden),
                "omtrek": [_pair(corner) for corner in one.omtrek],
            }
            for one in kaart.gemeenten
        ],
        "plekken": [
            {
                "nummer": one.tonen.nummer,
                "punt": _pair(one.punt),
                "titel": one.tonen.plek.titel,
                "bij": one.tonen.plek.leerbedrijf,
                "reis": reistijd_tekst(one.tonen.minuten),
                "kans": chances.get(one.tonen.nummer, ""),
            }
            for one in kaart.prikken
        ],
        "tegels": tegels,
        "bron": bron,
    }


def _pair(punt: Punt) -> tuple[float, float]:
    """Return latitude and longitude, in the order in which the map library wants them."""
    return round(punt.breedtegraad, 5), round(punt.lengtegraad, 5)
