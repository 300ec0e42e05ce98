"""Routes towards a praktijkverklaring for one jongere: the use case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from features.contract import Tables
from models.praktijkverklaring import routes
from models.praktijkverklaring_context import prepare_routes
from models.praktijkverklaring_leren import WerkprocesModel
from models.praktijkverklaring_route import Routes
from models.store import StoredModel
from service.paren import SCHOOL_TABLES
from service.snapshot.parts import Parts


@dataclass(frozen=True)
class Leerbedrijf:
    """Where a route leads along; `plaats` is None when unknown."""

    naam: str
    plaats: str | None


@dataclass(frozen=True)
class Routesuggesties:
    """Routes of one jongere, with the leerbedrijven that they name by leerwerkplek_id.

    `gevonden` is None while there is no model of learning, and then so is `model_versie`.
    """

    jongere_id: str
    peildatum: date
    model_versie: str | None
    gevonden: Routes | None
    leerbedrijven: dict[str, Leerbedrijf]


class Routekaart:
    """Finds routes on one peildatum. Nothing that it answers changes once it is made.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        The canonical tables, cut to the peildatum.
    peildatum : date
        The day from which we look.
    werkproces : StoredModel, optional
        The model of learning, with its version; a region whose judgements are too few has none.
    passend : callable
        Returns ``leerwerkplek_id`` and ``kans`` of the places that no rule blocks for a jongere;
        raises NotFoundError for who is unknown.
    parts : Parts, optional
        Of the region that this belongs to.
    """

    def __init__(
        self,
        tables: Tables,
        *,
        peildatum: date,
        werkproces: StoredModel | None,
        passend: Callable[[str], pl.DataFrame],
        parts: Parts | None = None,
    ) -> None:
        self._peildatum = peildatum
        self._passend = passend
        self._versie = None if werkproces is None else werkproces.version
        self._model = None if werkproces is None else werkproces.model
        if self._model is not None and not isinstance(self._model, WerkprocesModel):
            raise TypeError(f"learning is scored by {type(self._model).__name__}")
        self._context = (
            None
            if self._model is None
            else (parts or Parts()).of_tables(
                "routes",
                tables,
                tables.keys() - SCHOOL_TABLES,
                lambda seen: prepare_routes(seen, peildatum),
                peildatum,
            )
        )
        self._leerbedrijven = {
            name: Leerbedrijf(naam, plaats)
            for name, naam, plaats in tables["leerwerkplek"]
            .join(tables["leerbedrijf"], on="leerbedrijf_id")
            .select("leerwerkplek_id", "naam", "plaats")
            .iter_rows()
        }

    def routes(self, jongere_id: str) -> Routesuggesties:
        """Return the routes of one jongere; NotFoundError when unknown."""
        plekken = self._passend(jongere_id)
        found = None
        if self._context is not None and isinstance(self._model, WerkprocesModel):
            found = routes(self._context, self._model, jongere_id, plekken)
        shown = () if found is None else found.routes
        named = {stap.id for route in shown for stap in route.stappen}
        return Routesuggesties(
            jongere_id=jongere_id,
            peildatum=self._peildatum,
            model_versie=self._versie,
            gevonden=found,
            leerbedrijven={
                one: self._leerbedrijven[one] for one in named & set(self._leerbedrijven)
            },
        )
