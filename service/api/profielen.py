"""Routes about profiles that jongere and coach released to a leerbedrijf (TRUST H9, S7).

Until both released it, and from the moment that either takes it back, there is no such profile.
There is no field here for a risk, a chance, verzuim or a school's judgement of a person.
"""

from datetime import date

from fastapi import APIRouter
from pydantic import Field

from service.api.queries import JongereId, NoQueryDep
from service.api.schemas import ApiModel
from service.audit.spoor import current_spoor
from service.dependencies import InstallationDep, RegioDep, RegioView, ToegangDep, require
from service.rechten.begrippen import Handeling
from service.vaardigheden import Vaardigheid

router = APIRouter(prefix="/profielen", tags=["profielen"])


class ProfielVaardigheidOut(ApiModel):
    """Wat de jongere kan, en hoe oud dat oordeel is."""

    titel: str = Field(examples=["Werkt met de kassa"])
    niveau: int = Field(ge=0, le=4, description="Niveau van 0 tot en met 4.", examples=[3])
    gemeten: str = Field(examples=["gemeten 2 maanden geleden, door school"])


class ProfielOut(ApiModel):
    """Wat een jongere aan een leerbedrijf laat zien."""

    jongere_id: str = Field(description="Pseudoniem van de jongere.", examples=["3f9c0a51"])
    naam: str = Field(description="Leeg als de naam niet bekend is.", examples=["Sam Voorbeeld"])
    opleiding: str | None = Field(examples=["Assistent logistiek"])
    uren_min: float | None = Field(description="Minste uren per week.", examples=[16.0])
    uren_max: float | None = Field(description="Meeste uren per week.", examples=[24.0])
    sectoren: list[str] = Field(description="Gewenste sectoren.", examples=[["logistiek"]])
    vaardigheden: list[ProfielVaardigheidOut]


class ProfielenOut(ApiModel):
    """Profielen die aan dit leerbedrijf zijn vrijgegeven."""

    peildatum: date = Field(description="De dag van waaruit gekeken is.", examples=["2026-11-01"])
    resultaten: list[ProfielOut]


@router.get(
    "",
    dependencies=[require(Handeling.PROFIELEN_LEZEN)],
    operation_id="leesProfielen",
    summary="Profielen die aan uw leerbedrijf zijn vrijgegeven",
)
def list_profielen(
    _: NoQueryDep, installation: InstallationDep, regio: RegioDep, toegang: ToegangDep
) -> ProfielenOut:
    """Alleen van jongeren die dat zelf willen, en van wie de coach het goed vindt."""
    seen = installation.zicht.zichtbaar(installation.engine, toegang)
    current_spoor().about(*seen.jongeren)
    found = [_present(regio, one) for one in sorted(seen.jongeren)]
    return ProfielenOut(peildatum=regio.peildatum, resultaten=found)


@router.get(
    "/{jongereId}",
    dependencies=[require(Handeling.PROFIELEN_LEZEN)],
    operation_id="leesProfiel",
    summary="Eén profiel dat aan uw leerbedrijf is vrijgegeven",
)
def read_profiel(jongere_id: JongereId, _: NoQueryDep, regio: RegioDep) -> ProfielOut:
    """Wat de jongere kan en zoekt. Er staat geen kans of risico in."""
    return _present(regio, jongere_id)


def _present(regio: RegioView, jongere_id: str) -> ProfielOut:
    jongere, wensen = regio.jongere(jongere_id), regio.matching.wensen(jongere_id)
    return ProfielOut(
        jongere_id=jongere.jongere_id,
        naam=jongere.naam,
        opleiding=jongere.opleiding,
        uren_min=wensen.uren_min,
        uren_max=wensen.uren_max,
        sectoren=list(wensen.sectoren or ()),
        vaardigheden=[_vaardigheid(one) for one in regio.vaardigheden(jongere_id).beoordeeld],
    )


def _vaardigheid(found: Vaardigheid) -> ProfielVaardigheidOut:
    return ProfielVaardigheidOut(titel=found.titel, niveau=found.niveau_nu, gemeten=found.gemeten)
