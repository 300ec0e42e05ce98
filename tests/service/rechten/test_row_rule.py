"""No query on rows about persons goes around the row rule (TRUST S6)."""

import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa

import service
from service.rechten.rijen import rijen, zichtbaar
from service.storage.matchtafel_tables import AGENDAPUNT, MATCHTAFEL
from service.storage.tables import CANONICAL, GEBRUIKER
from tests.service.rechten.row_rule import Violation, violations

EXCEPTIONS = {
    "service.rechten.rijen": "is the rule",
    "service.backup": "copies and checks the whole database, by command",
    "service.bewaking.gezondheid._ask": "asks for nothing, to see whether the database answers",
    "service.privacy.register.belongs_to": "finds all of one person, whom the caller looked up",
    "service.storage.audit.limit_role": "grants rights on tables, by command",
    "service.storage.beschermd.limit_kluis": "grants rights on tables, by command",
    "service.storage.bewaking": "holds what the watch found, of models and never of persons",
    "service.storage.canonical.last_known": "reads one day of the whole region",
    "service.storage.driver": "runs statements that are looked at where they are made",
    "service.storage.engine": "begins transactions",
    "service.storage.koppeling.waiting": "counts own words by source",
    "service.storage.migrate._wait_for_others": "takes a lock",
    "service.storage.modelbesluit": "is about models; it names the accounts that decided",
    "service.storage.persoonsrijen": "gives everybody another pseudonym, by command",
    "service.storage.rows": "reads and writes whole tables for imports and models",
    "service.storage.scrub": "wipes what was deleted",
    "service.storage.suggestielog.known": "reads hashes alone, of lists about to be shown",
    "service.storage.suggestielog.without_record": "counts over everybody",
    "service.storage.suggestielog_hashes": "makes the hashes anew of everybody, by command",
    "service.storage.tweede_factor.remove": "is about one account",
}
"""Where rows about persons are read without the rule, and why that is allowed."""


def modules() -> list[str]:
    found = pkgutil.walk_packages(service.__path__, "service.")
    return [one.name for one in found if not one.ispkg and ".migrations." not in one.name]


def source_of(module: ModuleType) -> str:
    assert module.__file__ is not None
    return Path(module.__file__).read_text(encoding="utf-8")


def around_the_rule() -> list[Violation]:
    """Return every query of the service that goes around the rule, the allowed ones too."""
    return [
        found
        for name in modules()
        for module in [importlib.import_module(name)]
        for found in violations(source_of(module), name, vars(module))
    ]


def excepted(violation: Violation) -> str:
    """Return the exception that a violation falls under, or an empty text."""
    place = violation.place
    return next((one for one in EXCEPTIONS if f"{place}.".startswith(f"{one}.")), "")


def test_every_query_on_persons_starts_from_the_row_rule() -> None:
    assert [str(one) for one in around_the_rule() if not excepted(one)] == []


def test_every_exception_is_needed() -> None:
    assert {excepted(one) for one in around_the_rule()} - {""} == set(EXCEPTIONS)


PLANTED = {
    "a select of a table about persons": "sa.select(JONGERE).where(JONGERE.c.gemeente == plaats)",
    "one column of it": "sa.select(JONGERE.c.jongere_id)",
    "a count of it": "sa.select(sa.func.count(JONGERE.c.jongere_id))",
    "a lookup of a row by its id": "sa.select(AGENDAPUNT).where(AGENDAPUNT.c.id == plaats)",
    "a matchtafel": "sa.select(MATCHTAFEL)",
    "a join from another table": "sa.select(GEBRUIKER.c.naam).join(AGENDAPUNT, sa.true())",
    "another table first": "sa.select(GEBRUIKER.c.naam).select_from(JONGERE)",
    "a change": "sa.update(AGENDAPUNT).where(AGENDAPUNT.c.id == plaats).values(versie=1)",
    "a removal": "sa.delete(JONGERE).where(JONGERE.c.gemeente == plaats)",
    "a table that comes in": "sa.select(plaats).where(plaats.c.id == 1)",
    "an existence": "sa.exists(JONGERE.c.jongere_id)",
    "SQL as text": 'sa.text("SELECT * FROM jongere")',
    "an alias": "sa.select(WIE.c.jongere_id)",
}
ALLOWED = {
    "from the rule": "rijen(JONGERE).where(JONGERE.c.gemeente == plaats)",
    "no persons": "sa.select(GEBRUIKER).where(GEBRUIKER.c.naam == plaats)",
    "a change within the rule": (
        "sa.update(AGENDAPUNT).where(AGENDAPUNT.c.id == plaats, zichtbaar(AGENDAPUNT))"
    ),
    "a table that comes in, within the rule": "sa.delete(plaats).where(zichtbaar(plaats))",
    "another method of that name": "plaats.select(JONGERE)",
}
NAMES: dict[str, object] = {
    "sa": sa,
    "rijen": rijen,
    "zichtbaar": zichtbaar,
    "JONGERE": CANONICAL["jongere"],
    "WIE": CANONICAL["jongere"].alias(),
    "AGENDAPUNT": AGENDAPUNT,
    "MATCHTAFEL": MATCHTAFEL,
    "GEBRUIKER": GEBRUIKER,
}


def look_at(expression: str) -> list[Violation]:
    return violations(f"def query(plaats):\n    return {expression}\n", "planted", NAMES)


@pytest.mark.parametrize("kind", PLANTED)
def test_a_query_that_goes_around_the_rule_is_found(kind: str) -> None:
    assert look_at(PLANTED[kind])


@pytest.mark.parametrize("kind", ALLOWED)
def test_a_query_within_the_rule_is_let_through(kind: str) -> None:
    assert look_at(ALLOWED[kind]) == []


def test_a_table_under_another_name_in_a_function_is_found() -> None:
    source = "def query():\n    row = JONGERE.c\n    return sa.select(row.jongere_id)\n"

    assert violations(source, "planted", NAMES)
