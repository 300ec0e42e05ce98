"""What may be asked in a query string; a parameter that is not here is refused."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from features.vocabulary import Beoordelaar, Onderwijssoort, Sector, SoortLeerwerkplek
from service.api.schemas import refuse_control, refuse_other_days
from service.matchtafel.begrippen import Status
from service.suggesties import Volgorde


class ApiQuery(BaseModel):
    """Base of all query strings: camelCase names, no unknown ones."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, allow_inf_nan=False
    )

    @field_validator("*", mode="before")
    @classmethod
    def _is_plain(cls, value: object, info: ValidationInfo) -> object:
        return refuse_other_days(cls, info.field_name, refuse_control(value))


class NoQuery(ApiQuery):
    """No parameter at all."""


class PaginaQuery(ApiQuery):
    """One page of a list."""

    pagina: int = Field(1, ge=1, le=1_000_000, description="Nummer van de pagina, vanaf 1.")
    paginagrootte: int = Field(25, ge=1, le=100, description="Resultaten per pagina.")


class HeleLijstQuery(ApiQuery):
    """A list that leaves whole, unless a page of it is asked for."""

    pagina: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="Nummer van de pagina, vanaf 1. Zonder nummer komt de hele lijst.",
    )
    paginagrootte: int = Field(
        25, ge=1, le=100, description="Resultaten per pagina; telt alleen met een pagina."
    )


class MatchtafelsQuery(HeleLijstQuery):
    """Which matchtafels."""

    regio: str | None = Field(None, max_length=100, description="Alleen van deze regio.")
    status: Status | None = Field(None, description="Alleen met deze status.")
    sortering: Literal["datum", "-datum"] = Field(
        "-datum", description="Op dag; met een min de nieuwste eerst."
    )


class JongerenQuery(PaginaQuery):
    """One page of the list of jongeren."""

    zoek: str = Field("", max_length=100, description="Deel van de naam, of het hele pseudoniem.")
    onderwijssoort: Onderwijssoort | None = Field(
        None, description="Alleen jongeren in deze onderwijssoort."
    )
    sortering: Literal["uitvalrisico", "naam"] = Field(
        "uitvalrisico", description="Hoogste uitvalrisico eerst, of op naam."
    )


class VanJongereQuery(PaginaQuery):
    """One page of facts, of everybody or of one jongere."""

    jongere_id: str | None = Field(
        None, max_length=100, description="Alleen van deze jongere (pseudoniem)."
    )


class InschrijvingenQuery(VanJongereQuery):
    """Which inschrijvingen."""

    instelling: str | None = Field(
        None, max_length=10, description="Alleen op deze school (BRIN).", examples=["24ZZ"]
    )
    onderwijssoort: Onderwijssoort | None = Field(
        None, description="Alleen in deze onderwijssoort."
    )
    lopend: bool | None = Field(
        None, description="Waar: alleen zonder einddatum; onwaar: alleen met."
    )
    sortering: Literal["begindatum", "-begindatum"] = Field(
        "-begindatum", description="Op eerste dag; met een min de nieuwste eerst."
    )


class StagesQuery(VanJongereQuery):
    """Which stages."""

    leerbedrijf_id: str | None = Field(
        None, max_length=20, description="Alleen bij dit leerbedrijf."
    )
    lopend: bool | None = Field(
        None, description="Waar: alleen zonder einddatum; onwaar: alleen met."
    )
    sortering: Literal["begindatum", "-begindatum", "geplandeEinddatum"] = Field(
        "-begindatum", description="Op eerste of geplande laatste dag; met een min omgekeerd."
    )


class CompetentiemetingenQuery(VanJongereQuery):
    """Which judgements."""

    competentie_id: str | None = Field(None, max_length=100, description="Alleen deze competentie.")
    bron: Beoordelaar | None = Field(None, description="Alleen van wie zo oordeelt.")
    sortering: Literal["datum", "-datum"] = Field(
        "-datum", description="Op dag; met een min de nieuwste eerst."
    )


class VoorkeurenQuery(VanJongereQuery):
    """Which wishes."""

    sortering: Literal["datum", "-datum"] = Field(
        "-datum", description="Op dag; met een min de nieuwste eerst."
    )


class LeerbedrijvenQuery(PaginaQuery):
    """Which leerbedrijven."""

    zoek: str = Field("", max_length=100, description="Deel van de naam.")
    plaats: str | None = Field(None, max_length=100, description="Alleen in deze plaats.")
    sector: Sector | None = Field(None, description="Alleen in deze sector.")
    sortering: Literal["naam", "-naam", "plaats"] = Field(
        "naam", description="Op naam of plaats; met een min omgekeerd."
    )


class LeerwerkplekkenQuery(PaginaQuery):
    """Which leerwerkplekken."""

    zoek: str = Field("", max_length=100, description="Deel van de titel.")
    soort: SoortLeerwerkplek | None = Field(None, description="Alleen van deze soort.")
    leerbedrijf_id: str | None = Field(
        None, max_length=20, description="Alleen bij dit leerbedrijf."
    )
    uren_min: float | None = Field(
        None, ge=0, le=60, description="Waar minstens zoveel uren per week kan."
    )
    uren_max: float | None = Field(
        None, ge=0, le=60, description="Waar hoogstens zoveel uren per week kan."
    )
    open_op: date | None = Field(None, description="Alleen waar op deze dag iemand kan beginnen.")
    sortering: Literal["titel", "-titel", "begindatum", "-begindatum"] = Field(
        "titel", description="Op titel of eerste dag; met een min omgekeerd."
    )


