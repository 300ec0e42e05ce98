"""Question: how many requests per second, and how long does one take, beside a bare endpoint.

A made-up region of 10,000 jongeren and 5,000 leerwerkplekken with its history is served by
``vangnet serve --workers 2``, once on SQLite and once on PostgreSQL, as people use it: logged in,
with rights, with every request in the audit log and every list in the record of suggesties. Asked
are the list of jongeren, the ten best places of one jongere with reasons, the recording of a
besluit, a fresh what-if with reasons, and the name of one jongere: the least that a request of
somebody who is logged in can cost. Beside it stands a bare FastAPI endpoint in as many processes
that returns the same bytes. The load comes from a process of its own, on the same machine: it
takes its share of the processors from both.

Run: python experiments/bench_serving.py --folder MAP  (keeps the made-up region for a next run)
     python experiments/bench_serving.py --folder MAP --soak 30 --databases sqlite
         (minutes; memory of each worker, with a change in each minute)
PostgreSQL comes from the package that the tests use, here with commits that survive a power cut, as
those of SQLite do; where it cannot start its lines are left out.
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
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import numpy as np
from fastapi import FastAPI, Request, Response

ROOT = Path(__file__).resolve().parent.parent
PEILDATUM = date(2026, 11, 1)
REGIO = "Achterhoek"
NAMEN = tuple(f"deelnemer{number}" for number in range(5))
"""Accounts that the users share."""
WACHTWOORD = secrets.token_urlsafe(16)
WORKERS = 2
LIST, TOP, BESLUIT, WHATIF = "list", "top 10", "besluit", "what-if"
LEAST = "who it is"
"""The least that a request about a person can be: the name of one jongere, and one line of it."""
KINDS = (LIST, TOP, BESLUIT, WHATIF, LEAST)
PAGES, LINES = 12, 64
"""Pages that are asked for, and lines of the agenda; their jongeren are asked for too."""
CONNECTIONS = 8
"""At once, where the next request follows the answer."""
THINK_SECONDS = 2.0
KEPT_SECONDS = 4.0
"""A connection that was still for longer is made anew: the server closes it after five."""
START_SECONDS = 600
"""Longest wait for a server: every worker reads the region first."""
SOAK_SECONDS = 57.0
"""Of a minute; the users of each then finish what they asked."""
USUAL = (LIST, LIST, LIST, TOP, TOP, TOP, TOP, WHATIF, WHATIF, BESLUIT)
"""What a person asks, as often as it stands here."""
DATABASES = ("sqlite", "postgresql")
BYTES = "VANGNET_BENCH_BYTES"
COLUMNS = (
    *("database", "what", "asked", "requests/s", "p50", "p95", "p99", "errors"),
    *("bare requests/s", "ratio", "processor per request", "bare", "ratio", "target", "load"),
)
"""The processor time of the workers alone says the same on a machine that does other work too: the
inverse is what one worker can answer on a processor of its own."""
TARGETS = {LIST: "0.15", TOP: "0.15", BESLUIT: "", WHATIF: "0.05", LEAST: ""}
"""Least ratio of processor time that is asked (issue 6): what stands ready, and a fresh what-if."""
SLOWEST = "p99 250 ms"
"""What is asked of 50 users with think time."""
SEEN_ON_EACH = 0.1
"""Seconds between two questions to a worker whether it knows of a change."""


# -- what is measured ------------------------------------------------------------------------


@dataclass
class Seen:
    """Answers of one kind of request: how long each took, and how many failed."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    size: int = 0

    def add(self, seconds: float, status: int, answer: bytes) -> bool:
        """Count an answer, and return whether it was a good one."""
        self.seconds.append(seconds)
        good = status < 300
        if good:
            self.size = len(answer)
        elif not self.errors:
            print(f"an error: {status} {answer[:300]!r}", file=sys.stderr)
        self.errors += not good
        return good

    def cells(self) -> list[str]:
        """Return p50, p95, p99 and the errors."""
        return [*(f"{self.at(share):.0f} ms" for share in (0.5, 0.95, 0.99)), str(self.errors)]

    def at(self, share: float) -> float:
        """Return the milliseconds within which this share of the answers came."""
        return float(np.quantile(self.seconds, share)) * 1000 if self.seconds else float("nan")


