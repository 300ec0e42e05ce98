"""The audit by protected attributes finds what was planted, shows no few, counts in the gate."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import expit, logit
from typer.testing import CliRunner

from models.evaluation import Holdout
from models.gate import Kleur, Regel
from models.interval import Bounds
from models.store import ModelStore
from service.cli import app
from service.errors import RefusedError, Weigering
from service.modelbeheer.besluiten import goedkeuren
from service.modelbeheer.eerlijkheid import Getoetst, by_attributes, with_proxies
from service.modelbeheer.overzicht import versies
from service.settings import Settings, open_settings
from service.storage.audit import AuditRepository, Regelvraag
from service.storage.beschermd import FILE, InnameRepository
from service.storage.canonical import CanonicalRepository
from service.storage.engine import open_engine, unit_of_work
from service.storage.groepstoets import GroepstoetsRepository, Toetssoort
from service.storage.persoonssleutel import PersoonssleutelRepository
from tests.databases import open_migrated
from tests.models.evaluaties import tiny_fit
from tests.service.modelbeheer.conftest import Beheer
from tests.service.promoveren import promote_new, sign
from tests.service.region import small_region, small_trainings
from tests.service.storage.imports import start_import

ROWS = 12_000
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FEW = "x"
KEY = "beschermd-" * 5


def judged(*, lower: float, few: int = 9, seed: int = 1) -> Getoetst:
    """Judge held-out rows of which those of women were scored so much too low."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(-1.6, 1.2, ROWS)
    labels = (rng.random(ROWS) < expit(truth)).astype(np.float64)
    sex = rng.choice(["man", "vrouw"], ROWS)
    sex[:few] = FEW
    scores = expit(logit(expit(truth)) - lower * (sex == "vrouw"))
    ids = [f"J{number}" for number in range(ROWS)]
    nothing = np.full(ROWS, np.nan)
    whole = Holdout(
        frame=pl.DataFrame({"jongere_id": ids, "peildatum": [date(2026, 1, 1)] * ROWS}),
        labels=labels,
        scores=scores,
        baseline=scores,
        n_fitted=ROWS,
        test_start=date(2026, 1, 1),
        bounds=Bounds(nothing, nothing),
        left=nothing,
        groepen=pl.DataFrame({"onderwijssoort": ["pro"] * ROWS}),
    )
    known = pl.DataFrame({"jongere_id": ids, "geslacht": sex}).reverse()
    return by_attributes("uitvalrisico", whole, known, None, seed=seed, draws=200)


@pytest.mark.parametrize("seed", range(3))
def test_planted_bias_is_red_by_the_raw_rule_and_fair_scores_are_green(seed: int) -> None:
    unfair, fair = (judged(lower=lower, few=0, seed=seed) for lower in (0.8, 0.0))

    assert unfair.oordeel.kleur is Kleur.ROOD
    assert {one.regel for one in unfair.oordeel.bevindingen} >= {Regel.RECALL, Regel.KALIBRATIE}
    assert fair.oordeel.kleur is Kleur.GROEN
    assert {one["waarde"] for one in fair.uitkomst["groepen"]} == {"man", "vrouw"}
    assert all(one["recall_low"] < one["recall"] for one in fair.uitkomst["groepen"])


@pytest.mark.parametrize("few", [9, 20])
def test_no_figure_of_a_few_leaves_nor_one_from_which_it_could_be_told(few: int) -> None:
    found = judged(lower=0.0, few=few)

    assert {one["waarde"] for one in found.uitkomst["groepen"]} == {"man", "vrouw"}
    assert all("n" not in one and "jongeren" not in one for one in found.uitkomst["groepen"])
    assert FEW not in {
        one[end] for one in found.uitkomst["groepsparen"] for end in ("waarde", "andere")
    }
    of_few = [one for one in found.uitkomst["oordeel"]["bevindingen"] if one["waarde"] == FEW]
    assert all(one[name] is None for one in of_few for name in ("gevonden", "laag", "hoog"))
    assert found.oordeel.kleur is (Kleur.GROEN if few < 10 else Kleur.TE_WEINIG)


def test_what_leaves_names_nobody() -> None:
    text = json.dumps(judged(lower=0.8).uitkomst)

    assert "J1" not in text
    assert "jongere_id" not in text


def test_a_feature_that_tells_somebody_s_sex_asks_a_signature_unless_it_has_a_reason() -> None:
    fit = tiny_fit()
    frame = fit.history.frame
    column = fit.kind.features[0].name
    ranked = frame.group_by("jongere_id").agg(pl.col(column).cast(pl.Float64).mean())
    middle = ranked[column].median()
    sexes = pl.when(pl.col(column) > middle).then(pl.lit("man")).otherwise(pl.lit("vrouw"))
    known = ranked.select("jongere_id", geslacht=sexes)
    fair = judged(lower=0.0, few=0)

    told = with_proxies(fair, fit, known, {})
    allowed = with_proxies(fair, fit, known, {("geslacht", "*"): "Nodig om hulp te bepalen."})

    assert fair.oordeel.kleur is Kleur.GROEN
    assert told.oordeel.kleur is Kleur.ORANJE
    assert told.uitkomst["oordeel"]["kleur"] == "oranje"
    assert column in {one["kolom"] for one in told.uitkomst["proxies"]["regels"]}
    assert allowed.oordeel.kleur is Kleur.GROEN


