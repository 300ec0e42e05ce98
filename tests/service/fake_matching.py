"""Tiny made-up pairs that answer as the real ones do, for tests of routes and pages."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from features.blokkade import Blokkade
from features.vocabulary import Omstandigheid, Sector, Vervoer
from models.explanation import Reden
from models.verbetering import Verbetering
from models.verbetering_stappen import Aanpassing, Stap
from service.errors import NotFoundError
from service.suggestielog.herkomst import SCHEMAS, Herkomst, code_version, rules, schema
from service.suggesties import (
    JongereKort,
    Kandidaat,
    Kandidaten,
    LeerwerkplekKort,
    NieuweKans,
    OntbrekendeCompetentie,
    Paar,
    Suggestie,
    Suggesties,
    Uitgesloten,
    Volgorde,
)
from service.verkenning import VerkendePlek, Verkenning, VervallenPlek, Wijziging

PEILDATUM = date(2026, 11, 1)


def fake_herkomst(model: str, versie: str) -> Herkomst:
    """Return the origin of the scores of a model that is not there."""
    return Herkomst(model, versie, "f" * 64, code_version(), schema(model), rules())


def fake_invoer(model: str, number: float) -> bytes:
    """Return an input in which every feature is a number."""
    return np.full(len(SCHEMAS[model]), number).tobytes()


PLAATSING = fake_herkomst("plaatsing", "2")
NAMEN = (
    "Sam de Vries",
    "Noor Jansen",
    "Lotte ter Haar",
    "Milan Wessels",
    "Yara Bouwmeester",
    "Finn van den Berg-Oosterhuis",
    "Roos Klein Hesselink",
    "Daan Smit",
)
OPLEIDINGEN = (
    ("entree", "Assistent logistiek"),
    ("mbo-2", "Verkoper"),
    ("pro", None),
    ("mbo-3", "Allround timmerman in de woningbouw en utiliteitsbouw"),
)
PLAATSEN = ("Doetinchem", "Winterswijk", "Zelhem", "Groenlo")
WENSEN = Wijziging(
    uren_min=16.0,
    uren_max=24.0,
    reistijd_max=45.0,
    vervoer=(Vervoer.LOPEN, Vervoer.FIETS),
    vermijdt=(Omstandigheid.HOOGTE,),
    sectoren=(Sector.HANDEL, Sector.BOUW),
)
"""What every jongere wants."""


def make_jongere(number: int) -> JongereKort:
    """Return jongere `J<number>`; of J7 little is known."""
    soort, opleiding = OPLEIDINGEN[number % len(OPLEIDINGEN)]
    return JongereKort(
        jongere_id=f"J{number}",
        naam="" if number == 7 else NAMEN[number % len(NAMEN)],
        leeftijd=None if number == 7 else 16 + number % 6,
        woonplaats=PLAATSEN[number % len(PLAATSEN)],
        instelling="24ZZ",
        onderwijssoort=soort,
        opleiding=opleiding,
    )


def make_leerwerkplek(number: int) -> LeerwerkplekKort:
    """Return place `P<number>`."""
    return LeerwerkplekKort(
        leerwerkplek_id=f"P{number}",
        titel=("Assistent magazijn", "Medewerker groen", "Hulp in de bakkerij")[number % 3],
        soort=("stage", "leerbaan", "praktijkverklaring")[number % 3],
        leerbedrijf=("Voorbeeld Logistiek", "Kwekerij Het Voorbeeld", "Bakkerij Proef")[number % 3],
        plaats=PLAATSEN[number % len(PLAATSEN)],
        sector="handel",
        uren_min=16.0,
        uren_max=16.0 if number % 2 else 32.0,
        capaciteit=2,
        vrij=1,
    )


def make_paar(rang: int, jongere: JongereKort, plek: LeerwerkplekKort) -> Paar:
    """Return a ranked pair; an even rank has no objections."""
    kans = 0.71 - 0.04 * rang
    return Paar(
        rang=rang,
        jongere=jongere,
        leerwerkplek=plek,
        kans=kans,
        laag=round(kans - 0.1, 2),
        hoog=round(kans + 0.1, 2),
        reistijd_minuten=None if rang == 3 else 11.0 + rang,
        voor=(Reden("sector_wens", 1.0, 6.4), Reden("uren_overlap", 0.8, 3.1)),
        tegen=()
        if rang % 2 == 0
        else (Reden("reistijd_verhouding", 0.9, -2.2), Reden("eerder_afgebroken", 1.0, -1.7)),
        ontbrekend=(
            OntbrekendeCompetentie("WV-03", "Op tijd komen", 3, 1, hard=False),
            OntbrekendeCompetentie("WV-07", "Hulp vragen als iets niet lukt", 2, None, hard=True),
        )
        if rang % 2
        else (),
        invoer=fake_invoer("plaatsing", rang),
    )


def make_suggestie(rang: int, jongere: JongereKort, plek: LeerwerkplekKort) -> Suggestie:
    """Return a place for a jongere; many want the first, and a higher niveau helps there."""
    better = Verbetering(
        plek.leerwerkplek_id, (Stap(Aanpassing.COMPETENTIE, 1, 2, "WV-03"),), 0.67, 0.74, ()
    )
    return Suggestie(
        **vars(make_paar(rang, jongere, plek)),
        anderen=12 if rang == 1 else 0,
        verbetering=better if rang == 1 else None,
    )


def make_kandidaat(rang: int, jongere: JongereKort, plek: LeerwerkplekKort) -> Kandidaat:
    """Return a jongere for a place; the second has nowhere else to go."""
    return Kandidaat(
        **vars(make_paar(rang, jongere, plek)),
        elders=0.0 if rang == 2 else 0.5,
        andere_plekken=0 if rang == 2 else 7,
    )


def number_of(what: str, key: str, prefix: str, n: int) -> int:
    """Return the number in an id such as J3; NotFoundError when there is no such one of `n`."""
    digits = key.removeprefix(prefix)
    if not digits.isdecimal() or not digits.isascii() or int(digits) >= n:
        raise NotFoundError(what, key)
    return int(digits)


@dataclass(frozen=True)
class FakeMatching:
    """Pairs of `n_jongeren` jongeren and `n_plekken` places."""

    n_jongeren: int = 60
    n_plekken: int = 12
    peildatum: date = PEILDATUM
    explored: list[Wijziging] = field(default_factory=list)
    """Every change that was asked for."""

    def suggesties(
        self, jongere_id: str, *, top: int = 10, volgorde: Volgorde = "passendheid"
    ) -> Suggesties:
        """Rank the places; the first four are shown to fit, the others fall out."""
        jongere = self._jongere(jongere_id)
        fitting = [] if jongere_id == "J9" else list(range(min(4, self.n_plekken)))
        closed = make_leerwerkplek(self.n_plekken - 1)
        e_bike = Stap(Aanpassing.VERVOER, None, "e-bike")
        opens = Verbetering(closed.leerwerkplek_id, (e_bike,), None, 0.81, (Blokkade.REISTIJD,))
        return Suggesties(
            peildatum=self.peildatum,
            model_versie="2",
            volgorde=volgorde,
            suggesties=tuple(
                make_suggestie(rang, jongere, make_leerwerkplek(number))
                for rang, number in enumerate(fitting[:top], start=1)
            ),
            passend=len(fitting),
            uitgesloten=tuple(
                Uitgesloten(jongere, make_leerwerkplek(number), self._rules(number))
                for number in range(len(fitting), self.n_plekken)
            ),
            nieuwe_kansen=(NieuweKans(closed, opens),),
            titels={"WV-03": "Op tijd komen"},
            herkomst=PLAATSING,
        )

    def kandidaten(
        self,
        leerwerkplek_id: str,
        *,
        top: int = 10,
        volgorde: Volgorde = "passendheid",
        zichtbaar: AbstractSet[str] | None = None,
    ) -> Kandidaten:
        """Rank the jongeren for a place; the last of them falls out."""
        plek = make_leerwerkplek(number_of("leerwerkplek", leerwerkplek_id, "P", self.n_plekken))
        everybody = [make_jongere(number) for number in range(self.n_jongeren)]
        people = [one for one in everybody if zichtbaar is None or one.jongere_id in zichtbaar]
        fitting = [] if leerwerkplek_id == "P9" else people[:-1]
        return Kandidaten(
            peildatum=self.peildatum,
            model_versie="2",
            volgorde=volgorde,
            leerwerkplek=plek,
            kandidaten=tuple(
                make_kandidaat(rang, jongere, plek)
                for rang, jongere in enumerate(fitting[: min(top, 15)], start=1)
            ),
            passend=len(fitting),
            uitgesloten=tuple(
                Uitgesloten(jongere, plek, (Blokkade.REISTIJD,))
                for jongere in people[len(fitting) :]
            ),
            herkomst=PLAATSING,
        )

    def wensen(self, jongere_id: str) -> Wijziging:
        """Return what is wished now."""
        self._jongere(jongere_id)
        return WENSEN

    def competenties(self) -> dict[str, str]:
        """Return what places ask."""
        return {"WV-07": "Hulp vragen als iets niet lukt", "WV-03": "Op tijd komen"}

    def verkenning(self, jongere_id: str, wijziging: Wijziging, *, top: int = 10) -> Verkenning:
        """Let the first place go, the second become the first, and one place come in."""
        self.explored.append(wijziging)
        nu = self.suggesties(jongere_id, top=top)
        jongere = self._jongere(jongere_id)
        second, new = make_leerwerkplek(1), make_leerwerkplek(self.n_plekken - 1)
        then = (make_suggestie(1, jongere, second), make_suggestie(2, jongere, new))
        return Verkenning(
            wijziging=wijziging,
            nu=nu,
            dan=replace(nu, suggesties=then, passend=9),
            plekken=(
                VerkendePlek(then[0], rang_nu=2, kans_nu=0.63, opgeheven=()),
                VerkendePlek(then[1], rang_nu=None, kans_nu=None, opgeheven=(Blokkade.REISTIJD,)),
            ),
            vervallen=tuple(
                VervallenPlek(
                    one,
                    kans_dan=None if one.rang == 1 else 0.3,
                    blokkades=(Blokkade.UREN,) if one.rang == 1 else (),
                )
                for one in nu.suggesties
                if one.rang != 2
            ),
        )

    def _jongere(self, jongere_id: str) -> JongereKort:
        return make_jongere(number_of("jongere", jongere_id, "J", self.n_jongeren))

    def _rules(self, number: int) -> tuple[Blokkade, ...]:
        rules = tuple(Blokkade)
        if number % 3 == 0:
            return (rules[number % len(rules)], Blokkade.VOL)
        return (rules[number % 4],)
