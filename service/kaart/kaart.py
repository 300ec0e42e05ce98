"""What a map of the places for one jongere holds: home, rings, towns and the places themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

from sqlalchemy.orm import Session

from features.travel import DEFAULT_VERVOER
from features.vocabulary import Vervoer
from service.kaart.vlak import RINGEN, Punt, middle, outline, ring_km
from service.storage.ligging import Adres, Ligging, LiggingRepository
from service.suggesties import LeerwerkplekKort

KM_PER_DEGREE = 111.2
MARGE_KM = 3.0
"""What is drawn around the outermost ring and place."""


@dataclass(frozen=True)
class TeTonen:
    """A place to draw: its number in the list, and how long the journey takes."""

    nummer: int
    plek: LeerwerkplekKort
    minuten: float | None


@dataclass(frozen=True)
class Ring:
    """How far one comes in a time; `km` as the crow flies."""

    minuten: int
    km: float


@dataclass(frozen=True)
class Plaats:
    """A town: its name, its middle, and its outline where it has three postcodes or more."""

    naam: str
    midden: Punt
    omtrek: tuple[Punt, ...]


@dataclass(frozen=True)
class Prik:
    """A place that is drawn; the point is of the postcode or the town of its leerbedrijf."""

    punt: Punt
    tonen: TeTonen


@dataclass(frozen=True)
class Kaart:
    """A map; without `thuis` there is nothing to draw rings around, and it is not shown."""

    thuis: Punt | None
    woonplaats: str
    ringen: tuple[Ring, ...]
    plaatsen: tuple[Plaats, ...]
    prikken: tuple[Prik, ...]
    vervoer: tuple[Vervoer, ...]


def make_kaart(
    session: Session,
    jongere_id: str,
    tonen: Sequence[TeTonen],
    vervoer: Sequence[Vervoer] | None,
) -> Kaart:
    """Return the map of some places for one jongere.

    Parameters
    ----------
    session : Session
        Unit of work.
    jongere_id : str
        Whose home is the middle.
    tonen : sequence of TeTonen
        Which places.
    vervoer : sequence of Vervoer, optional
        How the jongere travels; where it is not known, as the travel times take it.
    """
    repository = LiggingRepository(session)
    home = repository.home(jongere_id)
    places = repository.places([one.plek.leerwerkplek_id for one in tonen])
    addresses = [home, *places.values()]
    known = _Bekend(
        repository.of_codes(
            sorted({one.postcode4 for one in addresses if one.postcode4}),
            sorted({one.plaats for one in addresses if one.plaats}),
        )
    )
    ways = tuple(vervoer or DEFAULT_VERVOER)
    rings = tuple(Ring(one, round(ring_km(one, ways), 2)) for one in RINGEN)
    pins = tuple(
        Prik(point, one)
        for one in tonen
        if (point := known.point(places.get(one.plek.leerwerkplek_id))) is not None
    )
    middle_of_home = known.point(home)
    return Kaart(
        thuis=middle_of_home,
        woonplaats=home.plaats or "",
        ringen=tuple(one for one in rings if one.km > 0),
        plaatsen=()
        if middle_of_home is None
        else _towns(repository, middle_of_home, rings[-1].km, [one.punt for one in pins]),
        prikken=pins,
        vervoer=ways,
    )


class _Bekend:
    """Points of postcodes, and of towns as the middle of theirs."""

    def __init__(self, found: Iterable[Ligging]) -> None:
        self._codes: dict[str, Punt] = {}
        towns: dict[str, list[Punt]] = {}
        for one in found:
            point = Punt(one.lengtegraad, one.breedtegraad)
            self._codes[one.postcode4] = point
            towns.setdefault(one.plaats, []).append(point)
        self._towns = {name: middle(points) for name, points in towns.items()}

    def point(self, adres: Adres | None) -> Punt | None:
        """Return where an address is: of its postcode, else of its town, else None."""
        if adres is None:
            return None
        return self._codes.get(adres.postcode4 or "") or self._towns.get(adres.plaats or "")


def _towns(
    repository: LiggingRepository, home: Punt, km: float, pins: Sequence[Punt]
) -> tuple[Plaats, ...]:
    """Return the towns in sight: within the outermost ring and around every place."""
    up = (km + MARGE_KM) / KM_PER_DEGREE
    aside = up / cos(radians(home.breedtegraad))
    shown = [
        Punt(home.lengtegraad - aside, home.breedtegraad - up),
        Punt(home.lengtegraad + aside, home.breedtegraad + up),
        *pins,
    ]
    latitudes = [one.breedtegraad for one in shown]
    longitudes = [one.lengtegraad for one in shown]
    towns: dict[str, list[Punt]] = {}
    for one in repository.around(
        (min(latitudes), min(longitudes)), (max(latitudes), max(longitudes))
    ):
        towns.setdefault(one.plaats, []).append(Punt(one.lengtegraad, one.breedtegraad))
    return tuple(
        Plaats(name, middle(points), outline(points)) for name, points in sorted(towns.items())
    )