class Client:
    """One connection that is kept open; as little work per request as possible."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookie = port, cookie
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Return status and body; a connection that the server closed is made anew, once."""
        if self._open is not None:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                return await self._ask(self._open, method, path, body)
        self._open = await asyncio.open_connection("127.0.0.1", self._port)
        return await self._ask(self._open, method, path, body)

    async def _ask(
        self,
        opened: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        method: str,
        path: str,
        body: bytes,
    ) -> tuple[int, bytes]:
        reader, writer = opened
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
            self._open = None


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
        if kind == LEAST:
            return "GET", f"/api/v1/jongeren/{rng.choice(self.jongeren)}", b""
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


@dataclass(frozen=True)
class Load:
    """Whoever asks: where, as whom, what, and which version of a line each of them knows."""

    port: int
    cookies: Sequence[str]
    plan: Any
    versions: dict[int, int] = field(default_factory=dict)

    def kind_for(self, kind: str, number: int) -> str:
        """Return what is asked; who has no line of the agenda decides nothing."""
        return TOP if kind == BESLUIT and number >= len(self.plan.agendapunten) else kind

    async def once(
        self, client: "Client", kind: str, rng: Random, number: int, seen: Seen
    ) -> bytes:
        """Ask once, and return a good answer."""
        version = self.versions.setdefault(number, 1)
        begun = time.perf_counter()
        status, answer = await client.ask(*self.plan.request(kind, rng, number, version))
        if not seen.add(time.perf_counter() - begun, status, answer):
            return b""
        self.versions[number] += kind == BESLUIT
        return answer

    def client(self, number: int) -> "Client":
        """Return a connection of one of the accounts."""
        return Client(self.port, self.cookies[number % len(self.cookies)])


async def closed_loop(load: Load, kind: str, seconds: float) -> tuple[float, Seen, bytes]:
    """Ask as fast as the answers come; return requests per second, times, and one body."""
    seen, bodies = Seen(), [b""]
    until = time.perf_counter() + seconds

    async def ask(number: int) -> None:
        client, rng = load.client(number), Random(number)  # noqa: S311  # no secret
        while time.perf_counter() < until:
            bodies[0] = await load.once(client, kind, rng, number, seen) or bodies[0]
        client.close()

    begun = time.perf_counter()
    await asyncio.gather(*(ask(number) for number in range(CONNECTIONS)))
    return len(seen.seconds) / (time.perf_counter() - begun), seen, bodies[0]


async def people(
    load: Load, users: int, seconds: float, meanwhile: Callable[[float], None] | None = None
) -> dict[str, Seen]:
    """Let users ask and think; `meanwhile` runs beside it in a thread, until that moment."""
    seen = {kind: Seen() for kind in KINDS}
    until = time.perf_counter() + seconds

    async def use(number: int) -> None:
        rng = Random(number)  # noqa: S311  # no secret
        await asyncio.sleep(rng.random() * THINK_SECONDS)
        client = load.client(number)
        while time.perf_counter() < until:
            kind = load.kind_for(rng.choice(USUAL), number)
            await load.once(client, kind, rng, number, seen[kind])
            # a browser keeps its connection a few seconds, as the server does
            if (wait := rng.expovariate(1 / THINK_SECONDS)) > KEPT_SECONDS:
                client.close()
            await asyncio.sleep(wait)
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
    async def read(kind: str) -> Response:
        return Response(bodies[kind], media_type="application/json")

    @app.post("/{kind}")
    async def write(kind: str, request: Request) -> Response:
        await request.body()
        return Response(bodies[kind], media_type="application/json", status_code=201)

    return app


