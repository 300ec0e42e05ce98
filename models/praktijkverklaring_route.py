"""What a route towards a praktijkverklaring is: its steps, its chance, and where it leads."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from features.traject import TrajectOordeel
from models.explanation import Reden
from models.praktijkverklaring_context import Basis


class SoortStap(StrEnum):
    """Kind of a step of a route."""

    TRAJECT = "traject"
    LEERWERKPLEK = "leerwerkplek"


class Vervolg(StrEnum):
    """What a route leads to."""

    ENTREE = "entree"
    BBL = "bbl"
    WERK = "werk"


@dataclass(frozen=True)
class Leerdoel:
    """A chosen werkproces; `startniveau` is None when it was never judged.

    `uren` are those planned for it, `kans` that of mastering it by a jongere who stays.
    """

    werkproces_id: str
    titel: str
    opleidingcode: str
    leerwerkplek_id: str
    startniveau: int | None
    uren: float
    kans: float


@dataclass(frozen=True)
class Stap:
    """A step of a route: a traject, or learning at a place.

    `ook_bij` names another place of the same leerbedrijf whose werkprocessen are combined.
    """

    soort: SoortStap
    id: str
    titel: str
    begin: date
    einde: date
    weken: int
    uren_per_week: float | None = None
    leerdoelen: tuple[Leerdoel, ...] = ()
    ook_bij: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dekking:
    """How far a route brings a qualification, counted in werkprocessen.

    `kerntaken` are those that are complete when all goes well, `certificaten` the titles of the
    certificates that are earned then.
    """

    opleidingcode: str
    titel: str
    niveau: int
    behaald: int
    gepland: int
    totaal: int
    verwacht: float
    kerntaken: tuple[str, ...]
    certificaten: tuple[str, ...] = ()


@dataclass(frozen=True)
class PraktijkverklaringRoute:
    """One route; all chances count from the leerwerkplek on.

    `kans` is that of staying and mastering at least `nodig` of the werkprocessen, `laag` and
    `hoog` between how many of a hundred such jongeren it will be; `verwacht` is how many
    werkprocessen are expected to be mastered, `blijft` the chance that the plaatsing holds.
    `vraag` counts open places elsewhere that ask or teach one of the werkprocessen, at most those
    of the most asked one. `winst` is what was maximised: shares of qualifications, weighed by
    demand and wish.
    """

    rang: int
    stappen: tuple[Stap, ...]
    kans: float
    laag: float
    hoog: float
    nodig: int
    verwacht: float
    blijft: float
    dekking: tuple[Dekking, ...]
    voor: tuple[Reden, ...]
    tegen: tuple[Reden, ...]
    vraag: int
    vervolg: Vervolg
    winst: float


@dataclass(frozen=True)
class Routes:
    """What one jongere can do.

    `verschil` is the mean distance between the routes, 0 to 1. With a missing `basis` a route
    begins with a traject, where one admits the jongere; `trajecten` tells of each whether it does.
    """

    jongere_id: str
    peildatum: date
    routes: tuple[PraktijkverklaringRoute, ...]
    verschil: float
    basis: tuple[Basis, ...]
    trajecten: tuple[TrajectOordeel, ...]
