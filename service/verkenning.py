"""What if: the same question with other wishes or conditions, beside the list of now.

Nothing is stored. What is explored is applied to the jongere in memory, so it gives what storing
the wish and asking again would give.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from features.blokkade import Blokkade, blokkades_of
from features.pair_arrays import SECTOREN, UNKNOWN, Floats
from features.pair_context import PairContext, Wensen, with_wensen
from features.vocabulary import Omstandigheid, Ondersteuning, Sector, Vervoer
from models.scoring import PairScores
from models.verbetering_stappen import Aanpassing, Stap, with_changes
from service.suggesties import Ernaast, Suggestie, Suggesties

Word = TypeVar("Word", bound=StrEnum)
Verschil = Literal["nieuw", "hoger", "lager", "gelijk"]


@dataclass(frozen=True)
class Wijziging:
    """What would be otherwise; None stays as it is.

    `competentie` is the id of one competentie and the niveau 0-4 it would be judged on.
    """

    uren_min: float | None = None
    uren_max: float | None = None
    reistijd_max: float | None = None
    rijbewijs: bool | None = None
    vervoer: tuple[Vervoer, ...] | None = None
    vermijdt: tuple[Omstandigheid, ...] | None = None
    ondersteuning: tuple[Ondersteuning, ...] | None = None
    sectoren: tuple[Sector, ...] | None = None
    competentie: tuple[str, int] | None = None

    def wensen(self) -> Wensen:
        """Return the changed wishes and conditions."""
        asked = {
            "uren_min": self.uren_min,
            "uren_max": self.uren_max,
            "reistijd_max": self.reistijd_max,
            "rijbewijs": self.rijbewijs,
            "vervoer": self.vervoer,
            "vermijdt": self.vermijdt,
            "steun": self.ondersteuning,
            "sectoren": self.sectoren,
        }
        return cast("Wensen", {name: one for name, one in asked.items() if one is not None})


def wensen_of(context: PairContext, jongere_id: str) -> Wijziging:
    """Return what a jongere wants and can do now; None where it is not known."""
    row = context.jongere_rows([jongere_id])[0]
    now, ranks = context.jongere.rij[row], context.jongere.wensen[row, :-1]
    wished = np.argsort(ranks, kind="stable")[np.count_nonzero(~(ranks > 0)) :]
    licence = float(now["rijbewijs"])
    return Wijziging(
        uren_min=_known(now["uren_min"]),
        uren_max=_known(now["uren_max"]),
        reistijd_max=_known(now["reistijd_max"]),
        rijbewijs=None if np.isnan(licence) else bool(licence),
        vervoer=_words(int(now["vervoer"]), Vervoer),
        vermijdt=_words(int(now["vermijdt"]), Omstandigheid),
        ondersteuning=_words(int(now["steun"]), Ondersteuning),
        sectoren=None
        if np.isnan(ranks).any()
        else tuple(Sector(SECTOREN[code]) for code in wished),
    )


def changed(context: PairContext, jongere_id: str, wijziging: Wijziging) -> PairContext:
    """Return a context of this one jongere as explored, beside all places."""
    explored = with_wensen(context, jongere_id, **wijziging.wensen())
    if wijziging.competentie is None:
        return explored
    competentie_id, niveau = wijziging.competentie
    stap = Stap(Aanpassing.COMPETENTIE, None, niveau, competentie_id)
    return with_changes(explored, jongere_id, [stap])


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _words(members: int, words: type[Word]) -> tuple[Word, ...] | None:
    if members == UNKNOWN:
        return None
    return tuple(word for place, word in enumerate(words) if members >> place & 1)


@dataclass(frozen=True)
class VerkendePlek:
    """A place of the explored list beside now.

    `rang_nu` is None when the place does not stand in the list of now; `kans_nu` is None when a
    rule blocks it now, and `opgeheven` says which rules.
    """

    suggestie: Suggestie
    rang_nu: int | None
    kans_nu: float | None
    opgeheven: tuple[Blokkade, ...]

    @property
    def verschil(self) -> Verschil:
        """Say where the place stands compared with the list of now."""
        if self.rang_nu is None:
            return "nieuw"
        if self.rang_nu == self.suggestie.rang:
            return "gelijk"
        return "hoger" if self.suggestie.rang < self.rang_nu else "lager"


@dataclass(frozen=True)
class VervallenPlek:
    """A place of the list of now that is not in the explored list.

    `kans_dan` is None when a rule then blocks it, and `blokkades` says which.
    """

    suggestie: Suggestie
    kans_dan: float | None
    blokkades: tuple[Blokkade, ...]


@dataclass(frozen=True)
class Verkenning:
    """What was explored, both lists, and what became of each place in them."""

    wijziging: Wijziging
    nu: Suggesties
    dan: Suggesties
    plekken: tuple[VerkendePlek, ...]
    vervallen: tuple[VervallenPlek, ...]
    ernaast_nu: tuple[Ernaast, ...] = ()
    """Chances of now on places that only the other list holds."""
    ernaast_dan: tuple[Ernaast, ...] = ()
    """Chances of then on places that only the list of now holds."""


@dataclass(frozen=True)
class Scores:
    """Every place of the region for one jongere.

    Parameters
    ----------
    blokkades : array of int of shape (n_plekken,)
        Mask of the rules that block each place.
    kansen : array of shape (n_plekken,)
        Chance on each place; NaN where a rule blocks it.
    """

    blokkades: NDArray[np.uint16]
    kansen: Floats

    @classmethod
    def of(cls, found: PairScores) -> Self:
        """Return the scores of one jongere beside all places."""
        kansen = np.full(found.blokkades.shape[1], np.nan)
        kansen[found.plek] = found.kans
        return cls(found.blokkades[0], kansen)

    def kans(self, plek: int) -> float | None:
        """Return the chance on a place; None where a rule blocks it."""
        return None if np.isnan(self.kansen[plek]) else float(self.kansen[plek])


def compare(
    wijziging: Wijziging,
    nu: Suggesties,
    dan: Suggesties,
    before: Scores,
    after: Scores,
    row: Mapping[str, int],
) -> Verkenning:
    """Return two lists of the same length side by side.

    Parameters
    ----------
    wijziging : Wijziging
        What differs between them.
    nu, dan : Suggesties
        The list of now and the explored one.
    before, after : Scores
        All places, for both.
    row : mapping of str to int
        Where each leerwerkplek_id stands in the scores.
    """
    ranks = {one.leerwerkplek.leerwerkplek_id: one.rang for one in nu.suggesties}
    shown = {one.leerwerkplek.leerwerkplek_id for one in dan.suggesties}
    return Verkenning(
        wijziging=wijziging,
        nu=nu,
        dan=dan,
        plekken=tuple(
            VerkendePlek(
                suggestie=one,
                rang_nu=ranks.get(one.leerwerkplek.leerwerkplek_id),
                kans_nu=before.kans(row[one.leerwerkplek.leerwerkplek_id]),
                opgeheven=blokkades_of(
                    int(before.blokkades[row[one.leerwerkplek.leerwerkplek_id]])
                ),
            )
            for one in dan.suggesties
        ),
        vervallen=tuple(
            VervallenPlek(
                suggestie=one,
                kans_dan=after.kans(row[one.leerwerkplek.leerwerkplek_id]),
                blokkades=blokkades_of(int(after.blokkades[row[one.leerwerkplek.leerwerkplek_id]])),
            )
            for one in nu.suggesties
            if one.leerwerkplek.leerwerkplek_id not in shown
        ),
    )
