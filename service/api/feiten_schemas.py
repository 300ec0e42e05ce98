"""What goes in and out of the API about facts of one jongere."""

from datetime import date
from typing import Annotated

from pydantic import Field

from features.vocabulary import (
    Beoordelaar,
    Leerweg,
    Omstandigheid,
    Onderwijssoort,
    RedenEindeStage,
    RedenUitschrijving,
    Sector,
    Vervoer,
)
from service.api.schemas import ApiModel, InputModel, PaginaOut

JongereNummer = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        description="Pseudoniem van de jongere.",
        examples=["3f9c0a51"],
    ),
]
Uren = Annotated[float, Field(ge=0, le=60, description="Uren per week.", examples=[24])]
Crebo = Annotated[
    str, Field(pattern=r"^\d{5}$", description="Crebo: vijf cijfers.", examples=["25748"])
]
LeerbedrijfNummer = Annotated[
    str,
    Field(
        pattern=r"^\d{9}$",
        description="LeerbedrijfID van SBB: negen cijfers.",
        examples=["100000001"],
    ),
]
BekendOp = Annotated[date, Field(description="Dag waarop dit bekend was.", examples=["2026-11-01"])]
Bron = Annotated[str, Field(description="Waar dit vandaan komt.", examples=["invoer"])]


class InschrijvingOut(ApiModel):
    """Een periode waarin een jongere bij een opleiding staat."""

    jongere_id: JongereNummer
    instelling: str = Field(description="BRIN van de school.", examples=["24ZZ"])
    volgnummer: str = Field(description="Nummer op die school.", examples=["1"])
    onderwijssoort: Onderwijssoort
    niveau: int | None = Field(description="Mbo-niveau.", examples=[2])
    opleidingcode: str | None = Field(description="Crebo.", examples=["25748"])
    leerweg: Leerweg | None
    leerjaar: int | None = Field(examples=[1])
    begindatum: date = Field(examples=["2026-08-01"])
    geplande_einddatum: date | None = Field(examples=["2028-07-31"])
    einddatum: date | None = Field(description="Leeg zolang het loopt.", examples=[None])
    reden_uitschrijving: RedenUitschrijving | None = Field(description="Code van DUO.")
    bekend_op: BekendOp
    einde_bekend_op: date | None = Field(
        description="Dag waarop het einde bekend was.", examples=[None]
    )
    bron: Bron


class InschrijvingenOut(PaginaOut):
    """Eén pagina inschrijvingen."""

    resultaten: list[InschrijvingOut]


class StageIn(InputModel):
    """Een afgesproken stage; die mag ook later beginnen."""

    jongere_id: JongereNummer
    leerbedrijf_id: LeerbedrijfNummer
    leerwerkplek_id: str | None = Field(
        None, min_length=1, max_length=100, description="Als die bekend is.", examples=["LWP-0042"]
    )
    opleidingcode: Crebo | None = None
    begindatum: date = Field(description="Eerste dag.", examples=["2026-12-07"])
    geplande_einddatum: date | None = Field(
        None, description="Laatste dag volgens de afspraak.", examples=["2027-03-12"]
    )
    uren_per_week: Uren | None = None
    zoekduur_weken: float | None = Field(
        None, ge=0, le=260, description="Weken gezocht voor de stage begon.", examples=[6]
    )


class StageEindeIn(InputModel):
    """Het einde van een stage."""

    einddatum: date = Field(description="Laatste dag, vandaag of eerder.", examples=["2026-11-20"])
    reden_einde: RedenEindeStage
    beoordeling: float | None = Field(
        None, ge=0, le=1, description="Eindoordeel van 0 tot 1.", examples=[0.8]
    )


class StageOut(ApiModel):
    """Een stage onder een praktijkovereenkomst."""

    stage_id: str = Field(examples=["3f9c0a51-100000001-20261207"])
    jongere_id: JongereNummer
    leerbedrijf_id: LeerbedrijfNummer
    leerwerkplek_id: str | None = Field(examples=["LWP-0042"])
    opleidingcode: str | None = Field(examples=["25748"])
    begindatum: date = Field(examples=["2026-12-07"])
    geplande_einddatum: date | None = Field(examples=["2027-03-12"])
    einddatum: date | None = Field(description="Leeg zolang de stage loopt.", examples=[None])
    uren_per_week: float | None = Field(examples=[24])
    zoekduur_weken: float | None = Field(examples=[6])
    beoordeling: float | None = Field(description="Eindoordeel van 0 tot 1.", examples=[0.8])
    reden_einde: RedenEindeStage | None
    bekend_op: BekendOp
    einde_bekend_op: date | None = Field(examples=[None])
    bron: Bron


class StagesOut(PaginaOut):
    """Eén pagina stages."""

    resultaten: list[StageOut]


class CompetentiemetingIn(InputModel):
    """Een oordeel over één competentie."""

    jongere_id: JongereNummer
    competentie_id: str = Field(
        min_length=1, max_length=100, description="Nummer van de competentie.", examples=["WV-03"]
    )
    niveau: int = Field(
        ge=0,
        le=4,
        description="0 nog niet, 1 met hulp, 2 onder toezicht, 3 zelfstandig, 4 leert anderen.",
        examples=[2],
    )
    bron: Beoordelaar = Field(description="Wie het oordeel gaf.")
    datum: date = Field(
        description="Dag van het oordeel, niet later dan vandaag.", examples=["2026-11-20"]
    )


class CompetentiemetingOut(CompetentiemetingIn):
    """Een oordeel zoals het is bewaard."""

    bekend_op: BekendOp


class CompetentiemetingenOut(PaginaOut):
    """Eén pagina oordelen."""

    resultaten: list[CompetentiemetingOut]


class WensenVelden(InputModel):
    """Wensen en grenzen van een jongere; wat leeg is, is niet verteld."""

    sectoren: list[Sector] | None = Field(
        None, max_length=10, description="Gewenste sectoren, de liefste eerst."
    )
    uren_min: Uren | None = None
    uren_max: Uren | None = None
    reistijd_max: float | None = Field(
        None, ge=0, le=240, description="Langste reis in minuten, enkele reis.", examples=[45]
    )
    vervoer: list[Vervoer] | None = Field(None, max_length=6, description="Hoe de jongere reist.")
    vermijdt: list[Omstandigheid] | None = Field(
        None, max_length=11, description="Wat de jongere wil vermijden."
    )
    rijbewijs: bool | None = None


class VoorkeurIn(WensenVelden):
    """Nieuwe wensen, vanaf een dag."""

    jongere_id: JongereNummer
    datum: date = Field(
        description="Vanaf wanneer, niet later dan vandaag.", examples=["2026-11-20"]
    )


class VoorkeurWijzigingIn(WensenVelden):
    """Andere wensen in de plaats van die er staan."""


class VoorkeurOut(VoorkeurIn):
    """Wensen zoals ze zijn bewaard."""

    voorkeur_id: str = Field(
        description="Kenmerk, voor het adres.", examples=["M2Y5YzBhNTEgMjAyNi0xMS0yMA"]
    )
    bekend_op: BekendOp
    bron: Bron


class VoorkeurenOut(PaginaOut):
    """Eén pagina voorkeuren."""

    resultaten: list[VoorkeurOut]