class TrajectenQuery(PaginaQuery):
    """Which trajecten."""

    regio: str | None = Field(None, max_length=100, description="Alleen in deze regio.")
    soort: str | None = Field(None, max_length=100, description="Alleen van deze soort.")
    sortering: Literal["titel", "-titel"] = Field(
        "titel", description="Op titel; met een min omgekeerd."
    )


class ImportenQuery(PaginaQuery):
    """Which imports."""


class ModellenQuery(PaginaQuery):
    """Which stored models."""

    naam: str | None = Field(
        None, max_length=100, description="Alleen van dit model.", examples=["uitvalrisico"]
    )
    in_gebruik: bool | None = Field(None, description="Waar: alleen wat nu rekent.")


class TopQuery(ApiQuery):
    """How much of a ranked list."""

    top: int = Field(10, ge=1, le=100, description="Hoeveel voorstellen.")
    volgorde: Volgorde = Field(
        "passendheid", description="Op passendheid (zie Zo werkt het), reistijd of naam."
    )
    top_uitgesloten: int = Field(
        25, ge=0, le=100_000, description="Hoeveel van wat buiten valt; het totaal staat erbij."
    )


class SindsQuery(ApiQuery):
    """From which event on."""

    sinds: int = Field(0, ge=0, le=2**31 - 1, description="Nummer van de laatste die u zag.")


class BesluitenQuery(HeleLijstQuery):
    """Besluiten of which matchtafel."""

    matchtafel_id: int = Field(ge=1, le=2**31 - 1, description="Nummer van de matchtafel.")
    sortering: Literal["tijdstip", "-tijdstip"] = Field(
        "tijdstip", description="Op moment; met een min het nieuwste eerst."
    )


class OpvolgingenQuery(HeleLijstQuery):
    """Which follow-ups."""

    matchtafel_id: int | None = Field(
        None, ge=1, le=2**31 - 1, description="Alleen van deze matchtafel, ook de beantwoorde."
    )
    tot_en_met: date | None = Field(None, description="Alleen wat dan aan de beurt is.")
    sortering: Literal["datum", "-datum"] = Field(
        "datum", description="Op dag; met een min de laatste eerst."
    )


class NotulenQuery(ApiQuery):
    """In which form the minutes are wanted."""

    formaat: Literal["pdf", "xlsx"] = Field("pdf", description="PDF, of een rekenblad.")


class PaarQuery(ApiQuery):
    """Which pair."""

    jongere_id: str = Field(max_length=100, description="Pseudoniem van de jongere.")
    leerwerkplek_id: str = Field(max_length=100, description="Nummer van de leerwerkplek.")


PLAIN = r"^[^\x00-\x1f\x7f]+$"
"""An id without control characters, which no database takes."""


def _id(alias: str, description: str) -> Any:  # noqa: ANN401  # Path itself is untyped
    return Path(alias=alias, max_length=200, pattern=PLAIN, description=description)


JongereId = Annotated[str, _id("jongereId", "Pseudoniem van de jongere.")]
LeerwerkplekId = Annotated[str, _id("leerwerkplekId", "Nummer van de leerwerkplek.")]
LeerbedrijfId = Annotated[str, _id("leerbedrijfId", "LeerbedrijfID van SBB: negen cijfers.")]
StageId = Annotated[str, _id("stageId", "Nummer van de praktijkovereenkomst.")]
VoorkeurId = Annotated[str, _id("voorkeurId", "Kenmerk van de voorkeur, uit de lijst.")]
TrajectId = Annotated[str, _id("trajectId", "Nummer van het traject.")]
ModelId = Annotated[str, _id("modelId", "Naam en versie, zoals uitvalrisico-3.")]
ImportId = Annotated[
    int, Path(alias="importId", ge=1, le=2**31 - 1, description="Nummer van de import.")
]
MatchtafelId = Annotated[
    int, Path(alias="matchtafelId", ge=1, le=2**31 - 1, description="Nummer van de matchtafel.")
]
JongerenQueryDep = Annotated[JongerenQuery, Query()]
TopQueryDep = Annotated[TopQuery, Query()]
NoQueryDep = Annotated[NoQuery, Query()]
NotulenQueryDep = Annotated[NotulenQuery, Query()]
PaarQueryDep = Annotated[PaarQuery, Query()]
SindsQueryDep = Annotated[SindsQuery, Query()]
MatchtafelsQueryDep = Annotated[MatchtafelsQuery, Query()]
BesluitenQueryDep = Annotated[BesluitenQuery, Query()]
OpvolgingenQueryDep = Annotated[OpvolgingenQuery, Query()]
InschrijvingenQueryDep = Annotated[InschrijvingenQuery, Query()]
StagesQueryDep = Annotated[StagesQuery, Query()]
CompetentiemetingenQueryDep = Annotated[CompetentiemetingenQuery, Query()]
VoorkeurenQueryDep = Annotated[VoorkeurenQuery, Query()]
LeerbedrijvenQueryDep = Annotated[LeerbedrijvenQuery, Query()]
LeerwerkplekkenQueryDep = Annotated[LeerwerkplekkenQuery, Query()]
TrajectenQueryDep = Annotated[TrajectenQuery, Query()]
ImportenQueryDep = Annotated[ImportenQuery, Query()]
ModellenQueryDep = Annotated[ModellenQuery, Query()]
