"""What people do around a matchtafel, sensible or not, and what must always hold (TRUST R7).

The machine works through the use cases on a real store. Beside the store it keeps the little that
must be true: every besluit as it was made, the last version of everything, what was closed.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

import polars as pl
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from features.tables import JONGERE, LEERBEDRIJF, LEERWERKPLEK
from service.errors import ConflictError, NotFoundError, RefusedError
from service.matchtafel.agenda import Agendaregel
from service.matchtafel.begrippen import (
    UITKOMSTEN,
    Besluit,
    Keuze,
    Opvolging,
    Status,
    TafelPlek,
    Uitkomst,
    Vraag,
    WensSoort,
)
from service.matchtafel.besluiten import NieuwBesluit, Plaatsing, answer, decide
from service.matchtafel.tafel import NieuweDeelnemer, bend, move_on, plan, put_on_agenda
from service.matchtafel.voorstel import Opties, propose
from service.matchtafel.zicht import TafelZicht
from service.storage import CanonicalRepository, GebruikerRepository, unit_of_work
from service.storage import bericht as notices
from service.storage.besluit import BesluitRepository, OpvolgingRepository
from service.storage.matchtafel import MatchtafelRepository
from service.storage.outbox_tables import BERICHT
from service.uitleg import Verteld
from tests.service.matchtafel.conftest import NOW, TODAY, fill
from tests.service.storage.imports import start_import

JONGEREN = ("J1", "J2", "J3", "J4")
PLEKKEN = {"P1": 1, "P2": 1, "P3": 2}
LATER = TODAY + timedelta(days=14)
GOED = "goed besproken met de jongere"
EXPECTED = (ConflictError, NotFoundError, RefusedError)
"""How a use case says no; nothing else may come out of it, and nothing may have changed."""


@dataclass(frozen=True)
class Zicht:
    """A region in which everybody fits everywhere, the one a little better than the other."""

    momentopname: dict[str, Any]
    gestopt: bool = False

    def paren(self, jongeren: Sequence[str], plekken: Sequence[str]) -> pl.DataFrame:
        pairs = [
            (one, plek, 0.3 + 0.01 * ((7 * at + 3 * place) % 11), 20.0)
            for at, one in enumerate(jongeren)
            for place, plek in enumerate(plekken)
        ]
        schema = {
            "jongere_id": pl.String,
            "leerwerkplek_id": pl.String,
            "kans": pl.Float64,
            "reistijd_minuten": pl.Float64,
        }
        return pl.DataFrame(pairs, schema=schema, orient="row")

    def vertel(self, pairs: Sequence[tuple[str, str]]) -> list[Verteld]:
        return [Verteld(0.2, 0.6, redenen=((), ()), ontbrekend=(), invoer=b"") for _ in pairs]

    def school(self, _jongere_id: str) -> str | None:
        return None

    def naam(self, jongere_id: str) -> str:
        return jongere_id

    def plek(self, leerwerkplek_id: str) -> str:
        return leerwerkplek_id

    def blokkades(self, _jongere_id: str, _leerwerkplek_id: str) -> tuple[()]:
        return ()


ZICHT = cast("TafelZicht", Zicht({"peildatum": "2026-11-01"}))


def people_and_places(engine: Engine) -> int:
    """Store who and what every table is about; return the id of an account."""
    with unit_of_work(engine) as session:
        canonical, run = CanonicalRepository(session), start_import(session)
        for one in JONGEREN:
            canonical.merge("jongere", fill(JONGERE, jongere_id=one), run)
        canonical.merge(
            "leerbedrijf", fill(LEERBEDRIJF, leerbedrijf_id="100000001", naam="Bedrijf"), run
        )
        for one, capaciteit in PLEKKEN.items():
            place = fill(
                LEERWERKPLEK,
                leerwerkplek_id=one,
                leerbedrijf_id="100000001",
                soort="stage",
                titel="Magazijn",
                capaciteit=capaciteit,
                uren_min=8.0,
                uren_max=32.0,
                begindatum=TODAY,
            )
            canonical.merge("leerwerkplek", place, run)
        anna = GebruikerRepository(session).add(
            naam="anna", password_hash="", rollen=[], aangemaakt_op=NOW
        )
        return anna.id


class Cycle(RuleBasedStateMachine):
    """One or two tables, decided on and followed up in any order."""

    def __init__(self, engine: Engine, gebruiker: int) -> None:
        super().__init__()
        self.engine = engine
        self.gebruiker = gebruiker
        self.now = NOW
        self.tried = 0
        self.tables: list[int] = []
        self.owners: dict[int, int] = {}
        self.besluiten: dict[int, Besluit] = {}
        self.answered: dict[int, Opvolging] = {}
        self.versions: dict[tuple[str, int], int] = {}
        self.closed: dict[int, tuple[int, ...]] = {}

    def attempt(self, step: Callable[[Session], object]) -> object:
        """Do something in a unit of work of its own; None when it was refused."""
        self.now += timedelta(minutes=1)
        self.tried += 1
        try:
            with unit_of_work(self.engine) as session:
                return step(session)
        except EXPECTED:
            return None

    @initialize()
    def open_table(self) -> None:
        self._add_table()
        table = self.tables[0]
        self.attempt(lambda session: move_on(session, table, Status.OPEN, versie=1, op=self.now))

    @precondition(lambda self: len(self.tables) < 2)
    @rule()
    def plan_another(self) -> None:
        self._add_table()

    def _add_table(self) -> None:
        def add(session: Session) -> int:
            return plan(
                session,
                regio="Achterhoek",
                datum=TODAY,
                deelnemers=[NieuweDeelnemer("Anna", "ROC", "school", self.gebruiker)],
                agenda=[Agendaregel(one, (), aselect=False, trekkans=0.0) for one in JONGEREN[:3]],
                plekken=[TafelPlek(0, one, vrij, None, None) for one, vrij in PLEKKEN.items()],
                momentopname={},
                door=self.gebruiker,
                op=self.now,
            )

        table = cast("int", self.attempt(add))
        self.tables.append(table)
        with unit_of_work(self.engine, read_only=True) as session:
            self.owners[table] = MatchtafelRepository(session).deelnemers(table)[0].id

    @rule(data=st.data(), status=st.sampled_from([*[Status.OPEN] * 9, Status.GESLOTEN]))
    def move(self, data: st.DataObject, status: Status) -> None:
        table = data.draw(st.sampled_from(self.tables))
        versie = self._version(data, "matchtafel", table)
        self.attempt(lambda session: move_on(session, table, status, versie=versie, op=self.now))

    @rule(data=st.data(), jongere=st.sampled_from(JONGEREN))
    def ask_for(self, data: st.DataObject, jongere: str) -> None:
        table = data.draw(st.sampled_from(self.tables))
        self.attempt(
            lambda session: put_on_agenda(session, table, jongere, reden="vraag", op=self.now)
        )

    @rule(
        data=st.data(),
        soort=st.sampled_from(WensSoort),
        jongere=st.sampled_from(JONGEREN),
        plek=st.sampled_from(sorted(PLEKKEN)),
    )
    def wish(self, data: st.DataObject, soort: WensSoort, jongere: str, plek: str) -> None:
        table, door = data.draw(st.sampled_from(self.tables)), self.gebruiker
        self.attempt(
            lambda session: bend(session, table, soort, jongere, plek, door=door, op=self.now)
        )

    @rule(data=st.data())
    def suggest(self, data: st.DataObject) -> None:
        table = data.draw(st.sampled_from(self.tables))
        made = self.attempt(
            lambda session: propose(
                session, ZICHT, table, Opties(), door=self.gebruiker, op=self.now
            )
        )
        if made is not None:
            self._check_capacities(table, cast("Any", made).id)

    @rule(data=st.data(), keuze=st.sampled_from(Keuze))
    def decide(self, data: st.DataObject, keuze: Keuze) -> None:
        plek = data.draw(st.sampled_from(sorted(PLEKKEN)))
        self._decide(data, keuze, plek if keuze is Keuze.VOORSTELLEN else None, GOED)

    @rule(
        data=st.data(),
        keuze=st.sampled_from(Keuze),
        plek=st.sampled_from([None, "P1", "P9"]),
        reden=st.sampled_from([GOED, "ja", " " * 20]),
    )
    def decide_anything(
        self, data: st.DataObject, keuze: Keuze, plek: str | None, reden: str
    ) -> None:
        self._decide(data, keuze, plek, reden)

    def _decide(self, data: st.DataObject, keuze: Keuze, plek: str | None, reden: str) -> None:
        table = data.draw(st.sampled_from(self.tables))
        with unit_of_work(self.engine, read_only=True) as session:
            lines = [one.id for one in MatchtafelRepository(session).agendapunten(table)]
        line = data.draw(st.sampled_from(lines))
        wanted = NieuwBesluit(
            agendapunt_id=line,
            agendapunt_versie=self._version(data, "agendapunt", line),
            keuze=keuze,
            reden=reden,
            eigenaar_id=self.owners[table],
            opvolgdatum=LATER,
            leerwerkplek_id=plek,
        )
        made = self.attempt(
            lambda session: decide(session, wanted, door=self.gebruiker, op=self.now)
        )
        if made is not None:
            assert self._status(table) is Status.OPEN
            assert reden == GOED
            with unit_of_work(self.engine, read_only=True) as session:
                stored = BesluitRepository(session).get(cast("int", made))
            assert (stored.keuze, stored.reden, stored.leerwerkplek_id) == (keuze, reden, plek)
            self.besluiten[stored.id] = stored

    @precondition(lambda self: self.besluiten)
    @rule(data=st.data(), sensible=st.sampled_from([True, True, False]))
    def follow_up(self, data: st.DataObject, *, sensible: bool) -> None:
        every = self._opvolgingen()
        waiting = [one for one in every if one.uitkomst is None]
        one = data.draw(st.sampled_from(waiting if sensible and waiting else every))
        answers = UITKOMSTEN[one.vraag] if sensible else tuple(Uitkomst)
        uitkomst = data.draw(st.sampled_from(answers))
        versie = self._version(data, "opvolging", one.id)
        day = self.now.date()
        agreed = sensible or data.draw(st.booleans())
        plaatsing = Plaatsing(day, day + timedelta(days=90), 24.0) if agreed else None
        found = self.attempt(
            lambda session: answer(
                session,
                one.id,
                uitkomst,
                versie=versie,
                door=self.gebruiker,
                op=self.now,
                plaatsing=plaatsing,
            )
        )
        if found is not None:
            assert one.id not in self.answered
            self.answered[one.id] = cast("Opvolging", found)

    @invariant()
    def no_besluit_is_lost_or_changed(self) -> None:
        with unit_of_work(self.engine, read_only=True) as session:
            stored = {
                one.id: one
                for table in self.tables
                for one in BesluitRepository(session).of_matchtafel(table)
            }
        assert stored == self.besluiten

    @invariant()
    def versions_only_grow_and_tell_the_number_of_changes(self) -> None:
        found: dict[tuple[str, int], int] = {}
        with unit_of_work(self.engine, read_only=True) as session:
            repository = MatchtafelRepository(session)
            made = Counter(one.agendapunt_id for one in self.besluiten.values())
            for table in self.tables:
                found["matchtafel", table] = repository.get(table).versie
                for line in repository.agendapunten(table):
                    found["agendapunt", line.id] = line.versie
                    assert line.versie == 1 + made[line.id]  # no step without a besluit
            for one in self._opvolgingen():
                found["opvolging", one.id] = one.versie
        dropped = {key for key in self.versions if key not in found}
        assert all(kind == "opvolging" and key not in self.answered for kind, key in dropped)
        assert all(found[key] >= self.versions[key] for key in self.versions if key in found)
        # SQLite gives the id of a follow-up that was dropped to a later one
        self.versions = found

    @invariant()
    def every_standing_besluit_is_followed_up_by_one_owner_on_one_day(self) -> None:
        replaced = {one.vervangt_id for one in self.besluiten.values()}
        standing = {one for one in self.besluiten if one not in replaced}
        every = self._opvolgingen()
        assert standing <= {one.besluit_id for one in every}
        for one in every:
            assert one.eigenaar_id in self.owners.values()
            assert isinstance(one.datum, date)
            assert one.uitkomst is not None or one.besluit_id in standing
        assert {one.id: one for one in every if one.uitkomst is not None} == self.answered

    @invariant()
    def every_open_follow_up_has_one_notice_that_waits(self) -> None:
        wanted = {
            f"opvolging/{one.besluit_id}/{one.id}"
            for one in self._opvolgingen()
            if one.uitkomst is None
        }
        keys = {f"opvolging/{one}/" for one in self.besluiten}
        with unit_of_work(self.engine, read_only=True) as session:
            waiting = session.execute(
                sa.select(BERICHT.c.sleutel).where(BERICHT.c.status == notices.Status.WACHT)
            ).scalars()
            found = {one for one in waiting if any(one.startswith(key) for key in keys)}
        assert found == wanted

    @invariant()
    def a_stage_begins_only_by_a_besluit_for_a_place(self) -> None:
        for one in self._opvolgingen():
            if one.stage_id is not None:
                besluit = self.besluiten[one.besluit_id]
                assert besluit.keuze is Keuze.VOORSTELLEN
                assert one.vraag in (Vraag.GESTART, Vraag.LOOPT_HET)

    @invariant()
    def what_is_closed_stays_as_it_was(self) -> None:
        with unit_of_work(self.engine, read_only=True) as session:
            repository = MatchtafelRepository(session)
            for table in self.tables:
                state = (
                    len(repository.agendapunten(table)),
                    len(repository.voorstellen(table)),
                    len(repository.wensen(table)),
                    len(BesluitRepository(session).of_matchtafel(table)),
                )
                if table in self.closed:
                    assert repository.get(table).status is Status.GESLOTEN
                    assert self.closed[table] == state
                elif repository.get(table).status is Status.GESLOTEN:
                    self.closed[table] = state

    def _check_capacities(self, table: int, voorstel_id: int) -> None:
        """Nobody is proposed twice, and no place beyond what is left of it."""
        replaced = {one.vervangt_id for one in self.besluiten.values()}
        with unit_of_work(self.engine, read_only=True) as session:
            repository = MatchtafelRepository(session)
            lines = {line.id for line in repository.agendapunten(table)}
            regels = repository.regels(voorstel_id)
        standing = [
            one
            for one in self.besluiten.values()
            if one.id not in replaced and one.agendapunt_id in lines
        ]
        used = Counter(one.leerwerkplek_id for one in standing if one.keuze is Keuze.VOORSTELLEN)
        proposed = Counter(one.leerwerkplek_id for one in regels if one.leerwerkplek_id)
        for plek, number in proposed.items():
            assert number <= max(0, PLEKKEN[str(plek)] - used[plek])
        assert max(Counter(one.agendapunt_id for one in regels).values(), default=1) == 1
        assert not {one.agendapunt_id for one in regels} & {one.agendapunt_id for one in standing}

    def _version(self, data: st.DataObject, kind: str, key: int) -> int:
        """Return the version of now, or now and then that of somebody who looked earlier."""
        late = data.draw(st.sampled_from([*[0] * 7, 1]))
        return self.versions.get((kind, key), 1) - late

    def _status(self, table: int) -> Status:
        with unit_of_work(self.engine, read_only=True) as session:
            return MatchtafelRepository(session).get(table).status

    def _opvolgingen(self) -> list[Opvolging]:
        with unit_of_work(self.engine, read_only=True) as session:
            return [
                one
                for table in self.tables
                for one in OpvolgingRepository(session).of_matchtafel(table)
            ]
