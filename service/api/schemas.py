"""What the API returns: camelCase outside, snake_case inside, nothing that is not named here.

A kandidaat has no field for uitvalrisico, so a list of kandidaten cannot carry one (TRUST S7).
"""

import re
from datetime import date
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""What no database or document should get; tabs and line ends may stand in a text."""
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Kans = Annotated[float, Field(ge=0, le=1, examples=[0.31])]
KansTekst = Annotated[
    str, Field(description="De kans in woorden.", examples=["ongeveer 31 van de 100"])
]


def refuse_control(value: object) -> object:
    """Return a value as it is; a text with control characters is refused."""
    if isinstance(value, str) and CONTROL.search(value):
        raise PydanticCustomError("control_character", "text holds a control character")
    return value


def refuse_other_days(model: type[BaseModel], name: str | None, value: object) -> object:
    """Return a value as it is; for a day only a date, or its text by ISO 8601, will do.

    The framework would take a number for seconds since 1970.
    """
    wanted = model.model_fields[name or ""].annotation
    is_day = date in {wanted, *get_args(wanted)}
    if not is_day or value is None or isinstance(value, date):
        return value
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return value
    raise PydanticCustomError("date_parsing", "no day as 2026-12-03")


class ApiModel(BaseModel):
    """Base of all that goes in and out of the API."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, extra="forbid"
    )


