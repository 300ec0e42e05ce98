"""Search for calls on which the API fails or answers what its document does not tell.

A made-up region is served by a real server. Schemathesis calls every operation of the published
document with right and wrong input, with the key of an account of each role, and looks at every
answer with all its checks (TRUST S11). The stream of news of a matchtafel stays open for two
minutes, for which schemathesis would wait: its status and type are looked at apart, and it is
closed. The data folder is made at the first run; give a folder of its own.

    python experiments/fuzz_api.py --data MAP [--examples 30] [--roles loopbaancoach ...]
"""

import argparse
import base64
import json
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import islice, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from sqlalchemy.orm import Session

from features.reference.region import postcode_facts
from service.aanmelden.accounts import create_gebruiker
from service.aanmelden.opening import sessie_rules
from service.aanmelden.tokens import make_token, scopes_of
from service.demo import build_demo
from service.privacy.vrijgave import Van, release
from service.rechten.begrippen import Organisatie, OrganisatieSoort, Rol
from service.settings import Settings, open_settings
from service.storage import open_engine, unit_of_work
from service.storage.canonical import CanonicalRepository
from service.storage.organisatie import OrganisatieRepository
from service.suggestielog.instructie import read

REGIO = "Achterhoek"
SEED = 1
START_SECONDS = 120.0
REQUEST_SECONDS = "30"
STREAM = "volgMatchtafel"
CONFIG = """
[auth.openapi.token]
bearer = "{key}"
[checks.missing_required_header]
expected-statuses = [400, 401, 403, 404, 406, 415, 428]
"""
"""An edit without If-Match gets 428 (RFC 6585), which schemathesis does not expect by itself."""
EVENTS = "text/event-stream"
SINDS = ("", "?sinds=0", "?sinds=-1", "?sinds=veel", "?sinds=99999999999999999999", "?onbekend=1")
LAST_EVENT = ("", "7", "veel", "9" * 40)
REJECTED = "ST202"
BY_MEANING = "valid input refused for its meaning (400, or 422 for a used key)"
KEY_USED = 422
MEANING = frozenset(
    {
        *("rule", "reference", "toekomst", "duplicate", "datum_volgorde", "uren_volgorde"),
        *("plek_ontbreekt", "voorbehoud_half", "doel_dubbel", "unknown_competentie"),
        *("bestand", "regel_1"),
    }
)
"""Codes of errors that say what no schema can: columns that go together, what is known, today."""


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
            followed, unexpected = follow(f"http://127.0.0.1:{port}", key)
            totals += found + followed
            failures += unexpected
            print(f"{rol}: {dict(found)}, {time.monotonic() - started:.0f} s")
            for what, times in sorted(failures.items()):
                print(f"  {times} x {what}")
        print(f"all roles: {dict(totals)}")
    finally:
        server.terminate()
        server.wait()


def make_key(settings: Settings, rol: Rol) -> str:
    """Make an account of one role, in the whole region or for leerbedrijven, and return its key."""
    engine = open_engine(settings.database)
    try:
        with unit_of_work(engine) as session:
            account = create_gebruiker(session, f"fuzz-{rol}", None, [rol])
            at = _leerbedrijven if rol is Rol.LEERBEDRIJF else _region
            OrganisatieRepository(session).put(account.id, at(session))
            read(session, account.id, op=datetime.now(UTC))
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


def _region(session: Session) -> list[Organisatie]:
    """Return the organisation of the whole region; each gemeente gets one too."""
    add = OrganisatieRepository(session).add
    for gemeente in postcode_facts()["gemeente"].drop_nulls().unique():
        add(naam=gemeente, soort=OrganisatieSoort.GEMEENTE, code=gemeente, regio=REGIO)
    return [add(naam=REGIO, soort=OrganisatieSoort.REGIO, code=REGIO, regio=REGIO)]


def _leerbedrijven(session: Session) -> list[Organisatie]:
    """Return three leerbedrijven of the data, to each of which three profiles are released."""
    tables = CanonicalRepository(session)
    jongeren = iter(tables.read("jongere")["jongere_id"])
    found = []
    for code in tables.read("leerbedrijf")["leerbedrijf_id"].head(3):
        for jongere_id in islice(jongeren, 3):
            for van in Van:
                release(session, jongere_id, code, van, door="systeem:fuzz", op=datetime.now(UTC))
        soort = OrganisatieSoort.LEERBEDRIJF
        found.append(
            OrganisatieRepository(session).add(naam=code, soort=soort, code=code, regio=REGIO)
        )
    return found


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


