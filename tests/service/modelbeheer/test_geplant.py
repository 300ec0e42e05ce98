"""Bias that was planted in a region ends in a promotion that is refused to everybody (TRUST F5)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from features.contract import Tables
from features.synthetic import RegionConfig, generate_region
from models.gate import Kleur, Regel
from models.training import QUICK
from service.cli import app
from service.errors import RefusedError, SamePersonError, Weigering
from service.jobs import model_store
from service.modelbeheer.besluiten import Handtekening, goedkeuren
from service.modelbeheer.kampioenen import champions
from service.settings import Settings, open_settings
from service.storage.engine import open_engine, unit_of_work
from service.storage.modelbesluit import AANGEBODEN, ModelbesluitRepository
from tests.databases import open_migrated
from tests.service.promoveren import KEURDER, REDEN, TRAINER, add_analisten

CONFIG = RegionConfig(jongeren=2000, leerbedrijven=20, leerwerkplekken=40, seed=3)
YOUNG = (16, 18)
SHARE = 0.4
UNTIL = CONFIG.peildatum
NAMES = (TRAINER, KEURDER, "derde")
Train = Callable[[Tables], Settings]


def planted(tables: Tables) -> Mapping[str, pl.DataFrame]:
    """Let many of sixteen and seventeen leave in the last years, of which no column told anything.

    The model learned of the time before, so it says too little of them, and of nobody else.
    """
    gone = leavers(tables["jongere"])
    before = pl.col("weg").is_null() | (pl.col("begindatum") < pl.col("weg"))
    left = pl.col("weg").is_not_null() & (pl.col("weg") < pl.col("einddatum")).fill_null(value=True)
    joined = tables["inschrijving"].join(gone, on="jongere_id", how="left", maintain_order="left")
    ended = joined.filter(before).with_columns(
        einddatum=pl.when(left).then("weg").otherwise("einddatum"),
        einde_bekend_op=pl.when(left)
        .then(pl.col("weg") + pl.duration(days=30))
        .otherwise("einde_bekend_op"),
        reden_uitschrijving=pl.when(left).then(pl.lit("01")).otherwise("reden_uitschrijving"),
    )
    diplomas = tables["diploma"].join(gone, on="jongere_id", how="left", maintain_order="left")
    later = pl.col("weg").is_null() | (pl.col("datum") < pl.col("weg"))
    return {
        **tables,
        "inschrijving": ended.select(tables["inschrijving"].columns),
        "diploma": diplomas.filter(later).select(tables["diploma"].columns),
    }


def leavers(jongeren: pl.DataFrame) -> pl.DataFrame:
    """Return who leaves (``jongere_id``) and the day (``weg``)."""
    years = (pl.lit(UNTIL - timedelta(days=580)) - pl.col("geboortedatum")).dt.total_days() / 365.25
    young = jongeren.filter(years.is_between(*YOUNG, closed="left"))["jongere_id"].sort()
    who = young.sample(fraction=SHARE, seed=1)
    days = np.random.default_rng(1).integers(200, 470, len(who))
    return pl.DataFrame(
        {"jongere_id": who, "weg": [UNTIL - timedelta(days=int(day)) for day in days]},
        schema={"jongere_id": pl.String, "weg": pl.Date},
    )


@pytest.fixture
def train(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Train:
    """Run `vangnet train` on tables; returns the settings of its data folder."""
    monkeypatch.setattr("models.training.THOROUGH", QUICK)

    def run(tables: Tables) -> Settings:
        bron = tmp_path / "bron"
        bron.mkdir()
        for name, frame in tables.items():
            frame.write_parquet(bron / f"{name}.parquet")
        settings = open_settings(tmp_path / "regio")
        engine = open_migrated(settings.database)
        with unit_of_work(engine) as session:
            add_analisten(session, *NAMES)
        engine.dispose()
        words = ["--data", str(settings.data), "train", "uitvalrisico", "--bron", str(bron)]
        done = CliRunner().invoke(app, [*words, "--door", TRAINER])
        assert done.exit_code == 0, done.output
        return settings

    return run


def promote(settings: Settings, door: str) -> int:
    """Run `vangnet promote` with a reason; returns the exit code."""
    words = ["--data", str(settings.data), "promote", "uitvalrisico", "1"]
    done = CliRunner().invoke(app, [*words, "--door", door, "--reden", REDEN])
    return done.exit_code


def offered(settings: Settings) -> tuple[Kleur, bool]:
    """Return what the gate said, and whether the version scores now."""
    engine = open_engine(settings.database)
    with unit_of_work(engine, read_only=True) as session:
        (one, *_) = ModelbesluitRepository(session).all("uitvalrisico")
        live = "uitvalrisico" in champions(session)
    engine.dispose()
    assert one.besluit == AANGEBODEN
    return Kleur(one.oordeel), live


@pytest.mark.slow
def test_bias_that_was_planted_in_a_region_is_refused_to_everybody_also_with_a_signature(
    train: Train,
) -> None:
    settings = train(planted(generate_region(CONFIG).tables))

    found = model_store(settings).card("uitvalrisico", "1").card["oordeel"]["bevindingen"]
    red = {(one["regel"], one["waarde"]) for one in found if one["kleur"] == Kleur.ROOD}
    assert (Regel.KALIBRATIE, "16 en 17") in red
    for door in NAMES:
        assert promote(settings, door) != 0
    with pytest.raises(SamePersonError):
        approve(settings, TRAINER)
    for door in (KEURDER, "derde"):
        with pytest.raises(RefusedError) as refused:
            approve(settings, door)
        assert refused.value.weigering is Weigering.MODEL_ROOD
    assert offered(settings) == (Kleur.ROOD, False)


def approve(settings: Settings, door: str) -> None:
    engine = open_engine(settings.database)
    wie = Handtekening(door, REDEN, datetime.now(UTC))
    try:
        goedkeuren(engine, model_store(settings), "uitvalrisico", "1", wie)
    finally:
        engine.dispose()


@pytest.mark.slow
def test_the_same_region_without_it_may_be_promoted_by_a_second_person(train: Train) -> None:
    settings = train(generate_region(CONFIG).tables)

    assert offered(settings)[0] is not Kleur.ROOD
    assert promote(settings, TRAINER) != 0
    assert promote(settings, KEURDER) == 0
    assert offered(settings)[1]