def hold(beheer: Beheer) -> None:
    with unit_of_work(beheer.engine) as session:
        InnameRepository(session).add(
            kenmerken=["geslacht"],
            doel="toetsen",
            grondslag="wet",
            dpia="1",
            bestand="a.csv",
            sha256="0" * 64,
            door="x",
            tijdstip=NOW,
            bewaren_tot=NOW.date(),
        )


def audited(beheer: Beheer, versie: str, kleur: Kleur, *, sha256: str = "") -> None:
    card = beheer.models.card("plaatsing", versie)
    with unit_of_work(beheer.engine) as session:
        GroepstoetsRepository(session).add(
            soort=Toetssoort.BESCHERMD.value,
            model="plaatsing",
            versie=versie,
            sha256=sha256 or card.sha256,
            bekend_tot=NOW.date(),
            oordeel=kleur.value,
            uitkomst={},
            tijdstip=NOW,
        )


def colour(beheer: Beheer) -> Kleur:
    with unit_of_work(beheer.engine, read_only=True) as session:
        return versies(session, beheer.models.cards())[-1].oordeel


def test_a_version_that_was_not_audited_is_not_green_where_attributes_are_held(
    beheer: Beheer,
) -> None:
    versie = beheer.offer(Kleur.GROEN)
    assert colour(beheer) is Kleur.GROEN
    hold(beheer)
    assert colour(beheer) is Kleur.TE_WEINIG
    audited(beheer, versie, Kleur.GROEN, sha256="f" * 64)
    assert colour(beheer) is Kleur.TE_WEINIG
    audited(beheer, versie, Kleur.GROEN)
    assert colour(beheer) is Kleur.GROEN


def test_a_red_audit_stops_everybody_whatever_the_card_says(beheer: Beheer) -> None:
    versie = beheer.offer(Kleur.GROEN)
    audited(beheer, versie, Kleur.ROOD)

    for door in ("keurder", "derde"):
        with pytest.raises(RefusedError) as refused:
            goedkeuren(beheer.engine, beheer.models, "plaatsing", versie, sign(door=door))
        assert refused.value.weigering is Weigering.MODEL_ROOD
    audited(beheer, versie, Kleur.GROEN)
    goedkeuren(beheer.engine, beheer.models, "plaatsing", versie, sign())
    assert colour(beheer) is Kleur.GROEN


@pytest.mark.slow
def test_the_command_takes_in_tests_and_shows_figures_of_groups_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VANGNET_BESCHERMD_KEY", KEY)
    settings = region(tmp_path)
    ids = small_region().tables["jongere"]["jongere_id"]
    sexes = [("man", "vrouw")[number % 2] for number in range(len(ids))]
    file = tmp_path / "brp.parquet"
    pl.DataFrame({"jongere_id": ids, "geslacht": sexes}).write_parquet(file)

    code, told = run(settings, "kenmerken", str(file), "--doel", "toetsen of het eerlijk is")
    assert (code, (settings.data / FILE).exists()) == (2, False), told
    reasons = ("--grondslag", "AI-verordening 10 lid 5", "--dpia", "DPIA 3", "--tot", tomorrow())
    code, told = run(settings, "kenmerken", str(file), "--doel", "eerlijk toetsen", *reasons)
    assert code == 0, told
    assert f"{len(ids)} jongeren" in told
    code, told = run(settings, "eerlijkheid", "uitvalrisico")
    assert code == 0, told
    engine = open_engine(settings.database)
    with unit_of_work(engine, read_only=True) as session:
        card = promoted(settings)
        found = GroepstoetsRepository(session).newest(Toetssoort.BESCHERMD, *card)
        lines = AuditRepository(session).find(Regelvraag(actie="audit eerlijkheid"))
    engine.dispose()
    assert found is not None
    assert {one["kenmerk"] for one in found.uitkomst["groepen"]} == {"geslacht"}
    assert not any(one in json.dumps(found.uitkomst) for one in ids)
    assert found.uitkomst["proxies"]["gemeten"] == ["geslacht"]
    assert [one.resultaat for one in lines]
    monkeypatch.delenv("VANGNET_BESCHERMD_KEY")
    assert run(settings, "eerlijkheid")[0] != 0
    assert run(settings, "kenmerken", "--wis")[1].startswith(f"{len(ids)} ")


def tomorrow() -> str:
    return (datetime.now(UTC).date() + timedelta(days=1)).isoformat()


def run(settings: Settings, *words: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["audit", *words, "--data", str(settings.data)])
    return found.exit_code, found.output


def promoted(settings: Settings) -> tuple[str, str, str]:
    card = ModelStore(settings.tracking, settings.models).card("uitvalrisico", "1")
    return "uitvalrisico", "1", card.sha256


def region(folder: Path) -> Settings:
    """Return the settings of a store with a region and an uitvalrisico in use."""
    settings = open_settings(folder / "regio")
    engine = open_migrated(settings.database)
    tables = small_region().tables
    with unit_of_work(engine) as session:
        number = start_import(session)
        for name, frame in tables.items():
            CanonicalRepository(session).merge(name, frame, number)
        PersoonssleutelRepository(session).add_missing(tables["jongere"]["jongere_id"])
    engine.dispose()
    promote_new(settings, small_trainings()[:1])
    return settings
