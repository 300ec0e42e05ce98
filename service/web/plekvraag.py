"""What a place asks that few or nobody have: per rule and per demand, in numbers."""

from collections import Counter
from dataclasses import dataclass

from features.blokkade import Blokkade
from models.errors import AlteredModelError
from service.dependencies import Installation
from service.errors import VangnetError
from service.rechten.begrippen import Handeling
from service.rechten.matrix import allowed_doelen
from service.rechten.toegang import current
from service.registratie.leerwerkplekken import PLEK, Plek
from service.storage.eisen import Bereik, EisenRepository
from service.storage.engine import unit_of_work


@dataclass(frozen=True)
class Plekvraag:
    """What a place asks beside what jongeren have.

    `passend` and `regels` are None and empty as long as the region that was read does not hold
    the place; `regels` counts who falls out per rule, the most first (one jongere may fall out by
    more rules); `bereik` tells of each demand how many were ever judged at its niveau.
    """

    passend: int | None
    buiten: int
    regels: tuple[tuple[Blokkade, int], ...]
    bereik: dict[str, Bereik]

    @property
    def niemand(self) -> tuple[str, ...]:
        """The demands that nobody was ever judged to meet."""
        return tuple(code for code, one in self.bereik.items() if not one.gehaald)


def vraag_van(installation: Installation, plek: Plek) -> Plekvraag | None:
    """Return what a place asks that is scarce; None for who may not see jongeren for a place."""
    toegang = current()
    if toegang.doel not in allowed_doelen(toegang.actor.rollen, Handeling.KANDIDATEN_LEZEN):
        return None
    asked = [(one["competentie_id"], one["niveau"]) for one in plek.eisen]
    with unit_of_work(installation.engine, read_only=True) as session:
        bereik = dict(EisenRepository(session).bereik(asked))
    try:
        # counts only, no list of jongeren: so it is not recorded as one that was shown
        seen = installation.zicht.regio(installation.engine, installation.regio.get(), toegang)
        found = seen.matching.kandidaten(plek.plek[f"{PLEK}_id"], top=1)
    except (VangnetError, AlteredModelError):
        return Plekvraag(None, 0, (), bereik)
    counts = Counter(rule for pair in found.uitgesloten for rule in pair.blokkades)
    regels = tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
    return Plekvraag(found.passend, len(found.uitgesloten), regels, bereik)
