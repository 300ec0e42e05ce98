"""A small made-up region in which learning is judged, and what is made of it, once per process."""

from functools import cache

from features.peildatum import cut_to_peildatum
from features.synthetic import Region, RegionConfig, generate_region
from models.history import History
from models.praktijkverklaring_context import RouteContext, prepare_routes
from models.praktijkverklaring_leren import WerkprocesModel
from models.praktijkverklaring_training import werkproces_history
from tests.models.contract import fit_all

CONFIG = RegionConfig(jongeren=2500, leerbedrijven=120, leerwerkplekken=400, seed=4, leren=True)


@cache
def leren_region() -> Region:
    return generate_region(CONFIG)


@cache
def leren_history() -> History:
    return werkproces_history(leren_region().tables, observed_until=CONFIG.peildatum)


@cache
def leren_model() -> WerkprocesModel:
    model = fit_all(leren_history(), WerkprocesModel)
    assert isinstance(model, WerkprocesModel)
    return model


@cache
def leren_context() -> RouteContext:
    tables = cut_to_peildatum(leren_region().tables, CONFIG.peildatum)
    return prepare_routes(tables, CONFIG.peildatum)
