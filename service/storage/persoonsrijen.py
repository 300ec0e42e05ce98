"""All rows of one person, over every registered table: read, erased, given another id.

What belongs to a person is said in `service.privacy.register` alone. The use cases look as the
system here (`service.rechten.toegang.SYSTEEM`), after they found that the actor may do this to this
person: a row that the row rule left out would be a row that was forgotten.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.privacy.register import (
    GEWIST,
    JONGERE_ID,
    TEKSTEN,
    WEG,
    Persoonstabel,
    belongs_to,
    tabellen,
)
from service.rechten.rijen import rijen, zichtbaar
from service.storage.suggestielog_hashes import find_whole, rehash
from service.storage.tables import CANONICAL, METADATA

SLICE = 500
JONGERE = CANONICAL["jongere"]
IN_QUOTES = re.compile(r'"(?:[^"\\]|\\.)*"')
"""A text inside JSON: an id stands between quotes, so J1 is not found in J12."""
ANTWOORDEN = "herhaling"
"""Table of answers that were given out, which may be about anybody."""

HERSLEUTEL = sa.Table(
    "hersleutel",
    sa.MetaData(),
    sa.Column("oud", sa.String, primary_key=True),
    sa.Column("nieuw", sa.String, nullable=False),
    prefixes=["TEMPORARY"],
)
"""Old and new ids, for as long as a rotation lasts."""


def read_person(session: Session, jongere_id: str) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of a person by table; tables without any are absent.

    Parameters
    ----------
    session : Session
        The store.
    jongere_id : str
        Whose; nobody's gives nothing.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for table, _ in tabellen():
        chosen = rijen(table).where(belongs_to(table, jongere_id))
        rows = session.execute(chosen.order_by(*table.primary_key)).mappings()
        found[table.name] = [dict(row) for row in rows]
    return {name: rows for name, rows in found.items() if rows}


def erase_person(session: Session, jongere_id: str) -> dict[str, int]:
    """Take a person out of every table; return how many rows of which table were touched."""
    touched: dict[str, int] = {}
    for table, entry in reversed(tabellen()):
        touched[table.name] = _erase(session, table, entry, jongere_id)
    for name, columns in TEKSTEN.items():
        gone = _replace_in_texts(session, name, columns, {jongere_id: GEWIST})
        touched[name] = touched.get(name, 0) + gone
    _drop_answers(session)
    return {name: count for name, count in touched.items() if count}


def rekey(session: Session, ids: Mapping[str, str]) -> None:
    """Give persons other ids, in every table and in every text that names them.

    The rows of ``jongere`` are copied first and removed last, so that no reference ever hangs.

    Parameters
    ----------
    session : Session
        The store; its transaction makes this all or nothing.
    ids : mapping of str to str
        The new id of each old one; no new one may be stored already.
    """
    pairs = [{"oud": old, "nieuw": new} for old, new in ids.items()]
    if not pairs:
        return
    heel = find_whole(session)
    HERSLEUTEL.create(session.connection())
    session.execute(sa.insert(HERSLEUTEL), pairs)
    _copy_jongeren(session)
    for table, entry in tabellen():
        if entry.via is None and table is not JONGERE:
            _rekey_table(session, table)
    session.execute(sa.delete(JONGERE).where(zichtbaar(JONGERE), _is_old(JONGERE)))
    for name, columns in TEKSTEN.items():
        _replace_in_texts(session, name, columns, ids)
    rehash(session, heel)
    _drop_answers(session)
    HERSLEUTEL.drop(session.connection())


def known_ids(session: Session) -> list[str]:
    """Return every id that occurs in any table, of persons who are stored or were."""
    found: set[str] = set()
    for table, entry in tabellen():
        if entry.via is None:
            chosen = rijen(table, table.c[JONGERE_ID]).distinct()
            found.update(one for one in session.scalars(chosen) if one is not None)
    return sorted(one for one in found if not one.startswith(WEG))


def _erase(session: Session, table: sa.Table, entry: Persoonstabel, jongere_id: str) -> int:
    mine = zichtbaar(table) & belongs_to(table, jongere_id)
    if entry.wist is None:
        done = session.execute(sa.delete(table).where(mine))
    else:
        done = session.execute(sa.update(table).where(mine).values(entry.wist(table)))
    return int(done.rowcount)  # type: ignore[attr-defined]  # of a statement that writes


def _copy_jongeren(session: Session) -> None:
    names = [column.name for column in JONGERE.c]
    values = [HERSLEUTEL.c.nieuw if one == JONGERE_ID else JONGERE.c[one] for one in names]
    chosen = sa.select(*values).where(zichtbaar(JONGERE), HERSLEUTEL.c.oud == JONGERE.c.jongere_id)
    session.execute(sa.insert(JONGERE).from_select(names, chosen))


def _rekey_table(session: Session, table: sa.Table) -> None:
    new = sa.select(HERSLEUTEL.c.nieuw).where(HERSLEUTEL.c.oud == table.c[JONGERE_ID])
    changed = {JONGERE_ID: new.scalar_subquery()}
    session.execute(sa.update(table).where(zichtbaar(table), _is_old(table)).values(changed))


def _is_old(table: sa.Table) -> sa.ColumnElement[bool]:
    return table.c[JONGERE_ID].in_(sa.select(HERSLEUTEL.c.oud))


def _replace_in_texts(
    session: Session, name: str, columns: Iterable[str], ids: Mapping[str, str]
) -> int:
    """Replace ids in columns of text or JSON; return how many values changed."""
    table = METADATA.tables.get(name)
    if table is None:
        return 0
    changed = 0
    for column in columns:
        for key, value in _mentioning(session, table, column, ids):
            where = [part == found for part, found in zip(table.primary_key, key, strict=True)]
            session.execute(sa.update(table).where(*where).values({column: value}))
            changed += 1
    return changed


def _mentioning(
    session: Session, table: sa.Table, column: str, ids: Mapping[str, str]
) -> list[tuple[tuple[Any, ...], Any]]:
    """Return the keys of rows whose text names somebody, each with what it becomes."""
    quoted = {json.dumps(old): json.dumps(new) for old, new in ids.items()}
    found = []
    chosen = rijen(table, *table.primary_key, table.c[column]).where(table.c[column].is_not(None))
    for *key, value in session.execute(chosen.execution_options(yield_per=SLICE)):
        text = value if isinstance(value, str) else json.dumps(value)
        changed = IN_QUOTES.sub(lambda part: quoted.get(part[0], part[0]), text)
        if changed != text:
            found.append((tuple(key), changed if isinstance(value, str) else json.loads(changed)))
    return found


def _drop_answers(session: Session) -> None:
    """Throw away the answers kept for repeated requests: any of them may name the person."""
    answers = METADATA.tables.get(ANTWOORDEN)
    if answers is not None:
        session.execute(sa.delete(answers))
