"""What goes in and out of the API about leerbedrijven, leerwerkplekken and trajecten."""

from datetime import date
from typing import Annotated

from pydantic import Field

from features.vocabulary import (
    Omstandigheid,
    Ondersteuning,
    Operator,
    Sector,
    SoortLeerwerkplek,
)
from service.api.feiten_schemas import BekendOp, Bron, Crebo, LeerbedrijfNummer, Uren
from service.api.schemas import ApiModel, InputModel, PaginaOut

Code = Annotated[str, Field(min_length=1, max_length=100)]


class LeerbedrijfVelden(InputModel):
    """Wat van een leerbedrijf bekend is."""

    naam: str = Field(min_length=1, max_length=200, examples=["Garage De Slinge"])
    plaats: str | None = Field(None, min_length=1, max_length=100, examples=["Winterswijk"])
    postcode4: str | None = Field(
        None,
        pattern=r"^[1-9]\d{3}$",
        description="De vier cijfers van de postcode.",
        examples=["7101"],
    )
    sector: Sector | None = None
    erkenningen: list[Crebo] | None = Field(
        None, max_length=500, description="Crebo's waarvoor het bedrijf erkend is."
    )


class LeerbedrijfIn(LeerbedrijfVelden):
    """Een nieuw leerbedrijf, met het nummer dat SBB gaf."""

    leerbedrijf_id: LeerbedrijfNummer


class LeerbedrijfWijzigingIn(LeerbedrijfVelden):
    """Alles wat van een leerbedrijf bekend is, in de plaats van wat er staat."""


class LeerbedrijfOut(LeerbedrijfIn):
    """Een erkend leerbedrijf."""

    bron: Bron


class LeerbedrijvenOut(PaginaOut):
    """Eén pagina leerbedrijven."""

    resultaten: list[LeerbedrijfOut]


class EisIn(InputModel):
    """Een competentie die een plek vraagt."""

    competentie_id: Code = Field(examples=["WV-03"])
    niveau: int = Field(ge=0, le=4, description="Gevraagd niveau, 0 tot en met 4.", examples=[2])
    hard: bool = Field(description="Waar: het moet; onwaar: het is een wens.")


class LeerwerkplekIn(InputModel):
    """Alles wat van een leerwerkplek bekend is; een latere wijziging vervangt het geheel."""

    leerbedrijf_id: LeerbedrijfNummer
    soort: SoortLeerwerkplek
    titel: str = Field(
        min_length=1,
        max_length=200,
        description="Wat je er doet.",
        examples=["Helpen in de werkplaats"],
    )
    opleidingcode: Crebo | None = None
    begindatum: date = Field(description="Eerste dag om te beginnen.", examples=["2026-12-01"])
    capaciteit: int = Field(ge=0, le=500, description="Hoeveel jongeren tegelijk.", examples=[2])
    uren_min: Uren
    uren_max: Uren
    omstandigheden: list[Omstandigheid] | None = Field(None, max_length=11)
    begeleiding: list[Ondersteuning] | None = Field(
        None, max_length=8, description="Hulp die de plek biedt."
    )
    sluit_op: date | None = Field(
        None, description="Laatste dag om te beginnen.", examples=["2027-03-01"]
    )
    eisen: list[EisIn] = Field(
        default_factory=list, max_length=100, description="Wat de plek vraagt."
    )
    werkprocessen: list[Code] = Field(
        default_factory=list,
        max_length=200,
        description="Wat er te leren is, per werkproces.",
        examples=[["25748-B1-K1-W1"]],
    )


class LeerwerkplekSluitingIn(InputModel):
    """Na welke dag niemand meer kan beginnen."""

    sluit_op: date = Field(description="Laatste dag om te beginnen.", examples=["2026-12-31"])


class LeerwerkplekKortOut(ApiModel):
    """Een leerwerkplek in een lijst."""

    leerwerkplek_id: str = Field(examples=["LWP-0042"])
    leerbedrijf_id: LeerbedrijfNummer
    soort: SoortLeerwerkplek
    titel: str = Field(examples=["Helpen in de werkplaats"])
    opleidingcode: str | None = Field(examples=["25748"])
    begindatum: date = Field(examples=["2026-12-01"])
    capaciteit: int = Field(examples=[2])
    uren_min: Uren
    uren_max: Uren
    omstandigheden: list[Omstandigheid] | None
    begeleiding: list[Ondersteuning] | None
    sluit_op: date | None = Field(examples=["2027-03-01"])
    bekend_op: BekendOp
    bron: Bron


class LeerwerkplekDetailOut(LeerwerkplekKortOut):
    """Een leerwerkplek met wat die vraagt en wat er te leren is."""

    eisen: list[EisIn]
    werkprocessen: list[str] = Field(examples=[["25748-B1-K1-W1"]])


class LeerwerkplekkenOut(PaginaOut):
    """Eén pagina leerwerkplekken."""

    resultaten: list[LeerwerkplekKortOut]


class VoorwaardeOut(ApiModel):
    """Een voorwaarde om aan een traject mee te doen."""

    attribuut: str = Field(description="Waar het over gaat.", examples=["leeftijd"])
    operator: Operator
    waarde: str = Field(examples=["16"])
    reden: str = Field(examples=["Het traject is voor 16 jaar en ouder."])


class TrajectKortOut(ApiModel):
    """Een traject in een lijst."""

    traject_id: str = Field(examples=["TR-001"])
    soort: str = Field(examples=["voorschakeltraject"])
    titel: str = Field(examples=["Op weg naar werk"])
    regio: str | None = Field(examples=["Achterhoek"])
    capaciteit: int | None = Field(description="Hoeveel jongeren tegelijk.", examples=[12])
    duur_weken: float | None = Field(examples=[12])
    bron: Bron


class TrajectDetailOut(TrajectKortOut):
    """Een traject met zijn voorwaarden."""

    voorwaarden: list[VoorwaardeOut]


class TrajectenOut(PaginaOut):
    """Eén pagina trajecten."""

    resultaten: list[TrajectKortOut]
