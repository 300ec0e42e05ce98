"""A few kills of each kind; `experiments/kill_drill.py` does fifty (TRUST R4, R5)."""

import shutil
from pathlib import Path
from random import Random

import pytest

from service.settings import open_settings
from tests.conftest import PostgresServer
from tests.service.backup.test_backup import changed
from tests.service.faults.drills import kill_imports, kill_senders, recreate
from tests.service.importing.tabular_files import all_tables
from tests.service.outbox.mailbox import run_mailbox

KILLS = 2


def test_an_import_that_is_killed_leaves_all_or_nothing(
    sqlite_template: Path, tmp_path: Path
) -> None:
    settings = open_settings(tmp_path / "regio")
    store = settings.data / "vangnet.db"

    def renew() -> None:
        for path in settings.data.glob("vangnet.db*"):
            path.unlink()
        shutil.copy(sqlite_template, store)

    inbox = tmp_path / "in"
    inbox.mkdir()
    all_tables(inbox)
    renew()
    done = kill_imports(settings, inbox, kills=KILLS, rng=Random(1), renew=renew)  # noqa: S311  # a test
    assert done.kills == KILLS


@pytest.mark.slow
@pytest.mark.postgres
def test_an_import_that_is_killed_leaves_all_or_nothing_on_a_server(
    postgres: PostgresServer, postgres_template: str, tmp_path: Path
) -> None:
    url = postgres.create(postgres_template)
    settings = changed(open_settings(tmp_path / "regio"), database_url=url)

    inbox = tmp_path / "in"
    inbox.mkdir()
    all_tables(inbox)
    done = kill_imports(
        settings,
        inbox,
        kills=KILLS,
        rng=Random(1),  # noqa: S311  # a test
        renew=lambda: recreate(url, postgres_template),
    )
    assert done.kills == KILLS
    postgres.drop(url)


def test_a_sender_that_is_killed_loses_no_notice(sqlite_template: Path, tmp_path: Path) -> None:
    settings = open_settings(tmp_path)
    shutil.copy(sqlite_template, tmp_path / "vangnet.db")
    with run_mailbox() as mailbox:
        mailbox.slow = 0.05
        done = kill_senders(settings, mailbox, notices=12, kills=KILLS, rng=Random(2))  # noqa: S311  # a test
    assert done.midway
