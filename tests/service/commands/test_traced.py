"""Every command leaves a line in the audit log, as every route does (TRUST A1)."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
import pytest
from typer.main import get_command

from features.tables import JONGERE
from service.cli import app, main
from service.jobs import store
from service.settings import open_settings
from service.storage.audit import AuditRepository
from service.storage.engine import unit_of_work
from tests.service.mensen import settle

ANNA = "a" * 32
GOOD, WRITTEN, FAILED = "gelukt", "vastgelegd", "mislukt"
UNTRACED: Mapping[str, str] = {
    "serve": "answers requests, each of which leaves its own line",
    "migrate": "gives tables another form; reads and shows nobody",
}
"""Commands without a line, and why."""
COMMANDS: Mapping[str, tuple[str, str]] = {
    "audit betrokkenen": ("--van 2020-01-01 --tot 2040-01-01 --naar {out}.csv", GOOD),
    "audit controleer": ("", WRITTEN),
    "audit eerlijkheid": ("", FAILED),  # nothing was trained
    "audit kenmerken": ("--wis", FAILED),  # nothing was taken in
    "audit kop": ("", GOOD),
    "audit rol": ("toepassing", FAILED),  # only PostgreSQL knows roles
    "audit verwerkingen": ("", GOOD),
    "audit zoek": ("", GOOD),
    "backup": ("{out}", GOOD),
    "bewaak": ("", FAILED),  # nothing was imported
    "bewaar": ("", WRITTEN),
    "bezwaar": (ANNA, WRITTEN),
    "effect": ("", FAILED),  # nothing was imported
    "demo": ("--leeg --niet-serveren", WRITTEN),
    "evaluate": ("uitvalrisico", FAILED),  # nothing was trained
    "gebruiker": ("anna", WRITTEN),
    "herstel oefening": ("", GOOD),
    "import": ("{files}", WRITTEN),
    "inzage": (f"{ANNA} --naar {{out}}", GOOD),
    "koppelingen": ("", GOOD),
    "match": ("--out {out}.csv", FAILED),  # nothing was trained
    "organisatie": ("", GOOD),
    "promote": ("uitvalrisico 1 --door anna", FAILED),
    "publiceer": ("{out}", FAILED),  # its questions have no answer yet
    "reference": ("", GOOD),
    "rollback": ("uitvalrisico --door anna", FAILED),
    "score": ("--out {out}.csv", FAILED),
    "sleutels": ("", GOOD),
    "stop": ("", GOOD),
    "suggest": ("--out {out}.csv", FAILED),
    "suggesties controleer": ("", GOOD),
    "suggesties herhaal": ("", GOOD),
    "suggesties herziening": ("uitvalrisico 1", GOOD),
    "suggesties verouderd": ("", GOOD),
    "suggesties volggedrag": ("", WRITTEN),
    "toewijzing": (ANNA, WRITTEN),
    "token": ("coach", FAILED),  # there is no such account
    "train": ("", FAILED),  # nothing was imported
    "verstuur": ("", GOOD),
    "verwijder": (f"{ANNA} --grond bezwaar --zeker verwijder", WRITTEN),
}
"""How each command is run on a store with one jongere, and how its line says that it ended."""
WORDS = {"herstel oefening": "herstel --oefening"}


def names(command: object, before: tuple[str, ...] = ()) -> Iterator[str]:
    inside: Mapping[str, object] | None = getattr(command, "commands", None)
    if inside is not None:
        for name, inner in inside.items():
            yield from names(inner, (*before, name))
    else:
        yield " ".join(before)


def lines(data: Path) -> list[tuple[str, str]]:
    with store(open_settings(data)) as engine, unit_of_work(engine, read_only=True) as session:
        return [(one.actie, one.resultaat) for one in AuditRepository(session).lines()]


def run(data: Path, words: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["vangnet", "--data", str(data), *words.split()])
        with pytest.raises(SystemExit):
            main()


def test_every_command_is_either_run_here_or_excepted_with_a_reason() -> None:
    known = {name.split(" oefening")[0] for name in COMMANDS} | set(UNTRACED)
    assert set(names(get_command(app))) == known
    assert all(len(reason) > 20 for reason in UNTRACED.values())


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder with one jongere, and nothing imported."""
    folder = tmp_path / "regio"
    folder.mkdir()
    (folder / "vangnet.db").write_bytes(sqlite_template.read_bytes())
    with store(open_settings(folder)) as engine, unit_of_work(engine) as session:
        settle(session, [ANNA])
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_leaves_a_line_that_says_how_it_ended(
    data: Path, tmp_path: Path, name: str
) -> None:
    files = tmp_path / "bestanden"
    files.mkdir()
    row = {"jongere_id": ANNA, "bron": "test"}
    pl.DataFrame([row], schema=JONGERE.schema).write_parquet(files / "jongere.parquet")
    options, ending = COMMANDS[name]
    run(data, f"{WORDS.get(name, name)} " + options.format(out=tmp_path / "uit", files=files))
    assert (f"vangnet {name}", ending) in lines(data)
