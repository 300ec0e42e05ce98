"""What is told of the few pairs that are shown: how sure the chance is, reasons, gaps."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Self

import numpy as np

from features.contract import Tables
from features.pair_arrays import Floats, Ints
from features.pair_context import PairContext
from features.passendheid import PAIR_FEATURES, pair_matrix
from models.explanation import Redenen, redenen
from models.fallback import RuleScore
from models.interval import Bounds
from models.leerwerkplek import PlaatsingModel
from models.scoring import Scorer
from models.stack import Stack
from models.verbetering import Verbetering
from service.suggesties import OntbrekendeCompetentie


@dataclass(frozen=True)
class Verteld:
    """What is told of one pair."""

    laag: float
    hoog: float
    redenen: Redenen
    ontbrekend: tuple[OntbrekendeCompetentie, ...]
    invoer: bytes


class Uitleg:
    """Tells of pairs, given as rows of a context.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Only the titles of the competenties are taken from it.
    model : PlaatsingModel, optional
        The model that scored the pairs; None when it is stopped.
    scorer : Scorer, optional
        The same model as it scores pairs.
    """

    def __init__(self, tables: Tables, model: PlaatsingModel | None, scorer: Scorer | None) -> None:
        self._stack = None if model is None else model.stack
        self._scorer = scorer
        self._features = [] if scorer is None else [PAIR_FEATURES[one] for one in scorer.columns]
        self._titels = dict(tables["competentie"].select("competentie_id", "titel").iter_rows())

    def titel(self, competentie_id: str) -> str:
        """Return the title of a competentie; its id when it has none."""
        return str(self._titels.get(competentie_id, competentie_id))

    def titels(self, verbeteringen: Iterable[Verbetering]) -> dict[str, str]:
        """Return the titles of the competenties that these name, by id."""
        named = {stap.competentie_id for one in verbeteringen for stap in one.stappen}
        return {one: self.titel(one) for one in named if one is not None}

    def tell(self, context: PairContext, jongere: Ints, plek: Ints) -> list[Verteld]:
        """Return what is told of each scored pair, in order."""
        if not len(jongere) or self._stack is None or self._scorer is None:
            return []
        features, _ = pair_matrix(context, jongere, plek)
        matrix = np.ascontiguousarray(features[self._scorer.columns].T)
        low, high = _bounds(self._stack, self._scorer, features, matrix)
        told = redenen(self._stack.contributions(matrix), matrix, self._features)
        return [
            Verteld(
                float(laag), float(hoog), reasons, self.ontbrekend(context, int(j), int(p)), given
            )
            for laag, hoog, reasons, j, p, given in zip(
                low, high, told, jongere, plek, as_invoer(features), strict=True
            )
        ]

    def zonder_model(self) -> Self:
        """Return one that tells no reasons, for when the model is stopped."""
        twin = copy(self)
        twin._stack, twin._scorer, twin._features = None, None, []
        return twin

    def ontbrekend(
        self, context: PairContext, jongere: int, plek: int
    ) -> tuple[OntbrekendeCompetentie, ...]:
        """Return the demands that are not known to be met: hard ones and great gaps first."""
        found = []
        eisen, niveaus = context.plek.eisen[plek], context.jongere.niveaus[jongere].tolist()
        # plain numbers: taking them out of an array one by one costs several times more
        for competentie, gevraagd, hard in eisen.tolist():
            niveau = niveaus[competentie]
            if gevraagd > 0 and niveau < gevraagd:
                competentie_id = context.competenties[competentie]
                found.append(
                    OntbrekendeCompetentie(
                        competentie_id=competentie_id,
                        titel=self.titel(competentie_id),
                        gevraagd=gevraagd,
                        niveau=None if niveau < 0 else niveau,
                        hard=bool(hard),
                    )
                )
        return tuple(sorted(found, key=_weight))


def as_invoer(features: Floats) -> list[bytes]:
    """Return the input of each pair as doubles, from features of shape (n_features, n_pairs)."""
    return [row.tobytes() for row in np.ascontiguousarray(features.T)]


def as_values(invoer: bytes) -> list[float | None]:
    """Return an input as numbers that JSON can hold, None where unknown."""
    return [None if np.isnan(one) else one for one in np.frombuffer(invoer).tolist()]


def _bounds(stack: Stack | RuleScore, scorer: Scorer, features: Floats, matrix: Floats) -> Bounds:
    """Return how sure each chance is; that chance is counted as the list counts it."""
    if isinstance(stack, RuleScore):
        return stack.bounds(matrix)
    return stack.spread.bounds(scorer.kansen(features))


def _weight(competentie: OntbrekendeCompetentie) -> tuple[bool, int, str]:
    gap = competentie.gevraagd - (competentie.niveau or 0)
    return not competentie.hard, -gap, competentie.competentie_id
