"""What may be asked in a query string; a parameter that is not here is refused."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from features.vocabulary import Onderwijssoort
from service.suggesties import Volgorde


class ApiQuery(BaseModel):
    """Base of all query strings: camelCase names, no unknown ones."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)


class NoQuery(ApiQuery):
    """No parameter at all."""


class JongerenQuery(ApiQuery):
    """One page of the list of jongeren."""

    pagina: int = Field(1, ge=1, le=1_000_000, description="Nummer van de pagina, vanaf 1.")
    paginagrootte: int = Field(25, ge=1, le=100, description="Jongeren per pagina.")
    zoek: str = Field("", max_length=100, description="Deel van de naam, of het hele pseudoniem.")
    onderwijssoort: Onderwijssoort | None = Field(
        None, description="Alleen jongeren in deze onderwijssoort."
    )
    sortering: Literal["uitvalrisico", "naam"] = Field(
        "uitvalrisico", description="Hoogste uitvalrisico eerst, of op naam."
    )


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


class MatchtafelQuery(ApiQuery):
    """Of which matchtafel."""

    matchtafel_id: int = Field(ge=1, le=2**31 - 1, description="Nummer van de matchtafel.")


class OpvolgingenQuery(ApiQuery):
    """Which follow-ups."""

    matchtafel_id: int | None = Field(
        None, ge=1, le=2**31 - 1, description="Alleen van deze matchtafel, ook de beantwoorde."
    )
    tot_en_met: date | None = Field(None, description="Alleen wat dan aan de beurt is.")


class NotulenQuery(ApiQuery):
    """In which form the minutes are wanted."""

    formaat: Literal["pdf", "xlsx"] = Field("pdf", description="PDF, of een rekenblad.")


class PaarQuery(ApiQuery):
    """Which pair."""

    jongere_id: str = Field(max_length=100, description="Pseudoniem van de jongere.")
    leerwerkplek_id: str = Field(max_length=100, description="Nummer van de leerwerkplek.")


JongereId = Annotated[
    str, Path(alias="jongereId", max_length=100, description="Pseudoniem van de jongere.")
]
LeerwerkplekId = Annotated[
    str, Path(alias="leerwerkplekId", max_length=100, description="Nummer van de leerwerkplek.")
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
MatchtafelQueryDep = Annotated[MatchtafelQuery, Query()]
OpvolgingenQueryDep = Annotated[OpvolgingenQuery, Query()]
