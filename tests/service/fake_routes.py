"""Tiny made-up routes, for tests of the API and the pages."""

from dataclasses import dataclass
from datetime import date

from features.traject import TrajectOordeel
from models.explanation import Reden
from models.praktijkverklaring_context import Basis
from models.praktijkverklaring_route import (
    Dekking,
    Leerdoel,
    PraktijkverklaringRoute,
    Routes,
    SoortStap,
    Stap,
    Vervolg,
)
from models.praktijkverklaring_variatie import Kenmerk
from service.routes import Leerbedrijf, Routesuggesties
from tests.service.fake_matching import PEILDATUM, fake_herkomst, fake_invoer, number_of

TRAJECTEN = (
    TrajectOordeel("T1", "voorschakeltraject", "Op weg naar entree", 20.0, True, (), ()),
    TrajectOordeel(
        "T2", "jobcoaching", "Werk houden", 52.0, False, ("Dit kan vanaf 18 jaar.",), ("niveau",)
    ),
)
DOELEN = (
    Leerdoel("25743-B1-K1-W1", "Bereidt het werk voor", "25743", "P0", 1, 80.0, 0.71),
    Leerdoel("25743-B1-K1-W2", "Ontvangt goederen", "25743", "P0", None, 120.0, 0.6),
    Leerdoel("25743-P1-K1-W1", "Slaat goederen op", "25743", "P0", 2, 80.0, 0.8),
)


def make_route(rang: int) -> PraktijkverklaringRoute:
    """Return a route of a traject, a place and what helps after."""
    return PraktijkverklaringRoute(
        rang=rang,
        stappen=(
            Stap(SoortStap.TRAJECT, "T1", "Op weg naar entree", PEILDATUM, date(2027, 3, 21), 20),
            Stap(
                SoortStap.LEERWERKPLEK,
                f"P{rang}",
                "Assistent magazijn",
                date(2027, 3, 21),
                date(2027, 7, 11),
                16,
                20.0,
                DOELEN,
                ("P9",) if rang == 2 else (),
            ),
        ),
        kans=0.64,
        laag=0.55,
        hoog=0.73,
        nodig=2,
        verwacht=1.9,
        blijft=0.9,
        dekking=(Dekking("25743", "Assistent logistiek", 1, 1, 3, 8, 1.9, ("B1-K1",)),),
        voor=(Reden("uren", 93.3, 6.0), Reden("steun_gemist", 0.0, 2.0)),
        tegen=(Reden("startniveau", None, -8.0),),
        vraag=rang,
        vervolg=list(Vervolg)[rang % len(Vervolg)],
        winst=0.4 / rang,
    )


@dataclass
class FakeRoutes:
    """Routes of `n_jongeren` jongeren; J1 has no place, and for J2 there is no model."""

    n_jongeren: int

    def routes(self, jongere_id: str) -> Routesuggesties:
        """Return the routes of one."""
        number = number_of("jongere", jongere_id, "J", self.n_jongeren)
        if number == 2:
            return Routesuggesties(jongere_id, PEILDATUM, None, None, {})
        shown = () if number == 1 else tuple(make_route(rang) for rang in (1, 2, 3))
        basis = (Basis.GEEN_PLEK,) if number == 1 else (Basis.AFGEBROKEN,)
        found = Routes(jongere_id, PEILDATUM, shown, 0.6 if shown else 0.0, basis, TRAJECTEN)
        places = {f"P{rang}": Leerbedrijf("Voorbeeld Logistiek", None) for rang in (1, 2, 3)}
        return Routesuggesties(
            jongere_id,
            PEILDATUM,
            "1",
            found,
            places if shown else {},
            fake_herkomst("werkproces", "1"),
            tuple(fake_invoer("werkproces", route.rang) for route in shown),
            tuple(Kenmerk(frozenset({"w"}), f"B{route.rang}", None) for route in shown),
        )
