"""Search for calls on which the API fails or answers what its document does not tell.

A made-up region is served by a real server. Schemathesis calls every operation of the published
document with right and wrong input, with the key of an account of each role, and looks at every
answer with all its checks (TRUST S11). Left out is only the stream of news of a matchtafel, which
stays open for two minutes. The data folder is made at the first run; give a folder of its own.

    python experiments/fuzz_api.py --data MAP [--examples 30] [--roles loopbaancoach ...]
"""

import argparse
import json
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from features.reference.region import postcode_facts
from service.aanmelden.accounts import create_gebruiker
from service.aanmelden.tokens import make_token, scopes_of
from service.app import sessie_rules
from service.demo import build_demo
from service.rechten.begrippen import OrganisatieSoort, Rol
from service.settings import Settings, open_settings
from service.storage import open_engine, unit_of_work
from service.storage.organisatie import OrganisatieRepository

REGIO = "Achterhoek"
SEED = 1
START_SECONDS = 120.0
REQUEST_SECONDS = "30"
STREAM = "volgMatchtafel"


def main() -> None:
    """Call the API as every role and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--examples", type=int, default=30)
    parser.add_argument("--jongeren", type=int, default=600)
    parser.add_argument("--roles", nargs="*", default=[one.value for one in Rol])
    asked = parser.parse_args()
    settings = open_settings(asked.data)
    build_demo(settings, jongeren=asked.jongeren, leeg=False, say=print, tell=print)
    keys = {rol: make_key(settings, rol) for rol in map(Rol, asked.roles)}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = serve(asked.data, port)
    try:
        totals: Counter[str] = Counter()
        for rol, key in keys.items():
            started = time.monotonic()
            found, failures = call(f"http://127.0.0.1:{port}", key, asked.examples)
            totals += found
            print(f"{rol}: {dict(found)}, {time.monotonic() - started:.0f} s")
            for failure in failures:
                print(f"  {failure}")
        print(f"all roles: {dict(totals)}")
    finally:
        server.terminate()
        server.wait()


def make_key(settings: Settings, rol: Rol) -> str:
    """Make an account of one role in the whole region, and return a key of it."""
    engine = open_engine(settings.database)
    try:
        with unit_of_work(engine) as session:
            account = create_gebruiker(session, f"fuzz-{rol}", None, [rol])
            organisaties = OrganisatieRepository(session)
            whole = organisaties.add(
                naam=REGIO, soort=OrganisatieSoort.REGIO, code=REGIO, regio=REGIO
            )
            for gemeente in postcode_facts()["gemeente"].drop_nulls().unique():
                organisaties.add(
                    naam=gemeente, soort=OrganisatieSoort.GEMEENTE, code=gemeente, regio=REGIO
                )
            organisaties.put(account.id, [whole])
            secret, _ = make_token(
                session,
                account,
                naam="fuzz",
                scopes=scopes_of([rol]),
                dagen=1,
                rules=sessie_rules(settings),
                now=datetime.now(UTC),
            )
            return secret
    finally:
        engine.dispose()


def serve(data: Path, port: int) -> "subprocess.Popen[bytes]":
    """Start a server and return when it answers."""
    program = "from service.cli import main; main()"
    words = ["--data", str(data), "serve", "--poort", str(port)]
    with (data / "fuzz-server.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-c", program, *words], stdout=log, stderr=log
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/api/v1/gereedheid").status_code == 200:
                return process
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    process.kill()
    raise TimeoutError("the server did not start")


def call(address: str, key: str, examples: int) -> tuple[Counter[str], list[str]]:
    """Return how many calls there were and how they ended, and what was wrong."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "events.ndjson"
        command = [
            *(str(Path(sys.executable).parent / "schemathesis"), "run"),
            f"{address}/api/v1/openapi.json",
            *("--checks", "all", "--max-examples", str(examples), "--seed", str(SEED)),
            *("--exclude-operation-id", STREAM, "--continue-on-failure"),
            *("--request-timeout", REQUEST_SECONDS, "--warnings", "off"),
            *("-H", f"Authorization: Bearer {key}"),
            *("--report", "ndjson", "--report-ndjson-path", str(report), "--no-color"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # as above
        events = [json.loads(line) for line in report.read_text().splitlines()]
    print(done.stdout[-6000:])
    return count(events), []


def count(events: list[dict[str, Any]]) -> Counter[str]:
    """Return the number of calls, and of each class of status."""
    found: Counter[str] = Counter()
    for event in events:
        for name, body in event.items():
            if name == "ScenarioFinished":
                found += _statuses(body)
    return found


def _statuses(body: dict[str, Any]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in (body.get("recorder") or {}).get("interactions", {}).values():
        answer = one.get("response")
        found["calls"] += 1
        found["no answer" if answer is None else f"{answer['status_code'] // 100}xx"] += 1
    return found


if __name__ == "__main__":
    main()
