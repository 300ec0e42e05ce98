"""Question: what does the risk of 100,000 jongeren cost, features and reasons included.

The jongeren of a made-up region who are in the list are copied, each copy with ids of its own, up
to the number asked for, and written as Parquet; a model is fitted on a small region. Every
measurement runs in a process of its own, reads the tables and the model first, and is timed from
there. What stands beside it in
the same run is bare LightGBM: `Booster.predict` of the same trees on a matrix that is ready, and
its contributions (`pred_contrib`) for every row. The product makes reasons only for who is shown,
so they are measured for a page of 25 and for everybody.

Run: python experiments/bench_score.py --jongeren 100000
"""

import argparse
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

from features.risicoprofiel import PER_JONGERE, population, risicoprofiel, risicoprofielen
from features.synthetic import RegionConfig, generate_region
from models.splitting import add_months
from models.training import train_uitvalrisico
from models.uitvalrisico import UitvalrisicoModel

PEILDATUM = date(2026, 11, 1)
MONTHS = 24
SHOWN = 25
SMALL, BASE = 3_000, 20_000
"""Jongeren of the region that the model is fitted on, and of the one that is copied."""
TABLES = (*PER_JONGERE, "diploma", "kwalificatie")
ROWS_AT_ONCE = 10_000
HEADER = (
    "| what | rows | time | processor | per second | peak memory | above tables |\n"
    "|---|---|---|---|---|---|---|"
)
Tables = Mapping[str, pl.DataFrame]
Way = Callable[[Tables, UitvalrisicoModel, Path], tuple[Callable[[], object], int]]


def main() -> None:
    """Measure every way and print a markdown table with the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=100_000)
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--folder", type=Path, help="where the region is kept for a next run")
    parser.add_argument("--measure", choices=list(WAYS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.folder)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        if not (folder / "model").exists():
            write_region(folder, options.jongeren)
            fit_model(folder / "model")
        print(HEADER)
        busy = {}
        for way in options.ways:
            found = apart(way, folder)
            busy[way] = found["processor"]
            print(line(way, found), flush=True)
        for way, bare in BESIDE:
            if way in busy and bare in busy:
                print(f"{way}: {busy[way] / busy[bare]:.2f}x {bare}")


def line(way: str, found: Mapping[str, float]) -> str:
    """Return one line of the table."""
    return (
        f"| {way} | {found['rows']:,.0f} | {found['seconds']:.1f} s | {found['processor']:.1f} s "
        f"| {found['rows'] / found['processor']:,.0f} | {found['memory']:,.0f} MB "
        f"| {found['memory'] - found['before']:,.0f} MB |"
    )


def write_region(folder: Path, jongeren: int) -> None:
    """Write the tables of so many jongeren, all of them in the list on the peildatum."""
    folder.mkdir(parents=True, exist_ok=True)
    size = min(BASE, 3 * jongeren)
    config = RegionConfig(size, size // 15, size // 5, peildatum=PEILDATUM)
    tables = generate_region(config).tables
    listed = population(tables, [PEILDATUM])["jongere_id"]
    for name in TABLES:
        frame = tables[name]
        if "jongere_id" in frame.columns:
            frame = pl.concat(
                frame.filter(pl.col("jongere_id").is_in(own.implode())).with_columns(
                    pl.format("{}-{}", "jongere_id", pl.lit(copy))
                )
                for copy, own in enumerate(_copies(listed, jongeren))
            )
        frame.write_parquet(folder / f"{name}.parquet")


def _copies(listed: pl.Series, jongeren: int) -> list[pl.Series]:
    """Return who is copied each time, until there are so many."""
    begins = range(0, jongeren, len(listed))
    return [listed.head(jongeren - begin) for begin in begins]


def fit_model(folder: Path) -> None:
    """Fit on a small region and store the model."""
    tables = generate_region(RegionConfig(SMALL, SMALL // 15, SMALL // 5, seed=2)).tables
    trained = train_uitvalrisico(tables, observed_until=PEILDATUM, seed=1, progress=lambda _: None)
    trained.model.save(folder)


def apart(way: str, folder: Path) -> dict[str, float]:
    """Measure one way in a process of its own."""
    command = [sys.executable, __file__, "--measure", way, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # ourselves
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(way: str, folder: Path) -> dict[str, float]:
    """Return rows, seconds, processor seconds, and memory in MB before and at its highest."""
    tables = {name: pl.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    model = UitvalrisicoModel.load(folder / "model")
    run, rows = WAYS[way](tables, model, folder)
    someone = pl.DataFrame({"jongere_id": [""], "peildatum": [PEILDATUM]})
    model.redenen(risicoprofiel({}, someone))  # the trees are parsed before the clock starts
    before = _memory()
    began, busy = time.perf_counter(), time.process_time()
    run()
    return {
        "rows": rows,
        "seconds": time.perf_counter() - began,
        "processor": time.process_time() - busy,
        "before": before,
        "memory": _memory(),
    }


def _memory() -> float:
    """Return the highest memory use so far, in MB; Linux keeps it per program started."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def whole(reasons_for: int | None) -> Way:
    """Make features and scores from the tables, and reasons for the highest (None: for all)."""

    def way(
        tables: Tables, model: UitvalrisicoModel, folder: Path
    ) -> tuple[Callable[[], object], int]:
        spine = population(tables, [PEILDATUM])

        def run() -> None:
            profile = risicoprofiel(tables, spine)
            scores = model.predict(profile)
            shown = profile if reasons_for is None else profile[_highest(scores, reasons_for)]
            for part in shown.iter_slices(ROWS_AT_ONCE):
                model.redenen(part)

        return run, spine.height

    return way


