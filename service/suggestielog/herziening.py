"""Which besluiten to look at again when a version of a model turns out to be wrong (TRUST H8)."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from service.storage.correctie import CorrectieRepository
from service.storage.volggedrag import Genomen, VolggedragRepository


def review_list(session: Session, model: str, versie: str) -> list[Genomen]:
    """Return every besluit that this version of a model may have played a part in.

    Those about a jongere of whom a suggestie of that version had been shown to anybody before:
    the records of what was shown (TRUST H1) tell that exactly, also after a model went back.

    Parameters
    ----------
    session : Session
        The store.
    model, versie : str
        Name and version of the model; unknown ones give no besluiten.

    Returns
    -------
    list of Genomen
        The oldest first.
    """
    return VolggedragRepository(session).to_review(model, versie)


def outdated(session: Session, besluiten: Iterable[Genomen]) -> frozenset[int]:
    """Return which besluiten rest on a suggestie that is outdated (TRUST P6).

    A value of the jongere was set right after the besluit, so the score of then is not that of now.
    """
    corrected = CorrectieRepository(session).newest()
    return frozenset(
        one.id
        for one in besluiten
        if one.jongere_id in corrected and corrected[one.jongere_id] > one.tijdstip
    )
