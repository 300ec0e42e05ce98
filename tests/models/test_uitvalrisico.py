import polars as pl
import pytest

from features.synthetic import Region
from models.baselines import UITVAL_RULE
from models.history import History
from models.uitvalrisico import UitvalrisicoModel
from tests.models.contract import Fitted, ModelContract, judge


@pytest.fixture(scope="module")
def fitted(uitval_examples: History, region: Region) -> Fitted:
    return judge(uitval_examples, UitvalrisicoModel, UITVAL_RULE, region.config.peildatum)


class TestUitvalrisico(ModelContract):
    """The drop-out risk keeps the promises of every model."""


def test_much_verzuim_clearly_raises_the_risk(fitted: Fitted) -> None:
    shares = pl.col("^verzuim_(ongeoorloofd_[0-9]+|weken_ongeoorloofd_(deel_.*|recent))$")
    none, much = (fitted.frame.with_columns(shares * 0 + share) for share in (0.0, 0.5))

    known = fitted.frame["verzuim_ongeoorloofd_13"].is_not_null().to_numpy()
    before, after = fitted.model.predict(none)[known], fitted.model.predict(much)[known]

    assert (after >= before - 1e-12).all()
    assert after.mean() > 1.2 * before.mean()


def test_age_origin_and_home_are_no_features() -> None:
    names = " ".join(feature.name for feature in UitvalrisicoModel.features)

    for banned in ("leeftijd", "geslacht", "herkomst", "postcode", "gemeente", "afstand", "naam"):
        assert banned not in names
