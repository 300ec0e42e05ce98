"""Whether the audit log is as it was written: lines, tail and signatures (TRUST A2, A3, A5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from service.audit.koppen import GetekendeKop
from service.storage.audit import AuditRepository, Kop, line_hash

MOST_TOLD = 100
"""Deviations after which the search stops: a log in such a state needs a person, not a list."""


class Afwijking(StrEnum):
    """What is wrong with the audit log."""

    ONTBREEKT = "regels ontbreken"
    GEWIJZIGD = "regel is gewijzigd"
    STAART_WEG = "het einde van het log ontbreekt"
    ANDERE_KOP = "regel is anders dan bij de export"
    ONECHTE_KOP = "export is niet met onze sleutel getekend"
    ONECHT_IJKPUNT = "opruiming is niet met onze sleutel getekend"


@dataclass(frozen=True)
class Breuk:
    """One deviation, and the number of the line at which it shows."""

    nummer: int
    afwijking: Afwijking


@dataclass(frozen=True)
class Controle:
    """What a check looked at, and what it found."""

    regels: int
    koppen: int
    kop: Kop
    breuken: tuple[Breuk, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.breuken


def check_log(
    session: Session, koppen: Sequence[GetekendeKop] = (), *, public_keys: Sequence[str]
) -> Controle:
    """Check the chain from the first line that is kept, and exported heads against it.

    Parameters
    ----------
    session : Session
        A unit of work that reads.
    koppen : sequence of GetekendeKop
        Exported heads; without them a tail that was cut off is not seen.
    public_keys : sequence of str
        Keys of this installation, the present and the former, in hex.

    Returns
    -------
    Controle
        Every deviation up to `MOST_TOLD`, in the order of the lines.
    """
    repository = AuditRepository(session)
    start = repository.start()
    wanted = {one.nummer: one.hash for one in koppen}
    lines, kop, breuken = _walk(start, repository.lines(), wanted)
    breuken += [
        Breuk(one.nummer, Afwijking.ONECHT_IJKPUNT)
        for one in (_signed(row) for row in repository.checkpoints())
        if not one.is_signed_by(public_keys)
    ]
    breuken += _check_koppen(koppen, start, kop, public_keys)
    found = sorted(breuken, key=lambda breuk: breuk.nummer)[:MOST_TOLD]
    return Controle(lines, len(koppen), kop, tuple(found))


def _walk(
    start: Kop, lines: Iterable[Row[Any]], wanted: Mapping[int, str]
) -> tuple[int, Kop, list[Breuk]]:
    """Follow the chain; after a deviation on from what stands there, so that each is told once."""
    breuken: list[Breuk] = []
    count, kop = 0, start
    for row in lines:
        count += 1
        values = dict(row._mapping)  # the documented view of a row by column
        stored = values.pop("hash")
        if row.nummer != kop.nummer + 1:
            breuken.append(Breuk(row.nummer, Afwijking.ONTBREEKT))
        elif line_hash(kop.hash, values) != stored:
            breuken.append(Breuk(row.nummer, Afwijking.GEWIJZIGD))
        if wanted.get(row.nummer, stored) != stored:
            breuken.append(Breuk(row.nummer, Afwijking.ANDERE_KOP))
        kop = Kop(row.nummer, stored)
        if len(breuken) >= MOST_TOLD:
            break
    return count, kop, breuken


def _check_koppen(
    koppen: Sequence[GetekendeKop], start: Kop, head: Kop, public_keys: Sequence[str]
) -> list[Breuk]:
    false = [
        Breuk(one.nummer, Afwijking.ONECHTE_KOP)
        for one in koppen
        if not one.is_signed_by(public_keys)
    ]
    cut = [Breuk(one.nummer, Afwijking.STAART_WEG) for one in koppen if one.nummer > head.nummer]
    other = [
        Breuk(one.nummer, Afwijking.ANDERE_KOP)
        for one in koppen
        if one.nummer == start.nummer and one.hash != start.hash
    ]
    return false + cut[:1] + other


def _signed(row: Row[Any]) -> GetekendeKop:
    return GetekendeKop(
        nummer=row.nummer,
        hash=row.hash,
        tijdstip=row.tijdstip.isoformat(timespec="seconds"),
        publieke_sleutel=row.publieke_sleutel,
        handtekening=row.handtekening,
    )
