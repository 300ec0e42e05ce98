"""What the commands about privacy share: whom they are about, and the line in the audit log."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from service.commands.openen import DataOption, opened
from service.privacy.loket import Loket
from service.settings import Settings

__all__ = ["DataOption", "WieArgument", "counter", "find"]

WieArgument = Annotated[
    str,
    typer.Argument(
        metavar="WIE", help="Nummer van de jongere of pseudoniem uit een bestand; nooit een BSN."
    ),
]


@contextmanager
def counter(
    context: typer.Context, data: Path | None, actie: str
) -> Iterator[tuple[Settings, Engine, Loket]]:
    """Open the store and the counter for one command, with its trace."""
    with opened(context, data, actie) as (settings, engine):
        yield settings, engine, Loket(engine, settings)


def find(loket: Loket, wie: str) -> str:
    """Return whom an argument means, and name that person in the trace.

    Raises
    ------
    typer.BadParameter
        Nobody.
    """
    from service.audit.spoor import current_spoor
    from service.errors import NotFoundError
    from service.importing.pseudonym import is_person_number

    if is_person_number(wie.replace(".", "").strip()):
        raise typer.BadParameter(
            "typ hier geen BSN: het blijft in de geschiedenis van de opdrachtregel staan. "
            "Zoek de jongere op de pagina Privacy.",
            param_hint="WIE",
        )
    try:
        found = loket.find(wie)
    except NotFoundError as error:
        raise typer.BadParameter("deze jongere is er niet", param_hint="WIE") from error
    current_spoor().about(found)
    return found
