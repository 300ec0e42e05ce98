"""Question: how many requests per second, and how long does one take, beside a bare endpoint.

A made-up region of 10,000 jongeren and 5,000 leerwerkplekken with its history is served by
``vangnet serve --workers 2``, once on SQLite and once on PostgreSQL, as people use it: logged in,
with rights, with every request in the audit log and every list in the record of suggesties. Asked
are the list of jongeren, the ten best places of one jongere with reasons, the recording of a
besluit, and a fresh what-if with reasons. Beside it stands a bare FastAPI endpoint in as many
processes that returns the same bytes. The load comes from a process of its own, on the same
machine: it takes its share of the processors from both.

Run: python experiments/bench_serving.py
     python experiments/bench_serving.py --soak 30     (minutes; memory of each worker over time)
PostgreSQL comes from the package that the tests use; where it cannot start its lines are left out.
"""

import argparse
import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import numpy as np
from fastapi import FastAPI, Request, Response

ROOT = Path(__file__).resolve().parent.parent
PEILDATUM = date(2026, 11, 1)
REGIO, NAAM = "Achterhoek", "tafel"
WACHTWOORD = secrets.token_urlsafe(16)
WORKERS = 2
LIST, TOP, BESLUIT, WHATIF = "list", "top 10", "besluit", "what-if"
KINDS = (LIST, TOP, BESLUIT, WHATIF)
PAGES, PEOPLE, LINES = 12, 120, 64
"""Pages and jongeren that are asked for again and again, and lines of the agenda."""
CONNECTIONS = 8
"""At once, where the next request follows the answer."""
THINK_SECONDS = 2.0
START_SECONDS = 300
"""Longest wait for a server: every worker reads the region first."""
USUAL = (LIST, LIST, LIST, TOP, TOP, TOP, TOP, WHATIF, WHATIF, BESLUIT)
"""What a person asks, as often as it stands here."""
BYTES = "VANGNET_BENCH_BYTES"
HEADER = (
    "| database | what | requests/s | p50 | p95 | p99 | errors | bare requests/s | ratio "
    "| processor per request | bare | ratio |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|"
)
"""The processor time of the workers alone says the same on a machine that does other work too: the
inverse is what one worker can answer on a processor of its own."""


# -- what is measured ------------------------------------------------------------------------


