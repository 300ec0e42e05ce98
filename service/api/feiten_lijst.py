"""The shared way from a page of stored rows to a page of the API."""

from collections.abc import Sequence
from typing import Any

from service.api.queries import PaginaQuery
from service.audit.spoor import current_spoor
from service.dependencies import Installation
from service.storage.engine import unit_of_work
from service.storage.feiten import FeitRepository, Filter, Row

JONGERE_ID = "jongere_id"


def read_page(
    installation: Installation,
    name: str,
    query: PaginaQuery,
    filters: Sequence[Filter],
    sortering: str,
) -> tuple[list[Row], int]:
    """Return one page of a canonical table and how many rows there are in all.

    Parameters
    ----------
    installation : Installation
        Whose store is read.
    name : str
        The table.
    query : PaginaQuery
        Which page.
    filters : sequence of Filter
        Which rows.
    sortering : str
        As `FeitRepository.page`.
    """
    with unit_of_work(installation.engine, read_only=True) as session:
        rows, total = FeitRepository(session, name).page(
            filters,
            sortering,
            offset=(query.pagina - 1) * query.paginagrootte,
            limit=query.paginagrootte,
        )
    show_persons(rows)
    return rows, total


def show_persons(rows: Sequence[dict[str, Any]]) -> None:
    """Tell the trace of this request about whom these rows are (TRUST A1)."""
    current_spoor().about(*(row[JONGERE_ID] for row in rows if JONGERE_ID in row))
