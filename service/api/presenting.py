"""From the dataclasses of the use cases to the schemas of the API, with their sentences."""

from collections.abc import Callable, Iterable

from models.explanation import Reden
from service import risicozinnen, wording
from service.api.schemas import (
    JongereOut,
    RedenOut,
    UitvalrisicoOut,
    VeranderingOut,
    VorigeMaandOut,
)
from service.suggesties import (
    JongereKort,
    Uitvalrisico,
)


def present_jongere(jongere: JongereKort) -> JongereOut:
    """Return who it is."""
    return JongereOut(
        jongere_id=jongere.jongere_id,
        naam=jongere.naam,
        leeftijd=jongere.leeftijd,
        woonplaats=jongere.woonplaats,
        instelling=jongere.instelling,
        onderwijssoort=jongere.onderwijssoort,
        opleiding=jongere.opleiding,
    )


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
        verhogend=present_redenen(risico.verhogend, wording.risico_zin),
        verlagend=present_redenen(risico.verlagend, wording.risico_zin),
        vorige_maand=_vorige_maand(risico),
        te_weinig_gegevens=risico.te_weinig_gegevens,
        model_versie=risico.model_versie,
    )


def present_redenen(redenen: Iterable[Reden], zin: Callable[[Reden], str]) -> list[RedenOut]:
    """Return reasons with their sentences."""
    return [
        RedenOut(
            feature=reden.feature, waarde=reden.waarde, bijdrage=reden.bijdrage, zin=zin(reden)
        )
        for reden in redenen
    ]


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
            VeranderingOut(**vars(one), zin=risicozinnen.verandering_zin(one))
            for one in vorige.veranderingen
        ],
    )
