"""New hashes for suggesties whose text changed because a person got another id (TRUST P1, H1).

Lists, inputs and explanations are stored under the hash of their content, and an id stands in
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


@dataclass(frozen=True)
class Heel:
    """Hashes of what still is what was stored."""

    inhoud: frozenset[str]
    lijsten: frozenset[str]


def find_whole(session: Session) -> Heel:
    """Return which texts and lists have the hash of their content."""
    return Heel(
        frozenset(old for old, new in _inhoud(session) if old == new),
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
    for old, new in [pair for pair in _inhoud(session) if pair[0] in heel.inhoud]:
        if old != new:
            _move(session, INHOUD, old, new, (SUGGESTIE.c.invoer_sha256, SUGGESTIE.c.uitleg_sha256))
    for old, new in [pair for pair in _lijsten(session) if pair[0] in heel.lijsten]:
        if old != new:
            _move(session, LIJST, old, new, (SUGGESTIE.c.lijst_sha256, VERTONING.c.lijst_sha256))


def _inhoud(session: Session) -> Iterator[tuple[str, str]]:
    """Yield the hash of each text, and that of its content."""
    chosen = rijen(INHOUD, INHOUD.c.sha256, INHOUD.c.inhoud)
    for old, text in session.execute(chosen.execution_options(yield_per=SLICE)):
        yield old, sha256_of(text)


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


def _move(
    session: Session, table: sa.Table, old: str, new: str, references: tuple[sa.Column[str], ...]
) -> None:
    """Give a row another hash, and all that refers to it with it."""
    others = [column for column in table.c if column is not table.c.sha256]
    copied = rijen(table, sa.literal(new), *others).where(table.c.sha256 == old)
    names = ["sha256", *(column.name for column in others)]
    session.execute(sa.insert(table).from_select(names, copied))
    for column in references:
        changed = sa.update(column.table).where(column == old).values({column: new})
        session.execute(changed)
    session.execute(sa.delete(table).where(table.c.sha256 == old))
