"""What the model saw of places that are told beside a list and do not stand in it (TRUST H1)."""

from collections.abc import Iterable

import numpy as np

from features.pair_context import PairContext
from features.passendheid import pair_matrix
from models.verbetering import Verbetering
from models.verbetering_stappen import with_changes
from service.suggesties import Ernaast, Suggestie
from service.uitleg import as_invoer
from service.verkenning import Verkenning


def invoer_after(context: PairContext, jongere_id: str, verbetering: Verbetering) -> bytes:
    """Return what the model saw of a pair after the changes of a verbetering."""
    plek = verbetering.leerwerkplek_id
    changed = with_changes(context, jongere_id, verbetering.stappen, plek)
    (invoer,) = _invoer(changed, jongere_id, [plek])
    return invoer


def told_beside(
    found: Verkenning, now: PairContext, explored: PairContext, jongere_id: str
) -> tuple[tuple[Ernaast, ...], tuple[Ernaast, ...]]:
    """Return the chances that a verkenning tells of places outside the list they are compared to.

    Parameters
    ----------
    found : Verkenning
        Both lists, and what became of each place.
    now, explored : PairContext
        The jongere as is and as explored, beside all places.
    jongere_id : str
        Whom.

    Returns
    -------
    tuple of (tuple of Ernaast, tuple of Ernaast)
        Chances of now on places that only the explored list holds, and the other way round.
    """
    new = ((one.suggestie, one.kans_nu) for one in found.plekken if one.rang_nu is None)
    gone = ((one.suggestie, one.kans_dan) for one in found.vervallen)
    return _beside(now, jongere_id, new), _beside(explored, jongere_id, gone)


def _beside(
    context: PairContext, jongere_id: str, told: Iterable[tuple[Suggestie, float | None]]
) -> tuple[Ernaast, ...]:
    pairs = [(one.leerwerkplek.leerwerkplek_id, kans) for one, kans in told if kans is not None]
    given = _invoer(context, jongere_id, [plek for plek, _ in pairs])
    return tuple(Ernaast(*pair, invoer) for pair, invoer in zip(pairs, given, strict=True))


def _invoer(context: PairContext, jongere_id: str, plekken: Iterable[str]) -> list[bytes]:
    rows = context.plek_rows(list(plekken))
    if not len(rows):
        return []
    jongere = np.full(len(rows), context.jongere_rows([jongere_id])[0])
    return as_invoer(pair_matrix(context, jongere, rows)[0])
