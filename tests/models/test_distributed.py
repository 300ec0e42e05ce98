"""Training on a cluster of two processes on this machine, beside training in this process."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from features.synthetic import Region
from models import metrics
from models.booster import BoosterConfig
from models.distributed import Cluster, open_cluster
from models.errors import NoClusterError
from models.history import History, uitval_history
from models.splitting import refit_split
from models.training import matured
from models.uitvalrisico import UitvalrisicoModel

CONFIG = BoosterConfig(seeds=2)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with open_cluster() as cluster:
        yield cluster


@pytest.mark.slow
def test_features_are_exactly_those_of_one_process(
    cluster: Cluster, region: Region, uitval_examples: History
) -> None:
    assert len(cluster.workers) == 2

    found = uitval_history(
        region.tables, observed_until=region.config.peildatum, build=cluster.risicoprofiel
    )

    assert found.frame.equals(uitval_examples.frame)


@pytest.mark.slow
def test_chances_differ_less_from_one_process_than_those_of_another_seed(
    cluster: Cluster, region: Region, uitval_examples: History
) -> None:
    frame, labels = matured(uitval_examples, region.config.peildatum)
    newest = refit_split(frame["peildatum"]).calibration
    later = frame.filter(newest), labels[newest]
    fit = partial(UitvalrisicoModel.fit, frame, labels, calibration=later, config=CONFIG)

    def chances(model: UitvalrisicoModel) -> NDArray[np.float64]:
        return model.predict(frame)

    here, there, other = (
        chances(fit(seed=1)),
        chances(fit(seed=1, grow=cluster.grow)),
        chances(fit(seed=2)),
    )

    assert np.abs(there - here).mean() < 0.01
    assert np.abs(there - here).mean() < 1.5 * np.abs(other - here).mean()
    assert metrics.auc(labels, there) == pytest.approx(metrics.auc(labels, here), abs=0.005)
    assert not np.array_equal(there, here)


@pytest.mark.slow
def test_few_rows_are_not_dealt_over_machines(
    cluster: Cluster, region: Region, uitval_examples: History
) -> None:
    frame, labels = matured(uitval_examples, region.config.peildatum)
    frame, labels = frame.head(900), labels[:900]
    fit = partial(
        UitvalrisicoModel.fit,
        frame,
        labels,
        calibration=(frame, labels),
        config=replace(CONFIG, rounds=20),
        seed=1,
    )

    assert fit(grow=cluster.grow) == fit()


def test_without_dask_it_says_what_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(NoClusterError) as refusal, open_cluster():
        pass

    assert not refusal.value.installed


@pytest.mark.slow
def test_an_address_where_nothing_answers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.distributed.ANSWER_SECONDS", 1)

    with pytest.raises(NoClusterError) as refusal, open_cluster("tcp://127.0.0.1:9"):
        pass

    assert refusal.value.address == "tcp://127.0.0.1:9"
    assert refusal.value.installed
