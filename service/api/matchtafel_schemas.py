"""What goes in and out of the API about matchtafels, besluiten and opvolgingen."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from features.vocabulary import RedenEindeStage
from service.api.schemas import ApiModel, InputModel, PaginaOut
from service.matchtafel.begrippen import Keuze, Status, Uitkomst, Vraag, WensSoort
from service.storage.matchtafel_tables import SHORTEST_REDEN

LONGEST = 2000
LARGEST = 2**31 - 1
"""Largest number that every database keeps."""

Naam = Annotated[str, Field(min_length=1, max_length=200, examples=["Anna de Boer"])]
Nummer = Annotated[str, Field(min_length=1, max_length=100)]
Versie = Annotated[
    int,
    Field(
        ge=1,
        le=LARGEST,
        description="Versie die u zag. Is er een nieuwere, dan verandert er niets (409).",
    ),
]


class DeelnemerIn(InputModel):
    """Iemand aan tafel."""

    naam: Naam = Field(examples=["Sam Voorbeeld"])
    organisatie: str = Field(min_length=1, max_length=200, examples=["Graafschap College"])
    rol: str = Field(
        min_length=1, max_length=100, description="Zoals school, UWV of gemeente.", examples=["UWV"]
    )


class DeelnemerOut(DeelnemerIn):
    """Iemand aan tafel, met nummer."""

    deelnemer_id: int = Field(examples=[1])


class PlekIn(InputModel):
    """Hoeveel jongeren de tafel voor een plek mag voorstellen, en van welke school."""

    aantal: int = Field(
        ge=0,
        le=1000,
        description="0 als de plek wegvalt; meer dan er vrij is als het leerbedrijf wil kiezen.",
        examples=[1],
    )
    alleen_voor: str | None = Field(
        None,
        max_length=10,
        description="BRIN van de school voor wie de plek is.",
        examples=["24ZZ"],
    )
    alleen_tot: date | None = Field(
        None,
        validate_default=True,
        description="Tot en met deze dag is de plek voor die school.",
        examples=["2026-12-01"],
    )

    @field_validator("alleen_tot")
    @classmethod
    def _goes_with_a_school(cls, value: date | None, info: ValidationInfo) -> date | None:
        if (value is None) != (info.data.get("alleen_voor") is None):
            raise PydanticCustomError("voorbehoud_half", "a school and a day go together")
        return value


class PlekOut(PlekIn):
    """Een leerwerkplek die op tafel ligt."""

    leerwerkplek_id: str = Field(examples=["LWP-0042"])
    leerwerkplek: str = Field(examples=["Assistent magazijn, Voorbeeld Logistiek"])


class PlekkenOut(ApiModel):
    """De leerwerkplekken die op tafel liggen."""

    resultaten: list[PlekOut]


class MatchtafelIn(InputModel):
    """Een nieuwe matchtafel; agenda en plekken komen uit de gegevens van de regio."""

    regio: str = Field(min_length=1, max_length=100, examples=["Achterhoek"])
    datum: date = Field(examples=["2026-12-03"])
    aantal: int = Field(
        30, ge=1, le=200, description="Hoeveel jongeren op de agenda.", examples=[1]
    )
    deelnemers: list[DeelnemerIn] = Field(default_factory=list, max_length=100)


class MatchtafelStatusIn(InputModel):
    """De volgende stap van een matchtafel: open of gesloten."""

    status: Status = Field(examples=[Status.OPEN])
    versie: Versie = Field(examples=[1])


class MatchtafelOut(ApiModel):
    """Een matchtafel."""

    matchtafel_id: int = Field(examples=[1])
    regio: str = Field(examples=["Achterhoek"])
    datum: date = Field(examples=["2026-12-03"])
    status: Status
    versie: int = Field(examples=[1])
    momentopname: dict[str, object] = Field(
        description="Van welke dag de gegevens zijn, en welke modellen er rekenden."
    )
    deelnemers: list[DeelnemerOut]
    agendapunten: int = Field(description="Hoeveel jongeren op de agenda staan.", examples=[30])
    besproken: int = Field(description="Bij hoeveel een besluit is genomen.", examples=[0])
    plekken: int = Field(description="Hoeveel leerwerkplekken op tafel liggen.", examples=[120])


class MatchtafelsOut(PaginaOut):
    """Matchtafels; zonder pagina de hele lijst."""

    resultaten: list[MatchtafelOut]


class AgendapuntIn(InputModel):
    """Een jongere die mensen aan tafel willen bespreken."""

    jongere_id: Nummer = Field(examples=["3f9c0a51"])
    reden: str = Field(min_length=10, max_length=LONGEST, examples=["De coach vroeg om overleg."])


class BesluitIn(InputModel):
    """Wat de tafel besluit over één jongere. Er staat niets vooraf ingevuld."""

    agendapunt_id: int = Field(ge=1, le=LARGEST, examples=[12])
    agendapunt_versie: Versie = Field(examples=[1])
    keuze: Keuze
    reden: str = Field(
        min_length=SHORTEST_REDEN,
        max_length=LONGEST,
        description="Waarom, in minstens 10 tekens.",
        examples=["Past bij de wens en is dichtbij."],
    )
    eigenaar_id: int = Field(
        ge=1, le=LARGEST, description="Deelnemer die het oppakt.", examples=[3]
    )
    opvolgdatum: date = Field(description="Dag om op terug te komen.", examples=["2026-12-10"])
    leerwerkplek_id: Nummer | None = Field(None, validate_default=True, examples=["LWP-0042"])
    voorstelregel_id: int | None = Field(
        None,
        ge=1,
        le=LARGEST,
        description="Regel van het voorstel, als die er is.",
        examples=[41],
    )

    @field_validator("leerwerkplek_id")
    @classmethod
    def _is_there_when_proposed(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("keuze") is Keuze.VOORSTELLEN:
            raise PydanticCustomError("plek_ontbreekt", "the choice needs a leerwerkplek")
        return value


class BesluitOut(ApiModel):
    """Een besluit. Het blijft bestaan, ook als een later besluit het vervangt."""

    besluit_id: int = Field(examples=[7])
    agendapunt_id: int = Field(examples=[12])
    keuze: Keuze
    reden: str = Field(examples=["Past bij de wens en is dichtbij."])
    leerwerkplek_id: str | None = Field(examples=["LWP-0042"])
    eigenaar_id: int = Field(examples=[3])
    opvolgdatum: date = Field(examples=["2026-12-10"])
    tijdstip: datetime = Field(examples=["2026-12-03T10:15:00Z"])
    vervangt_id: int | None = Field(
        description="Besluit dat door dit besluit is vervangen.", examples=[6]
    )


class BesluitenOut(PaginaOut):
    """Besluiten van een matchtafel; zonder pagina de hele lijst."""

    resultaten: list[BesluitOut]


class AgendapuntOut(ApiModel):
    """Eén jongere op de agenda."""

    agendapunt_id: int = Field(examples=[12])
    jongere_id: str = Field(examples=["3f9c0a51"])
    naam: str = Field(examples=["Sam Voorbeeld"])
    urgentie: list[str] = Field(examples=[["al 12 weken zonder school of stage"]])
    versie: int = Field(examples=[1])
    besluit: BesluitOut | None


class AgendaOut(ApiModel):
    """De agenda, in volgorde."""

    resultaten: list[AgendapuntOut]


class WensIn(InputModel):
    """Een jongere en een plek bij elkaar houden, of juist niet."""

    soort: WensSoort
    jongere_id: Nummer = Field(examples=["3f9c0a51"])
    leerwerkplek_id: Nummer = Field(examples=["LWP-0042"])


class WensOut(WensIn):
    """Een wens die meetelt in het volgende voorstel."""

    wens_id: int = Field(examples=[5])


class WensenOut(ApiModel):
    """De wensen die nu meetellen."""

    resultaten: list[WensOut]


class PlaatsingIn(InputModel):
    """Wat met het leerbedrijf is afgesproken."""

    begindatum: date = Field(examples=["2026-12-10"])
    geplande_einddatum: date = Field(examples=["2027-03-12"])
    uren_per_week: float = Field(gt=0, le=60, examples=[24])

    @field_validator("geplande_einddatum")
    @classmethod
    def _not_before_the_begin(cls, value: date, info: ValidationInfo) -> date:
        begin = info.data.get("begindatum")
        if begin is not None and value < begin:
            raise PydanticCustomError("datum_volgorde", "geplande_einddatum is before begindatum")
        return value


class UitkomstIn(InputModel):
    """Wat er van een besluit is geworden."""

    uitkomst: Uitkomst
    versie: Versie = Field(examples=[1])
    toelichting: str = Field("", max_length=LONGEST, examples=["Begonnen op maandag."])
    plaatsing: PlaatsingIn | None = Field(
        None, description="Verplicht bij de vraag: ben je geweest?"
    )
    reden_einde: RedenEindeStage = Field(
        RedenEindeStage.ANDERS, description="Waarom de stage eerder stopte."
    )


class OpvolgingOut(ApiModel):
    """Een vraag die op zijn dag terugkomt."""

    opvolging_id: int = Field(examples=[9])
    besluit_id: int = Field(examples=[7])
    vraag: Vraag
    datum: date = Field(examples=["2026-12-03"])
    eigenaar_id: int = Field(examples=[3])
    uitkomst: Uitkomst | None
    toelichting: str = Field(examples=["Begonnen op maandag."])
    stage_id: str | None = Field(examples=["3f9c0a51-100000001-20261210"])
    versie: int = Field(examples=[1])


class OpvolgingenOut(PaginaOut):
    """Opvolgingen; zonder pagina de hele lijst."""

    resultaten: list[OpvolgingOut]


class NieuwOut(ApiModel):
    """Het nummer van wat er is gemaakt."""

    id: int = Field(examples=[5])
