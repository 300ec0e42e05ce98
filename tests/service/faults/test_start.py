"""Several processes that start at once on a database that was never migrated (TRUST R10)."""

import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from service.jobs import store
from service.settings import open_settings
from service.storage import check_migrated, migrate, open_engine
from tests.service.backup.test_backup import changed

STARTERS = 3


def at_once(url: str, work: Callable[[Engine], None]) -> list[BaseException]:
    """Let several do the same at the same moment, each with an engine of its own."""
    ready = threading.Barrier(STARTERS)
    failed: list[BaseException] = []

    def begin() -> None:
        engine = open_engine(url)
        ready.wait()
        try:
            work(engine)
        except BaseException as error:  # noqa: BLE001  # told to the test
            failed.append(error)
        finally:
            engine.dispose()

    starters = [threading.Thread(target=begin) for _ in range(STARTERS)]
    for one in starters:
        one.start()
    for one in starters:
        one.join()
    return failed


def test_several_that_migrate_at_once_do_not_break_each_other(bare_url: str) -> None:
    assert at_once(bare_url, migrate) == []
    engine = open_engine(bare_url)
    check_migrated(engine)
    engine.dispose()


def test_several_commands_that_start_at_once_find_the_same_store(
    bare_url: str, tmp_path: Path
) -> None:
    settings = open_settings(tmp_path)
    if not bare_url.startswith("sqlite"):
        settings = changed(settings, database_url=bare_url)

    def use(_: Engine) -> None:
        with store(settings) as engine:
            check_migrated(engine)

    assert at_once(settings.database, use) == []
