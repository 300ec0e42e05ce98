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
    """A town: its name and its middle."""

    naam: str
    midden: Punt


@dataclass(frozen=True)
class Gemeente:
    """A gemeente: its name, its middle, and the outline around its postcodes."""

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
    gemeenten: tuple[Gemeente, ...]
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
    thuis = known.point(home)
    around = [] if thuis is None else _around(repository, thuis, rings[-1].km, pins)
    return Kaart(
        thuis=thuis,
        woonplaats=home.plaats or "",
        ringen=tuple(one for one in rings if one.km > 0),
        plaatsen=tuple(
            Plaats(name, middle(points))
            for name, points in _grouped((one.plaats, one) for one in around)
        ),
        gemeenten=tuple(
            Gemeente(name, middle(points), corners)
            for name, points in _grouped((one.gemeente, one) for one in around)
            if (corners := outline(points))
        ),
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


def _around(
    repository: LiggingRepository, home: Punt, km: float, pins: Sequence[Prik]
) -> list[Ligging]:
    """Return the postcodes in sight: within the outermost ring and around every place."""
    up = (km + MARGE_KM) / KM_PER_DEGREE
    aside = up / cos(radians(home.breedtegraad))
    shown = [
        Punt(home.lengtegraad - aside, home.breedtegraad - up),
        Punt(home.lengtegraad + aside, home.breedtegraad + up),
        *(one.punt for one in pins),
    ]
    latitudes = [one.breedtegraad for one in shown]
    longitudes = [one.lengtegraad for one in shown]
    low, high = (min(latitudes), min(longitudes)), (max(latitudes), max(longitudes))
    return repository.around(low, high)


def _grouped(named: Iterable[tuple[str | None, Ligging]]) -> list[tuple[str, list[Punt]]]:
    """Return the points of each name, by name; what has no name is left out."""
    groups: dict[str, list[Punt]] = {}
    for name, one in named:
        if name is not None:
            groups.setdefault(name, []).append(Punt(one.lengtegraad, one.breedtegraad))
    return sorted(groups.items())
