"""What is told of the few pairs that are shown: how sure the chance is, reasons, gaps."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from features.contract import Tables
from features.pair_arrays import Ints
from features.pair_context import PairContext
from features.passendheid import PAIR_FEATURES, pair_matrix
from models.explanation import Redenen
from models.leerwerkplek import PlaatsingModel
from models.verbetering import Verbetering
from service.suggesties import OntbrekendeCompetentie


@dataclass(frozen=True)
class Verteld:
    """What is told of one pair."""

    laag: float
    hoog: float
    redenen: Redenen
    ontbrekend: tuple[OntbrekendeCompetentie, ...]


class Uitleg:
    """Tells of pairs, given as rows of a context.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Only the titles of the competenties are taken from it.
    model : PlaatsingModel
        The model that scored the pairs.
    """

    def __init__(self, tables: Tables, model: PlaatsingModel) -> None:
        self._model = model
        self._titels = dict(tables["competentie"].select("competentie_id", "titel").iter_rows())

    def titel(self, competentie_id: str) -> str:
        """Return the title of a competentie; its id when it has none."""
        return str(self._titels.get(competentie_id, competentie_id))

    def titels(self, verbeteringen: Iterable[Verbetering]) -> dict[str, str]:
        """Return the titles of the competenties that these name, by id."""
        named = {stap.competentie_id for one in verbeteringen for stap in one.stappen}
        return {one: self.titel(one) for one in named if one is not None}

    def tell(self, context: PairContext, jongere: Ints, plek: Ints) -> list[Verteld]:
        """Return what is told of each pair, in order."""
        if not len(jongere):
            return []
        matrix, _ = pair_matrix(context, jongere, plek)
        rows = pl.DataFrame(matrix.T, schema=[feature.name for feature in PAIR_FEATURES])
        low, high = self._model.bounds(rows)
        return [
            Verteld(float(laag), float(hoog), redenen, self._ontbrekend(context, int(j), int(p)))
            for laag, hoog, redenen, j, p in zip(
                low, high, self._model.redenen(rows), jongere, plek, strict=True
            )
        ]

    def _ontbrekend(
        self, context: PairContext, jongere: int, plek: int
    ) -> tuple[OntbrekendeCompetentie, ...]:
        """Return the demands that are not known to be met: hard ones and great gaps first."""
        found = []
        for eis in context.plek.eisen[plek]:
            niveau = int(context.jongere.niveaus[jongere, eis["competentie"]])
            if eis["niveau"] > 0 and niveau < eis["niveau"]:
                competentie_id = context.competenties[eis["competentie"]]
                found.append(
                    OntbrekendeCompetentie(
                        competentie_id=competentie_id,
                        titel=self.titel(competentie_id),
                        gevraagd=int(eis["niveau"]),
                        niveau=None if niveau < 0 else niveau,
                        hard=bool(eis["hard"]),
                    )
                )
        return tuple(sorted(found, key=_weight))


def _weight(competentie: OntbrekendeCompetentie) -> tuple[bool, int, str]:
    gap = competentie.gevraagd - (competentie.niveau or 0)
    return not competentie.hard, -gap, competentie.competentie_id
