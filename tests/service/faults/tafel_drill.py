"""A matchtafel on a server that is killed again and again, while people go on deciding (R4)."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import cycle
from math import inf
from pathlib import Path
from random import Random

import httpx2
import sqlalchemy as sa

from service.settings import open_settings
from service.storage.engine import open_engine
from service.storage.matchtafel_tables import AGENDAPUNT, BESLUIT, GEBEURTENIS, OPVOLGING
from tests.service.faults.drills import Drill
from tests.service.matchtafel.server import Server

DAG, LATER = "2026-12-03", "2026-12-10"
UNSURE = (httpx2.HTTPError, json.JSONDecodeError)
"""What somebody at the table sees of a server that goes away."""
NUMBER = "number "
SERVE = f"""
import os, sys
import service.serving
from service.cli import main
for _ in sys.stdin:  # a new process for every line
    child = os.fork()
    if not child:
        main()
    print("{NUMBER}", child, flush=True)
    print("{NUMBER}", os.waitpid(child, 0)[1], flush=True)
"""


class QuickServer(Server):
    """A server that starts from one process, which need not read all modules again."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        words = ["--data", str(data), "serve", "--poort", str(self.port)]
        self._parent = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-c", SERVE, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._child = 0

    def start(self) -> None:
        """Start, and return when it answers."""
        self._tell("go")
        self._child = self._heard()
        self.wait_until_it_answers()

    def kill(self) -> None:
        """Take the process away without a word."""
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            assert self._heard() == signal.SIGKILL
            self._child = 0

    def close(self) -> None:
        """End the process from which servers start."""
        self.kill()
        self._parent.communicate()

    def _tell(self, word: str) -> None:
        assert self._parent.stdin is not None
        self._parent.stdin.write(f"{word}\n")
        self._parent.stdin.flush()

    def _heard(self) -> int:
        assert self._parent.stdout is not None
        for line in self._parent.stdout:  # a server also tells where it is
            if line.startswith(NUMBER):
                return int(line.removeprefix(NUMBER))
        raise EOFError


