"""Who objects is scored by no model, and served by everybody."""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine

from models.leerwerkplek import PlaatsingModel
from models.uitvalrisico import UitvalrisicoModel
from service.errors import NotFoundError
from service.jobs import model_store, open_regio, store
from service.matchtafel.zicht import plan_from
from service.modelbeheer.besluiten import goedkeuren
from service.privacy.bezwaar import (
    bezwaren,
    object_to_scoring,
    withdraw_objection,
    without_objectors,
)
from service.privacy.stempel import privacy_stamp
from service.regio import Regio
from service.settings import open_settings
from service.storage import CanonicalRepository, unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from service.trainen import Opdracht, train_models
from tests.service.mensen import add_account, add_regio, settle
from tests.service.promoveren import TRAINER, add_analisten, sign
from tests.service.region import CONFIG, small_models, small_regio, small_region
from tests.service.storage.imports import start_import

NOW = datetime(2026, 11, 2, tzinfo=UTC)


@cache
def anna() -> str:
    """Return somebody with a score who looks for a place."""
    waiting = set(small_regio().matching.paren.zoekend)
    scored = small_regio().scores["jongere_id"].to_list()
    return str(next(one for one in scored if one in waiting))


@cache
def regio() -> Regio:
    """Return the region as it is after the objection."""
    tables = small_region().tables
    uitvalrisico, plaatsing = small_models()
    return Regio(
        tables,
        peildatum=CONFIG.peildatum,
        uitvalrisico=uitvalrisico,
        plaatsing=plaatsing,
        namen={},
        ongescoord=frozenset({anna()}),
    )


def say(engine: Engine, reden: str = "") -> None:
    with unit_of_work(engine) as session:
        object_to_scoring(session, anna(), reden=reden, door="gebruiker:1", op=NOW)


def test_an_objection_stands_once_and_can_be_taken_back(engine: Engine) -> None:
    with unit_of_work(engine, read_only=True) as session:
        before = privacy_stamp(session)
    say(engine)
    say(engine, "nog eens")
    with unit_of_work(engine) as session:
        assert bezwaren(session) == {anna()}
        assert privacy_stamp(session) != before
        assert withdraw_objection(session, anna(), op=NOW)
        assert not withdraw_objection(session, anna(), op=NOW)
    with unit_of_work(engine, read_only=True) as session:
        assert bezwaren(session) == frozenset()
        assert privacy_stamp(session) == before


def test_training_leaves_out_every_row_of_who_objects(engine: Engine) -> None:
    rows = [{"jongere_id": one, "bron": "test"} for one in (anna(), "iemand anders")]
    with unit_of_work(engine) as session:
        repository = CanonicalRepository(session)
        frame = pl.DataFrame(rows, schema=repository.read("jongere").schema)
        repository.merge("jongere", frame, start_import(session))
    say(engine)
    with unit_of_work(engine, read_only=True) as session:
        left = without_objectors(session, CanonicalRepository(session).read_all())
    assert left["jongere"]["jongere_id"].to_list() == ["iemand anders"]


def test_there_is_no_score_and_no_default_score() -> None:
    assert anna() in small_regio().scores["jongere_id"]
    assert anna() not in regio().scores["jongere_id"]
    listed, total = regio().jongeren(aantal=1000)
    assert total == small_regio().scores.height - 1
    assert anna() not in {one.jongere.jongere_id for one in listed}
    with pytest.raises(NotFoundError):
        regio().uitvalrisico(anna())


def test_who_objects_is_found_and_sees_places_by_plain_rules() -> None:
    assert regio().jongere(anna()).jongere_id == anna()
    shown, _ = regio().zonder_score(aantal=1000)
    assert anna() in {one.jongere_id for one in shown}
    found = regio().matching.suggesties(anna())
    assert found.suggesties == ()
    assert found.zonder_score
    assert found.passend == small_regio().matching.suggesties(anna()).passend
    minutes = [one.reistijd_minuten for one in found.zonder_score]
    known = [one for one in minutes if one is not None]
    assert known == sorted(known)


def test_no_list_of_candidates_ranks_who_objects() -> None:
    place = regio().matching.suggesties(anna()).zonder_score[0].leerwerkplek.leerwerkplek_id
    found = regio().matching.kandidaten(place, top=1000)
    assert anna() not in {one.jongere.jongere_id for one in found.kandidaten}
    assert anna() in {one.jongere.jongere_id for one in found.zonder_score}


def test_no_joint_proposal_places_who_objects() -> None:
    proposed = regio().matching.match(progress=lambda done, total: None)
    assert anna() not in proposed["jongere_id"]
    places = [plek.leerwerkplek_id for plek in regio().tafel.plekken()]
    assert regio().tafel.paren([anna()], places).height == 0


def test_who_objects_can_stand_on_the_agenda_and_be_placed_by_hand(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        add_regio(session)
        settle(session, [anna()])
        account = add_account(session, "coach", "een lang en goed wachtwoord")
        table = plan_from(
            session,
            regio().tafel,
            regio="Achterhoek",
            datum=date(2026, 11, 3),
            aantal=900,
            deelnemers=(),
            door=account,
            op=NOW,
        )
        agenda = MatchtafelRepository(session).agendapunten(table)
    line = next(one for one in agenda if one.jongere_id == anna())
    assert not any("risico" in words for words in line.urgentie)


@pytest.mark.slow
def test_the_store_of_a_command_leaves_out_who_objects(tmp_path: Path) -> None:
    settings = open_settings(tmp_path)
    with store(settings) as engine:
        with unit_of_work(engine) as session:
            repository, run = CanonicalRepository(session), start_import(session)
            for name, frame in small_region().tables.items():
                repository.merge(name, frame, run)
        say(engine)
        with unit_of_work(engine) as session:
            add_analisten(session)
        list(train_models(settings, Opdracht(door=TRAINER), say=lambda _: None))
        models = model_store(settings)
        for name in (UitvalrisicoModel.name, PlaatsingModel.name):
            goedkeuren(engine, models, name, models.versions(name)[-1], sign())
    opened = open_regio(settings, CONFIG.peildatum)
    assert anna() not in opened.scores["jongere_id"]
    assert opened.jongere(anna()).jongere_id == anna()
