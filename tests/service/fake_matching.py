"""Tiny made-up pairs that answer as the real ones do, for tests of routes and pages."""

from dataclasses import dataclass
from datetime import date

from features.blokkade import Blokkade
from models.explanation import Reden
from service.errors import NotFoundError
from service.suggesties import (
    JongereKort,
    LeerwerkplekKort,
    OntbrekendeCompetentie,
    Suggestie,
    Suggesties,
    Uitgesloten,
)

PEILDATUM = date(2026, 11, 1)
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


def make_suggestie(rang: int, jongere: JongereKort, plek: LeerwerkplekKort) -> Suggestie:
    """Return a ranked pair; an even rank has no objections."""
    return Suggestie(
        rang=rang,
        jongere=jongere,
        leerwerkplek=plek,
        kans=0.71 - 0.04 * rang,
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

    def suggesties(self, jongere_id: str, *, top: int = 10) -> Suggesties:
        """Rank the places; the first four are shown to fit, the others fall out."""
        jongere = make_jongere(number_of("jongere", jongere_id, "J", self.n_jongeren))
        fitting = [] if jongere_id == "J9" else list(range(min(4, self.n_plekken)))
        return Suggesties(
            peildatum=self.peildatum,
            model_versie="2",
            suggesties=tuple(
                make_suggestie(rang, jongere, make_leerwerkplek(number))
                for rang, number in enumerate(fitting[:top], start=1)
            ),
            passend=len(fitting),
            uitgesloten=tuple(
                Uitgesloten(jongere, make_leerwerkplek(number), self._rules(number))
                for number in range(len(fitting), self.n_plekken)
            ),
        )

    def kandidaten(self, leerwerkplek_id: str, *, top: int = 10) -> Suggesties:
        """Rank the jongeren for a place."""
        plek = make_leerwerkplek(number_of("leerwerkplek", leerwerkplek_id, "P", self.n_plekken))
        people = [make_jongere(number) for number in range(self.n_jongeren)]
        return Suggesties(
            peildatum=self.peildatum,
            model_versie="2",
            suggesties=tuple(
                make_suggestie(rang, jongere, plek)
                for rang, jongere in enumerate(people[:top], start=1)
            ),
            passend=max(len(people) - 1, 0),
            uitgesloten=tuple(
                Uitgesloten(jongere, plek, (Blokkade.REISTIJD,)) for jongere in people[-1:]
            ),
        )

    def _rules(self, number: int) -> tuple[Blokkade, ...]:
        rules = tuple(Blokkade)
        if number % 3 == 0:
            return (rules[number % len(rules)], Blokkade.VOL)
        return (rules[number % 4],)