@dataclass
class Tafel:
    """What was decided, line by line, by people who try until they know that it stands.

    `unsure` counts requests without an answer, `replayed` those of them that had been done: the
    same ``Idempotency-Key`` brought the first answer again.
    """

    server: Server
    people: list[str]
    id: int = 0
    owners: list[int] = field(default_factory=list)
    decided: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    acknowledged: dict[int, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    unsure: int = 0
    replayed: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def plan(self, lines: int) -> None:
        """Plan and open a table."""
        with self.server.log_in(self.people[0]) as chair:
            deelnemers = [
                {"naam": one, "organisatie": "ROC", "rol": "school"} for one in self.people
            ]
            wanted = {"regio": "Achterhoek", "datum": DAG, "aantal": lines}
            answer = chair.post("/api/v1/matchtafels", json=wanted | {"deelnemers": deelnemers})
            assert answer.status_code == 201, answer.text
            table = answer.json()
            self.id = table["matchtafelId"]
            self.owners = [one["deelnemerId"] for one in table["deelnemers"]]
            opened = chair.patch(
                f"/api/v1/matchtafels/{self.id}",
                json={"status": "open", "versie": table["versie"]},
            )
            assert opened.status_code == 200, opened.text

    def sit(self, seat: int, client: httpx2.Client) -> None:
        """Decide the lines of one seat in turn, again and again, until the table is done."""
        path = f"/api/v1/matchtafels/{self.id}/agendapunten"
        lines = self._until_answered(lambda: client.get(path)).json()["resultaten"]
        for line in cycle(lines[seat :: len(self.people)]):
            if self.done.is_set():
                return
            self._decide(client, line["agendapuntId"], self.owners[seat])

    def _decide(self, client: httpx2.Client, number: int, owner: int) -> None:
        versie = len(self.decided[number]) + 1
        reden = f"besproken, keer {versie} van punt {number}"
        besluit = {
            "agendapuntId": number,
            "agendapuntVersie": versie,
            "keuze": "aangehouden",
            "reden": reden,
            "eigenaarId": owner,
            "opvolgdatum": LATER,
        }
        key = {"Idempotency-Key": f"tafel-{self.id}-{number}-{versie}"}
        answer = self._until_answered(
            lambda: client.post("/api/v1/besluiten", json=besluit, headers=key)
        )
        if answer.status_code != HTTPStatus.CREATED:
            self.refused.append(answer.text)
            self.done.set()
            return
        self.replayed += "Idempotency-Replayed" in answer.headers
        self.decided[number].append(reden)
        self.acknowledged[answer.json()["besluitId"]] = reden

    def _until_answered(self, send: Callable[[], httpx2.Response]) -> httpx2.Response:
        """Send the same request until somebody says what became of it."""
        while True:
            try:
                answer = send()
                if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                    answer.json()  # else it was cut off
                    return answer
            except UNSURE:
                self.unsure += 1
            time.sleep(0.05)


def kill_servers(
    server: Server,
    people: list[str],
    *,
    lines: int,
    kills: int,
    rng: Random,
    seconds: float = inf,
) -> tuple[Drill, Tafel]:
    """Kill a running server at random moments while people decide, and compare what it kept.

    Every besluit that somebody was told stands is there; every line has exactly the besluiten
    that were made, in their order; each besluit has its follow-up and its event.

    Parameters
    ----------
    server : Server
        It runs; it does not run afterwards.
    people : list of str
        Accounts that decide at the same time.
    lines, kills : int
        Length of the agenda; how often to kill.
    rng : Random
        Draws the moments.
    seconds : float
        No kill after this time.

    Returns
    -------
    tuple of Drill and Tafel
        What happened, and all that the people were told.
    """
    began = time.perf_counter()
    tafel = Tafel(server, people)
    tafel.plan(lines)
    done, midway = 0, 0
    with ExitStack() as stack:
        clients = [stack.enter_context(server.log_in(one)) for one in people]
        seats = [
            threading.Thread(target=tafel.sit, args=one, daemon=True) for one in enumerate(clients)
        ]
        for one in seats:
            one.start()
        while done < kills and time.perf_counter() - began < seconds:
            wait_for_more(tafel)
            time.sleep(rng.uniform(0, 0.3))
            unsure = tafel.unsure
            server.kill()
            server.start()
            midway += tafel.unsure > unsure
            done += 1
        wait_for_more(tafel)
        tafel.done.set()
        for one in seats:
            one.join(60)
            assert not one.is_alive()
    server.kill()
    compare(tafel)
    return Drill(done, midway, time.perf_counter() - began), tafel


def wait_for_more(tafel: Tafel) -> None:
    """Wait until somebody decided again."""
    before, deadline = len(tafel.acknowledged), time.monotonic() + 120
    while len(tafel.acknowledged) == before:
        assert not tafel.refused, tafel.refused
        assert time.monotonic() < deadline, "nobody can decide any more"
        time.sleep(0.005)


def compare(tafel: Tafel) -> None:
    """Hold what people were told against what is stored."""
    assert not tafel.refused, tafel.refused
    engine = open_engine(open_settings(tafel.server.data).database)
    of_table = sa.select(BESLUIT).join(AGENDAPUNT).where(AGENDAPUNT.c.matchtafel_id == tafel.id)
    with engine.connect() as connection:
        kept = connection.execute(of_table.order_by(BESLUIT.c.id)).mappings().all()
        versies = dict(
            connection.execute(
                sa.select(AGENDAPUNT.c.id, AGENDAPUNT.c.versie).where(
                    AGENDAPUNT.c.matchtafel_id == tafel.id
                )
            ).all()
        )
        asked = (
            connection.execute(
                sa.select(OPVOLGING.c.besluit_id)
                .join(BESLUIT, OPVOLGING.c.besluit_id == BESLUIT.c.id)
                .join(AGENDAPUNT, BESLUIT.c.agendapunt_id == AGENDAPUNT.c.id)
                .where(AGENDAPUNT.c.matchtafel_id == tafel.id)
            )
            .scalars()
            .all()
        )
        events = (
            connection.execute(
                sa.select(GEBEURTENIS.c.onderwerp_id)
                .where(GEBEURTENIS.c.matchtafel_id == tafel.id, GEBEURTENIS.c.soort == "besluit")
                .order_by(GEBEURTENIS.c.id)
            )
            .scalars()
            .all()
        )
    engine.dispose()
    redenen = {row["id"]: row["reden"] for row in kept}
    assert {one: redenen.get(one) for one in tafel.acknowledged} == tafel.acknowledged
    by_line: dict[int, list[str]] = defaultdict(list)
    standing: dict[int, int] = {}
    for row in kept:
        line = row["agendapunt_id"]
        assert row["vervangt_id"] == standing.get(line)
        by_line[line].append(row["reden"])
        standing[line] = row["id"]
    # as if nothing ever happened: every besluit once, in its order
    assert by_line == {line: redenen for line, redenen in tafel.decided.items() if redenen}
    assert {line: versies[line] for line in by_line} == {
        line: len(found) + 1 for line, found in by_line.items()
    }
    assert sorted(asked) == sorted(standing.values())
    assert list(events) == list(redenen)
