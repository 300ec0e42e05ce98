"""Health pages tell which part is broken, in Dutch, to who watches (TRUST R9)."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from models.errors import AlteredModelError
from service.app import create_app
from service.bewaking.gezondheid import examine
from service.dependencies import RegioView
from service.errors import NoDataError, NoModelError
from tests.databases import open_migrated
from tests.service.conftest import make_settings
from tests.service.fakes import FakeRegio

ALTERED = AlteredModelError("uitvalrisico", "3", "aaa", "bbb")


def raising(error: Exception) -> RegioView:
    raise error


def states(engine: Engine, error: Exception | None = None) -> dict[str, bool]:
    found = examine(engine, FakeRegio if error is None else lambda: raising(error))
    assert all(one.melding for one in found)
    return {one.naam: one.in_orde for one in found}


def test_all_is_well_on_either_database(engine: Engine) -> None:
    assert states(engine) == dict.fromkeys(("database", "migraties", "regio", "model"), True)


@pytest.mark.parametrize(
    ("error", "broken"),
    [
        (NoDataError("the store is empty"), {"regio"}),
        (NoModelError("uitvalrisico"), {"regio", "model"}),
        (ALTERED, {"regio", "model"}),
    ],
)
def test_a_region_or_model_that_is_not_there_is_named(
    sqlite_engine: Engine, error: Exception, broken: set[str]
) -> None:
    found = states(sqlite_engine, error)

    assert {name for name, well in found.items() if not well} == broken


def test_a_database_of_another_version_is_told_apart_from_one_that_is_gone(
    bare_engine: Engine,
) -> None:
    found = examine(bare_engine, FakeRegio)

    assert [(one.naam, one.in_orde) for one in found][:2] == [
        ("database", True),
        ("migraties", False),
    ]
    assert "migrate" in found[1].melding


def serve(folder: Path, load: Exception | None) -> TestClient:
    settings = make_settings(folder)
    engine = open_migrated(settings.database)
    engine.dispose()
    app = create_app(settings, load_regio=FakeRegio if load is None else lambda: raising(load))
    return TestClient(app, raise_server_exceptions=False)


def test_a_service_that_can_work_says_so_to_everybody(tmp_path: Path) -> None:
    with serve(tmp_path, None) as client:
        alive, ready = client.get("/api/v1/gezondheid"), client.get("/api/v1/gereedheid")

    assert (alive.status_code, alive.json()["status"]) == (200, "in orde")
    assert (ready.status_code, ready.json()["gereed"]) == (200, True)
    assert [one["inOrde"] for one in ready.json()["onderdelen"]] == [True] * 4


@pytest.mark.parametrize(
    ("error", "word"), [(ALTERED, "veranderd"), (NoModelError("plaatsing"), "model plaatsing")]
)
def test_a_service_that_cannot_work_lives_and_tells_why(
    tmp_path: Path, error: Exception, word: str
) -> None:
    with serve(tmp_path, error) as client:
        alive, ready = client.get("/api/v1/gezondheid"), client.get("/api/v1/gereedheid")

    assert alive.status_code == 200
    assert ready.status_code == 503
    assert ready.headers["content-type"] == "application/problem+json"
    assert word in ready.json()["detail"]
    broken = [one["naam"] for one in ready.json()["onderdelen"] if not one["inOrde"]]
    assert broken == ["regio", "model"]
