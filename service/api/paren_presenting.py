"""From lists of pairs to the schemas of the API, with their sentences."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from features.blokkade import Blokkade
from models.verbetering import Verbetering
from service import risicozinnen, verbeterzinnen, wording
from service.api.paren_schemas import (
    AanpassingOut,
    BlokkadeOut,
    KandidaatOut,
    KandidatenOut,
    LeerwerkplekOut,
    NieuweKansOut,
    OntbrekendOut,
    SuggestieOut,
    SuggestiesOut,
    UitgeslotenJongereOut,
    UitgeslotenLeerwerkplekOut,
    VerbeteringOut,
    ZonderScoreOut,
)
from service.api.presenting import present_jongere, present_redenen
from service.suggesties import (
    Kandidaat,
    Kandidaten,
    LeerwerkplekKort,
    OngescoordPaar,
    OntbrekendeCompetentie,
    Paar,
    Suggestie,
    Suggesties,
)

PLEKKEN = 10_000
"""Places that stay in memory as they are told: about a kilobyte each."""
EISEN = 10_000
"""Unmet demands that do."""


@lru_cache(maxsize=PLEKKEN)
def present_leerwerkplek(leerwerkplek: LeerwerkplekKort) -> LeerwerkplekOut:
    """Return which place it is; the same object for the same place, so never change it."""
    return LeerwerkplekOut(**vars(leerwerkplek))


def present_suggesties(found: Suggesties, top_uitgesloten: int) -> SuggestiesOut:
    """Return the ranked places of a jongere, and the first of those that fall out."""
    return SuggestiesOut(
        peildatum=found.peildatum,
        model_versie=found.model_versie,
        passend=found.passend,
        volgorde=found.volgorde,
        suggesties=[present_suggestie(one, found.titels) for one in found.suggesties],
        nieuwe_kansen=[
            NieuweKansOut(
                leerwerkplek=present_leerwerkplek(one.leerwerkplek),
                verbetering=_verbetering(one.verbetering, found.titels),
            )
            for one in found.nieuwe_kansen
        ],
        uitgesloten_totaal=len(found.uitgesloten),
        uitgesloten=[
            UitgeslotenLeerwerkplekOut(
                leerwerkplek=present_leerwerkplek(pair.leerwerkplek),
                blokkades=present_blokkades(pair.blokkades),
            )
            for pair in found.uitgesloten[:top_uitgesloten]
        ],
        zonder_score=[_zonder_score(one) for one in found.zonder_score],
    )


def present_kandidaten(found: Kandidaten, top_uitgesloten: int) -> KandidatenOut:
    """Return the ranked jongeren of a place, and the first who fall out; never their risk."""
    return KandidatenOut(
        peildatum=found.peildatum,
        model_versie=found.model_versie,
        passend=found.passend,
        volgorde=found.volgorde,
        leerwerkplek=present_leerwerkplek(found.leerwerkplek),
        kandidaten=[_kandidaat(one) for one in found.kandidaten],
        uitgesloten_totaal=len(found.uitgesloten),
        uitgesloten=[
            UitgeslotenJongereOut(
                jongere=present_jongere(pair.jongere), blokkades=present_blokkades(pair.blokkades)
            )
            for pair in found.uitgesloten[:top_uitgesloten]
        ],
        zonder_score=[_zonder_score(one) for one in found.zonder_score],
    )


def _zonder_score(paar: OngescoordPaar) -> ZonderScoreOut:
    return ZonderScoreOut(
        jongere_id=paar.jongere.jongere_id,
        leerwerkplek=present_leerwerkplek(paar.leerwerkplek),
        reistijd_minuten=paar.reistijd_minuten,
        ontbrekend=[_ontbrekend(one) for one in paar.ontbrekend],
    )


def present_suggestie(suggestie: Suggestie, titels: Mapping[str, str]) -> SuggestieOut:
    """Return one place for a jongere; `titels` are those of the list it stands in."""
    plek, better = suggestie.leerwerkplek, suggestie.verbetering
    return SuggestieOut(
        leerwerkplek=present_leerwerkplek(plek),
        anderen=suggestie.anderen,
        drukte_tekst=verbeterzinnen.drukte_tekst(suggestie.anderen, plek.vrij),
        verbetering=None if better is None else _verbetering(better, titels),
        **_paar(suggestie),
    )


def present_blokkades(blokkades: Iterable[Blokkade]) -> list[BlokkadeOut]:
    """Return rules with why they block and what would lift them."""
    return [
        BlokkadeOut(
            regel=blokkade.value,
            zin=wording.blokkade_zin(blokkade),
            opheffing=wording.opheffing_zin(blokkade),
        )
        for blokkade in blokkades
    ]


def _kandidaat(kandidaat: Kandidaat) -> KandidaatOut:
    return KandidaatOut(
        jongere=present_jongere(kandidaat.jongere),
        elders=kandidaat.elders,
        andere_plekken=kandidaat.andere_plekken,
        winst_zin=verbeterzinnen.winst_zin(
            kandidaat.kans, kandidaat.elders, kandidaat.andere_plekken
        ),
        **_paar(kandidaat),
    )


def _paar(paar: Paar) -> dict[str, Any]:
    """Return the fields that a place for a jongere and a jongere for a place have both."""
    return {
        "rang": paar.rang,
        "kans": paar.kans,
        "kans_tekst": wording.kans_tekst(paar.kans),
        "laag": paar.laag,
        "hoog": paar.hoog,
        "tussen_tekst": risicozinnen.tussen_tekst(paar.laag, paar.hoog),
        "reistijd_minuten": paar.reistijd_minuten,
        "voor": present_redenen(paar.voor, wording.plaatsing_zin),
        "tegen": present_redenen(paar.tegen, wording.plaatsing_zin),
        "ontbrekend": [_ontbrekend(competentie) for competentie in paar.ontbrekend],
    }


def _verbetering(verbetering: Verbetering, titels: Mapping[str, str]) -> VerbeteringOut:
    return VerbeteringOut(
        stappen=[
            AanpassingOut(
                wat=stap.aanpassing.value,
                van=stap.van,
                naar=stap.naar,
                competentie_id=stap.competentie_id,
            )
            for stap in verbetering.stappen
        ],
        kans_nu=verbetering.kans_nu,
        kans_dan=verbetering.kans_dan,
        opgeheven=[rule.value for rule in verbetering.opgeheven],
        zin=verbeterzinnen.verbetering_zin(verbetering, titels),
    )


@lru_cache(maxsize=EISEN)
def _ontbrekend(competentie: OntbrekendeCompetentie) -> OntbrekendOut:
    return OntbrekendOut(
        **vars(competentie),
        gevraagd_tekst=wording.niveau_tekst(competentie.gevraagd),
        niveau_tekst=wording.niveau_tekst(competentie.niveau),
    )
