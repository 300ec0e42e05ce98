"""Question: how fast are the importers beside bare polars, and what do a million rows cost.

Each reader is timed against `polars.read_csv` of the same file in the same run, turn by turn, so
that a busy machine slows both. The quickest of seven turns of each counts, by the clock and by the
time of the processor, which other programs on the machine touch less. The store is filled in a
process of its own, whose highest memory use is asked of the system at the end.

Run: python experiments/bench_import.py --rows 1000000
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from service.importing.canonical import read_canonical
from service.importing.check import check_file, known_keys
from service.importing.parsed import ParsedFile
from service.importing.persons import ReadOptions
from service.importing.pseudonym import passes_elfproef
from service.importing.registratieoverzicht import read_registratieoverzicht
from service.importing.run import import_paths
from service.storage.engine import open_engine
from service.storage.migrate import migrate

KEY = b"k" * 32
TURNS = 7
WEEKS = 160
RECORDS_PER_PERSON = 6
FIRST_WEEK = date(2022, 8, 1)
RO_LIMIT, CSV_LIMIT, SECONDS_LIMIT, MEMORY_LIMIT = 5.0, 3.0, 60.0, 2.0
MEBIBYTE = 1024**2
HEADER = "| what | rows | time | rows per second | beside | target |\n|---|---|---|---|---|---|"


def draw_numbers(count: int) -> list[str]:
    """Return different numbers that satisfy the elfproef."""
    serials = pl.DataFrame({"bsn": np.arange(100_000_000, 100_000_000 + 12 * count).astype(str)})
    return serials.filter(passes_elfproef(pl.col("bsn")))["bsn"].head(count).to_list()


def write_verzuim(path: Path, rows: int, rng: np.random.Generator) -> list[str]:
    """Write a CSV of absence as a school exports it, and return the numbers of the persons."""
    persons = draw_numbers(-(-rows // WEEKS))
    weeks = [FIRST_WEEK + timedelta(days=7 * week) for week in range(WEEKS)]
    halves = rng.integers(0, 20, (2, rows)) / 2
    frame = (
        pl.DataFrame({"bsn": persons})
        .join(pl.DataFrame({"week": weeks}), how="cross")
        .head(rows)
        .with_columns(
            pl.lit(28.5).alias("lesuren"),
            pl.Series("uren geoorloofd", halves[0]),
            pl.Series("uren ongeoorloofd", halves[1]),
            (pl.col("week") + pl.duration(days=10)).alias("bekend op"),
        )
    )
    frame.write_csv(path, separator=";")
    return persons


def write_registratieoverzicht(path: Path, rows: int) -> None:
    """Write a Registratieoverzicht of about so many records."""
    lines = ["VLP|00AA|2022-08-01|2026-03-24|2026-03-25"]
    persons = draw_numbers(rows // RECORDS_PER_PERSON)
    for at, number in enumerate(persons):
        begin = FIRST_WEEK + timedelta(days=at % 1000)
        end = begin + timedelta(days=400)
        lines += [
            f"PER|{number}||2006-{at % 12 + 1:02}-15|V",
            f"ISG|{number}||1|{begin}|{end + timedelta(days=300)}|{end}|01",
            f"ISP|{number}||1|{begin}|25748|BOL|MBO-1|J||100A498|101X589||",
            f"BPV|{number}||1|1|{begin}|{begin}|{end}|{end}|400|{100000001 + at % 400}|25748|",
            f"ISE|{number}||1|{begin}|{end}",
            f"DIP|{number}||{8000000 + at}|25748|{end}||J|1|100A498",
        ]
    count = len(persons)
    totals = (count, count, count, count, count, count, 0, 0, 0)
    lines.append("|".join(["SLR", *map(str, totals)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Timing:
    """The quickest turn of a reader and of bare polars, in seconds."""

    ours: float
    bare: float
    ours_processor: float
    bare_processor: float


def compare(read: Callable[[], object], bare: Callable[[], object]) -> Timing:
    """Take turns and return the quickest of each."""
    turns = [(*_seconds(bare), *_seconds(read)) for _ in range(TURNS)]
    theirs, their_processor, ours, our_processor = (
        min(times) for times in zip(*turns, strict=True)
    )
    return Timing(ours, theirs, our_processor, their_processor)


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    start, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - processor


def bench_verzuim(path: Path) -> Timing:
    """Time CSV with pseudonyms and validation against bare polars."""
    options = ReadOptions(KEY, meldvertraging_dagen=75)
    jongeren = read_canonical(path.parent / "jongere.csv", options)
    stored = {"jongere": jongeren.tables["jongere"].select("jongere_id")}

    def read() -> ParsedFile:
        parsed = read_canonical(path, options)
        checked, problems = check_file(parsed, known_keys(stored, [parsed]))
        if problems.height:
            raise ValueError("the made-up rows should all be good")
        return checked

    return compare(read, lambda: pl.read_csv(path, separator=";"))


def bench_registratieoverzicht(path: Path) -> Timing:
    """Time the Registratieoverzicht against bare polars, which sees one wide table of text."""
    columns = {str(at): pl.String() for at in range(16)}
    return compare(
        lambda: read_registratieoverzicht(path, key=KEY),
        lambda: pl.read_csv(
            path, separator="|", has_header=False, schema=columns, missing_columns="insert"
        ),
    )


def fill_store(folder: Path) -> None:
    """Import the folder into a new SQLite store; prints seconds, new rows and peak memory."""
    engine = open_engine(f"sqlite:///{(folder / 'store.db').as_posix()}")
    migrate(engine)
    start = time.perf_counter()
    report = import_paths([folder / "in"], engine=engine, key=KEY)
    seconds = time.perf_counter() - start
    new = report.counts["verzuim"].new
    print(json.dumps({"seconds": seconds, "new": new, "mebibytes": _peak_memory()}))


def _peak_memory() -> float:
    import resource  # not on Windows; only this measurement needs it

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (MEBIBYTE if sys.platform == "darwin" else 1024)


def report_store(folder: Path) -> str:
    """Fill the store in a process of its own and return the line of the table."""
    done = subprocess.run(  # noqa: S603  # this very file
        [sys.executable, __file__, "--store", str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    told = json.loads(done.stdout)
    return (
        f"| verzuim into SQLite, whole import | {told['new']:,} | {told['seconds']:.1f} s "
        f"| {told['new'] / told['seconds']:,.0f} | peak {told['mebibytes'] / 1024:.2f} GiB "
        f"| {SECONDS_LIMIT:.0f} s, {MEMORY_LIMIT:.0f} GB |"
    )


def line(name: str, rows: int, timing: Timing, limit: float) -> str:
    """Return one line of the table."""
    return (
        f"| {name} | {rows:,} | {timing.ours:.2f} s (bare {timing.bare:.2f} s) "
        f"| {rows / timing.ours:,.0f} | {timing.ours / timing.bare:.1f}x, processor "
        f"{timing.ours_processor / timing.bare_processor:.1f}x | {limit:.0f}x |"
    )


def main() -> None:
    """Measure all and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.store:
        fill_store(arguments.store)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        verzuim, overzicht = folder / "in" / "verzuim.csv", folder / "RO_00AA.csv"
        persons = write_verzuim(verzuim, arguments.rows, np.random.default_rng(1))
        pl.DataFrame({"bsn": persons, "woonplaats": "Borculo"}).write_csv(
            folder / "in" / "jongere.csv", separator=";"
        )
        write_registratieoverzicht(overzicht, arguments.rows)
        print(HEADER)
        timing = bench_registratieoverzicht(overzicht)
        print(line("Registratieoverzicht, parsed", arguments.rows, timing, RO_LIMIT), flush=True)
        timing = bench_verzuim(verzuim)
        print(line("verzuim CSV, validated", arguments.rows, timing, CSV_LIMIT), flush=True)
        print(report_store(folder))


if __name__ == "__main__":
    main()
