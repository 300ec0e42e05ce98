"""A store with three analysts and a register of models."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.gate import Kleur, Oordeel
from models.store import ModelStore
from models.training import Training
from service.storage.engine import open_engine, unit_of_work
from tests.models.test_store import trained
from tests.service.promoveren import add_analisten, offer


@dataclass(frozen=True)
class Beheer:
    """The store, and the register of models with its folder."""

    engine: Engine
    models: ModelStore
    folder: Path

    def offer(self, kleur: Kleur | None = Kleur.GROEN, *, trainer: str = "trainer") -> str:
        """Store and offer a version on which the gate says this; return its version."""
        return offer(self.engine, self.models, judged(kleur), trainer)


@cache
def once_trained() -> Training:
    """Return one small training: what it learned says nothing about who may approve it."""
    return trained(1)


def judged(kleur: Kleur | None) -> Training:
    """Return a training of which the card says this; None is too little to judge."""
    training = once_trained()
    oordeel = {} if kleur is None else {"oordeel": Oordeel(kleur, ()).described()}
    naast = {"naast": {"versie": None, "rijen": 0}}
    return replace(training, card={**training.card, **naast, **oordeel})


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register without versions; making its tables takes seconds, so once."""
    folder = tmp_path_factory.mktemp("register")
    assert open_register(folder).versions("plaatsing") == ()
    return folder


def open_register(folder: Path) -> ModelStore:
    """Return the register in a folder."""
    return ModelStore(f"sqlite:///{folder / 'mlflow.db'}", folder / "bestanden")


@pytest.fixture
def beheer(sqlite_url: str, register: Path, tmp_path: Path) -> Iterator[Beheer]:
    """On SQLite: what is refused is decided before a database has a part in it."""
    yield from _open(sqlite_url, register, tmp_path)


@pytest.fixture
def beheer_overal(database_url: str, register: Path, tmp_path: Path) -> Iterator[Beheer]:
    """On both databases, for what is stored and read back."""
    yield from _open(database_url, register, tmp_path)


def _open(database_url: str, register: Path, tmp_path: Path) -> Iterator[Beheer]:
    folder = tmp_path / "register"
    shutil.copytree(register, folder)
    engine = open_engine(database_url, synchronous="OFF")
    with unit_of_work(engine) as session:
        add_analisten(session, "trainer", "keurder", "derde")
    yield Beheer(engine, open_register(folder), folder)
    engine.dispose()


@pytest.fixture
def tamper(beheer: Beheer) -> Callable[[], None]:
    """Change every stored card a little."""

    def change() -> None:
        for path in beheer.folder.rglob("card.json"):
            path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")

    return change
