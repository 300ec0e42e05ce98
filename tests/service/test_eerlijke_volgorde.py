"""Who somebody is by name changes no order, and sex and origin are not there to change it."""

from itertools import cycle

import pytest
from scipy.stats import kendalltau

from features.registry import names
from features.tables import TABLES
from models.leerwerkplek import PlaatsingModel
from models.uitvalrisico import UitvalrisicoModel
from service.regio import Regio
from tests.service.region import CONFIG, small_models, small_region

PROTECTED = ("geslacht", "herkomst", "nationaliteit", "geboorteland", "achternaam", "voornaam")
OTHER_NAMES = ("Fatima el Amrani", "Jan de Boer", "Thi Mai Nguyen")


@pytest.fixture(scope="module")
def regios() -> tuple[Regio, Regio]:
    """The same region twice, in the second everybody with another name."""
    uitvalrisico, plaatsing = small_models()
    tables = small_region().tables
    ids = tables["jongere"]["jongere_id"].to_list()
    made = [
        Regio(
            tables,
            peildatum=CONFIG.peildatum,
            uitvalrisico=uitvalrisico,
            plaatsing=plaatsing,
            namen=dict(zip(ids, called, strict=False)),
        )
        for called in ([f"Naam {at:04}" for at in range(len(ids))], cycle(OTHER_NAMES))
    ]
    return made[0], made[1]


def test_another_name_leaves_every_ranking_identical(regios: tuple[Regio, Regio]) -> None:
    found = [one.matching.suggest(top=5, progress=lambda *_: None) for one in regios]

    assert found[0].height > 1000
    assert found[0].equals(found[1])
    scores = [frame[frame.columns[-1]].to_numpy() for frame in found]
    assert kendalltau(*scores).statistic == pytest.approx(1.0)


def test_another_name_leaves_every_risk_identical(regios: tuple[Regio, Regio]) -> None:
    key = "jongere_id"

    assert regios[0].scores.sort(key).equals(regios[1].scores.sort(key))


def test_no_table_and_no_feature_holds_what_may_not_count() -> None:
    held = {column for table in TABLES.values() for column in table.schema}
    for kind in (UitvalrisicoModel, PlaatsingModel):
        held |= set(names(kind.features))

    assert not {one for one in held if one.startswith(PROTECTED)}
