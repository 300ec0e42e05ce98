"""Question: how many person-peildata per second, beside the same windows in DuckDB SQL.

A made-up region is written as Parquet; every measurement runs in a process of its own, reads the
tables first, and is timed from tables to feature columns. Three things are measured: the verzuim
windows (4, 13, 26, 52 weeks: hours taught and missed, and both shares) with `features.windows`,
the same windows in SQL, and the whole risicoprofiel. Both ways must give the same shares.

Run: python experiments/bench_features.py --rows 10000 100000 1000000
DuckDB is no dependency of the project: install it beside (`pip install duckdb`); without it its
lines are left out.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.risicoprofiel import PER_JONGERE, risicoprofiel
from features.synthetic import RegionConfig, generate_region
from features.windows import window_sums

PEILDATA = 24
WEEKS = (4, 13, 26, 52)
HOURS = {"les": "lesuren", "weg": "uren_ongeoorloofd", "ziek": "uren_geoorloofd"}
TABLES = (*PER_JONGERE, "diploma", "kwalificatie")
LAST = date(2026, 11, 1)
HEADER = (
    "| what | person-peildata | jongeren | time | processor | per second | peak memory |\n"
    "|---|---|---|---|---|---|---|"
)
Shares = NDArray[np.float64]
Tables = Mapping[str, pl.DataFrame]


def main() -> None:
    """Measure every size and way, and print a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--measure", choices=sorted(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.folder)))
        return
    print(HEADER)
    for rows in options.rows:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            jongeren = write_region(folder, rows)
            means = set()
            for way in WAYS:
                if way == "windows in DuckDB SQL" and not importlib.util.find_spec("duckdb"):
                    continue
                found = apart(way, folder)
                if way != "whole risicoprofiel":
                    means.add(round(found["mean"], 9))
                print(
                    f"| {way} | {found['rows']:,.0f} | {jongeren:,} | {found['seconds']:.2f} s "
                    f"| {found['processor']:.2f} s "
                    f"| {found['rows'] / found['seconds']:,.0f} | {found['memory']:.0f} MB |",
                    flush=True,
                )
            if len(means) > 1:
                raise SystemExit(f"the ways differ: {means}")


def write_region(folder: Path, rows: int) -> int:
    """Write the tables and the spine of a region of so many person-peildata."""
    jongeren = -(-rows // PEILDATA)
    places = max(60, jongeren // 5)
    config = RegionConfig(jongeren, places // 3, places, peildatum=LAST)
    tables = generate_region(config).tables
    for name in TABLES:
        tables[name].write_parquet(folder / f"{name}.parquet")
    days = pl.date_range(date(2024, 12, 1), LAST, "1mo", eager=True).alias("peildatum")
    spine = tables["jongere"].select("jongere_id").join(days.to_frame(), how="cross")
    spine.write_parquet(folder / "spine.parquet")
    return jongeren


def apart(way: str, folder: Path) -> dict[str, float]:
    """Measure one way in a process of its own."""
    command = [sys.executable, __file__, "--measure", way, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # ourselves
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(way: str, folder: Path) -> dict[str, float]:
    """Return rows, seconds, the mean of the shares, and the highest memory use in MB.

    The time of the processor (of all threads) is touched less by what else the machine does.
    """
    tables = {name: pl.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    spine = pl.read_parquet(folder / "spine.parquet")
    run = WAYS[way](tables, spine)
    began, busy = time.perf_counter(), time.process_time()
    shares = run()
    return {
        "rows": spine.height,
        "seconds": time.perf_counter() - began,
        "processor": time.process_time() - busy,
        "mean": float(np.nanmean(shares)),
        "memory": _memory(),
    }


def _memory() -> float:
    """Return the highest memory use so far, in MB; Linux keeps it per program started."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def with_windows(tables: Tables, spine: pl.DataFrame) -> Callable[[], Shares]:
    """Sum the windows as the features do."""

    def run() -> Shares:
        sums = window_sums(
            tables,
            "verzuim",
            spine,
            day="week",
            values={name: pl.col(column) for name, column in HOURS.items()},
            windows=[7 * weeks for weeks in WEEKS],
        )
        taught = {weeks: pl.col(f"les_{7 * weeks}") for weeks in WEEKS}
        return sums.select(
            (pl.col(f"{kind}_{7 * weeks}") / pl.when(hours > 0).then(hours)).alias(
                f"{kind}_{weeks}"
            )
            for kind in ("weg", "ziek")
            for weeks, hours in taught.items()
        ).to_numpy()

    return run


def with_duckdb(tables: Tables, spine: pl.DataFrame) -> Callable[[], Shares]:
    """Sum the same windows in SQL; the tables lie in DuckDB before the clock starts."""
    import duckdb

    connection = duckdb.connect()
    with tempfile.TemporaryDirectory() as name:
        for table, frame in (("verzuim", tables["verzuim"]), ("spine", spine)):
            path = Path(name) / f"{table}.parquet"
            frame.write_parquet(path)
            connection.read_parquet(str(path)).create(table)
    in_window = "FILTER (v.week > s.peildatum - {days})"
    sums = ", ".join(
        f"sum(v.{column}) {in_window.format(days=7 * weeks)} AS {name}_{weeks}"
        for name, column in HOURS.items()
        for weeks in WEEKS
    )
    shares = ", ".join(
        f"{kind}_{weeks} / nullif(les_{weeks}, 0) AS deel_{kind}_{weeks}"
        for kind in ("weg", "ziek")
        for weeks in WEEKS
    )
    query = f"""
        WITH sums AS (
            SELECT s.jongere_id, s.peildatum, {sums}
            FROM spine s LEFT JOIN verzuim v ON v.jongere_id = s.jongere_id
                AND v.bekend_op <= s.peildatum AND v.week <= s.peildatum
                AND v.week > s.peildatum - 364
            GROUP BY s.jongere_id, s.peildatum
        )
        SELECT {shares} FROM sums
    """  # noqa: S608  # made of constants above

    def run() -> Shares:
        found = connection.execute(query).fetchnumpy()
        return np.column_stack([np.ma.filled(column, np.nan) for column in found.values()])

    return run


def with_profile(tables: Tables, spine: pl.DataFrame) -> Callable[[], Shares]:
    """Make every feature of uitvalrisico."""
    return lambda: risicoprofiel(tables, spine)["verzuim_ongeoorloofd_13"].to_numpy()


WAYS: dict[str, Callable[[Tables, pl.DataFrame], Callable[[], Shares]]] = {
    "windows, ours": with_windows,
    "windows in DuckDB SQL": with_duckdb,
    "whole risicoprofiel": with_profile,
}


if __name__ == "__main__":
    main()
