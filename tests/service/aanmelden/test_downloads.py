"""Every route that answers a file counts it, so nobody carries off the region file by file (S9)."""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from service.dependencies import limit_exports
from tests.service.rechten.wereld import make_app_of_nothing

MARKS = ("Content-Disposition", "FileResponse", "StreamingResponse")
"""What code that answers a file cannot do without."""
SUFFIXES = (".json", ".pdf", ".csv", ".xlsx", ".zip", ".parquet")
PROGRAM = frozenset({"openapi.json"})
"""Ends of addresses that look like a file, but hold nothing of anybody."""


def endpoints(app: FastAPI) -> Iterator[tuple[str, Callable[..., Any], Dependant]]:
    """Yield address, function and dependencies of every route, also of what is mounted."""
    for found in iter_route_contexts(app.router.routes):
        if isinstance(found.route, Mount):
            inner = found.route.app
            while not isinstance(inner, FastAPI) and hasattr(inner, "app"):
                inner = inner.app
            if isinstance(inner, FastAPI):
                yield from endpoints(inner)
            continue
        yield str(found.path), found.dependant.call, found.dependant


def makers_of_files(source: str) -> set[str]:
    """Return the functions of a module that answer a file, also by another of its functions.

    Examples
    --------
    >>> code = "def a(): return FileResponse(x)\\ndef b(): return a()\\ndef c(): 1"
    >>> sorted(makers_of_files(code))
    ['a', 'b']
    """
    functions = {
        node.name: node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    found = {
        name for name, node in functions.items() if any(mark in ast.unparse(node) for mark in MARKS)
    }
    while True:
        more = {name for name, node in functions.items() if _called(node) & found} - found
        if not more:
            return found
        found |= more


def _called(node: ast.AST) -> set[str]:
    return {
        one.func.id
        for one in ast.walk(node)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
    }


def is_file(path: str, call: Callable[..., Any]) -> bool:
    """Whether a route answers a file, by its address or its code."""
    if path.endswith(SUFFIXES):
        return path.rsplit("/", 1)[-1] not in PROGRAM
    module = sys.modules[call.__module__]
    return call.__name__ in makers_of_files(inspect.getsource(module))


def counts(dependant: Dependant) -> bool:
    """Whether a route counts what it gives."""
    return any(one.call is limit_exports or counts(one) for one in dependant.dependencies)


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    """Whether each route that answers a file counts it, by address."""
    app = make_app_of_nothing(tmp_path_factory.mktemp("leeg"))
    own = [one for one in endpoints(app) if one[1].__module__.startswith("service.")]
    assert len(own) > 100
    return {path: counts(dependant) for path, call, dependant in own if is_file(path, call)}


def test_every_route_that_answers_a_file_counts_it(downloads: dict[str, bool]) -> None:
    assert {path for path, counted in downloads.items() if not counted} == set()


def test_the_known_files_are_among_them(downloads: dict[str, bool]) -> None:
    assert {
        "/privacy/{jongere_id}/inzage.json",
        "/privacy/{jongere_id}/inzage.pdf",
        "/matchtafels/{matchtafelId}/notulen",
    } <= downloads.keys()


def test_files_leave_only_by_modules_of_routes() -> None:
    service = Path(inspect.getfile(limit_exports)).parent
    marked = [
        path.relative_to(service).parts[0]
        for path in service.rglob("*.py")
        if any(mark in path.read_text(encoding="utf-8") for mark in MARKS)
    ]
    assert marked
    assert set(marked) <= {"api", "web"}
