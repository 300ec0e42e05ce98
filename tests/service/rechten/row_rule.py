"""Reads the code of the service for queries on rows about persons that go around the row rule.

What is refused, in any module under ``service/`` but the migrations:

- ``sa.select`` of a table about persons: a query starts from `service.rechten.rijen.rijen`;
- ``sa.update`` or ``sa.delete`` of one whose statement does not carry `zichtbaar`;
- either of them on a table that is only known when it runs (an argument, an attribute), in a
  function that names neither `rijen` nor `zichtbaar`;
- SQL as text, or a connection of the driver itself.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from service.rechten.rijen import KEYS

QUERIES = frozenset({"select", "update", "delete", "exists"})
TEXTS = frozenset({"text", "exec_driver_sql", "raw_connection"})
RULE = frozenset({"rijen", "zichtbaar", "_visible"})
ASKING = frozenset({"select_from", "join", "outerjoin"})


@dataclass(frozen=True)
class Violation:
    """A query that goes around the row rule."""

    place: str
    """Module, and the function in it."""
    line: int
    what: str

    def __str__(self) -> str:
        """Return one line for a person."""
        return f"{self.place}, line {self.line}: {self.what}"


def is_about_persons(table: object) -> bool:
    """Whether a table (or an alias of one) holds rows about persons."""
    if not isinstance(table, sa.FromClause):
        return False
    return bool(set(KEYS) & set(table.c.keys())) or getattr(table, "name", "") == "matchtafel"


def violations(source: str, module: str, names: Mapping[str, object]) -> list[Violation]:
    """Return the queries of a module that go around the row rule.

    Parameters
    ----------
    source : str
        Its code.
    module : str
        Its name, for the report.
    names : mapping of str to object
        What its names stand for, as ``vars(module)``.
    """
    tree = ast.parse(source)
    inside = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return [
        Violation(_place(call, module, inside), call.lineno, what)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for what in [_wrong(call, names, inside)]
        if what
    ]


def _wrong(call: ast.Call, names: Mapping[str, object], inside: Mapping[ast.AST, ast.AST]) -> str:
    word = _word(call)
    if word in TEXTS:
        return "SQL as text"
    if word not in QUERIES | ASKING or (word in QUERIES and not _is_sqlalchemy(call, names)):
        return ""
    known = _assigned(_function(call, inside))
    found = {one: names.get(one, _UNKNOWN) for one in _roots(call.args, known)}
    persons = sorted(one for one, table in found.items() if is_about_persons(table))
    if persons and word == "select":
        return "a query that does not start from rijen: " + ", ".join(persons)
    if persons and not RULE & _words(_statement(call, inside)):
        return f"{word} without zichtbaar: " + ", ".join(persons)
    unknown = sorted(one for one, table in found.items() if table is _UNKNOWN)
    if unknown and word in QUERIES and not RULE & _words(_function(call, inside)):
        return f"{word} without the row rule of what is known at run time: " + ", ".join(unknown)
    return ""


_UNKNOWN = object()


def _word(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_sqlalchemy(call: ast.Call, names: Mapping[str, object]) -> bool:
    """Whether this is ``sa.select`` or ``select``, and no method of the same name."""
    if isinstance(call.func, ast.Attribute):
        return isinstance(call.func.value, ast.Name) and names.get(call.func.value.id) is sa
    return names.get(_word(call)) is getattr(sa, _word(call), None)


def _roots(args: Iterable[ast.AST], known: Mapping[str, ast.AST]) -> Iterator[str]:
    """Yield the first name of each thing that a query is about, as ``JONGERE`` of ``JONGERE.c.x``.

    What stands in a query inside it is looked at by itself; functions of SQL and names that were
    given in the same function are looked through.
    """
    waiting, done = [*args], set[str]()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            waiting += [*node.args, node.func] if _is_function(node) else []
        elif isinstance(node, ast.Name):
            if node.id in done:
                continue
            done.add(node.id)
            if node.id in known:
                waiting.append(known[node.id])
            elif node.id != "sa":
                yield node.id
        elif not isinstance(node, ast.Constant | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _assigned(function: ast.AST) -> dict[str, ast.AST]:
    """Return what each name that is given once in a function stands for."""
    return {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _place(node: ast.AST, module: str, inside: Mapping[ast.AST, ast.AST]) -> str:
    function = _function(node, inside)
    return f"{module}.{function.name}" if isinstance(function, ast.FunctionDef) else module


def _is_function(call: ast.Call) -> bool:
    """Whether a call is one like ``sa.func.max(...)`` or a method of a column, and no query."""
    return isinstance(call.func, ast.Attribute) and not QUERIES & _words(call.func)


def _statement(node: ast.AST, inside: Mapping[ast.AST, ast.AST]) -> ast.AST:
    while not isinstance(node, ast.stmt):
        node = inside[node]
    return node


def _function(node: ast.AST, inside: Mapping[ast.AST, ast.AST]) -> ast.AST:
    while node in inside and not isinstance(node, ast.FunctionDef):
        node = inside[node]
    return node


def _words(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} | {
        one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)
    }
