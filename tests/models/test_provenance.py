"""What a training says of the data and the code it came from."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.registry import names
from features.synthetic import Region
from models.baselines import UITVAL_RULE
from models.provenance import fingerprint, metrics_hash, ordered, with_herkomst
from models.training import Training
from models.uitvalrisico import UitvalrisicoModel


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_tables_and_columns_does_not_change_the_fingerprint(
    region: Region, seed: int
) -> None:
    shuffled = {
        name: frame.sample(fraction=1, shuffle=True, seed=seed).select(*reversed(frame.columns))
        for name, frame in reversed(list(region.tables.items()))
    }

    assert fingerprint(shuffled) == fingerprint(region.tables)
    assert all(
        frame.equals(ordered(region.tables)[name].select(frame.columns))
        for name, frame in ordered(shuffled).items()
    )


@pytest.mark.parametrize("name", ["verzuim", "contact", "leerwerkplek"])
def test_one_cell_more_or_less_changes_the_fingerprint(region: Region, name: str) -> None:
    frame = region.tables[name]
    column = next(one for one in frame.columns if frame[one].null_count() < frame.height)
    emptied = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == frame.height // 2)
        .then(None)
        .otherwise(pl.col(column))
        .alias(column)
    )

    found = {
        fingerprint(region.tables),
        fingerprint({**region.tables, name: frame.head(-1)}),
        fingerprint({**region.tables, name: emptied}),
    }

    assert len(found) == 3


def test_an_absent_table_is_one_without_rows(region: Region) -> None:
    some = {name: region.tables[name] for name in ("jongere", "inschrijving")}

    assert fingerprint({**some, "contact": region.tables["contact"].clear()}) == fingerprint(some)


@given(st.dictionaries(st.text(max_size=8), st.floats(), min_size=1, max_size=6))
def test_the_hash_of_metrics_hangs_on_names_and_figures_only(metrics: dict[str, float]) -> None:
    turned = dict(reversed(metrics.items()))
    name = next(iter(metrics))

    assert metrics_hash(turned) == metrics_hash(metrics)
    assert metrics_hash({**metrics, name: 0.123}) != metrics_hash({**metrics, name: 0.124})


def test_a_training_tells_where_it_came_from_on_its_card() -> None:
    nobody = pl.DataFrame(schema=["jongere_id", *names(UitvalrisicoModel.features)])
    model = UitvalrisicoModel.fit_rule(UITVAL_RULE, nobody, np.zeros(0))
    made = Training(model, {"auc": 0.7}, {"model": model.name}, model.name)

    told = with_herkomst(made, {"zaad": "1"})

    assert told.card == {"model": "uitvalrisico", "herkomst": told.herkomst}
    assert told.herkomst == {"zaad": "1", "meetwaarden_sha256": metrics_hash(made.metrics)}
