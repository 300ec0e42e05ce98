"""From what is asked of a verkenning to a change, and from what is found to the API."""

from collections.abc import Container

from fastapi.exceptions import RequestValidationError

from service.api.paren_presenting import (
    present_blokkades,
    present_leerwerkplek,
    present_suggestie,
)
from service.api.verkenning_schemas import (
    VerkendePlekOut,
    VerkenningIn,
    VerkenningOut,
    VervallenPlekOut,
)
from service.verkenning import Verkenning, Wijziging


def check_competentie(asked: VerkenningIn, known: Container[str]) -> None:
    """Refuse a competentie that no place of the region asks, as any other wrong input."""
    if asked.competentie is not None and asked.competentie.competentie_id not in known:
        where = ("body", "competentie", "competentieId")
        raise RequestValidationError([{"type": "unknown_competentie", "loc": where}])


def wijziging_of(asked: VerkenningIn) -> Wijziging:
    """Return the change that is asked for."""
    return Wijziging(
        uren_min=asked.uren_min,
        uren_max=asked.uren_max,
        reistijd_max=asked.reistijd_max,
        rijbewijs=asked.rijbewijs,
        vervoer=None if asked.vervoer is None else tuple(asked.vervoer),
        vermijdt=None if asked.vermijdt is None else tuple(asked.vermijdt),
        ondersteuning=None if asked.ondersteuning is None else tuple(asked.ondersteuning),
        sectoren=None if asked.sectoren is None else tuple(asked.sectoren),
        competentie=None
        if asked.competentie is None
        else (asked.competentie.competentie_id, asked.competentie.niveau),
    )


def present_verkenning(found: Verkenning) -> VerkenningOut:
    """Return the explored list beside that of now."""
    return VerkenningOut(
        peildatum=found.dan.peildatum,
        model_versie=found.dan.model_versie,
        passend_nu=found.nu.passend,
        passend_dan=found.dan.passend,
        plekken=[
            VerkendePlekOut(
                verschil=one.verschil,
                rang_nu=one.rang_nu,
                kans_nu=one.kans_nu,
                opgeheven=present_blokkades(one.opgeheven),
                suggestie=present_suggestie(one.suggestie, found.dan.titels),
            )
            for one in found.plekken
        ],
        vervallen=[
            VervallenPlekOut(
                rang_nu=one.suggestie.rang,
                kans_nu=one.suggestie.kans,
                kans_dan=one.kans_dan,
                blokkades=present_blokkades(one.blokkades),
                leerwerkplek=present_leerwerkplek(one.suggestie.leerwerkplek),
            )
            for one in found.vervallen
        ],
    )
