"""Who enters something through the API, and one stored row as the API shows it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends

from service.dependencies import ActorDep, Installation
from service.registratie.invoer import Invoerder, find
from service.storage.engine import unit_of_work
from service.storage.feiten import Row


def get_invoerder(actor: ActorDep) -> Invoerder:
    """Return who enters something, now."""
    return Invoerder(actor.naam, datetime.now(UTC))


InvoerderDep = Annotated[Invoerder, Depends(get_invoerder)]


def read_one(installation: Installation, name: str, key: Mapping[str, object]) -> Row:
    """Return one stored row; NotFoundError when there is none."""
    with unit_of_work(installation.engine, read_only=True) as session:
        return find(session, name, key)
