"""What may be asked in a query string; a parameter that is not here is refused."""

from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from features.vocabulary import Onderwijssoort


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


JongereId = Annotated[
    str, Path(alias="jongereId", max_length=100, description="Pseudoniem van de jongere.")
]
LeerwerkplekId = Annotated[
    str, Path(alias="leerwerkplekId", max_length=100, description="Nummer van de leerwerkplek.")
]
JongerenQueryDep = Annotated[JongerenQuery, Query()]
TopQueryDep = Annotated[TopQuery, Query()]
NoQueryDep = Annotated[NoQuery, Query()]
