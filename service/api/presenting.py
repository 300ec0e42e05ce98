"""From the dataclasses of the use cases to the schemas of the API, with their sentences."""

from collections.abc import Callable, Iterable
from dataclasses import asdict

from features.blokkade import Blokkade
from models.explanation import Reden
from service import risicozinnen, wording
from service.api.schemas import (
    BlokkadeOut,
    JongereOut,
    KandidaatOut,
    KandidatenOut,
    LeerwerkplekOut,
    OntbrekendOut,
    RedenOut,
    SuggestieBase,
    SuggestieOut,
    SuggestiesOut,
    UitgeslotenJongereOut,
    UitgeslotenLeerwerkplekOut,
    UitvalrisicoOut,
    VeranderingOut,
    VorigeMaandOut,
)
from service.suggesties import (
    JongereKort,
    LeerwerkplekKort,
    OntbrekendeCompetentie,
    Suggestie,
    Suggesties,
    Uitvalrisico,
)


def present_jongere(jongere: JongereKort) -> JongereOut:
    """Return who it is."""
    return JongereOut(**asdict(jongere))


def present_leerwerkplek(leerwerkplek: LeerwerkplekKort) -> LeerwerkplekOut:
    """Return which place it is."""
    return LeerwerkplekOut(**asdict(leerwerkplek))


def present_uitvalrisico(risico: Uitvalrisico) -> UitvalrisicoOut:
    """Return a risk with its words and reasons."""
    return UitvalrisicoOut(
        jongere=present_jongere(risico.jongere),
        peildatum=risico.peildatum,
        kans=risico.kans,
        kans_tekst=wording.kans_tekst(risico.kans),
        laag=risico.laag,
        hoog=risico.hoog,
        tussen_tekst=risicozinnen.tussen_tekst(risico.laag, risico.hoog),
        risico=wording.risico_woord(risico.kans),
        verhogend=_redenen(risico.verhogend, wording.risico_zin),
        verlagend=_redenen(risico.verlagend, wording.risico_zin),
        vorige_maand=_vorige_maand(risico),
        te_weinig_gegevens=risico.te_weinig_gegevens,
        model_versie=risico.model_versie,
    )


def present_suggesties(found: Suggesties) -> SuggestiesOut:
    """Return the ranked places of a jongere, and those that fall out."""
    return SuggestiesOut(
        peildatum=found.peildatum,
        model_versie=found.model_versie,
        passend=found.passend,
        suggesties=[_suggestie(suggestie) for suggestie in found.suggesties],
        uitgesloten=[
            UitgeslotenLeerwerkplekOut(
                leerwerkplek=present_leerwerkplek(pair.leerwerkplek),
                blokkades=_blokkades(pair.blokkades),
            )
            for pair in found.uitgesloten
        ],
    )


def present_kandidaten(found: Suggesties) -> KandidatenOut:
    """Return the ranked jongeren of a place, and those who fall out; never their risk."""
    return KandidatenOut(
        peildatum=found.peildatum,
        model_versie=found.model_versie,
        passend=found.passend,
        kandidaten=[_kandidaat(suggestie) for suggestie in found.suggesties],
        uitgesloten=[
            UitgeslotenJongereOut(
                jongere=present_jongere(pair.jongere), blokkades=_blokkades(pair.blokkades)
            )
            for pair in found.uitgesloten
        ],
    )


def _vorige_maand(risico: Uitvalrisico) -> VorigeMaandOut | None:
    vorige = risico.vorige_maand
    if vorige is None:
        return None
    return VorigeMaandOut(
        peildatum=vorige.peildatum,
        kans=vorige.kans,
        kans_tekst=wording.kans_tekst(vorige.kans),
        zin=risicozinnen.maand_zin(risico, vorige),
        veranderingen=[
            VeranderingOut(**asdict(one), zin=risicozinnen.verandering_zin(one))
            for one in vorige.veranderingen
        ],
    )


def _suggestie(suggestie: Suggestie) -> SuggestieOut:
    plek = present_leerwerkplek(suggestie.leerwerkplek)
    return SuggestieOut(leerwerkplek=plek, **dict(_pair(suggestie)))


def _kandidaat(suggestie: Suggestie) -> KandidaatOut:
    return KandidaatOut(jongere=present_jongere(suggestie.jongere), **dict(_pair(suggestie)))


def _pair(suggestie: Suggestie) -> SuggestieBase:
    return SuggestieBase(
        rang=suggestie.rang,
        kans=suggestie.kans,
        kans_tekst=wording.kans_tekst(suggestie.kans),
        reistijd_minuten=suggestie.reistijd_minuten,
        voor=_redenen(suggestie.voor, wording.plaatsing_zin),
        tegen=_redenen(suggestie.tegen, wording.plaatsing_zin),
        ontbrekend=[_ontbrekend(competentie) for competentie in suggestie.ontbrekend],
    )


def _redenen(redenen: Iterable[Reden], zin: Callable[[Reden], str]) -> list[RedenOut]:
    return [
        RedenOut(
            feature=reden.feature, waarde=reden.waarde, bijdrage=reden.bijdrage, zin=zin(reden)
        )
        for reden in redenen
    ]


def _ontbrekend(competentie: OntbrekendeCompetentie) -> OntbrekendOut:
    return OntbrekendOut(
        **asdict(competentie),
        gevraagd_tekst=wording.niveau_tekst(competentie.gevraagd),
        niveau_tekst=wording.niveau_tekst(competentie.niveau),
    )


def _blokkades(blokkades: Iterable[Blokkade]) -> list[BlokkadeOut]:
    return [
        BlokkadeOut(
            regel=blokkade.value,
            zin=wording.blokkade_zin(blokkade),
            opheffing=wording.opheffing_zin(blokkade),
        )
        for blokkade in blokkades
    ]
