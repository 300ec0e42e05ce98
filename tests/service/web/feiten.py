"""Facts in the store beside a `FakeRegio`: the life of J1 until now, and where places are."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from sqlalchemy.orm import Session

from features.tables import COMPETENTIE, COMPETENTIEMETING, TABLES
from service.storage import CanonicalRepository
from tests.service.matchtafel.conftest import fill
from tests.service.storage.imports import start_import

TODAY = datetime.now(UTC).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
DAY = date(2025, 8, 1)
KNOWN = {"bron": "test", "bekend_op": DAY}
LEERBEDRIJF = "100000001"


def store(session: Session, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Store rows of one canonical table; what is left out is empty."""
    frame = pl.DataFrame(list(rows), schema=TABLES[name].schema)
    CanonicalRepository(session).merge(name, frame, start_import(session))


def tell_of_j1(session: Session) -> None:
    """Store a school, a stage that lasts, a diploma, wishes, needs and two weeks of absence."""
    who = {"jongere_id": "J1"}
    home = {"postcode4": "7001", "woonplaats": "Doetinchem", "gemeente": "Doetinchem"}
    store(session, "jongere", [who | home | {"bron": "test"}])
    school = {"instelling": "24ZZ", "volgnummer": "1", "onderwijssoort": "entree", "leerweg": "BOL"}
    store(session, "inschrijving", [who | school | {"begindatum": DAY} | KNOWN])
    company = {"naam": "Voorbeeld Logistiek", "plaats": "Zelhem", "postcode4": "7021"}
    store(session, "leerbedrijf", [{"leerbedrijf_id": LEERBEDRIJF, "bron": "test"} | company])
    stage = {"stage_id": "S1", "leerbedrijf_id": LEERBEDRIJF, "uren_per_week": 16.0}
    store(session, "stage", [who | stage | {"begindatum": date(2026, 9, 7)} | KNOWN])
    proof = {"diploma_id": "D1", "soort": "praktijkverklaring", "datum": date(2026, 6, 1)}
    store(session, "diploma", [who | proof | KNOWN])
    wishes = {"datum": DAY, "sectoren": ["handel"], "uren_min": 16.0, "uren_max": 24.0}
    wishes |= {"reistijd_max": 45.0, "vervoer": ["fiets"], "vermijdt": ["hoogte"]}
    store(session, "voorkeur", [who | wishes | KNOWN])
    needs = [
        who | {"datum": DAY, "soort": soort, "toestemming": agreed} | KNOWN
        for soort, agreed in (("jobcoach", True), ("hulp bij lezen en schrijven", False))
    ]
    store(session, "ondersteuningsbehoefte", needs)
    weeks = [
        who
        | {"week": MONDAY - timedelta(weeks=ago), "lesuren": 20.0, "uren_geoorloofd": 1.0}
        | {"uren_ongeoorloofd": 3.0 * ago, "bron": "test", "bekend_op": TODAY}
        for ago in (1, 2)
    ]
    store(session, "verzuim", weeks)


def tell_of_places(session: Session) -> None:
    """Store where the places of a `FakeRegio` are, and a few postcodes around them."""
    points = {
        "7001": ("Doetinchem", 51.965, 6.289),
        "7006": ("Doetinchem", 51.955, 6.300),
        "7009": ("Doetinchem", 51.980, 6.270),
        "7021": ("Zelhem", 52.006, 6.348),
    }
    rows = [
        {"postcode4": code, "plaats": town, "gemeente": "Doetinchem", "bron": "test"}
        | {"breedtegraad": lat, "lengtegraad": lon}
        for code, (town, lat, lon) in points.items()
    ]
    store(session, "postcode", rows)
    place: dict[str, object] = {
        "leerbedrijf_id": LEERBEDRIJF,
        "soort": "stage",
        "titel": "Assistent magazijn",
    }
    place |= {"begindatum": DAY, "capaciteit": 2, "uren_min": 16.0, "uren_max": 24.0} | KNOWN
    store(session, "leerwerkplek", [place | {"leerwerkplek_id": f"P{n}"} for n in range(3)])


OP_TIJD, LASSEN, EIGEN = "WV-01", "WV-02", "tekst:komt op tijd"


def tell_of_own_words(session: Session) -> None:
    """Tell of two vaardigheden, and of words of a school that may mean the first."""
    canonical, run = CanonicalRepository(session), start_import(session)
    for code, titel, soort in (
        (OP_TIJD, "Op tijd komen", "werknemersvaardigheid"),
        (LASSEN, "Lassen met gas", "werknemersvaardigheid"),
        (EIGEN, "Komt op tijd", "eigen lijst"),
    ):
        row = fill(COMPETENTIE, competentie_id=code, titel=titel, soort=soort)
        canonical.merge("competentie", row, run)
    meting = fill(
        COMPETENTIEMETING,
        jongere_id="J1",
        competentie_id=EIGEN,
        datum=date(2026, 9, 1),
        niveau=2,
        bron="school",
    )
    canonical.merge("competentiemeting", meting, run)