def serve_bare(port: int) -> None:
    """Serve the floor until stopped, with as many workers and the same connections as ours."""
    from uvicorn import Config
    from uvicorn.supervisors import Multiprocess

    from service.serving import open_socket

    config = Config(
        "bench_serving:bare",
        factory=True,
        port=port,
        workers=WORKERS,
        access_log=False,
        log_level="warning",
    )
    Multiprocess(config, sockets=[open_socket(config)]).run()


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
    with tempfile.NamedTemporaryFile("w+", suffix=".log") as log:
        server = subprocess.Popen(  # noqa: S603  # fixed program and arguments
            command, env={**os.environ, **environment}, stdout=log, stderr=log
        )
        try:
            yield wait_for(server, port, Path(log.name))
        finally:
            server.send_signal(signal.SIGTERM)
            if server.wait(120):
                print(f"the server ended with {server.returncode}", file=sys.stderr)


def wait_for(server: "subprocess.Popen[bytes]", port: int, log: Path) -> int:
    """Wait until every worker of a server answers; return its process id."""
    until = time.perf_counter() + START_SECONDS
    while not answers(port, 2):
        time.sleep(0.2)
        if server.poll() is not None:
            raise RuntimeError(log.read_text()[-3000:])
        if time.perf_counter() > until:
            raise RuntimeError(f"no answer within {START_SECONDS} s")
    for worker in rss_of(server.pid):
        with only(worker, server.pid):
            if not answers(port, START_SECONDS):
                raise RuntimeError("one of the workers does not answer")
    return server.pid


