"""A small region with an uitvalrisico in use, made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store import ModelStore
from service.bewaken.verschuiving import with_stand
from service.storage.canonical import CanonicalRepository
from service.storage.engine import open_engine, unit_of_work
from tests.databases import open_migrated
from tests.service.conftest import make_settings
from tests.service.promoveren import promote_new
from tests.service.region import CONFIG, small_region, small_trainings
from tests.service.storage.imports import start_import


@pytest.fixture(scope="package")
def regio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, ModelStore]]:
    """A store with a region, and the models that score it."""
    settings = make_settings(tmp_path_factory.mktemp("bewaken"))
    Path(settings.models).mkdir(parents=True, exist_ok=True)
    engine = open_migrated(settings.database)
    with unit_of_work(engine) as session:
        run = start_import(session)
        for name, frame in small_region().tables.items():
            CanonicalRepository(session).merge(name, frame, run)
    engine.dispose()
    uitvalrisico, _ = small_trainings()
    models = promote_new(
        settings, [with_stand(uitvalrisico, small_region().tables, CONFIG.peildatum)]
    )
    engine = open_engine(settings.database, synchronous="OFF")
    yield engine, models
    engine.dispose()