def call(address: str, key: str, examples: int) -> tuple[Counter[str], Counter[str]]:
    """Return how many calls there were and how they ended, and what was wrong with how many."""
    with TemporaryDirectory() as folder:
        report, config = Path(folder) / "events.ndjson", Path(folder) / "schemathesis.toml"
        config.write_text(CONFIG.format(key=key))
        command = [
            *(str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config)),
            *("run", f"{address}/api/v1/openapi.json"),
            *("--checks", "all", "--max-examples", str(examples), "--seed", str(SEED)),
            *("--exclude-operation-id", STREAM, "--continue-on-failure", "--no-shrink"),
            *("--request-timeout", REQUEST_SECONDS, "--warnings", "off", "--no-color"),
            *("--report", "ndjson", "--report-ndjson-path", str(report)),
        ]
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603  # as above
        events = [json.loads(line) for line in report.read_text().splitlines()]
    recorders = [
        event["ScenarioFinished"]["recorder"] for event in events if "ScenarioFinished" in event
    ]
    ends: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for recorder in recorders:
        ends += count_ends(recorder)
        wrong += count_failures(recorder)
    return ends, wrong


def follow(address: str, key: str) -> tuple[Counter[str], Counter[str]]:
    """Open the stream of news with right and wrong input, and say what is not documented of it."""
    ends: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    with httpx.Client(
        base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {key}"}
    ) as client:
        document = client.get("/openapi.json").json()
        path = "/matchtafels/{matchtafelId}/gebeurtenissen"
        answers = document["paths"][path]["get"]["responses"]
        tafels = client.get("/matchtafels").json().get("resultaten", [])
        known = [one["matchtafelId"] for one in tafels] or [1]
        asked = product([*known[:2], 0, -1, 999_999, 2**70, "a", "%00"], SINDS, LAST_EVENT)
        for tafel, sinds, last in asked:
            where = path.replace("{matchtafelId}", str(tafel)) + sinds
            headers = {"Accept": EVENTS} | ({"Last-Event-ID": last} if last else {})
            with client.stream("GET", where, headers=headers, timeout=30) as answer:
                status, kind = str(answer.status_code), answer.headers["content-type"].split(";")[0]
            ends["calls"] += 1
            ends[f"{status[0]}xx"] += 1
            if kind not in answers.get(status, {}).get("content", {}):
                wrong[f"undocumented answer GET {path} {status} {kind}"] += 1
    return ends, wrong


def count_ends(recorder: dict[str, Any]) -> Counter[str]:
    """Return the number of calls, and of each class of status."""
    found: Counter[str] = Counter()
    for one in recorder.get("interactions", {}).values():
        answer = one.get("response")
        found["calls"] += 1
        found["no answer" if answer is None else f"{answer['status_code'] // 100}xx"] += 1
    return found


def count_failures(recorder: dict[str, Any]) -> Counter[str]:
    """Return what failed: code of the check, operation, and status; by meaning apart."""
    found: Counter[str] = Counter()
    for case, checks in recorder.get("checks", {}).items():
        for check in checks:
            if check["status"] == "success":
                continue
            failure = check["failure_info"]["failure"]
            answer = recorder["interactions"][case].get("response") or {}
            if failure["code"] == REJECTED and refused_by_meaning(answer):
                found[BY_MEANING] += 1
            else:
                found[f"{failure['code']} {failure['operation']} {answer.get('status_code')}"] += 1
    return found


def refused_by_meaning(answer: dict[str, Any]) -> bool:
    """Whether valid input was refused for what no schema can say.

    A rule between fields, a reference, a day in the future, or an Idempotency-Key that an earlier
    call used for another body: schemathesis sends the same few keys.
    """
    if answer.get("status_code") == KEY_USED:
        return True
    content = answer.get("content") or {}
    text = base64.b64decode(content.get("$base64", "")) if isinstance(content, dict) else content
    try:
        problem = json.loads(text)
    except ValueError:
        return False
    # without a list of fields it is the state of a matchtafel that forbids it
    codes = {one["code"].split("_")[0] for one in problem.get("errors", ())}
    return codes <= {code.split("_")[0] for code in MEANING}


if __name__ == "__main__":
    main()
