"""One page of a list, with the addresses of the others."""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, TypeVar
from urllib.parse import urlencode

from service.api.queries import PaginaQuery
from service.api.schemas import ApiModel, Links

Shown = TypeVar("Shown", bound=ApiModel)


def page_links(path: str, query: PaginaQuery, total: int) -> Links:
    """Return the addresses of first, previous, next and last page.

    Parameters
    ----------
    path : str
        Address of the list.
    query : PaginaQuery
        What was asked; other pages are asked likewise.
    total : int
        How many results there are in all.
    """
    last = max(ceil(total / query.paginagrootte), 1)
    return Links(
        first=_address(path, query, 1),
        prev=_address(path, query, min(query.pagina - 1, last)) if query.pagina > 1 else None,
        next=_address(path, query, query.pagina + 1) if query.pagina < last else None,
        last=_address(path, query, last),
    )


def present_page(
    path: str, query: PaginaQuery, results: Iterable[ApiModel], total: int
) -> dict[str, Any]:
    """Return the fields that every page of a list has."""
    return {
        "totaal": total,
        "pagina": query.pagina,
        "paginagrootte": query.paginagrootte,
        "links": page_links(path, query, total),
        "resultaten": list(results),
    }


def pick(model: type[Shown], row: Mapping[str, Any], **more: object) -> Shown:
    """Return a stored row as a model of the API: the columns that it names, and what is given."""
    names = model.model_fields.keys() & row.keys()
    return model.model_validate({name: row[name] for name in names} | more)


def _address(path: str, query: PaginaQuery, pagina: int) -> str:
    asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return f"{path}?{urlencode({**asked, 'pagina': pagina}, doseq=True)}"
