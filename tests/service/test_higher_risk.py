"""A higher uitvalrisico never takes a place or help away from anybody (TRUST H4)."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
import pytest

from models.store import StoredModel
from models.uitvalrisico import UitvalrisicoModel
from service.regio import Regio
from tests.models.leren import leren_model
from tests.service.region import CONFIG, small_models, small_region

pytestmark = pytest.mark.slow
CASES = 10_000
ROUTES = 25
"""Jongeren of whom every route is compared: planning them takes long."""


@dataclass(frozen=True)
class Raised(UitvalrisicoModel):
    """The same model, that gives everybody a higher risk, each by another amount."""

    def predict(self, profiles: pl.DataFrame) -> np.ndarray:
        """Return the raised chance of each profile."""
        kansen = super().predict(profiles)
        return kansen + (1 - kansen) * np.random.default_rng(5).uniform(0.05, 0.95, len(kansen))


@cache
def regios() -> tuple[Regio, Regio]:
    """Return a region, and the same where everybody has a higher risk."""
    uitvalrisico, plaatsing = small_models()
    assert isinstance(uitvalrisico.model, UitvalrisicoModel)
    raised = Raised(**vars(uitvalrisico.model))
    werkproces = StoredModel(leren_model(), version="1", sha256="", card={})
    before, after = (
        Regio(
            small_region().tables,
            peildatum=CONFIG.peildatum,
            uitvalrisico=StoredModel(model, version="1", sha256="", card=uitvalrisico.card),
            plaatsing=plaatsing,
            namen={},
            werkproces=werkproces,
        )
        for model in (uitvalrisico.model, raised)
    )
    return before, after


def test_the_risk_of_everybody_is_higher_in_the_other_region() -> None:
    before, after = (one.scores["uitvalrisico"] for one in regios())
    assert (after > before).all()


def test_no_list_of_places_or_candidates_changes_over_ten_thousand_pairs() -> None:
    before, after = regios()
    first, second = (
        one.matching.suggest(top=len(one.matching.paren.plekken), progress=lambda *_: None)
        for one in (before, after)
    )
    assert second.equals(first)
    pairs = first.height
    for plek in before.matching.paren.plekken:
        lists = [one.matching.kandidaten(plek.leerwerkplek_id, top=50) for one in (before, after)]
        names = [[each.jongere.jongere_id for each in one.kandidaten] for one in lists]
        assert names[0] == names[1]
        pairs += len(names[0])
    assert pairs >= CASES


def test_the_routes_and_their_trajecten_do_not_change_for_anybody() -> None:
    before, after = regios()
    steps = 0
    for who in before.matching.paren.doelgroep[:ROUTES]:
        first, second = (one.routes.routes(who).gevonden for one in (before, after))
        assert first == second
        steps += sum(len(route.stappen) for route in first.routes) if first else 0
    assert steps > 0
