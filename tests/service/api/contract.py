"""The promise of the API as sorted lines, to compare with the last release (TRUST R11).

A line names one thing that a client may rely on: an operation, a parameter, a status, a field that
is answered, or a field that is asked. Run this module to print them for a release:

    python -m tests.service.api.contract > tests/service/api/contract-1.1.0.txt
"""

import sys
from collections.abc import Iterator
from typing import Any

from tests.service.api.test_openapi import DOCUMENT, OPERATIONS, resolve

ASKED = "vraagt"
"""Begin of what a client must send; a new one breaks clients."""
DEPTH = 8


def promises() -> list[str]:
    """Return every line of the present document."""
    return sorted({line for one in OPERATIONS for line in _operation(*one)})


def _operation(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    name = f"{method.upper()} {path}"
    yield name
    yield from _parameters(name, operation.get("parameters", []))
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"{name} neemt {kind}"
        for field, shape, required in _fields(content["schema"]):
            yield f"{name} neemt {field} {shape}"
            if required:
                yield f"{ASKED} {name} {field}"
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            yield from _answer(f"{name} {status}", answer.get("content", {}))


def _parameters(name: str, parameters: list[dict[str, Any]]) -> Iterator[str]:
    for one in parameters:
        yield f"{name} {one['in']} {one['name']} {_kind(one['schema'])}"
        if one.get("required") and one["in"] != "path":
            yield f"{ASKED} {name} {one['in']} {one['name']}"


def _answer(name: str, contents: dict[str, Any]) -> Iterator[str]:
    for kind, content in contents.items():
        yield f"{name} {kind}"
        for field, shape, _ in _fields(content.get("schema", {})):
            yield f"{name} {field} {shape}"


def _fields(schema: dict[str, Any], depth: int = 0) -> Iterator[tuple[str, str, bool]]:
    """Return (path of a field, kind, whether it must be sent) for every field below a schema."""
    found = _follow(schema)
    if depth > DEPTH:
        return
    for key, field in found.get("properties", {}).items():
        yield key, _kind(field), key in found.get("required", ())
        inside = _inside(field)
        if inside is not None:
            for name, kind, required in _fields(inside, depth + 1):
                yield f"{key}.{name}", kind, required


def _inside(schema: dict[str, Any]) -> dict[str, Any] | None:
    """Return the object that a field holds, alone or as the elements of a list."""
    for one in (schema, *schema.get("anyOf", ())):
        found = _follow(one)
        if found.get("type") == "array":
            return _inside(found["items"])
        if "properties" in found:
            return found
    return None


def _kind(schema: dict[str, Any]) -> str:
    kinds = [_follow(one).get("type", "object") for one in schema.get("anyOf", (schema,))]
    return "|".join(sorted(kinds))


def _follow(schema: dict[str, Any]) -> dict[str, Any]:
    return resolve(schema) if "$ref" in schema else schema


if __name__ == "__main__":
    assert DOCUMENT["info"]["version"]
    sys.stdout.write("".join(f"{line}\n" for line in promises()))
