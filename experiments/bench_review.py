"""Measure the review list of a model version at 100,000 besluiten (TRUST H8).

Run: python experiments/bench_review.py. A database of its own in a temporary folder; half of the
jongeren were shown version 1, the other half version 2.
"""

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import sqlalchemy as sa

from service.aanmelden.accounts import create_gebruiker
from service.matchtafel.begrippen import Keuze
from service.storage.engine import open_engine, unit_of_work
from service.storage.matchtafel_tables import AGENDAPUNT, BESLUIT, DEELNEMER, MATCHTAFEL
from service.storage.migrate import migrate
from service.storage.suggestielog_tables import LIJST, SUGGESTIE, VERTONING
from service.suggestielog.herziening import review_list

BESLUITEN, JONGEREN, REGELS = 100_000, 10_000, 10
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = date(2026, 1, 1)


def fill(session: sa.orm.Session) -> None:
    """Store besluiten, and for every jongere a list of ten lines that was shown twice."""
    create_gebruiker(session, "coach", "een lang en goed wachtwoord", [])
    tafel = {"regio": "R", "datum": DAY, "status": "open", "momentopname": {}}
    tafel |= {"versie": 1, "aangemaakt_door": 1, "aangemaakt_op": BEGIN}
    tafels = range(1, BESLUITEN // JONGEREN + 1)
    session.execute(sa.insert(MATCHTAFEL), [tafel | {"id": one} for one in tafels])
    seat = {"id": 1, "matchtafel_id": 1, "naam": "A", "organisatie": "S", "rol": "r"}
    session.execute(sa.insert(DEELNEMER), [seat])
    head = {"soort": "leerwerkplekken", "peildatum": DAY, "volgorde": "", "model": "plaatsing"}
    head |= {"model_sha256": "a", "code_versie": "", "schema_sha256": "b", "regel_versie": ""}
    hashes = [f"{one:064d}" for one in range(JONGEREN)]
    session.execute(
        sa.insert(LIJST),
        [
            head | {"sha256": key, "jongere_id": f"J{one}", "model_versie": str(1 + one % 2)}
            for one, key in enumerate(hashes)
        ],
    )
    session.execute(
        sa.insert(SUGGESTIE),
        [
            {"lijst_sha256": key, "nummer": n, "jongere_id": f"J{one}", "rang": n}
            for one, key in enumerate(hashes)
            for n in range(1, REGELS + 1)
        ],
    )
    seen = {"kijker": "gebruiker:1", "gebruiker_id": 1, "doel": "", "operatie_id": ""}
    session.execute(
        sa.insert(VERTONING),
        [
            seen | {"id": f"{key[-20:]}{n}", "lijst_sha256": key, "tijdstip": BEGIN}
            for key in hashes
            for n in range(2)
        ],
    )
    line = {"volgorde": 1, "urgentie": [], "aselect": False, "trekkans": 0.0, "versie": 1}
    session.execute(
        sa.insert(AGENDAPUNT),
        [
            line
            | {
                "id": one + 1,
                "matchtafel_id": 1 + one // JONGEREN,
                "jongere_id": f"J{one % JONGEREN}",
            }
            for one in range(BESLUITEN)
        ],
    )
    taken = {"keuze": Keuze.AANHOUDEN, "reden": "Nog niet zover nu.", "eigenaar_id": 1}
    taken |= {"opvolgdatum": DAY, "door": 1}
    session.execute(
        sa.insert(BESLUIT),
        [
            taken
            | {
                "id": one + 1,
                "agendapunt_id": one + 1,
                "tijdstip": BEGIN + timedelta(seconds=one + 1),
            }
            for one in range(BESLUITEN)
        ],
    )


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'v.db'}", synchronous="OFF")
        migrate(engine)
        with unit_of_work(engine) as session:
            fill(session)
        for _ in range(3):
            with unit_of_work(engine, read_only=True) as session:
                begin = perf_counter()
                found = review_list(session, "plaatsing", "2")
                print(f"{len(found)} besluiten in {perf_counter() - begin:.2f} s")
        engine.dispose()


if __name__ == "__main__":
    main()