def _highest(scores: np.ndarray[tuple[int], np.dtype[np.float64]], n: int) -> list[int]:
    return [int(place) for place in np.argsort(-scores, kind="stable")[:n]]


def features_only(
    tables: Tables, model: UitvalrisicoModel, folder: Path
) -> tuple[Callable[[], object], int]:
    """Make the features of one peildatum."""
    spine = population(tables, [PEILDATUM])
    return lambda: risicoprofiel(tables, spine), spine.height


def streamed(
    tables: Tables, model: UitvalrisicoModel, folder: Path
) -> tuple[Callable[[], object], int]:
    """Make features and scores of 24 peildata, and keep the scores only."""
    days = [add_months(PEILDATUM, -month) for month in range(MONTHS)]
    listed = population(tables, [PEILDATUM]).select("jongere_id")
    spine = listed.join(pl.DataFrame({"peildatum": days}), how="cross")

    def run() -> list[float]:
        parts = (model.predict(part) for part in risicoprofielen(tables, spine))
        return [float(part.sum()) for part in parts]

    return run, spine.height


def ready(task: str) -> Way:
    """Score, or explain, a matrix that is ready."""

    def way(
        tables: Tables, model: UitvalrisicoModel, folder: Path
    ) -> tuple[Callable[[], object], int]:
        import lightgbm

        profile = risicoprofiel(tables, population(tables, [PEILDATUM]))
        matrix = profile.select(model.stack.columns).to_numpy().astype(np.float64)
        trees = [
            lightgbm.Booster(model_file=path) for path in sorted((folder / "model").glob("trees*"))
        ]
        runs: dict[str, Callable[[], object]] = {
            "bare score": lambda: [one.predict(matrix, num_threads=1) for one in trees],
            "bare contributions": lambda: [
                one.predict(part, num_threads=1, pred_contrib=True)
                for part in np.array_split(matrix, -(-len(matrix) // ROWS_AT_ONCE))
                for one in trees
            ],
            "our score": lambda: model.predict(profile),
            "our reasons": lambda: [
                model.redenen(part) for part in profile.iter_slices(ROWS_AT_ONCE)
            ],
        }
        return runs[task], profile.height

    return way


BARE_SCORE = "bare LightGBM, score of a ready matrix"
BARE_REASONS = "bare LightGBM, contributions of a ready matrix"
PAGE = f"features, risk, reasons for a page of {SHOWN}"
EVERYBODY = "features, risk, reasons for everybody"
WAYS: dict[str, Way] = {
    BARE_SCORE: ready("bare score"),
    "risk from ready features": ready("our score"),
    BARE_REASONS: ready("bare contributions"),
    "reasons from ready features": ready("our reasons"),
    "features": features_only,
    PAGE: whole(SHOWN),
    EVERYBODY: whole(None),
    f"features and risk of {MONTHS} peildata, in parts": streamed,
}
BESIDE = (
    ("risk from ready features", BARE_SCORE),
    (PAGE, BARE_SCORE),
    ("reasons from ready features", BARE_REASONS),
    (EVERYBODY, BARE_REASONS),
    (EVERYBODY, PAGE),
)


if __name__ == "__main__":
    main()
