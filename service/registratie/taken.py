"""What an employer says in own words, beside the werkprocessen and competenties that it may mean.

The words themselves are not kept: what a person ticks is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl
from sqlalchemy.orm import Session

from features.competentieruimte import own_id, propose
from features.reference.synoniemen import synoniem_facts
from features.vocabulary import SoortCompetentie
from service.storage.canonical import CanonicalRepository

MOST_REGELS = 20
"""Lines that are compared; more says the same twice."""
MEANINGS = 4
"""Proposals per line."""


@dataclass(frozen=True)
class Betekenis:
    """What a line may mean: a code with its title, and the line as it was written."""

    code: str
    titel: str
    regel: str


def lines_of(text: str) -> list[str]:
    r"""Return the lines of a text that hold something, each once, in their order.

    Examples
    --------
    >>> lines_of(" pakketten inpakken\n\nheftruck rijden\npakketten inpakken")
    ['pakketten inpakken', 'heftruck rijden']
    """
    bare = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in bare if line))[:MOST_REGELS]


def suggest_werkprocessen(
    session: Session, taken: Sequence[str], opleidingcode: str | None = None
) -> list[Betekenis]:
    """Return the werkprocessen that tasks resemble, in the order of the tasks.

    Parameters
    ----------
    session : Session
        The unit of work.
    taken : sequence of str
        Tasks in the words of an employer.
    opleidingcode : str, optional
        Crebo; then only werkprocessen of that opleiding count, if it has any.
    """
    known = CanonicalRepository(session).read("werkproces")
    own = known.filter(pl.col("opleidingcode") == opleidingcode) if opleidingcode else known
    named = (own if own.height else known).select("titel", competentie_id="werkproces_id")
    return _meanings(named, taken, None)


def suggest_competenties(session: Session, regels: Sequence[str]) -> list[Betekenis]:
    """Return the competenties that demands in own words resemble, in the order of the demands."""
    known = CanonicalRepository(session).read("competentie")
    named = known.filter(pl.col("soort") != str(SoortCompetentie.EIGEN_LIJST))
    return _meanings(named.select("competentie_id", "titel"), regels, synoniem_facts())


def titles(session: Session, name: str, codes: Iterable[str]) -> dict[str, str]:
    """Return the titles of codes of the table ``werkproces`` or ``competentie``."""
    wanted = list(codes)
    known = CanonicalRepository(session).read(name).filter(pl.col(f"{name}_id").is_in(wanted))
    return dict(known.select(f"{name}_id", "titel").rows())


def _meanings(
    named: pl.DataFrame, regels: Sequence[str], synonyms: pl.DataFrame | None
) -> list[Betekenis]:
    by_id = {own_id(one): one for one in regels}
    own = pl.DataFrame({"eigen_id": list(by_id), "tekst": list(by_id.values())})
    if not by_id:
        return []
    found = propose(named, own, synonyms=synonyms, top=MEANINGS)
    order = {eigen_id: at for at, eigen_id in enumerate(by_id)}
    rows = sorted(found.rows(named=True), key=lambda row: (order[row["eigen_id"]], row["rang"]))
    seen: dict[str, Betekenis] = {}
    for row in rows:
        code = row["competentie_id"]
        seen.setdefault(code, Betekenis(code, row["titel"] or code, by_id[row["eigen_id"]]))
    return list(seen.values())
