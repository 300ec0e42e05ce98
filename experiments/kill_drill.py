"""See whether anything gets lost, halved or doubled when the power goes at a random moment.

``python -m experiments.kill_drill import|server|verstuur [--kills 50] [--postgres]`` kills real
processes of ours with SIGKILL at random moments: an import, a server at which three people decide,
the sender of notices. It prints how many kills fell in the middle of the work, and fails when what
is left is not what an undisturbed run leaves (TRUST R4, R5).
"""

import argparse
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from features.synthetic import RegionConfig, generate_region
from service.settings import Settings, open_settings
from service.storage import migrate, open_engine
from tests.conftest import PostgresServer
from tests.postgres import run_postgres
from tests.service.faults.drills import Drill, kill_imports, kill_senders, recreate
from tests.service.faults.tafel_drill import QuickServer, kill_servers
from tests.service.matchtafel.server import Server
from tests.service.outbox.mailbox import run_mailbox

PEOPLE = ["anna", "bert", "carla"]


@contextmanager
def empty_stores(folder: Path, *, postgres: bool) -> Iterator[tuple[Settings, Callable[[], None]]]:
    """Give the settings of an empty store, and what empties it again."""
    settings = open_settings(folder / "regio")
    if not postgres:
        template = folder / "leeg.db"
        _migrate(f"sqlite:///{template}")

        def renew() -> None:
            for path in settings.data.glob("vangnet.db*"):
                path.unlink()
            shutil.copy(template, settings.data / "vangnet.db")

        renew()
        yield settings, renew
        return
    with run_postgres() as pattern:
        server = PostgresServer(pattern)
        migrated, url = server.create(), server.create()
        _migrate(migrated)
        name = str(make_url(migrated).database)
        recreate(url, name)
        there = Settings(**(settings.model_dump() | {"database_url": url}))
        yield there, lambda: recreate(url, name)


def _migrate(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()


def drill_imports(folder: Path, kills: int, rng: Random, *, postgres: bool) -> Drill:
    """Kill imports of a small region: all its tables in one transaction."""
    region = generate_region(RegionConfig(jongeren=150, leerbedrijven=20, leerwerkplekken=60))
    inbox = folder / "in"
    inbox.mkdir()
    for name, frame in region.tables.items():
        frame.write_parquet(inbox / f"{name}.parquet")
    with empty_stores(folder, postgres=postgres) as (settings, renew):
        return kill_imports(settings, inbox, kills=kills, rng=rng, renew=renew)


def drill_servers(folder: Path, kills: int, rng: Random) -> Drill:
    """Kill a server with a matchtafel of three people."""
    Server(folder / "regio").fill(PEOPLE)
    server = QuickServer(folder / "regio")
    server.start()
    try:
        done, tafel = kill_servers(server, PEOPLE, lines=12, kills=kills, rng=rng)
    finally:
        server.close()
    print(
        f"{len(tafel.acknowledged)} besluiten acknowledged and stored, {tafel.unsure} requests "
        f"without an answer, of which {tafel.replayed} had been done"
    )
    return done


def drill_senders(folder: Path, kills: int, rng: Random, *, postgres: bool) -> Drill:
    """Kill the sender of notices; the mail server takes its time."""
    with (
        empty_stores(folder, postgres=postgres) as (settings, _),
        run_mailbox() as mailbox,
    ):
        mailbox.slow = 0.05
        done = kill_senders(settings, mailbox, notices=6 * kills, kills=kills, rng=rng)
        copies = len(mailbox.mails) - len(set(mailbox.message_ids))
        print(f"{len(mailbox.mails)} mails, of which {copies} copies under the same Message-ID")
        return done


def main() -> None:
    """Run one drill and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["import", "server", "verstuur"])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true")
    wanted = parser.parse_args()
    rng = Random(wanted.seed)  # noqa: S311  # to draw moments, again the same ones
    with TemporaryDirectory(prefix="vangnet-drill-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        if wanted.what == "import":
            done = drill_imports(folder, wanted.kills, rng, postgres=wanted.postgres)
        elif wanted.what == "verstuur":
            done = drill_senders(folder, wanted.kills, rng, postgres=wanted.postgres)
        else:
            done = drill_servers(folder, wanted.kills, rng)
    print(
        f"{wanted.what}: {done.kills} kills, {done.midway} in the middle of the work, "
        f"{done.seconds:.0f} s, nothing lost, halved or doubled"
    )


if __name__ == "__main__":
    main()
