import pytest

from features.blokkade import Blokkade, column
from features.synthetic import Region
from models.baselines import PLAATSING_RULE
from models.history import History
from models.leerwerkplek import PlaatsingModel
from tests.models.contract import Fitted, ModelContract, judge


@pytest.fixture(scope="module")
def fitted(plaatsing_examples: History, region: Region) -> Fitted:
    return judge(plaatsing_examples, PlaatsingModel, PLAATSING_RULE, region.config.peildatum)


class TestPlaatsing(ModelContract):
    """The success of a plaatsing keeps the promises of every model."""


def test_blokkades_and_travel_minutes_may_stand_beside_but_change_no_score(fitted: Fitted) -> None:
    beside = ["reistijd_minuten", *(column(rule) for rule in Blokkade)]

    bare = fitted.model.predict(fitted.frame.drop(beside))

    assert (bare == fitted.model.predict(fitted.frame)).all()


def test_the_uitvalrisico_of_a_jongere_is_no_feature_of_a_pair() -> None:
    assert not any("risico" in feature.name for feature in PlaatsingModel.features)
