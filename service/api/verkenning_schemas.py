"""What the API takes and returns of a verkenning: the list as it would be, beside that of now."""

from datetime import date

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from features.vocabulary import Omstandigheid, Ondersteuning, Sector, Vervoer
from service.api.paren_schemas import BlokkadeOut, LeerwerkplekOut, SuggestieOut
from service.api.schemas import ApiModel, Kans
from service.verkenning import Verschil


class CompetentieIn(ApiModel):
    """Eén competentie die op een ander niveau beoordeeld zou zijn."""

    competentie_id: str = Field(max_length=100, examples=["WV-03"])
    niveau: int = Field(ge=0, le=4, description="Niveau 0 tot 4.", examples=[3])


class VerkenningIn(ApiModel):
    """Wat er anders zou zijn; wat u weglaat, blijft zoals het is. Er wordt niets bewaard."""

    model_config = ConfigDict(allow_inf_nan=False)

    uren_min: float | None = Field(
        None, ge=0, le=60, description="Minste uren per week die de jongere wil.", examples=[16]
    )
    uren_max: float | None = Field(
        None, gt=0, le=60, description="Meeste uren per week die de jongere aankan.", examples=[24]
    )
    reistijd_max: float | None = Field(
        None, ge=1, le=240, description="Langste reis in minuten.", examples=[45]
    )
    rijbewijs: bool | None = Field(None, description="Heeft de jongere een rijbewijs?")
    vervoer: list[Vervoer] | None = Field(
        None, min_length=1, max_length=6, description="Hoe de jongere kan reizen."
    )
    vermijdt: list[Omstandigheid] | None = Field(
        None, max_length=10, description="Wat de jongere op het werk wil vermijden."
    )
    ondersteuning: list[Ondersteuning] | None = Field(
        None, max_length=8, description="Steun die de jongere op de plek nodig heeft."
    )
    sectoren: list[Sector] | None = Field(
        None, max_length=10, description="Sectoren die de jongere wil, de liefste eerst."
    )
    competentie: CompetentieIn | None = None
    top: int = Field(10, ge=1, le=100, description="Hoeveel voorstellen.", examples=[10])

    @field_validator("uren_max")
    @classmethod
    def _not_below_the_least(cls, value: float | None, info: ValidationInfo) -> float | None:
        least = info.data.get("uren_min")
        if value is not None and least is not None and value < least:
            raise PydanticCustomError("uren_volgorde", "uren_max is below uren_min")
        return value


class VerkendePlekOut(ApiModel):
    """Een plek uit de verkende lijst, naast de lijst van nu."""

    verschil: Verschil = Field(examples=["nieuw"])
    rang_nu: int | None = Field(
        description="Leeg als de plek nu niet in de lijst staat.", examples=[3]
    )
    kans_nu: float | None = Field(description="Leeg als de plek nu buiten valt.", examples=[0.55])
    opgeheven: list[BlokkadeOut] = Field(description="Regels die nu gelden en dan niet meer.")
    suggestie: SuggestieOut


class VervallenPlekOut(ApiModel):
    """Een plek uit de lijst van nu die niet in de verkende lijst staat."""

    rang_nu: int = Field(examples=[2])
    kans_nu: Kans
    kans_dan: float | None = Field(description="Leeg als de plek dan buiten valt.", examples=[0.41])
    blokkades: list[BlokkadeOut] = Field(description="Regels waardoor de plek dan buiten valt.")
    leerwerkplek: LeerwerkplekOut


class VerkenningOut(ApiModel):
    """De lijst zoals die zou zijn, naast de lijst van nu."""

    peildatum: date = Field(description="De dag van waaruit gekeken is.", examples=["2026-11-01"])
    model_versie: str = Field(examples=["1"])
    passend_nu: int = Field(description="Plekken die nu passen.", examples=[37])
    passend_dan: int = Field(description="Plekken die dan passen.", examples=[52])
    plekken: list[VerkendePlekOut]
    vervallen: list[VervallenPlekOut]