def answers(port: int, seconds: float) -> bool:
    """Return whether a server answers within this time, whatever it answers."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/x", timeout=seconds)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@contextmanager
def only(worker: int, parent: int) -> Iterator[None]:
    """Hold the other workers of a server for a moment, so that this one takes what comes."""
    others = set(rss_of(parent)) - {worker}
    for other in others:
        os.kill(other, signal.SIGSTOP)
    try:
        yield
    finally:
        for other in others:
            os.kill(other, signal.SIGCONT)


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


def make_region(folder: Path, jongeren: int, plekken: int) -> Path:
    """Write the tables of a region as Parquet, unless they are there; return their folder."""
    from features.synthetic import RegionConfig, generate_region

    tables = folder / f"tables-{jongeren}-{plekken}"
    if tables.exists():
        return tables
    config = RegionConfig(
        jongeren=jongeren, leerwerkplekken=plekken, leerbedrijven=plekken // 3, seed=7, leren=True
    )
    half = tables.with_suffix(".half")
    half.mkdir(parents=True, exist_ok=True)
    for name, frame in generate_region(config).tables.items():
        frame.write_parquet(half / f"{name}.parquet")
    half.rename(tables)
    return tables


def make_models(folder: Path) -> Path:
    """Train models on a smaller region, unless they are there; return their folder."""
    from features.synthetic import RegionConfig, generate_region
    from models.plaatsing_training import train_plaatsing
    from models.praktijkverklaring_training import train_werkproces
    from models.store import ModelStore
    from models.training import train_uitvalrisico

    done = folder / "models"
    if done.exists():
        return done
    half = folder / "models.half"
    half.mkdir(parents=True, exist_ok=True)
    tables = generate_region(RegionConfig(jongeren=3000, seed=8, leren=True)).tables
    store = ModelStore(f"sqlite:///{(half / 'mlflow.db').as_posix()}", half / "modellen")
    for train in (train_uitvalrisico, train_plaatsing, train_werkproces):
        store.save(train(tables, observed_until=PEILDATUM, seed=1, progress=lambda _: None))
    half.rename(done)
    return done


def fill(data: Path, tables: Path, models: Path, database: str | None) -> None:
    """Make a data folder that is ready to be served."""
    import polars as pl

    from features.tables import TABLES
    from service.rechten.inrichten import organisaties_from_data
    from service.settings import open_settings
    from service.storage.canonical import CanonicalRepository
    from service.storage.engine import open_engine, unit_of_work
    from service.storage.migrate import migrate

    if database is not None:
        os.environ["VANGNET_DATABASE_URL"] = database
    settings = open_settings(data)
    shutil.copytree(models / "modellen", settings.models)
    shutil.copy(models / "mlflow.db", data / "mlflow.db")
    engine = open_engine(settings.database, synchronous="OFF")
    migrate(engine)
    with unit_of_work(engine) as session:
        number = new_run(session)
        for name in TABLES:
            path = tables / f"{name}.parquet"
            if path.exists():
                CanonicalRepository(session).merge(name, pl.read_parquet(path), number)
    organisaties_from_data(engine, REGIO)
    add_people(engine)
    promote(engine, settings)
    engine.dispose()
    os.environ.pop("VANGNET_DATABASE_URL", None)


def add_people(engine: Any) -> None:  # noqa: ANN401  # an engine, imported where it is used
    """Make accounts that may see a matchtafel and decide there, and that read the instruction."""
    from service.aanmelden.accounts import create_gebruiker
    from service.rechten.begrippen import OrganisatieSoort, Rol
    from service.rechten.inrichten import Aanstelling, appoint
    from service.storage.engine import unit_of_work
    from service.storage.organisatie import OrganisatieRepository
    from service.suggestielog.instructie import read

    with unit_of_work(engine) as session:
        known = OrganisatieRepository(session).all()
        regio = next(one.naam for one in known if one.soort is OrganisatieSoort.REGIO)
        for naam in NAMEN:
            made = create_gebruiker(session, naam, WACHTWOORD, ())
            appoint(session, naam, Aanstelling([Rol.MATCHTAFELDEELNEMER], [regio]))
            read(session, made.id, op=datetime.now(UTC))


def promote(engine: Any, settings: Any) -> None:  # noqa: ANN401  # imported where they are used
    """Let the models score, whatever the gate says: nobody will be served by them."""
    from models.gate import Kleur
    from models.store import ModelStore
    from service.aanmelden.accounts import create_gebruiker
    from service.modelbeheer.aanbieden import aanbieden
    from service.rechten.begrippen import Rol
    from service.storage.engine import unit_of_work
    from service.storage.modelbesluit import GOEDGEKEURD, ModelbesluitRepository

    store = ModelStore(settings.tracking, settings.models)
    with unit_of_work(engine) as session:
        trainer, other = (
            create_gebruiker(session, naam, None, [Rol.ANALIST]) for naam in ("trainer", "keurder")
        )
    for card in store.cards():
        now = datetime.now(UTC)
        aanbieden(engine, store, card.name, card.version, trainer=trainer.naam, op=now)
        with unit_of_work(engine) as session:
            ModelbesluitRepository(session).add(
                model=card.name,
                versie=card.version,
                sha256=card.sha256,
                trainer_id=trainer.id,
                oordeel=Kleur.ORANJE.value,
                besluit=GOEDGEKEURD,
                door_id=other.id,
                reden="alleen om te meten, met verzonnen gegevens",
                tijdstip=now,
            )


def new_run(session: Any) -> int:  # noqa: ANN401  # a session, imported where it is used
    """Record a run that writes rows, and return its id."""
    from service.storage.importrun import ImportRepository

    return ImportRepository(session).add(
        tijdstip=datetime.now(UTC), bestand="-", sha256="0" * 64, soort="bench", actor="bench"
    )


def log_in(port: int, naam: str) -> str:
    """Return the cookie of somebody who is logged in."""

    class Kept(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    form = urlencode({"naam": naam, "wachtwoord": WACHTWOORD}).encode()
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


def line(*cells: object) -> None:
    """Print a line of the table, with the load of the machine at its end."""
    words = [str(cell) for cell in cells]
    words += [""] * (len(COLUMNS) - 1 - len(words))
    print(f"| {' | '.join(words)} | {os.getloadavg()[0]:.1f} |", flush=True)


def measure(database: str, url: str | None, options: argparse.Namespace) -> None:
    """Serve a region from one kind of database, and print its lines."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        data, port = Path(name) / "data", free_port()
        begun = time.perf_counter()
        fill(data, options.tables, options.models, url)
        filled = time.perf_counter() - begun
        environment = {
            "VANGNET_DATA": str(data),
            # as in use: with the log that is meant to be read by a machine
            "VANGNET_ENVIRONMENT": "production",
            "VANGNET_SECURE_COOKIES": "true",
            **({"VANGNET_DATABASE_URL": url} if url else {}),
        }
        program = str(Path(sys.executable).with_name("vangnet"))
        command = [program, "serve", "--poort", str(port), "--workers", str(WORKERS)]
        begun = time.perf_counter()
        pid = stack.enter_context(serving(command, port, environment))
        ready = time.perf_counter() - begun
        line(database, f"filled in {filled:.0f} s; both workers ready in {ready:.0f} s")
        cookies = [log_in(port, naam) for naam in NAMEN]
        load = Load(port, cookies, asyncio.run(make_plan(port, cookies[0])))
        change = Changes(database, data, url, load, pid)
        if options.soak:
            soak(database, change, options)
            return
        at_most(database, pid, load, Path(name), options.seconds)
        for what, meanwhile in ((f"{options.users} users", None), ("while renewing", change.make)):
            seen = asyncio.run(people(load, options.users, options.think, meanwhile))
            print_people(database, what, seen, options.think)
        change.tell()
        line(database, f"memory per worker: {memory_of(pid)}")


