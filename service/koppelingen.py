"""The mapping list: what own words of a school mean, proposed by text and decided by a person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from sqlalchemy.orm import Session

from features.competentieruimte import OWN, VOORSTEL, apply_koppelingen, own_id, propose
from features.reference.synoniemen import synoniem_facts
from features.vocabulary import SoortCompetentie
from service.storage.canonical import CanonicalRepository
from service.storage.koppeling import Besluit, Koppeling, KoppelingRepository

COLUMNS = ("eigen_id", "tekst", "regels", "competentie_id", "titel", "zekerheid", "besluit")
"""Columns of the list, on screen and in a spreadsheet."""


@dataclass(frozen=True)
class Keuze:
    """What a person says: these own words (text or id) mean a competentie, or do not.

    Without `competentie_id` it is about the competentie that is proposed first.
    """

    eigen_woorden: str
    besluit: Besluit
    competentie_id: str | None = None


def read_tables(session: Session) -> dict[str, pl.DataFrame]:
    """Return all canonical tables as features may read them: own words as what they mean."""
    confirmed = KoppelingRepository(session).pairs(Besluit.BEVESTIGD)
    return apply_koppelingen(CanonicalRepository(session).read_all(), confirmed)


def open_list(session: Session) -> pl.DataFrame:
    """Return all own words of schools with what they mean or probably mean.

    Returns
    -------
    DataFrame with the columns `COLUMNS`
        Per own words a row for each proposal, or one for what was confirmed (``besluit`` is then
        ``bevestigd``, else null). Where nothing resembles them the competentie is null.
        ``regels`` counts the stored rows that use the words. What waits comes first; of that the
        most used, and then the surest.
    """
    repository = KoppelingRepository(session)
    waiting = repository.waiting()
    confirmed = repository.pairs(Besluit.BEVESTIGD)
    known = CanonicalRepository(session).read("competentie")
    said = confirmed.join(waiting, on="eigen_id").select("competentie_id", titel="tekst")
    proposals = propose(
        known.filter(pl.col("soort") != str(SoortCompetentie.EIGEN_LIJST)),
        waiting.join(confirmed, on="eigen_id", how="anti").select("eigen_id", "tekst"),
        synonyms=pl.concat([said, synoniem_facts()]),
        rejected=repository.pairs(Besluit.AFGEWEZEN),
    )
    decided = confirmed.join(known.select("competentie_id", "titel"), on="competentie_id")
    found = pl.concat(
        [
            proposals.drop("tekst").with_columns(besluit=pl.lit(None, pl.String)),
            decided.with_columns(
                rang=pl.lit(1, VOORSTEL["rang"]),
                zekerheid=pl.lit(None, VOORSTEL["zekerheid"]),
                besluit=pl.lit(str(Besluit.BEVESTIGD)),
            ),
        ],
        how="diagonal",
    )
    return (
        waiting.join(found, on="eigen_id", how="left")
        .with_columns(
            open=pl.col("besluit").is_null(),
            surest=pl.col("zekerheid").max().over("eigen_id").fill_null(0.0),
        )
        .sort(
            ["open", "regels", "surest", "eigen_id", "rang"],
            descending=[True, True, True, False, False],
        )
        .select(COLUMNS)
    )


def decide(session: Session, keuzes: Sequence[Keuze], *, actor: str, moment: datetime) -> list[str]:
    """Record what a person said, all of it or nothing.

    Returns
    -------
    list of str
        What is wrong, a Dutch sentence each; when it is empty, all was recorded.
    """
    listed = open_list(session)
    known = set(CanonicalRepository(session).keys("competentie")["competentie_id"])
    found = [_find(listed, known, keuze) for keuze in keuzes]
    problems = [problem for *_, problem in found if problem]
    said = Counter(
        eigen_id
        for keuze, (eigen_id, *_) in zip(keuzes, found, strict=True)
        if keuze.besluit is Besluit.BEVESTIGD
    )
    problems += [
        f"“{eigen_id.removeprefix(OWN)}” krijgt twee betekenissen: kies er één."
        for eigen_id, times in said.items()
        if eigen_id and times > 1
    ]
    if not problems:
        KoppelingRepository(session).decide(
            [
                Koppeling(eigen_id, competentie_id, keuze.besluit, zekerheid, actor, moment)
                for keuze, (eigen_id, competentie_id, zekerheid, _) in zip(
                    keuzes, found, strict=True
                )
            ]
        )
    return problems


def _find(
    listed: pl.DataFrame, known: set[str], keuze: Keuze
) -> tuple[str, str, float | None, str]:
    """Return own id, competentie, confidence when it was proposed, and what is wrong."""
    name, target = keuze.eigen_woorden, keuze.competentie_id
    mine = listed.filter(
        (pl.col("eigen_id") == name)
        | (pl.col("eigen_id") == own_id(name))
        | (pl.col("tekst") == name)
    )
    if mine.is_empty():
        return "", "", None, f"“{name}” staat niet in de lijst met eigen woorden."
    eigen_id: str = mine["eigen_id"][0]
    target = target or mine["competentie_id"][0]
    if target is None:
        return eigen_id, "", None, f"Bij “{name}” is geen voorstel: schrijf zelf de code erbij."
    if target not in known or target.startswith(OWN) or target == eigen_id:
        return eigen_id, "", None, f"De code {target} bij “{name}” is geen bekende competentie."
    proposed = mine.filter(pl.col("competentie_id") == target)["zekerheid"]
    return eigen_id, target, proposed[0] if proposed.len() else None, ""
