"""One page of a list, with the addresses of the others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil
from typing import Any, TypeVar
from urllib.parse import urlencode

from service.api.queries import HeleLijstQuery, PaginaQuery
from service.api.schemas import ApiModel, Links

Shown = TypeVar("Shown", bound=ApiModel)
Row = TypeVar("Row")
Asked = PaginaQuery | HeleLijstQuery


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
    return _links(path, query, query.pagina, query.paginagrootte, total)


def _links(path: str, query: Asked, pagina: int, paginagrootte: int, total: int) -> Links:
    last = max(ceil(total / paginagrootte), 1)
    return Links(
        first=_address(path, query, 1),
        prev=_address(path, query, min(pagina - 1, last)) if pagina > 1 else None,
        next=_address(path, query, pagina + 1) if pagina < last else None,
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


def present_list(
    path: str,
    query: HeleLijstQuery,
    found: Sequence[Row],
    present: Callable[[Row], ApiModel],
) -> dict[str, Any]:
    """Return the fields of a list that leaves whole, as one page, unless a page is asked for.

    Parameters
    ----------
    path : str
        Address of the list.
    query : HeleLijstQuery
        What was asked.
    found : sequence
        The whole list, in order.
    present : callable
        Makes of one of it what leaves; only of what does.
    """
    total = len(found)
    if query.pagina is None:
        whole = _address(path, query, None)
        links = Links(first=whole, prev=None, next=None, last=whole)
        pagina, size = 1, max(total, 1)
    else:
        pagina, size = query.pagina, query.paginagrootte
        links = _links(path, query, pagina, size, total)
    begin = (pagina - 1) * size
    return {
        "totaal": total,
        "pagina": pagina,
        "paginagrootte": size,
        "links": links,
        "resultaten": [present(one) for one in found[begin : begin + size]],
    }


def pick(model: type[Shown], row: Mapping[str, Any], **more: object) -> Shown:
    """Return a stored row as a model of the API: the columns that it names, and what is given."""
    names = model.model_fields.keys() & row.keys()
    return model.model_validate({name: row[name] for name in names} | more)


def _address(path: str, query: Asked, pagina: int | None) -> str:
    asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if pagina is not None:
        asked["pagina"] = pagina
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path
