import polars as pl
import pytest

from models.store import StoredModel
from service.errors import NotFoundError
from service.routes import Routekaart
from tests.models.leren import CONFIG, leren_model, leren_region
from tests.service.region import small_models


def passend(jongere_id: str) -> pl.DataFrame:
    """Return every place as suiting; J999999 is nobody."""
    if jongere_id == "J999999":
        raise NotFoundError("jongere", jongere_id)
    places = leren_region().tables["leerwerkplek"].select("leerwerkplek_id")
    return places.with_columns(kans=pl.lit(0.8))


def kaart(werkproces: StoredModel | None) -> Routekaart:
    return Routekaart(
        leren_region().tables, peildatum=CONFIG.peildatum, werkproces=werkproces, passend=passend
    )


def test_routes_come_with_the_leerbedrijven_that_they_name() -> None:
    stored = StoredModel(leren_model(), version="7", sha256="", card={})

    found = kaart(stored).routes("J000003")

    assert found.model_versie == "7"
    assert found.gevonden is not None
    assert len(found.gevonden.routes) >= 3
    for route in found.gevonden.routes:
        assert any(stap.id in found.leerbedrijven for stap in route.stappen)


def test_without_a_model_there_are_no_routes_but_still_an_answer() -> None:
    found = kaart(None).routes("J000003")

    assert found.gevonden is None
    assert found.model_versie is None


def test_nobody_has_no_routes() -> None:
    with pytest.raises(NotFoundError):
        kaart(None).routes("J999999")


def test_another_model_is_refused() -> None:
    with pytest.raises(TypeError):
        kaart(small_models()[1])