class InputModel(ApiModel):
    """Base of what comes in to be stored: text without control characters."""

    model_config = ConfigDict(allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _is_plain(cls, value: object, info: ValidationInfo) -> object:
        return refuse_other_days(cls, info.field_name, refuse_control(value))


class JongereOut(ApiModel):
    """Wie het is, zo kort als een lijst nodig heeft."""

    jongere_id: str = Field(description="Pseudoniem van de jongere.", examples=["3f9c0a51"])
    naam: str = Field(description="Leeg als de naam niet bekend is.", examples=["Sam Voorbeeld"])
    leeftijd: int | None = Field(description="Leeftijd in jaren.", examples=[17])
    woonplaats: str | None = Field(examples=["Doetinchem"])
    instelling: str | None = Field(description="BRIN van de school.", examples=["24ZZ"])
    onderwijssoort: str | None = Field(examples=["entree"])
    opleiding: str | None = Field(examples=["Assistent logistiek"])


class RedenOut(ApiModel):
    """Een reden achter een kans: wat er gezien is en hoeveel het uitmaakte."""

    feature: str = Field(description="Naam van het kenmerk.", examples=["reistijd_aandeel"])
    waarde: float | None = Field(description="Leeg als de waarde niet bekend is.", examples=[12.0])
    bijdrage: float = Field(
        description="Wat dit aan de kans deed, in punten van de 100.", examples=[4.2]
    )
    zin: str = Field(examples=["Reistijd: 12 minuten."])


class VeranderingOut(ApiModel):
    """Wat de kans sinds vorige maand hoger of lager maakte."""

    groep: str = Field(examples=["verzuim"])
    feature: str = Field(
        description="Kenmerk van de groep dat het meest deed.", examples=["verzuim_ongeoorloofd_13"]
    )
    eerder: float | None = Field(description="Leeg als het niet bekend was.", examples=[0.04])
    nu: float | None = Field(description="Leeg als het niet bekend is.", examples=[0.12])
    bijdrage: float = Field(
        description="Wat dit aan de kans veranderde, in punten van de 100.", examples=[4.2]
    )
    zin: str = Field(
        examples=[
            "Miste in de laatste 3 maanden 12% van de lesuren zonder toestemming (vorige maand 4%)."
        ]
    )


class VorigeMaandOut(ApiModel):
    """De kans van een maand eerder, met wat toen bekend was; en wat er veranderde."""

    peildatum: date = Field(description="Een maand eerder.", examples=["2026-10-01"])
    kans: Kans = Field(description="Kans op uitval, gezien vanaf die dag.")
    kans_tekst: KansTekst
    zin: str = Field(
        examples=[
            "De kans is hoger dan vorige maand: ongeveer 12 van de 100 werd ongeveer 18 van de 100."
        ]
    )
    veranderingen: list[VeranderingOut] = Field(
        description="Alle bijdragen samen zijn het verschil van de twee kansen, maal 100."
    )


class UitvalrisicoOut(ApiModel):
    """De kans op uitval binnen twaalf maanden, en waarom."""

    jongere: JongereOut
    peildatum: date = Field(description="De dag van waaruit gekeken is.", examples=["2026-11-01"])
    kans: Kans = Field(description="Kans op uitval binnen twaalf maanden.")
    kans_tekst: KansTekst
    laag: Kans = Field(description="Laagste deel van 100 jongeren, in 9 van de 10 keer.")
    hoog: Kans = Field(description="Hoogste deel van 100 jongeren, in 9 van de 10 keer.")
    tussen_tekst: str = Field(
        description="Tussen welke aantallen het ligt, in woorden.",
        examples=["tussen 12 en 25 van de 100"],
    )
    risico: str = Field(description="laag, verhoogd of hoog.", examples=["hoog"])
    verhogend: list[RedenOut] = Field(description="Redenen die de kans hoger maken.")
    verlagend: list[RedenOut] = Field(description="Redenen die de kans lager maken.")
    vorige_maand: VorigeMaandOut | None = Field(
        description="Leeg als er nog geen gegevens van vorige maand zijn."
    )
    te_weinig_gegevens: bool = Field(
        description="Waar: van te weinig jongeren is de afloop bekend, en een eenvoudige regel "
        "bepaalt de volgorde.",
        examples=[False],
    )
    model_versie: str = Field(examples=["1"])


class Links(ApiModel):
    """Adressen van de andere pagina's van een lijst."""

    first: str = Field(examples=["/api/v1/jongeren?pagina=1"])
    prev: str | None = Field(examples=[None])
    next: str | None = Field(examples=["/api/v1/jongeren?pagina=2"])
    last: str = Field(examples=["/api/v1/jongeren?pagina=240"])


class PaginaOut(ApiModel):
    """Wat elke pagina van een lijst heeft."""

    totaal: int = Field(description="Resultaten in de hele lijst.", examples=[6000])
    pagina: int = Field(examples=[1])
    paginagrootte: int = Field(examples=[25])
    links: Links


class JongerenOut(PaginaOut):
    """Eén pagina van de lijst van jongeren."""

    peildatum: date = Field(description="De dag van waaruit gekeken is.", examples=["2026-11-01"])
    resultaten: list[UitvalrisicoOut]
    zonder_score: list[JongereOut] = Field(
        description="Wie in de lijst hoort en geen kans heeft: het model staat stil, of de jongere "
        "maakte bezwaar. Op naam."
    )
    zonder_score_totaal: int = Field(examples=[0])


class Fout(ApiModel):
    """Eén fout in de invoer."""

    plaats: str = Field(description="Waar de fout zit.", examples=["query"])
    naam: str = Field(description="Naam van de parameter.", examples=["pagina"])
    code: str = Field(examples=["int_parsing"])
    detail: str = Field(examples=["Vul een heel getal in."])


class OnderdeelOut(ApiModel):
    """Een deel van de installatie."""

    naam: str = Field(examples=["database"])
    in_orde: bool
    melding: str = Field(description="Wat er aan de hand is.", examples=["In orde."])


class Problem(ApiModel):
    """Een fout volgens RFC 9457."""

    status: int = Field(examples=[400])
    title: str = Field(examples=["De vraag klopt niet"])
    detail: str = Field(examples=["Iets in de vraag klopt niet. Controleer de invoer."])
    errors: list[Fout] | None = Field(
        default=None, description="Alle fouten in de invoer, bij status 400."
    )
    huidig: dict[str, object] | None = Field(
        default=None, description="Wat er nu staat, als iemand anders u voor was (409)."
    )
    onderdelen: list[OnderdeelOut] | None = Field(
        default=None, description="Welk onderdeel het niet doet (503 van gereedheid)."
    )
    gevraagd: dict[str, object] | None = Field(
        default=None, description="Wat u stuurde, om naast elkaar te leggen (409)."
    )
