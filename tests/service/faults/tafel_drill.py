"""A matchtafel on a server that is killed again and again, while people go on deciding (R4)."""

import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

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


@dataclass
class Tafel:
    """What was decided, line by line, by people who try until they know that it stands."""

    server: Server
    people: list[str]
    id: int = 0
    owners: list[int] = field(default_factory=list)
    decided: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    acknowledged: dict[int, str] = field(default_factory=dict)
    unsure: int = 0
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

    def sit(self, seat: int) -> None:
        """Decide the lines of one seat in turn, again and again, until the table is done."""
        while True:
            last = self.done.is_set()  # then once more, so that nothing stays unsure
            try:
                with self.server.log_in(self.people[seat]) as client:
                    path = f"/api/v1/matchtafels/{self.id}/agendapunten"
                    lines = client.get(path).json()["resultaten"][seat :: len(self.people)]
                    self._decide(client, lines, seat)
                if last:
                    return
            except (*UNSURE, AssertionError):
                time.sleep(0.05)

    def _decide(self, client: httpx2.Client, lines: list[dict[str, Any]], seat: int) -> None:
        for line in lines:
            number = line["agendapuntId"]
            # what nobody confirmed is asked again, with the version that was seen then
            versie = len(self.decided[number]) + 1
            reden = f"besproken, keer {versie} van punt {number}"
            besluit = {
                "agendapuntId": number,
                "agendapuntVersie": versie,
                "keuze": "aangehouden",
                "reden": reden,
                "eigenaarId": self.owners[seat],
                "opvolgdatum": LATER,
            }
            try:
                answer = client.post("/api/v1/besluiten", json=besluit)
                told = answer.json()
            except UNSURE:
                self.unsure += 1
                raise
            if answer.status_code == 201:
                self.acknowledged[told["besluitId"]] = reden
            elif (
                answer.status_code != 409
            ):  # it stands already: the answer was lost, not the besluit
                time.sleep(0.05)  # a server that is starting or stopping
                continue
            self.decided[number].append(reden)


def kill_servers(
    server: Server, people: list[str], *, lines: int, kills: int, rng: Random
) -> Drill:
    """Kill a running server at random moments while people decide, and compare what it kept.

    Every besluit that somebody was told stands is there; every line has exactly the besluiten
    that were made, in their order; each besluit has its follow-up, its notice and its event.
    """
    began = time.perf_counter()
    tafel = Tafel(server, people)
    tafel.plan(lines)
    seats = [threading.Thread(target=tafel.sit, args=(seat,)) for seat in range(len(people))]
    for one in seats:
        one.start()
    for _ in range(kills):
        wait_for_more(tafel)
        time.sleep(rng.uniform(0, 0.3))
        server.kill()
        server.start()
    wait_for_more(tafel)
    tafel.done.set()
    for one in seats:
        one.join(60)
        assert not one.is_alive()
    server.kill()
    compare(tafel)
    return Drill(kills, tafel.unsure, time.perf_counter() - began)


def wait_for_more(tafel: Tafel) -> None:
    """Wait until somebody decided again."""
    before, deadline = len(tafel.acknowledged), time.monotonic() + 120
    while len(tafel.acknowledged) == before:
        assert time.monotonic() < deadline, "nobody can decide any more"
        time.sleep(0.005)


def compare(tafel: Tafel) -> None:
    """Hold what people were told against what is stored."""
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
                .join(BESLUIT)
                .join(AGENDAPUNT)
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
