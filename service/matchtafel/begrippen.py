"""What a matchtafel consists of: the words of its people, and its records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Where a matchtafel is in its life; it only goes forward."""

    GEPLAND = "gepland"
    OPEN = "open"
    GESLOTEN = "gesloten"


class Keuze(StrEnum):
    """What people can decide about one line of the agenda (TRUST H2)."""

    VOORSTELLEN = "voorstellen aan leerbedrijf"
    AANHOUDEN = "aangehouden"
    NIET_PASSEND = "niet passend"
    ANDERE_ROUTE = "andere route"
    TERUGGETROKKEN = "teruggetrokken door jongere"


class WensSoort(StrEnum):
    """How people bend the proposal: keep a pair together, or apart."""

    VASTZETTEN = "vastzetten"
    UITSLUITEN = "uitsluiten"


class Vraag(StrEnum):
    """What a follow-up asks on its day."""

    GESTART = "ben je geweest?"
    LOOPT_HET = "loopt het nog?"
    VERDER = "hoe gaat het verder?"


class Uitkomst(StrEnum):
    """What a follow-up found."""

    GESTART = "gestart"
    NIET_GESTART = "niet gestart"
    LOOPT_NOG = "loopt nog"
    AFGEROND = "afgerond"
    AFGEBROKEN = "afgebroken"
    OPGEPAKT = "opgepakt"


UITKOMSTEN: Mapping[Vraag, tuple[Uitkomst, ...]] = {
    Vraag.GESTART: (Uitkomst.GESTART, Uitkomst.NIET_GESTART),
    Vraag.LOOPT_HET: (Uitkomst.LOOPT_NOG, Uitkomst.AFGEROND, Uitkomst.AFGEBROKEN),
    Vraag.VERDER: (Uitkomst.OPGEPAKT,),
}
"""The answers that each question allows."""


@dataclass(frozen=True)
class Deelnemer:
    """Somebody at the table; `gebruiker_id` is None for a guest without account."""

    id: int
    naam: str
    organisatie: str
    rol: str
    gebruiker_id: int | None


@dataclass(frozen=True)
class Matchtafel:
    """One meeting; `versie` grows with every change of this record.

    `momentopname` names the data and models that the agenda and the proposals saw: peildatum,
    newest import, and version and SHA-256 per model.
    """

    id: int
    regio: str
    datum: date
    status: Status
    momentopname: Mapping[str, Any]
    versie: int
    aangemaakt_door: int
    aangemaakt_op: datetime


@dataclass(frozen=True)
class Agendapunt:
    """One jongere on the agenda.

    `aselect` tells that chance put the jongere here and `trekkans` how likely that was; neither
    is ever shown beside the line (TRUST H6). `versie` grows with each besluit on it.
    """

    id: int
    matchtafel_id: int
    jongere_id: str
    volgorde: int
    urgentie: tuple[str, ...]
    aselect: bool
    trekkans: float
    versie: int


@dataclass(frozen=True)
class TafelPlek:
    """A place that the table may propose: how many, and for whose own pupils only, until when."""

    matchtafel_id: int
    leerwerkplek_id: str
    vrij: int
    alleen_voor: str | None
    alleen_tot: date | None


@dataclass(frozen=True)
class Wens:
    """A pair that people keep together or apart; it stays on record when it is withdrawn."""

    id: int
    matchtafel_id: int
    soort: WensSoort
    jongere_id: str
    leerwerkplek_id: str
    door: int
    tijdstip: datetime
    ingetrokken_op: datetime | None


@dataclass(frozen=True)
class Voorstel:
    """A numbered joint proposal: what was asked of it, and what came out."""

    id: int
    matchtafel_id: int
    nummer: int
    opties: Mapping[str, Any]
    uitkomst: Mapping[str, Any]
    door: int
    tijdstip: datetime


@dataclass(frozen=True)
class Voorstelregel:
    """One line of a proposal; `leerwerkplek_id` is None when no place suits or is left."""

    id: int
    voorstel_id: int
    agendapunt_id: int
    leerwerkplek_id: str | None
    kans: float | None
    uitleg: Mapping[str, Any]


@dataclass(frozen=True)
class Besluit:
    """What people decided about one line, for good: a later besluit replaces, never erases."""

    id: int
    agendapunt_id: int
    voorstelregel_id: int | None
    leerwerkplek_id: str | None
    keuze: Keuze
    reden: str
    eigenaar_id: int
    opvolgdatum: date
    door: int
    tijdstip: datetime
    vervangt_id: int | None


@dataclass(frozen=True)
class Opvolging:
    """What comes back by itself on its day, and what was found then."""

    id: int
    besluit_id: int
    vraag: Vraag
    datum: date
    eigenaar_id: int
    uitkomst: Uitkomst | None
    toelichting: str
    stage_id: str | None
    gedaan_door: int | None
    gedaan_op: datetime | None
    versie: int


@dataclass(frozen=True)
class Gebeurtenis:
    """Something that changed at the table, for those who look on."""

    id: int
    matchtafel_id: int
    soort: str
    onderwerp_id: int
    tijdstip: datetime
