"""What a jongere can do: each judged niveau with its age and judge, and what it is worth now."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from features.competentieruimte import linked_niveaus
from features.contract import Tables
from features.vaardigheidsprofiel import aged, usual_niveaus, vaardigheidsprofiel
from features.vocabulary import Beoordelaar
from service.dutch import count

JUDGES = {
    Beoordelaar.SCHOOL: "school",
    Beoordelaar.LEERBEDRIJF: "het leerbedrijf",
    Beoordelaar.ZELF: "de jongere zelf",
}
OLD_MONTHS = 12
"""From this age on a judgement is worth asking again."""


@dataclass(frozen=True)
class Vaardigheid:
    """One judged competentie: what was said, how long ago and by whom, and what it is worth now."""

    titel: str
    niveau: int
    niveau_nu: int
    maanden_geleden: int
    bron: Beoordelaar

    @property
    def is_oud(self) -> bool:
        """Whether the judgement is worth asking again."""
        return self.maanden_geleden >= OLD_MONTHS

    @property
    def gemeten(self) -> str:
        """Say how old the judgement is and who gave it.

        Examples
        --------
        >>> Vaardigheid("Rekenen", 2, 2, 14, Beoordelaar.SCHOOL).gemeten
        'gemeten 14 maanden geleden, door school'
        """
        ago = count(self.maanden_geleden, "maand", "maanden")
        moment = f"{ago} geleden" if self.maanden_geleden else "deze maand"
        return f"gemeten {moment}, door {JUDGES[self.bron]}"


@dataclass(frozen=True)
class VermoedeVaardigheid:
    """A competentie that nobody judged, by the werkprocessen that use it."""

    titel: str
    niveau: int
    werkprocessen: int


@dataclass(frozen=True)
class Vaardigheden:
    """What is known of one jongere: judged, the highest first, and what follows from it."""

    beoordeeld: tuple[Vaardigheid, ...]
    vermoed: tuple[VermoedeVaardigheid, ...]


class Vaardigheidskaart:
    """What jongeren can do on one peildatum.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables, cut to the peildatum.
    peildatum : date
        The day from which we look.
    """

    def __init__(self, tables: Tables, peildatum: date) -> None:
        self._tables = tables
        self._peildatum = peildatum
        self._titels = tables["competentie"].select("competentie_id", "titel")

    @cached_property
    def _usual(self) -> pl.DataFrame:
        return usual_niveaus(self._tables, self._peildatum)

    def vaardigheden(self, jongere_id: str) -> Vaardigheden:
        """Return what a jongere can do; nothing judged is two empty lists."""
        spine = pl.DataFrame({"jongere_id": [jongere_id], "peildatum": [self._peildatum]})
        profile = vaardigheidsprofiel(self._tables, spine)
        order = ["niveau", "titel", "competentie_id"]
        judged = self._titled(aged(profile, self._usual)).sort(
            order, descending=[True, False, False]
        )
        linked = self._titled(linked_niveaus(self._tables, profile)).sort(
            "niveau_gekoppeld", "titel", "competentie_id", descending=[True, False, False]
        )
        return Vaardigheden(
            tuple(
                Vaardigheid(
                    row["titel"],
                    round(row["niveau"]),
                    round(row["niveau_nu"]),
                    row["maanden_geleden"],
                    Beoordelaar(row["bron"]),
                )
                for row in judged.iter_rows(named=True)
            ),
            tuple(
                VermoedeVaardigheid(
                    row["titel"], round(row["niveau_gekoppeld"]), row["werkprocessen"]
                )
                for row in linked.iter_rows(named=True)
            ),
        )

    def _titled(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.join(self._titels, on="competentie_id", maintain_order="left")
