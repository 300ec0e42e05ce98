"""Routes towards a praktijkverklaring for one jongere: the use case."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Self

import polars as pl

from features.contract import Tables
from features.werkproces import WERKPROCES_FEATURES
from models.praktijkverklaring import routes
from models.praktijkverklaring_context import prepare_routes
from models.praktijkverklaring_kandidaten import feature_rows
from models.praktijkverklaring_leren import WerkprocesModel
from models.praktijkverklaring_route import PraktijkverklaringRoute, Routes, SoortStap, Stap
from models.praktijkverklaring_variatie import Kenmerk
from models.store import StoredModel
from service.paren import SCHOOL_TABLES
from service.snapshot.parts import Parts
from service.suggestielog.herkomst import Herkomst


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
    herkomst: Herkomst | None = None
    invoer: tuple[bytes, ...] = ()
    """What went into the model for each route: a row of doubles per leerdoel."""
    kenmerken: tuple[Kenmerk, ...] = ()
    """By what the routes differ from each other."""


def place_of(route: PraktijkverklaringRoute) -> Stap:
    """Return the step of a route in which is learned: at a leerwerkplek, and there is one."""
    return next(one for one in route.stappen if one.soort is SoortStap.LEERWERKPLEK)


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
        self._herkomst = None if werkproces is None else Herkomst.of(werkproces)
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

    def zonder_model(self, passend: Callable[[str], pl.DataFrame]) -> Self:
        """Return the same without routes, as when the model of learning is stopped.

        `passend` is that of the region as it is then.
        """
        twin = copy(self)
        twin._passend = passend
        twin._versie, twin._herkomst = None, None
        twin._model, twin._context = None, None
        return twin

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
            herkomst=self._herkomst,
            invoer=tuple(self._invoer(jongere_id, route) for route in shown),
            kenmerken=tuple(self._kenmerk(route) for route in shown),
        )

    def _invoer(self, jongere_id: str, route: PraktijkverklaringRoute) -> bytes:
        if self._context is None:
            return b""
        stap = place_of(route)
        asked = [
            ((doel.leerwerkplek_id, doel.werkproces_id), stap.uren_per_week or 0.0, doel.uren)
            for doel in stap.leerdoelen
        ]
        frame = feature_rows(self._context, jongere_id, asked)
        names = [feature.name for feature in WERKPROCES_FEATURES]
        return WerkprocesModel.matrix(frame.select(names)).tobytes()

    def _kenmerk(self, route: PraktijkverklaringRoute) -> Kenmerk:
        if self._context is None:
            return Kenmerk(frozenset(), "", None)
        stap = place_of(route)
        plek, known = self._context.plekken[stap.id], self._context.werkprocessen
        learned = frozenset(known[doel.werkproces_id].gelijk for doel in stap.leerdoelen)
        return Kenmerk(learned, plek.leerbedrijf_id, plek.sector)
