"""Names of what rows refer to, a few at a time: titles of opleidingen, names of leerbedrijven."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from service.rechten.rijen import rijen
from service.storage.tables import CANONICAL


def names_of(
    session: Session, table: str, column: str, keys: Iterable[str | None]
) -> dict[str, str]:
    """Return one column of a canonical table by its key, for these keys as far as they are there.

    Parameters
    ----------
    session : Session
        Unit of work.
    table : str
        A table with a key of one column.
    column : str
        What to read.
    keys : iterable of str or None
        Whose; None is passed over.
    """
    wanted = sorted({key for key in keys if key is not None})
    if not wanted:
        return {}
    found = CANONICAL[table]
    (key,) = found.primary_key.columns
    chosen = rijen(found, key, found.c[column]).where(key.in_(wanted))
    return {name: text for name, text in session.execute(chosen) if text is not None}