@dataclass
class Seen:
    """Answers of one kind of request: how long each took, and how many failed."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0

    def at(self, share: float) -> float:
        """Return the milliseconds within which this share of the answers came."""
        return float(np.quantile(self.seconds, share)) * 1000 if self.seconds else float("nan")


class Client:
    """One connection that is kept open; as little work per request as possible."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookie = port, cookie
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Return status and body."""
        if self._open is None:
            self._open = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._open
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Cookie: {self._cookie}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        low = answer.lower()
        length = int(low.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        return int(answer[9:12]), await reader.readexactly(length)

    def close(self) -> None:
        """Close the connection."""
        if self._open is not None:
            self._open[1].close()


@dataclass(frozen=True)
class Plan:
    """What may be asked: jongeren, and lines of an agenda with who takes them up."""

    jongeren: list[str]
    agendapunten: list[int]
    eigenaar: int

    def request(self, kind: str, rng: Random, line: int, version: int) -> tuple[str, str, bytes]:
        """Return method, path and body of a request of this kind."""
        if kind == LIST:
            return "GET", f"/api/v1/jongeren?pagina={rng.randrange(PAGES) + 1}", b""
        if kind == TOP:
            return "GET", f"/api/v1/jongeren/{rng.choice(self.jongeren)}/suggesties", b""
        if kind == WHATIF:
            asked = {
                "urenMax": rng.randrange(8, 41),
                "reistijdMax": rng.randrange(20, 121),
                "rijbewijs": rng.random() < 0.5,
            }
            path = f"/api/v1/jongeren/{rng.choice(self.jongeren)}/verkenningen"
            return "POST", path, json.dumps(asked).encode()
        wanted = {
            "agendapuntId": self.agendapunten[line],
            "agendapuntVersie": version,
            "keuze": "aangehouden",
            "reden": "Eerst een gesprek met de ouders.",
            "eigenaarId": self.eigenaar,
            "opvolgdatum": "2026-12-15",
        }
        return "POST", "/api/v1/besluiten", json.dumps(wanted).encode()


async def closed_loop(
    port: int, cookie: str, plan: Plan, kind: str, seconds: float, versions: dict[int, int]
) -> tuple[float, Seen, bytes]:
    """Ask as fast as the answers come; return requests per second, times, and one body."""
    seen, body = Seen(), b""
    until = time.perf_counter() + seconds

    async def ask(number: int) -> None:
        nonlocal body
        client, rng = Client(port, cookie), Random(number)  # noqa: S311  # no secret
        while time.perf_counter() < until:
            version = versions.setdefault(number, 1)
            begun = time.perf_counter()
            status, answer = await client.ask(*plan.request(kind, rng, number, version))
            seen.seconds.append(time.perf_counter() - begun)
            if status >= 300:
                seen.errors += 1
            else:
                body = answer
                versions[number] += kind == BESLUIT
        client.close()

    begun = time.perf_counter()
    await asyncio.gather(*(ask(number) for number in range(CONNECTIONS)))
    return len(seen.seconds) / (time.perf_counter() - begun), seen, body


async def people(
    port: int,
    cookie: str,
    plan: Plan,
    users: int,
    seconds: float,
    versions: dict[int, int],
    meanwhile: Callable[[float], None] | None = None,
) -> dict[str, Seen]:
    """Let users ask and think; `meanwhile` runs beside it in a thread, until that moment."""
    seen = {kind: Seen() for kind in KINDS}
    until = time.perf_counter() + seconds

    async def use(number: int) -> None:
        client, rng = Client(port, cookie), Random(number)  # noqa: S311  # no secret
        await asyncio.sleep(rng.random() * THINK_SECONDS)
        while time.perf_counter() < until:
            kind = rng.choice(USUAL)
            version = versions.setdefault(number, 1)
            begun = time.perf_counter()
            status, _ = await client.ask(*plan.request(kind, rng, number, version))
            seen[kind].seconds.append(time.perf_counter() - begun)
            seen[kind].errors += status >= 300
            versions[number] += kind == BESLUIT and status < 300
            await asyncio.sleep(rng.expovariate(1 / THINK_SECONDS))
        client.close()

    tasks = [use(number) for number in range(users)]
    if meanwhile is not None:
        tasks.append(asyncio.to_thread(meanwhile, until))
    await asyncio.gather(*tasks)
    return seen


# -- what is served --------------------------------------------------------------------------


def bare() -> FastAPI:
    """Return the floor: an endpoint that does nothing but return the same bytes."""
    bodies = {path.name: path.read_bytes() for path in Path(os.environ[BYTES]).iterdir()}
    app = FastAPI()

    @app.get("/{kind}")
    def read(kind: str) -> Response:
        return Response(bodies[kind], media_type="application/json")

    @app.post("/{kind}")
    async def write(kind: str, request: Request) -> Response:
        await request.body()
        return Response(bodies[kind], media_type="application/json", status_code=201)

    return app


@dataclass(frozen=True)
class BarePlan:
    """Asks the floor what `Plan` asks the service."""

    def request(self, kind: str, rng: Random, line: int, version: int) -> tuple[str, str, bytes]:
        """Return method, path and body."""
        writes = kind in (BESLUIT, WHATIF)
        return "POST" if writes else "GET", f"/{KINDS.index(kind)}", b"{}" if writes else b""


@contextmanager
def serving(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[int]:
    """Run a server until it has answered once, and stop it at the end; gives its process id."""
    with tempfile.NamedTemporaryFile("w", suffix=".log", delete=False) as log:
        server = subprocess.Popen(  # noqa: S603  # fixed program and arguments
            command, env={**os.environ, **environment}, stdout=log, stderr=log
        )
    try:
        until = time.perf_counter() + START_SECONDS
        while True:
            time.sleep(0.2)
            if time.perf_counter() > until:
                raise RuntimeError(f"no answer within {START_SECONDS} s")
            if server.poll() is not None:
                raise RuntimeError(Path(log.name).read_text()[-3000:])
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/x", timeout=60)
            except urllib.error.HTTPError:
                break
            except OSError:
                continue
            break
        yield server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(120)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processor_of(parent: int) -> float:
    """Return the seconds of processor that the workers of a server took until now."""
    ticks = os.sysconf("SC_CLK_TCK")
    found = 0.0
    for worker in rss_of(parent):
        fields = Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()
        found += (int(fields[11]) + int(fields[12])) / ticks
    return found


def rss_of(parent: int) -> dict[int, float]:
    """Return the megabytes of each worker of a server, by process id."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
            words = (path.parent / "cmdline").read_text()
        except OSError:
            continue
        if int(fields[1]) == parent and "resource_tracker" not in words:
            pages = int((path.parent / "statm").read_text().split()[1])
            found[int(path.parent.name)] = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return found


# -- the region ------------------------------------------------------------------------------


