"""The lines of a matchtafel as a page shows them: who, the proposal with its why, the besluit."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl
from sqlalchemy.orm import Session

from models.explanation import Reden
from service.matchtafel.begrippen import Agendapunt, Besluit, Voorstelregel
from service.matchtafel.voorstel import redenen_of
from service.matchtafel.zicht import TafelZicht
from service.storage.besluit import BesluitRepository
from service.storage.gebruiker import GebruikerRepository
from service.storage.matchtafel import MatchtafelRepository
from service.wording import gezien

MOST_REDENEN = 2
MOST_ANDERS = 5
"""Other places that a line offers; the rest is on the page of one jongere."""


@dataclass(frozen=True)
class Plekkeuze:
    """A place that a jongere can have: its name and the kans."""

    leerwerkplek_id: str
    naam: str
    kans: float | None


@dataclass(frozen=True)
class Reserve:
    """Somebody else for the proposed place, and the place that they have now."""

    naam: str
    kans: float
    nu_op: str | None
    jongere_id: str


@dataclass(frozen=True)
class Wens:
    """The place with the greatest kans for somebody, and who has it in the proposal."""

    plek: Plekkeuze
    bezet_door: tuple[str, ...]


@dataclass(frozen=True)
class Genomen:
    """A besluit as the table reads it."""

    besluit: Besluit
    plek: str | None
    eigenaar: str
    door: str
    eerder: int


@dataclass(frozen=True)
class Regel:
    """One line of the agenda with the newest proposal and the besluit that stands."""

    punt: Agendapunt
    naam: str
    plek: Plekkeuze | None
    vast: bool
    voor: tuple[Reden, ...]
    tegen: tuple[Reden, ...]
    reserves: tuple[Reserve, ...]
    keuzes: tuple[Plekkeuze, ...]
    besluit: Genomen | None
    urgentie: tuple[str, ...]
    wens: Wens | None


def taken_of(session: Session, zicht: TafelZicht, matchtafel_id: int) -> dict[int, Genomen]:
    """Return the besluit that stands on each line that has one, by agendapunt_id.

    Who wrote it down goes by the name that their account has at this table, if it has one.
    """
    seats = MatchtafelRepository(session).deelnemers(matchtafel_id)
    people = {one.id: one.naam for one in seats}
    accounts = {one.gebruiker_id: one.naam for one in seats if one.gebruiker_id is not None}
    every = BesluitRepository(session).of_matchtafel(matchtafel_id)
    namen = GebruikerRepository(session).namen(one.door for one in every) | accounts
    found: dict[int, Genomen] = {}
    for one in every:
        former = found.get(one.agendapunt_id)
        found[one.agendapunt_id] = Genomen(
            besluit=one,
            plek=zicht.plek(one.leerwerkplek_id) if one.leerwerkplek_id else None,
            eigenaar=people[one.eigenaar_id],
            door=namen[one.door],
            eerder=0 if former is None else former.eerder + 1,
        )
    return found


def keuzes_of(zicht: TafelZicht, pairs: pl.DataFrame) -> dict[str, tuple[Plekkeuze, ...]]:
    """Return the places of pairs by jongere: the greatest kans first, without one by journey."""
    found: dict[str, tuple[Plekkeuze, ...]] = {}
    ordered = pairs.sort(
        "kans", "reistijd_minuten", descending=[True, False], nulls_last=True, maintain_order=True
    )
    for jongere, plek, kans in ordered.select("jongere_id", "leerwerkplek_id", "kans").iter_rows():
        found[jongere] = (*found.get(jongere, ()), Plekkeuze(plek, zicht.plek(plek), kans))
    return found


@dataclass(frozen=True)
class Regels:
    """Makes the lines of the page."""

    zicht: TafelZicht
    made: Mapping[int, Voorstelregel]
    besluiten: Mapping[int, Genomen]
    keuzes: Mapping[str, tuple[Plekkeuze, ...]]
    spare: Mapping[str, tuple[Reserve, ...]]
    gekozen: tuple[int, str]
    wensen: Mapping[str, Wens] = field(default_factory=dict)

    def regel(self, punt: Agendapunt) -> Regel:
        """Return one line."""
        made = self.made.get(punt.id)
        uitleg = {} if made is None else made.uitleg
        plek = self._proposed(made)
        taken = self.besluiten.get(punt.id)
        return Regel(
            punt=punt,
            naam=self.zicht.naam(punt.jongere_id),
            plek=plek,
            vast=bool(uitleg.get("vast", False)),
            voor=tuple(gezien(redenen_of(uitleg, "voor"))[:MOST_REDENEN]),
            tegen=tuple(gezien(redenen_of(uitleg, "tegen"))[:MOST_REDENEN]),
            reserves=self.spare.get(plek.leerwerkplek_id, ()) if plek and not taken else (),
            keuzes=self._offered(punt, plek, taken),
            besluit=taken,
            urgentie=tuple(self.zicht.urgentie(punt)),
            wens=None if taken else self._other_wish(punt, plek),
        )

    def _other_wish(self, punt: Agendapunt, plek: Plekkeuze | None) -> Wens | None:
        """Return the place with the greatest kans, if the proposal gives another one or none."""
        best = self.wensen.get(punt.jongere_id)
        mine = "" if plek is None else plek.leerwerkplek_id
        return None if best is None or best.plek.leerwerkplek_id == mine else best

    def _proposed(self, made: Voorstelregel | None) -> Plekkeuze | None:
        if made is None or made.leerwerkplek_id is None:
            return None
        return Plekkeuze(made.leerwerkplek_id, self.zicht.plek(made.leerwerkplek_id), made.kans)

    def _offered(
        self, punt: Agendapunt, plek: Plekkeuze | None, taken: Genomen | None
    ) -> tuple[Plekkeuze, ...]:
        """Return the places to choose from: proposed, the next best, chosen, and decided."""
        mine = "" if plek is None else plek.leerwerkplek_id
        fitting = self.keuzes.get(punt.jongere_id, ())
        others = [one for one in fitting if one.leerwerkplek_id != mine]
        asked = self.gekozen[1] if self.gekozen[0] == punt.id else ""
        found = ([plek] if plek else []) + others[:MOST_ANDERS]
        found += [one for one in others[MOST_ANDERS:] if one.leerwerkplek_id == asked]
        decided = taken.besluit.leerwerkplek_id if taken else None
        if taken and decided and decided not in {one.leerwerkplek_id for one in found}:
            found.append(Plekkeuze(decided, taken.plek or decided, None))
        return tuple(found)