def memory_of(pid: int) -> str:
    """Return the memory of each worker of a server, in words."""
    return ", ".join(f"{one:.0f} MB" for _, one in sorted(rss_of(pid).items()))


def at_most(database: str, pid: int, load: Load, scratch: Path, seconds: float) -> None:
    """Print how much of each kind is answered at most, beside the floor."""
    found, bodies = {}, scratch / "bytes"
    bodies.mkdir()
    for number, kind in enumerate(KINDS):
        # the first time makes what is ready after it
        asyncio.run(closed_loop(load, kind, seconds))
        found[kind] = timed(pid, closed_loop(load, kind, seconds))
        (bodies / str(number)).write_bytes(found[kind].body)
    port = free_port()
    command = [sys.executable, __file__, "--bare", str(port)]
    with serving(command, port, {BYTES: str(bodies)}) as bare_pid:
        for kind in KINDS:
            bare = timed(bare_pid, closed_loop(Load(port, [""], BarePlan()), kind, seconds / 2))
            ours = found[kind]
            line(
                database,
                f"{kind} ({len(ours.body) / 1000:.1f} kB), at most",
                len(ours.seen.seconds),
                f"{ours.rate:,.0f}",
                *ours.seen.cells(),
                f"{bare.rate:,.0f}",
                f"{ours.rate / bare.rate:.3f}",
                f"{ours.processor * 1000:.1f} ms",
                f"{bare.processor * 1000:.2f} ms",
                f"{bare.processor / ours.processor:.3f}",
                TARGETS[kind],
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


def together(seen: Mapping[str, Seen]) -> Seen:
    """Return the answers of all kinds as one."""
    return Seen(
        [one for each in seen.values() for one in each.seconds],
        sum(each.errors for each in seen.values()),
    )


def print_people(database: str, what: str, seen: Mapping[str, Seen], seconds: float) -> None:
    """Print how long users waited, of each kind and of all."""
    for kind, each in {**seen, "all": together(seen)}.items():
        asked = len(each.seconds)
        if not asked:
            continue
        target = [""] * 5 + [SLOWEST] if kind == "all" else []
        line(database, f"{what}: {kind}", asked, f"{asked / seconds:.0f}", *each.cells(), *target)


class Changes:
    """Changes a place now and then, as an import does, and sees how long until all workers know."""

    def __init__(self, database: str, data: Path, url: str | None, load: Load, pid: int) -> None:
        self._database, self._data, self._url = database, data, url
        self.load, self.pid = load, pid
        self._seconds: list[float] = []

    def make(self, until: float) -> None:
        """Change a place once, and again and again until that moment."""
        import polars as pl

        from service.settings import open_settings
        from service.storage.canonical import CanonicalRepository
        from service.storage.engine import open_engine, unit_of_work

        engine = open_engine(self._url or open_settings(self._data).database)
        with unit_of_work(engine, read_only=True) as session:
            frame = CanonicalRepository(session).read("leerwerkplek")
        for place in count(len(self._seconds)):
            row = frame[(place * 37) % frame.height].with_columns(pl.col("capaciteit") + 1 + place)
            with unit_of_work(engine) as session:
                CanonicalRepository(session).merge("leerwerkplek", row, new_run(session))
            begun = time.perf_counter()
            asyncio.run(self._wait(row["leerwerkplek_id"][0], row["capaciteit"][0]))
            self._seconds.append(time.perf_counter() - begun)
            if time.perf_counter() > until - 8:
                break
            time.sleep(1)
        engine.dispose()

    async def _wait(self, plek: str, capaciteit: int) -> None:
        """Wait until every worker, each on a connection of its own, answers with a change."""
        clients: list[Client] = []
        for worker in rss_of(self.pid):
            client = self.load.client(len(clients))
            with only(worker, self.pid):
                await client.ask("GET", "/api/v1/gezondheid")
            clients.append(client)
        await asyncio.gather(*(self._knows(client, plek, capaciteit) for client in clients))

    async def _knows(self, client: Client, plek: str, capaciteit: int) -> None:
        while await self._capaciteit(client, plek) != capaciteit:
            await asyncio.sleep(SEEN_ON_EACH)
        client.close()

    async def _capaciteit(self, client: Client, plek: str) -> int:
        status, body = await client.ask("GET", f"/api/v1/leerwerkplekken/{plek}/kandidaten?top=1")
        if status >= 300:
            raise RuntimeError(f"kandidaten: {status} {body[:300]!r}")
        return int(json.loads(body)["leerwerkplek"]["capaciteit"])

    def tell(self) -> None:
        """Print how long it took."""
        if self._seconds:
            seen = Seen(self._seconds)
            line(
                self._database, "a change is in every worker", len(seen.seconds), "", *seen.cells()
            )


def soak(database: str, change: Changes, options: argparse.Namespace) -> None:
    """Let people work for a long time, with changes, and print the memory of each worker."""
    for minute in range(options.soak + 1):
        # the first seconds make what every worker makes once; a change in each minute after it
        seconds = SOAK_SECONDS if minute else 10
        meanwhile = partial(_one_change, change) if minute else None
        seen = together(asyncio.run(people(change.load, options.users, seconds, meanwhile)))
        asked = len(seen.seconds)
        what = f"minute {minute}: {memory_of(change.pid)}"
        line(database, what, asked, f"{asked / seconds:.0f}", *seen.cells())
    change.tell()


def _one_change(change: Changes, _until: float) -> None:
    change.make(time.perf_counter())


@contextmanager
def postgres() -> Iterator[str | None]:
    """Start a server with an empty database; gives its address, or None where there is none."""
    import sqlalchemy as sa

    sys.path.insert(0, str(ROOT))
    from tests.postgres import NoPostgresError, run_postgres

    with ExitStack() as stack:
        try:
            # none of the settings that make tests fast: what is committed survives a power cut
            address = stack.enter_context(run_postgres({}))
        except NoPostgresError as error:
            print(f"no PostgreSQL: {error}", file=sys.stderr)
            yield None
            return
        engine = sa.create_engine(address.format(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                if connection.exec_driver_sql(f"SHOW {name}").scalar() != "on":
                    raise RuntimeError(f"{name} is off: commits would cost nothing")
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
    parser.add_argument("--think", type=float, default=30, help="seconds that users work")
    parser.add_argument("--databases", nargs="+", default=DATABASES, choices=DATABASES)
    parser.add_argument("--soak", type=int, default=0, metavar="MINUTES")
    parser.add_argument("--folder", type=Path, help="where the region is kept for a next run")
    parser.add_argument("--bare", type=int, metavar="PORT", help="serve the floor, nothing else")
    options = parser.parse_args()
    if options.bare:
        serve_bare(options.bare)
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        options.tables = make_region(folder, options.jongeren, options.plekken)
        options.models = make_models(folder)
        print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
        for database in options.databases:
            with postgres() if database == "postgresql" else nullcontext() as url:
                if database != "postgresql" or url is not None:
                    measure(database, url, options)


if __name__ == "__main__":
    main()
