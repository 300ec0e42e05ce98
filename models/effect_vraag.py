"""What is asked of the data: which help, and what should come of it."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from features.contract import Tables
from features.peildatum import table

PLAATSING_MAANDEN = 6
"""A plaatsing counts when it begins within so many months."""


class SoortHulp(StrEnum):
    """What kind of help is asked about."""

    TRAJECT = "traject"
    BEGELEIDING = "begeleiding"


class Uitkomst(StrEnum):
    """What should come of it."""

    UITVAL = "uitval"
    PLAATSING = "plaatsing"


@dataclass(frozen=True)
class Vraag:
    """Which help is asked about, and what for.

    Parameters
    ----------
    hulp : SoortHulp
        A traject, or begeleiding.
    naam : str
        The soort of the trajecten; or who seeks contact (``door`` of a contact).
    uitkomst : Uitkomst
        Uitval within `UitvalDefinition.maanden`, or a plaatsing that begins within
        `PLAATSING_MAANDEN` and is sustained.
    tegenover : str, optional
        Another role: then only jongeren that one of both (not both) sought are compared.
    """

    hulp: SoortHulp
    naam: str
    uitkomst: Uitkomst = Uitkomst.UITVAL
    tegenover: str | None = None


def vragen(tables: Tables) -> tuple[Vraag, ...]:
    """Return every question that these tables could be asked, about uitval and about plaatsing."""
    soorten = sorted(table(tables, "traject")["soort"].unique())
    rollen = sorted(table(tables, "contact")["door"].unique())
    return tuple(
        Vraag(hulp, naam, uitkomst)
        for hulp, namen in ((SoortHulp.TRAJECT, soorten), (SoortHulp.BEGELEIDING, rollen))
        for naam in namen
        for uitkomst in Uitkomst
    )


def begun(tables: Tables, vraag: Vraag, naam: str | None = None) -> pl.DataFrame:
    """Return on which days help began, as ``jongere_id`` and ``datum``.

    Who takes part in a traject is in `bekend_bij`, with the id or the title of the traject as
    the register that knows the jongere. Begeleiding begins with an attempt to reach the jongere:
    that is what somebody can decide to do, whether it succeeds is up to the jongere too.
    """
    asked = naam or vraag.naam
    if vraag.hulp == SoortHulp.BEGELEIDING:
        return table(tables, "contact").filter(door=asked).select("jongere_id", "datum")
    chosen = table(tables, "traject").filter(soort=asked)
    registers = [*chosen["traject_id"], *chosen["titel"]]
    taken = table(tables, "bekend_bij").filter(pl.col("register").is_in(registers))
    return taken.select("jongere_id", datum="datum_van")
