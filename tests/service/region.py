"""A small made-up region with models trained on it, made once per process."""

from datetime import date
from functools import cache

from features.contract import Tables
from features.synthetic import Region, RegionConfig, generate_region
from models.booster import BoosterConfig
from models.plaatsing_training import train_plaatsing
from models.store import StoredModel
from models.training import Training, train_uitvalrisico
from service.regio import Regio

CONFIG = RegionConfig(jongeren=900, leerbedrijven=60, leerwerkplekken=150, seed=3)
QUICK = BoosterConfig(rounds=40, learning_rate=0.15, seeds=1)


@cache
def small_region() -> Region:
    return generate_region(CONFIG)


@cache
def small_trainings() -> tuple[Training, Training]:
    tables, until = small_region().tables, CONFIG.peildatum
    uitvalrisico, plaatsing = (
        train(tables, observed_until=until, seed=1, progress=lambda _: None, config=QUICK)
        for train in (train_uitvalrisico, train_plaatsing)
    )
    return uitvalrisico, plaatsing


@cache
def small_models() -> tuple[StoredModel, StoredModel]:
    uitvalrisico, plaatsing = (
        StoredModel(one.model, version="1", sha256="", card=one.card) for one in small_trainings()
    )
    return uitvalrisico, plaatsing


@cache
def small_regio() -> Regio:
    return regio_of(small_region().tables)


def regio_of(tables: Tables, peildatum: date = CONFIG.peildatum) -> Regio:
    uitvalrisico, plaatsing = small_models()
    ids = tables["jongere"]["jongere_id"].to_list()
    return Regio(
        tables,
        peildatum=peildatum,
        uitvalrisico=uitvalrisico,
        plaatsing=plaatsing,
        namen={jongere_id: f"Naam {number:04}" for number, jongere_id in enumerate(ids[:-1])},
    )