def make_region(folder: Path, jongeren: int, plekken: int) -> None:
    """Write the tables of a region as Parquet, and train models on a smaller one."""
    from features.synthetic import RegionConfig, generate_region
    from models.plaatsing_training import train_plaatsing
    from models.praktijkverklaring_training import train_werkproces
    from models.store import ModelStore
    from models.training import train_uitvalrisico

    large = RegionConfig(
        jongeren=jongeren, leerwerkplekken=plekken, leerbedrijven=plekken // 3, seed=7, leren=True
    )
    (folder / "tables").mkdir(parents=True)
    for name, frame in generate_region(large).tables.items():
        frame.write_parquet(folder / "tables" / f"{name}.parquet")
    small = generate_region(RegionConfig(jongeren=3000, seed=8, leren=True)).tables
    store = ModelStore(f"sqlite:///{(folder / 'mlflow.db').as_posix()}", folder / "modellen")
    for train in (train_uitvalrisico, train_plaatsing, train_werkproces):
        store.save(train(small, observed_until=PEILDATUM, seed=1, progress=lambda _: None))


def fill(data: Path, region: Path, database: str | None) -> None:
    """Make a data folder that is ready to be served."""
    import polars as pl

    from features.tables import TABLES
    from service.aanmelden.accounts import create_gebruiker
    from service.rechten.begrippen import OrganisatieSoort, Rol
    from service.rechten.inrichten import Aanstelling, appoint, organisaties_from_data
    from service.settings import open_settings
    from service.storage.canonical import CanonicalRepository
    from service.storage.engine import open_engine, unit_of_work
    from service.storage.migrate import migrate
    from service.suggestielog.instructie import read

    if database is not None:
        os.environ["VANGNET_DATABASE_URL"] = database
    settings = open_settings(data)
    shutil.copytree(region / "modellen", settings.models)
    shutil.copy(region / "mlflow.db", data / "mlflow.db")
    engine = open_engine(settings.database, synchronous="OFF")
    migrate(engine)
    with unit_of_work(engine) as session:
        number = new_run(session)
        for name in TABLES:
            path = region / "tables" / f"{name}.parquet"
            if path.exists():
                CanonicalRepository(session).merge(name, pl.read_parquet(path), number)
    made_of_data = organisaties_from_data(engine, REGIO)
    regio = next(one.naam for one in made_of_data if one.soort is OrganisatieSoort.REGIO)
    with unit_of_work(engine) as session:
        made = create_gebruiker(session, NAAM, WACHTWOORD, ())
        appoint(session, NAAM, Aanstelling([Rol.MATCHTAFELDEELNEMER], [regio]))
        read(session, made.id, op=datetime.now(UTC))
    engine.dispose()
    os.environ.pop("VANGNET_DATABASE_URL", None)


def new_run(session: Any) -> int:  # noqa: ANN401  # a session, imported where it is used
    """Record a run that writes rows, and return its id."""
    from service.storage.importrun import ImportRepository

    return ImportRepository(session).add(
        tijdstip=datetime.now(UTC), bestand="-", sha256="0" * 64, soort="bench", actor="bench"
    )


