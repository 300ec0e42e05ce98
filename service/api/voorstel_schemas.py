"""What goes in and out of the API about joint proposals."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from models.allocation import STANDAARD
from models.allocation_objectives import Doel
from service.api.schemas import ApiModel, InputModel, RedenOut


class VoorstelIn(InputModel):
    """Wat de tafel van het voorstel vraagt."""

    doelen: list[Doel] = Field(
        default_factory=lambda: list(STANDAARD),
        min_length=1,
        max_length=len(Doel),
        description="Wat het zwaarst telt, eerst. Deze volgorde staat bij het voorstel.",
    )
    minimum: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Een plek met een kleinere kans is niet beter dan geen.",
        examples=[0.3],
    )
    minima: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict,
        max_length=200,
        description="Per jongere een eigen minimum, zoals de kans van een andere route.",
    )
    seed: int = Field(
        0, ge=0, le=2**31 - 1, description="Kiest tussen even goede voorstellen.", examples=[0]
    )

    @field_validator("doelen")
    @classmethod
    def _each_once(cls, value: list[Doel]) -> list[Doel]:
        if len(set(value)) < len(value):
            raise PydanticCustomError("doel_dubbel", "an objective occurs twice")
        return value


class DoelOut(ApiModel):
    """Wat het voorstel voor één doel bereikt."""

    doel: Doel
    waarde: float | list[int] = Field(
        description="Een aantal of som; bij een zwakste: hoeveel jongeren zonder plek en per stap."
    )


class VoorstelregelOut(ApiModel):
    """De plek die het voorstel aan één jongere geeft."""

    voorstelregel_id: int = Field(examples=[41])
    agendapunt_id: int = Field(examples=[12])
    jongere_id: str = Field(examples=["3f9c0a51"])
    naam: str = Field(examples=["Sam Voorbeeld"])
    leerwerkplek_id: str | None = Field(
        description="Leeg als er geen plek past of over is.", examples=["LWP-0042"]
    )
    leerwerkplek: str | None = Field(examples=["Assistent magazijn, Voorbeeld Logistiek"])
    kans: float | None = Field(description="Kans dat de plaatsing slaagt.", examples=[0.71])
    kans_tekst: str | None = Field(examples=["ongeveer 71 van de 100"])
    vast: bool = Field(description="Of mensen dit paar hebben vastgezet.")
    voor: list[RedenOut]
    tegen: list[RedenOut]


class VoorstelOut(ApiModel):
    """Een genummerd voorstel voor de hele tafel. De mensen aan tafel beslissen."""

    voorstel_id: int = Field(examples=[2])
    nummer: int = Field(examples=[1])
    tijdstip: datetime = Field(examples=["2026-12-03T10:15:00Z"])
    doelen: list[DoelOut] = Field(description="In de volgorde die de tafel koos.")
    geplaatst: int = Field(examples=[24])
    jongeren: int = Field(examples=[30])
    verwacht: float = Field(
        description="Hoeveel plaatsingen naar verwachting slagen.", examples=[18.4]
    )
    gat: int = Field(description="0: bewezen dat geen ander voorstel beter is.", examples=[0])
    regels: list[VoorstelregelOut]


class VoorstellenOut(ApiModel):
    """De nummers van alle voorstellen van een tafel."""

    nummers: list[int]


class VerschuivingOut(ApiModel):
    """Een jongere die een andere plek krijgt; leeg is geen plek."""

    jongere_id: str = Field(examples=["3f9c0a51"])
    naam: str = Field(examples=["Sam Voorbeeld"])
    van: str | None = Field(examples=["LWP-0042"])
    naar: str | None = Field(examples=["LWP-0043"])
    kans_van: float = Field(examples=[0.71])
    kans_naar: float = Field(examples=[0.64])


class VerschilOut(ApiModel):
    """Wat er verandert als één ding anders is, na opnieuw rekenen."""

    winst: float = Field(
        description="Plaatsingen die naar verwachting meer slagen; min is minder.", examples=[-0.07]
    )
    totaal_nu: float | None = Field(
        description="Plaatsingen die naar verwachting slagen, zoals het voorstel is.",
        examples=[18.4],
    )
    totaal_dan: float | None = Field(description="En met de verandering.", examples=[18.33])
    verschuivingen: list[VerschuivingOut]


class VerklaringOut(ApiModel):
    """Waarom deze jongere deze plek niet kreeg."""

    bezet_door: list[str] = Field(description="Namen van wie de plek in het voorstel heeft.")
    zin: str = Field(
        description="Wat de tafel inlevert als deze jongere de plek toch krijgt.",
        examples=["Krijgt deze jongere de plek, dan verandert er niets."],
    )
    verschil: VerschilOut


class ReserveOut(ApiModel):
    """Een reservekandidaat, omdat een leerbedrijf wil kiezen."""

    leerwerkplek_id: str = Field(examples=["LWP-0042"])
    leerwerkplek: str = Field(examples=["Assistent magazijn, Voorbeeld Logistiek"])
    rang: int = Field(examples=[1])
    jongere_id: str = Field(examples=["3f9c0a51"])
    naam: str = Field(examples=["Sam Voorbeeld"])
    kans: float = Field(examples=[0.71])
    nu_op: str | None = Field(
        description="Plek die het voorstel nu voor deze jongere heeft.", examples=["LWP-0043"]
    )


class SchaarsePlekOut(ApiModel):
    """Een plek waarvan er een meer zou helpen."""

    leerwerkplek_id: str = Field(examples=["LWP-0042"])
    leerwerkplek: str = Field(examples=["Assistent magazijn, Voorbeeld Logistiek"])
    zin: str = Field(examples=["Krijgt deze jongere de plek, dan verandert er niets."])
    verschil: VerschilOut


class VastOut(ApiModel):
    """Wat een vastgezet paar de tafel kost."""

    jongere_id: str = Field(examples=["3f9c0a51"])
    naam: str = Field(examples=["Sam Voorbeeld"])
    zin: str = Field(examples=["Krijgt deze jongere de plek, dan verandert er niets."])
    verschil: VerschilOut


class ToelichtingOut(ApiModel):
    """Wat er achter een voorstel zit."""

    reserves: list[ReserveOut]
    schaarse_plekken: list[SchaarsePlekOut]
    vastgezet: list[VastOut]
    bescherming: VerschilOut = Field(
        description="Wat er verandert zonder voorrang voor wie het moeilijkst te plaatsen is."
    )
    bescherming_zin: str = Field(
        examples=["Zonder voorrang voor wie het moeilijkst te plaatsen is, verandert er niets."]
    )
