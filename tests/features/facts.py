"""Small canonical tables for tests: rows in words, the rest filled in; and whole random worlds."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, TypeVar

import numpy as np
import polars as pl

from features.tables import TABLES
from features.vocabulary import (
    Beoordelaar,
    Omstandigheid,
    Ondersteuning,
    Onderwijssoort,
    RedenEindeStage,
    RedenUitschrijving,
    Sector,
    SoortDiploma,
    SoortLeerwerkplek,
    SoortVerzuimmelding,
    Vervoer,
)

T = TypeVar("T")
Fact = dict[str, Any]

DEFAULTS: dict[str, dict[str, Any]] = {
    "jongere": {},
    "inschrijving": {"instelling": "01AA", "volgnummer": "1", "onderwijssoort": "mbo-2"},
    "diploma": {"diploma_id": "1", "soort": str(SoortDiploma.DIPLOMA)},
    "verzuim": {"lesuren": 20.0, "uren_geoorloofd": 0.0, "uren_ongeoorloofd": 0.0},
    "verzuimmelding": {"soort": str(SoortVerzuimmelding.OVERIG)},
    "resultaat": {"onderdeel": "rekenen"},
    "stage": {"stage_id": "s1", "leerbedrijf_id": "100000001"},
    "competentiemeting": {"bron": str(Beoordelaar.SCHOOL)},
    "voorkeur": {},
    "ondersteuningsbehoefte": {"toestemming": True},
    "leerbedrijf": {"leerbedrijf_id": "100000001", "naam": "Bakkerij"},
    "leerwerkplek": {
        "leerwerkplek_id": "p1",
        "leerbedrijf_id": "100000001",
        "soort": "stage",
        "titel": "bakken",
        "begindatum": date(2024, 1, 1),
        "capaciteit": 1,
        "uren_min": 16.0,
        "uren_max": 32.0,
        "bekend_op": date(2024, 1, 1),
    },
    "leerwerkplek_eis": {"leerwerkplek_id": "p1"},
    "kwalificatie": {"titel": "Entree"},
    "competentie": {"titel": "op tijd", "soort": "werknemersvaardigheid"},
    "postcode": {"plaats": "Doetinchem"},
    "contact": {"kanaal": "telefoon", "door": "school"},
    "traject": {"traject_id": "T1", "soort": "voorschakeltraject", "titel": "Op weg"},
    "traject_voorwaarde": {"traject_id": "T1", "reden": "Het is voor anderen."},
    "bekend_bij": {},
}
"""What a row holds when a test does not say."""


def rows(name: str, *facts: dict[str, Any]) -> pl.DataFrame:
    """Make a canonical table; bekend_op is the day itself and bron is "test" unless said."""
    contract = TABLES[name].schema
    return pl.DataFrame(
        [{column: _cell(name, fact, column) for column in contract} for fact in facts],
        schema=contract,
    )


def spine(*pairs: tuple[str, date]) -> pl.DataFrame:
    """Make a spine of (jongere_id, peildatum)."""
    return pl.DataFrame(pairs, schema={"jongere_id": pl.String, "peildatum": pl.Date}, orient="row")


def _cell(name: str, fact: dict[str, Any], column: str) -> object:
    given = {"jongere_id": "j1", "bron": "test", **DEFAULTS[name], **fact}
    if column in given:
        return given[column]
    if column == "bekend_op":
        return given.get("begindatum", given.get("datum", given.get("week")))
    return given.get("einddatum") if column == "einde_bekend_op" else None


FIRST_DAY = date(2024, 1, 1)
DAYS = 900
JONGEREN = ("j1", "j2", "j3")
PLEKKEN = ("p1", "p2", "p3", "p4")
BEDRIJVEN = ("100000001", "100000002")
COMPETENTIES = ("c1", "c2", "c3", "c4")
CREBOS = ("25740", "25741", "25655")


class World:
    """Draws the rows of one random world; the same seed gives the same world."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def day(self, after: date = FIRST_DAY, most: int = DAYS) -> date:
        return after + timedelta(days=int(self.rng.integers(0, most)))

    def one(self, words: Iterable[T]) -> T:
        listed = list(words)
        return listed[self.rng.integers(len(listed))]

    def some(self, words: Iterable[str]) -> list[str] | None:
        chosen = [str(word) for word in words if self.rng.random() < 0.25]
        return None if self.rng.random() < 0.15 else chosen

    def maybe(self, value: T) -> T | None:
        return value if self.rng.random() < 0.8 else None

    def tables(self) -> dict[str, pl.DataFrame]:
        """Draw all tables that features use; each satisfies its contract."""
        drawn = {
            name: draw(80 if name == "verzuim" else 20) for name, draw in self._drawers().items()
        }
        return {
            name: rows(name, *facts).unique(TABLES[name].key, keep="first", maintain_order=True)
            for name, facts in (drawn | self._reference()).items()
        }

    def _drawers(self) -> dict[str, Callable[[int], list[Fact]]]:
        one_by_one: dict[str, Callable[[], Fact]] = {
            "inschrijving": self._inschrijving,
            "diploma": self._diploma,
            "verzuim": self._verzuim,
            "verzuimmelding": lambda: {"soort": str(self.one(SoortVerzuimmelding))},
            "resultaat": lambda: {"waarde": float(self.rng.random())},
            "stage": self._stage,
            "competentiemeting": self._meting,
            "voorkeur": self._voorkeur,
            "ondersteuningsbehoefte": lambda: {
                "soort": str(self.one(Ondersteuning)),
                "toestemming": bool(self.rng.random() < 0.6),
            },
            "contact": lambda: {"gelukt": bool(self.rng.random() < 0.5)},
        }
        return {name: self._many(name, draw) for name, draw in one_by_one.items()}

    def _many(self, name: str, draw: Callable[[], Fact]) -> Callable[[int], list[Fact]]:
        return lambda count: [self._dated(name) | draw() for _ in range(count)]

    def _dated(self, name: str) -> dict[str, Any]:
        """Draw whose row it is, when it happened, when it was known."""
        fact: dict[str, Any] = {"jongere_id": self.one(JONGEREN)}
        day = self.day()
        if name == "verzuim":
            day -= timedelta(days=day.weekday())
            fact["week"] = day
        elif "begindatum" in TABLES[name].schema:
            fact["begindatum"] = day
            fact["geplande_einddatum"] = self.maybe(self.day(day, 400))
            if self.rng.random() < 0.6:
                fact["einddatum"] = self.day(day, 300)
                fact["einde_bekend_op"] = self.day(fact["einddatum"], 120)
        else:
            fact["datum"] = day
        if name == "stage" and self.rng.random() < 0.3:
            return fact | {"bekend_op": day - timedelta(days=int(self.rng.integers(1, 60)))}
        return fact | {"bekend_op": self.day(day, 21 if name == "verzuim" else 120)}

    def _inschrijving(self) -> dict[str, Any]:
        return {
            "instelling": self.one(("01AA", "02BB")),
            "volgnummer": str(self.rng.integers(1, 4)),
            "onderwijssoort": str(self.one(Onderwijssoort)),
            "niveau": self.maybe(int(self.rng.integers(1, 5))),
            "opleidingcode": self.maybe(self.one(CREBOS)),
            "leerjaar": self.maybe(int(self.rng.integers(1, 4))),
            "leerweg": self.maybe(self.one(("BOL", "BBL"))),
            "reden_uitschrijving": self.maybe(str(self.one(RedenUitschrijving))),
        }

    def _diploma(self) -> dict[str, Any]:
        return {
            "diploma_id": str(self.rng.integers(100)),
            "soort": str(self.one(SoortDiploma)),
            "niveau": self.maybe(int(self.rng.integers(1, 5))),
            "opleidingcode": self.maybe(self.one(CREBOS)),
        }

    def _verzuim(self) -> dict[str, Any]:
        lesuren = float(self.rng.integers(0, 30))
        sick, missed = self.one([(0, 0), (0.3, 0), (0, 0.4), (0.2, 0.2), (1, 0), (0, 1)])
        part = float(self.rng.random()) if sick + missed < 1 else 1.0
        return {
            "lesuren": lesuren,
            "uren_geoorloofd": lesuren * sick * part,
            "uren_ongeoorloofd": lesuren * missed * part,
        }

    def _stage(self) -> dict[str, Any]:
        return {
            "stage_id": f"s{self.rng.integers(10_000)}",
            "leerbedrijf_id": self.one(BEDRIJVEN),
            "leerwerkplek_id": self.maybe(self.one(PLEKKEN)),
            "uren_per_week": self.maybe(float(self.rng.integers(4, 40))),
            "zoekduur_weken": self.maybe(float(self.rng.integers(0, 30))),
            "beoordeling": self.maybe(float(self.rng.random())),
            "reden_einde": self.maybe(str(self.one(RedenEindeStage))),
        }

    def _meting(self) -> dict[str, Any]:
        return {
            "competentie_id": self.one(COMPETENTIES),
            "niveau": int(self.rng.integers(0, 5)),
            "bron": str(self.one(Beoordelaar)),
        }

    def _voorkeur(self) -> dict[str, Any]:
        least = float(self.rng.integers(0, 24))
        return {
            "sectoren": self.some(Sector),
            "uren_min": self.maybe(least),
            "uren_max": self.maybe(least + float(self.rng.integers(0, 12))),
            "reistijd_max": self.maybe(float(self.rng.integers(5, 90))),
            "vervoer": self.some(Vervoer),
            "vermijdt": self.some(Omstandigheid),
            "rijbewijs": self.maybe(bool(self.rng.random() < 0.5)),
        }

    def _reference(self) -> dict[str, list[dict[str, Any]]]:
        codes = ("7001", "7101")
        return {
            "jongere": [
                {
                    "jongere_id": name,
                    "postcode4": self.maybe(self.one(codes)),
                    "woonplaats": self.maybe("Doetinchem"),
                    "geboortedatum": date(2007, 5, 1),
                }
                for name in JONGEREN
            ],
            "postcode": [
                {"postcode4": "7001", "breedtegraad": 51.96, "lengtegraad": 6.29},
                {
                    "postcode4": "7101",
                    "plaats": "Winterswijk",
                    "breedtegraad": 51.97,
                    "lengtegraad": 6.72,
                },
            ],
            "kwalificatie": [
                {"opleidingcode": code, "niveau": place + 1, "sector": str(Sector.BOUW)}
                for place, code in enumerate(CREBOS)
            ],
            "competentie": [{"competentie_id": name} for name in COMPETENTIES],
            "leerbedrijf": [
                {
                    "leerbedrijf_id": name,
                    "postcode4": self.one(codes),
                    "sector": str(self.one(Sector)),
                    "erkenningen": self.maybe([self.one(CREBOS)]),
                }
                for name in BEDRIJVEN
            ],
            "leerwerkplek": [self._plek(name) for name in PLEKKEN],
            "leerwerkplek_eis": [
                {
                    "leerwerkplek_id": self.one(PLEKKEN),
                    "competentie_id": self.one(COMPETENTIES),
                    "niveau": int(self.rng.integers(0, 5)),
                    "hard": bool(self.rng.random() < 0.4),
                }
                for _ in range(10)
            ],
        }

    def _plek(self, name: str) -> dict[str, Any]:
        begin = self.day()
        return {
            "leerwerkplek_id": name,
            "leerbedrijf_id": self.one(BEDRIJVEN),
            "soort": str(self.one(SoortLeerwerkplek)),
            "opleidingcode": self.maybe(self.one(CREBOS)),
            "begindatum": begin,
            "bekend_op": self.day(),
            "capaciteit": int(self.rng.integers(0, 4)),
            "omstandigheden": self.some(Omstandigheid),
            "begeleiding": self.some(Ondersteuning),
            "sluit_op": self.maybe(self.day(begin)),
        }
