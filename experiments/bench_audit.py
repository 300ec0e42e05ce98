"""Question: how many reads per second remain when each stores its audit line before its answer.

A real uvicorn with one worker answers 11 kB about one jongere, bare and with the audit log, on
SQLite (``synchronous=FULL``) and on PostgreSQL, for 1 and 50 clients that ask again as soon as
they have their answer. Each read stores one line of the chain and one processing record. Run from
the root of the repository::

    python -m experiments.bench_audit [--seconds 6] [--out TABLE.md]
"""

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from socket import create_server
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from service.audit.controle import check_log
from service.audit.middleware import STATE, Auditing
from service.audit.opening import audit_sleutels, open_audit
from service.settings import Settings, open_settings
from service.storage import migrate, open_engine, unit_of_work
from tests.postgres import NoPostgresError, run_postgres

BODY = b'{"jongere": "' + b"x" * 11_000 + b'"}'
CLIENTS = (1, 50)


def serve(folder: Path, port: int, *, audited: bool) -> None:
    """Serve one route until stopped."""
    import uvicorn
    from fastapi import FastAPI, Response

    settings = open_settings(folder)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[Mapping[str, object]]:
        engine = open_engine(settings.database)
        with open_audit(engine, settings) as state:
            yield {STATE: state}
        engine.dispose()

    app = FastAPI(lifespan=lifespan if audited else None)

    @app.get("/jongeren/{jongere_id}")
    async def show(jongere_id: str) -> Response:
        return Response(BODY, media_type="application/json")

    if audited:
        app.add_middleware(Auditing, refusal=lambda *_: Response(status_code=503))
    uvicorn.run(app, port=port, log_level="warning", access_log=False)


@contextmanager
def running(settings: Settings, *, audited: bool) -> Iterator[int]:
    """Give the port of a server in a process of its own."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mode = "audited" if audited else "bare"
    command = [sys.executable, "-m", "experiments.bench_audit", "--serve", mode]
    environment = {**os.environ, "VANGNET_DATABASE_URL": settings.database}
    arguments = [*command, str(settings.data), str(port)]
    process = subprocess.Popen(arguments, env=environment)  # noqa: S603
    try:
        asyncio.run(_answering(port))
        yield port
    finally:
        process.terminate()
        process.wait()


async def _answering(port: int) -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return
    raise TimeoutError


async def load(port: int, clients: int, seconds: float) -> list[float]:
    """Return the seconds that each read took, of clients that ask one after another."""
    taken: list[float] = []
    until = perf_counter() + seconds

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        request = f"GET /jongeren/J{number} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        while (started := perf_counter()) < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode())
            await reader.readexactly(len(BODY))
            taken.append(perf_counter() - started)
        writer.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    return taken


def measure(settings: Settings, seconds: float) -> Iterator[tuple[int, bool, float, float, float]]:
    """Yield per number of clients, bare and audited: reads per second, p50 and p99 in ms."""
    for clients in CLIENTS:
        for audited in (False, True):
            with running(settings, audited=audited) as port:
                asyncio.run(load(port, clients, 1.0))
                taken = asyncio.run(load(port, clients, seconds))
            cuts = quantiles(taken, n=100)
            yield clients, audited, len(taken) / seconds, 1000 * cuts[49], 1000 * cuts[98]
            sleep(0.5)


def table(name: str, settings: Settings, seconds: float) -> Iterator[str]:
    """Yield the rows of one database, and check that every line is there."""
    engine = open_engine(settings.database)
    migrate(engine)
    bare = 0.0
    for clients, audited, rate, p50, p99 in measure(settings, seconds):
        if not audited:
            bare = rate
        ratio = f"{rate / bare:.2f}" if audited else ""
        kind = "with audit" if audited else "bare"
        yield f"| {name} | {clients} | {kind} | {rate:.0f} | {p50:.1f} | {p99:.1f} | {ratio} |"
    with unit_of_work(engine, read_only=True) as session:
        found = check_log(session, public_keys=[audit_sleutels(settings).public_key])
    engine.dispose()
    if not found.is_whole:
        raise RuntimeError(f"{name}: the chain is broken")
    print(f"{name}: {found.regels} lines in one unbroken chain")


@contextmanager
def databases(folder: Path) -> Iterator[list[tuple[str, Settings]]]:
    """Give settings on SQLite, and on PostgreSQL where there is a server."""
    found = [("SQLite FULL", open_settings(folder / "sqlite"))]
    try:
        with run_postgres(speed={}) as url:  # a commit survives a power cut
            os.environ["VANGNET_DATABASE_URL"] = url.format(database="postgres")
            yield [*found, ("PostgreSQL", open_settings(folder / "postgres"))]
    except NoPostgresError:
        yield found


def main() -> None:
    """Measure, or serve for a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", nargs=3, metavar=("MODE", "FOLDER", "PORT"))
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    if asked.serve:
        mode, folder, port = asked.serve
        serve(Path(folder), int(port), audited=mode == "audited")
        return
    rows = [
        "| database | clients | | reads/s | p50 ms | p99 ms | ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    with TemporaryDirectory() as name, databases(Path(name)) as found:
        for one, settings in found:
            rows += table(one, settings, asked.seconds)
    text = "\n".join(rows) + "\n"
    print(text)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
