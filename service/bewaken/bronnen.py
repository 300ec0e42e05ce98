"""How good the data are per source: what is unknown, what was refused, how old the last file is."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
from sqlalchemy.orm import Session

from features.contract import Tables
from features.tables import TABLES
from service.bewaken.maten import Maat
from service.dutch import datum, percent
from service.privacy.kleine_aantallen import KLEINSTE
from service.storage.bewaking import LET_OP, RUSTIG, TE_WEINIG, Bevinding
from service.storage.importrun import ImportRepository

MOST_FIELDS = 3
"""Fields that are named of one source: those that are unknown most often."""
OLD_DAYS = 35
"""A source that sends a file each month is late after this."""
PERSON = "jongere_id"


def bronkwaliteit(tables: Tables) -> Iterator[Bevinding]:
    """Yield per source and table about jongeren which share of the optional fields is unknown."""
    for naam, contract in TABLES.items():
        optional = [one.name for one in contract.columns if not one.required]
        frame = tables.get(naam)
        if frame is None or not optional or not {PERSON, "bron"} <= set(frame.columns):
            continue
        for bron in frame["bron"].drop_nulls().unique().sort():
            yield _unknown(naam, bron, frame.filter(pl.col("bron") == bron), optional)


def _unknown(naam: str, bron: str, rows: pl.DataFrame, optional: Sequence[str]) -> Bevinding:
    key = ("", "", Maat.BRON.value, f"{bron}: {naam}")
    if rows[PERSON].n_unique() < KLEINSTE:
        return Bevinding(*key, TE_WEINIG, f"Minder dan {KLEINSTE} jongeren.")
    shares = {one: rows[one].null_count() / rows.height for one in optional}
    worst = sorted(shares, key=lambda one: (-shares[one], one))[:MOST_FIELDS]
    told = ", ".join(f"{_words(one)} {percent(shares[one])}" for one in worst if shares[one])
    return Bevinding(
        *key,
        RUSTIG,
        f"Meest onbekend: {told}." if told else "Alles is ingevuld.",
        waarde=sum(shares.values()) / len(shares),
        n=rows.height // KLEINSTE * KLEINSTE,
    )


def _words(column: str) -> str:
    """Return the name of a column as people read it."""
    return column.replace("_", " ").replace("postcode4", "postcode")


def bestanden(session: Session, now: datetime) -> Iterator[Bevinding]:
    """Yield per kind of file how many days ago the last one came."""
    newest: dict[str, datetime] = {}
    for run in ImportRepository(session).list():
        if run.sha256:
            newest.setdefault(run.soort, run.tijdstip)
    for soort, last in sorted(newest.items()):
        days = (now - last).days
        late = days > OLD_DAYS
        yield Bevinding(
            "",
            "",
            Maat.BESTAND.value,
            soort,
            LET_OP if late else RUSTIG,
            f"Laatste bestand op {datum(last.date())}, {days} dagen geleden.",
            waarde=float(days),
            grens=float(OLD_DAYS),
        )


def geweigerd(problems: Path) -> Iterator[Bevinding]:
    """Yield how many rows the last import that was refused named, where there was one."""
    if not problems.exists():
        return
    with problems.open(encoding="utf-8-sig", newline="") as lines:
        count = max(sum(1 for _ in csv.reader(lines, delimiter=";")) - 1, 0)
    if count:
        yield Bevinding(
            "",
            "",
            Maat.GEWEIGERD.value,
            "laatste geweigerde import",
            LET_OP,
            f"{count} regels zijn fout. Zolang ze niet zijn verbeterd, is er niets ingelezen.",
            waarde=float(count),
        )
