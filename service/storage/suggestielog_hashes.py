"""New hashes for suggesties whose text changed because a person got another id (TRUST P1, H1).

Lists, inputs and explanations are stored with the hash of their content, and an id stands in
them. So when the keys of pseudonyms change, their hashes do too. What was damaged before keeps its
hash, and is still found damaged afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.rechten.rijen import rijen
from service.storage.suggestielog_tables import INHOUD, LIJST, SUGGESTIE, VERTONING
from service.suggestielog.herkomst import sha256_of
from service.suggestielog.lijst import sha256_of_list

SLICE = 500
TEXTS = (
    (INHOUD.c.invoer, SUGGESTIE.c.invoer_sha256),
    (INHOUD.c.uitleg, SUGGESTIE.c.uitleg_sha256),
)
"""Each text of a line, and where its hash stands."""
Plaats = tuple[str, int, str]
"""Where a hash of a text stands: list, line and column."""


@dataclass(frozen=True)
class Heel:
    """Hashes of what still is what was stored."""

    inhoud: frozenset[Plaats]
    lijsten: frozenset[str]


def find_whole(session: Session) -> Heel:
    """Return which texts and lists have the hash of their content."""
    return Heel(
        frozenset(place for place, old, new in _inhoud(session) if old == new),
        frozenset(old for old, new in _lijsten(session) if old == new),
    )


def rehash(session: Session, heel: Heel) -> None:
    """Give every text and list that was whole the hash of what it became.

    Parameters
    ----------
    session : Session
        The store, in the transaction that changed the ids.
    heel : Heel
        What `find_whole` gave before the ids changed.
    """
    for place, old, new in list(_inhoud(session)):
        if old != new and place in heel.inhoud:
            sha256, nummer, column = place
            line = (SUGGESTIE.c.lijst_sha256 == sha256) & (SUGGESTIE.c.nummer == nummer)
            session.execute(sa.update(SUGGESTIE).where(line).values({column: new}))
    for old, new in [pair for pair in _lijsten(session) if pair[0] in heel.lijsten]:
        if old != new:
            _move(session, old, new)


def _inhoud(session: Session) -> Iterator[tuple[Plaats, str, str]]:
    """Yield where the hash of each text stands, that hash, and that of its content."""
    same = (INHOUD.c.lijst_sha256 == SUGGESTIE.c.lijst_sha256) & (
        INHOUD.c.nummer == SUGGESTIE.c.nummer
    )
    for text, key in TEXTS:
        chosen = rijen(SUGGESTIE, SUGGESTIE.c.lijst_sha256, SUGGESTIE.c.nummer, key, text)
        kept = chosen.join(INHOUD, same).where(text.is_not(None), key.is_not(None))
        for sha256, nummer, old, told in session.execute(kept.execution_options(yield_per=SLICE)):
            yield (sha256, nummer, key.name), old, sha256_of(told)


def _lijsten(session: Session) -> Iterator[tuple[str, str]]:
    """Yield the hash of each list, and that of its head and lines."""
    for head in session.execute(rijen(LIJST)).mappings().all():
        chosen = rijen(
            SUGGESTIE,
            *(SUGGESTIE.c.jongere_id, SUGGESTIE.c.object_id, SUGGESTIE.c.rang, SUGGESTIE.c.score),
            *(SUGGESTIE.c.invoer_sha256, SUGGESTIE.c.uitleg_sha256),
        ).where(SUGGESTIE.c.lijst_sha256 == head["sha256"])
        lines = session.execute(chosen.order_by(SUGGESTIE.c.nummer)).all()
        yield head["sha256"], sha256_of_list(dict(head), [list(one) for one in lines])


def _move(session: Session, old: str, new: str) -> None:
    """Give a list another hash, and all that refers to it with it."""
    others = [column for column in LIJST.c if column is not LIJST.c.sha256]
    copied = rijen(LIJST, sa.literal(new), *others).where(LIJST.c.sha256 == old)
    names = ["sha256", *(column.name for column in others)]
    session.execute(sa.insert(LIJST).from_select(names, copied))
    for table in (SUGGESTIE, INHOUD, VERTONING):
        column = table.c.lijst_sha256
        session.execute(sa.update(table).where(column == old).values({column: new}))
    session.execute(sa.delete(LIJST).where(LIJST.c.sha256 == old))