async def log_in(port: int) -> str:
    """Return the cookie of somebody who is logged in."""

    class Kept(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    form = urlencode({"naam": NAAM, "wachtwoord": WACHTWOORD}).encode()
    asked = urllib.request.Request(  # our own address
        f"http://127.0.0.1:{port}/inloggen", form, {"Sec-Fetch-Site": "same-origin"}
    )
    try:
        urllib.request.build_opener(Kept).open(asked)
    except urllib.error.HTTPError as answer:
        cookies = answer.headers.get_all("Set-Cookie") or []
        if answer.code == 303 and cookies:
            pairs = [one.split(";", 1)[0] for one in cookies]
            return "; ".join(one for one in pairs if not one.endswith(("=", '=""')))
        raise
    raise RuntimeError("nobody could log in")


async def make_plan(port: int, cookie: str) -> Plan:
    """Plan and open a matchtafel, and return what may be asked."""
    client = Client(port, cookie)

    async def ask(method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  # JSON
        raw = b"" if body is None else json.dumps(body).encode()
        status, answer = await client.ask(method, path, raw)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {answer[:500]!r}")
        return json.loads(answer)

    people = [{"naam": "Sam Voorbeeld", "organisatie": "Doorstroompunt", "rol": "gemeente"}]
    tafel = await ask(
        "POST",
        "/api/v1/matchtafels",
        {"regio": REGIO, "datum": "2026-12-03", "aantal": LINES, "deelnemers": people},
    )
    number = tafel["matchtafelId"]
    versie = {"status": "open", "versie": tafel["versie"]}
    await ask("PATCH", f"/api/v1/matchtafels/{number}", versie)
    agenda = await ask("GET", f"/api/v1/matchtafels/{number}/agendapunten")
    lines = agenda["resultaten"]
    client.close()
    jongeren = [one["jongereId"] for one in lines]
    return Plan(
        jongeren, [one["agendapuntId"] for one in lines], tafel["deelnemers"][0]["deelnemerId"]
    )


# -- the questions ---------------------------------------------------------------------------


def measure(database: str, url: str | None, region: Path, options: argparse.Namespace) -> None:
    """Serve a region from one kind of database, and print its lines."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        data, port = Path(name) / "data", free_port()
        fill(data, region, url)
        environment = {"VANGNET_DATA": str(data), **({"VANGNET_DATABASE_URL": url} if url else {})}
        program = str(Path(sys.executable).with_name("vangnet"))
        command = [program, "serve", "--poort", str(port), "--workers", str(WORKERS)]
        begun = time.perf_counter()
        pid = stack.enter_context(serving(command, port, environment))
        print(f"<!-- {database}: ready in {time.perf_counter() - begun:.0f} s -->", flush=True)
        cookie = asyncio.run(log_in(port))
        plan = asyncio.run(make_plan(port, cookie))
        versions: dict[int, int] = {}
        if options.soak:
            soak(pid, port, cookie, plan, versions, options)
            return
        at_most(database, pid, port, cookie, plan, versions, Path(name), options.seconds)
        change = Changes(data, url, port, cookie)
        for what, meanwhile in ((f"{options.users} users", None), ("while renewing", change.make)):
            seen = asyncio.run(
                people(port, cookie, plan, options.users, options.think, versions, meanwhile)
            )
            print_people(database, what, seen)
        change.tell(database)
        memory = sorted(rss_of(pid).values())
        print(f"{database}: memory per worker {', '.join(f'{one:.0f} MB' for one in memory)}")


def at_most(
    database: str,
    pid: int,
    port: int,
    cookie: str,
    plan: Plan,
    versions: dict[int, int],
    scratch: Path,
    seconds: float,
) -> None:
    """Print how much of each kind is answered at most, beside the floor."""
    found, bodies = {}, scratch / "bytes"
    bodies.mkdir()
    for number, kind in enumerate(KINDS):
        # the first time makes what is ready after it
        asyncio.run(closed_loop(port, cookie, plan, kind, seconds, versions))
        found[kind] = timed(pid, closed_loop(port, cookie, plan, kind, seconds, versions))
        (bodies / str(number)).write_bytes(found[kind].body)
    floor = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench_serving:bare", "--factory"]
    command += ["--app-dir", str(Path(__file__).parent), "--port", str(floor)]
    command += ["--workers", str(WORKERS), "--no-access-log", "--log-level", "warning"]
    beside: Any = BarePlan()
    with serving(command, floor, {BYTES: str(bodies)}) as bare_pid:
        for kind in KINDS:
            bare = timed(bare_pid, closed_loop(floor, "", beside, kind, seconds / 2, {}))
            ours = found[kind]
            print(
                f"| {database} | {kind} ({len(ours.body) / 1000:.0f} kB) | {ours.rate:,.0f} "
                f"| {ours.seen.at(0.5):.0f} ms | {ours.seen.at(0.95):.0f} ms "
                f"| {ours.seen.at(0.99):.0f} ms | {ours.seen.errors} | {bare.rate:,.0f} "
                f"| {ours.rate / bare.rate:.3f} | {ours.processor * 1000:.1f} ms "
                f"| {bare.processor * 1000:.2f} ms | {bare.processor / ours.processor:.3f} |",
                flush=True,
            )


@dataclass(frozen=True)
class Most:
    """What a server answered at most: requests per second, and seconds of processor for each."""

    rate: float
    processor: float
    seen: Seen
    body: bytes


def timed(pid: int, loop: Coroutine[Any, Any, tuple[float, Seen, bytes]]) -> Most:
    """Run a closed loop against a server, and count the processor that its workers took."""
    before = processor_of(pid)
    rate, seen, body = asyncio.run(loop)
    return Most(rate, (processor_of(pid) - before) / len(seen.seconds), seen, body)


def print_people(database: str, what: str, seen: Mapping[str, Seen]) -> None:
    """Print how long users waited, of each kind and of all."""
    every = Seen(
        [one for each in seen.values() for one in each.seconds],
        sum(each.errors for each in seen.values()),
    )
    for kind, each in {**seen, "all": every}.items():
        print(
            f"| {database} | {what}: {kind} | {len(each.seconds)} asked | {each.at(0.5):.0f} ms "
            f"| {each.at(0.95):.0f} ms | {each.at(0.99):.0f} ms | {each.errors} | | | | | |",
            flush=True,
        )


class Changes:
    """Changes a place now and then, as an import does, and sees how long until everybody knows."""

    def __init__(self, data: Path, url: str | None, port: int, cookie: str) -> None:
        self._data, self._url, self._port, self._cookie = data, url, port, cookie
        self._seconds: list[float] = []

    def make(self, until: float) -> None:
        """Change places until that moment."""
        import polars as pl

        from service.settings import open_settings
        from service.storage.canonical import CanonicalRepository
        from service.storage.engine import open_engine, unit_of_work

        engine = open_engine(open_settings(self._data).database)
        with unit_of_work(engine, read_only=True) as session:
            frame = CanonicalRepository(session).read("leerwerkplek")
        for place in count():
            if time.perf_counter() > until - 8:
                break
            row = frame[(place * 37) % frame.height].with_columns(pl.col("capaciteit") + 1 + place)
            with unit_of_work(engine) as session:
                CanonicalRepository(session).merge("leerwerkplek", row, new_run(session))
            begun = time.perf_counter()
            asyncio.run(self._wait(row["leerwerkplek_id"][0], row["capaciteit"][0]))
            self._seconds.append(time.perf_counter() - begun)
            time.sleep(1)
        engine.dispose()

    async def _wait(self, plek: str, capaciteit: int) -> None:
        """Wait until eight new connections after each other see a change: so every worker does."""
        seen = 0
        while seen < 8:
            client = Client(self._port, self._cookie)
            _, body = await client.ask("GET", f"/api/v1/leerwerkplekken/{plek}/kandidaten?top=1")
            client.close()
            known = json.loads(body)["leerwerkplek"]["capaciteit"] == capaciteit
            seen = seen + 1 if known else 0
            await asyncio.sleep(0.05)

    def tell(self, database: str) -> None:
        """Print how long it took."""
        if self._seconds:
            print(
                f"{database}: {len(self._seconds)} changes, each in every worker after "
                f"{np.median(self._seconds):.1f} s (at most {max(self._seconds):.1f} s)"
            )


def soak(
    pid: int,
    port: int,
    cookie: str,
    plan: Plan,
    versions: dict[int, int],
    options: argparse.Namespace,
) -> None:
    """Let people work for a long time, with changes, and print the memory of each worker."""
    print("| minute | requests | errors | p99 | memory per worker |\n|---|---|---|---|---|")
    for minute in range(options.soak + 1):
        seen = asyncio.run(people(port, cookie, plan, options.users, 60 if minute else 5, versions))
        every = Seen([one for each in seen.values() for one in each.seconds])
        errors = sum(each.errors for each in seen.values())
        memory = ", ".join(f"{one:.0f} MB" for _, one in sorted(rss_of(pid).items()))
        print(
            f"| {minute} | {len(every.seconds)} | {errors} | {every.at(0.99):.0f} ms | {memory} |",
            flush=True,
        )


@contextmanager
def postgres() -> Iterator[str | None]:
    """Start a server with an empty database; gives its address, or None where there is none."""
    import sqlalchemy as sa

    sys.path.insert(0, str(ROOT))
    from tests.postgres import NoPostgresError, run_postgres

    with ExitStack() as stack:
        try:
            address = stack.enter_context(run_postgres())
        except NoPostgresError:
            yield None
            return
        # as in production: what is said to be stored survives a power cut
        engine = sa.create_engine(address.format(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.exec_driver_sql(f"ALTER SYSTEM SET {name} = on")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
            connection.exec_driver_sql("CREATE DATABASE bench")
        engine.dispose()
        yield address.format(database="bench")


def main() -> None:
    """Measure both databases and print a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=10_000)
    parser.add_argument("--plekken", type=int, default=5_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=6, help="of each closed loop")
    parser.add_argument("--think", type=float, default=20, help="seconds that users work")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--soak", type=int, default=0, metavar="MINUTES")
    parser.add_argument("--folder", type=Path, help="where the region is kept for a next run")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as name:
        region = (options.folder or Path(name)) / "region"
        if not (region / "modellen").exists():
            make_region(region, options.jongeren, options.plekken)
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n\n{HEADER}")
        for database in options.databases:
            with postgres() if database == "postgresql" else ExitStack() as url:
                if database == "postgresql" and url is None:
                    continue
                measure(database, url if isinstance(url, str) else None, region, options)
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
