"""Training on several machines: features per part of the jongeren, trees on all machines at once.

Needs Dask (the extra ``distributed``). Features are exactly those of one machine. Trees are not:
each machine puts its own rows in bins and draws its own share of them, so chances differ a little;
see `tests/models/test_distributed.py` for how little.
"""

import io
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from features.contract import Tables
from features.registry import Direction
from features.risicoprofiel import Part, risicoprofiel
from models import booster
from models.booster import BoosterConfig, Examples, Matrix, Vector
from models.errors import NoClusterError

if TYPE_CHECKING:
    from dask.array import Array
    from distributed import Client

WORKERS = 2
"""Processes of a cluster of this machine alone."""
FEWEST_ROWS = 1_000
"""With fewer rows per machine the trees grow here: that is quicker, and better."""
ANSWER_SECONDS = 30
SKLEARN_NAMES = {
    "min_data_in_leaf": "min_child_samples",
    "lambda_l2": "reg_lambda",
    "feature_fraction": "colsample_bytree",
    "bagging_fraction": "subsample",
    "bagging_freq": "subsample_freq",
    "seed": "random_state",
}
"""What LightGBM's own settings are called by the interface that works on Dask."""
OF_MACHINE = ("num_threads",)
"""Settings that each machine chooses itself."""


@dataclass(frozen=True)
class Cluster:
    """Machines that work together.

    Parameters
    ----------
    client : distributed.Client
        Connected to the scheduler of the machines.
    workers : tuple of str
        Their addresses.
    """

    client: "Client"
    workers: tuple[str, ...]

    def run(
        self, function: Callable[[Part], pl.DataFrame], parts: Iterable[Part]
    ) -> list[pl.DataFrame]:
        """Work parts out, each on one of the machines in turn; returns them in order."""
        sent = [
            self.client.submit(function, self._send(part, worker), workers=[worker], pure=False)
            for part, worker in zip(parts, cycle(self.workers), strict=False)
        ]
        return list(self.client.gather(sent))

    def risicoprofiel(self, tables: Tables, spine: pl.DataFrame) -> pl.DataFrame:
        """Return what `features.risicoprofiel.risicoprofiel` does, worked out on the machines."""
        return risicoprofiel(tables, spine, run=self.run, parts=len(self.workers))

    def grow(
        self,
        columns: Sequence[str],
        directions: Sequence[Direction],
        training: Examples,
        categories: Sequence[int],
        config: BoosterConfig,
        seed: int,
    ) -> str:
        """Return trees as `models.booster.grow` does, grown on all machines at once."""
        if not self.pays(len(training.labels)):
            return booster.grow(columns, directions, training, categories, config, seed)
        return self.train(
            config.parameters(directions, seed),
            config.rounds,
            (training.matrix, training.labels, None),
            columns=columns,
            categories=categories,
        )

    def pays(self, n_rows: int) -> bool:
        """Whether there are enough rows to deal over the machines."""
        return n_rows >= FEWEST_ROWS * len(self.workers)

    def train(
        self,
        parameters: Mapping[str, Any],
        rounds: int,
        rows: tuple[Matrix, Vector, Vector | None],
        *,
        columns: Sequence[str],
        categories: Sequence[int] = (),
    ) -> str:
        """Return trees as LightGBM's text, grown on all machines at once.

        Parameters
        ----------
        parameters : mapping
            LightGBM's own settings, with the objective.
        rounds : int
            Number of trees.
        rows : (array, array, array or None)
            Matrix, targets, and weights if rows do not count alike.
        columns : sequence of str
            Names of the columns.
        categories : sequence of int
            Places of the columns that hold codes.
        """
        from lightgbm import DaskLGBMRegressor

        matrix, targets, weights = rows
        chosen = {
            SKLEARN_NAMES.get(name, name): value
            for name, value in parameters.items()
            if name not in OF_MACHINE
        }
        trees = DaskLGBMRegressor(client=self.client, n_estimators=rounds, **chosen)
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            # what each machine chooses itself is left out, and that is what it says
            warnings.filterwarnings("ignore", "Parameter n_jobs will be ignored", UserWarning)
            trees.fit(
                self._spread(matrix),
                self._spread(targets),
                sample_weight=None if weights is None else self._spread(weights),
                feature_name=list(columns),
                categorical_feature=list(categories),
            )
        return str(trees.booster_.model_to_string())

    def _spread(self, rows: Matrix | Vector) -> "Array":
        """Return rows dealt over the machines in blocks of about one size."""
        import dask.array as da

        blocks = np.array_split(rows, len(self.workers))
        dealt: Array = da.concatenate(
            [
                da.from_delayed(self._send(block, worker), block.shape, block.dtype)
                for block, worker in zip(blocks, self.workers, strict=True)
            ]
        )
        return dealt

    def _send(self, what: object, worker: str) -> object:
        """Bring something to a machine; returns what stands for it there."""
        return self.client.scatter([what], workers=[worker], hash=False)[0]


@contextmanager
def open_cluster(address: str | None = None) -> Iterator[Cluster]:
    """Connect to the scheduler at an address, or start a few processes on this machine.

    Raises
    ------
    NoClusterError
        Dask is not installed, or nothing answers at the address.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise NoClusterError(address or "", installed=False) from error
    if address is not None:
        try:
            client = Client(address, timeout=ANSWER_SECONDS)
        except (OSError, ValueError) as error:
            raise NoClusterError(address) from error
        with client:
            yield _ready(client)
        return
    with (
        LocalCluster(
            n_workers=WORKERS,
            threads_per_worker=1,
            dashboard_address=None,
            env={"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"},
        ) as local,
        Client(local) as client,
    ):
        client.run(_keep_quiet)
        yield _ready(client)


def _ready(client: "Client") -> Cluster:
    client.wait_for_workers(1, timeout=ANSWER_SECONDS)
    return Cluster(client, tuple(sorted(client.scheduler_info(n_workers=-1)["workers"])))


def _keep_quiet() -> None:
    """Drop what LightGBM prints of its network: it asks nobody, and goes around Python."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
