"""A new key gives everybody another id and loses nobody."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine

from service.errors import SettingsError
from service.importing.pseudonym import pseudonym
from service.privacy import rotatie
from service.privacy.pseudoniemen import Pseudoniemen
from service.privacy.rotatie import layer_of, pseudonym_key, rotate
from service.privacy.sleutels import NO_LAYER, Domein, Sleutels
from service.privacy.verwijdering import open_grootboek
from service.settings import Settings, open_settings
from service.storage.sleutelstand import SleutelstandRepository
from tests.service.privacy.everywhere import dump, fill
from tests.service.privacy.test_verwijdering import forget, mentions

NOW = datetime(2026, 3, 2, tzinfo=UTC)
NUMBERS = ("999990019", "999990020")
FOREIGN = "SCHOOL-17"


def settings_in(folder: Path) -> Settings:
    return open_settings(folder)


def ids(settings: Settings, engine: Engine) -> list[str]:
    key = pseudonym_key(engine, settings)
    return [pseudonym(number, key) for number in NUMBERS]


def test_after_a_rotation_nothing_lies_under_the_old_id(engine: Engine, tmp_path: Path) -> None:
    old = ids(settings_in(tmp_path), engine)
    fill(engine, *old, FOREIGN)
    before = dump(engine)
    assert rotate(engine, settings_in(tmp_path), op=NOW) == 2
    new = ids(settings_in(tmp_path), engine)
    after = dump(engine)
    assert set(old).isdisjoint(new)
    for was, becomes in zip(old, new, strict=True):
        assert mentions(after, was) == []
        assert set(mentions(before, was)) - {"herhaling"} == set(mentions(after, becomes))
    assert set(mentions(after, FOREIGN)) == set(mentions(before, FOREIGN)) - {"herhaling"}


def test_no_row_is_lost_and_no_reference_hangs(engine: Engine, tmp_path: Path) -> None:
    old = ids(settings_in(tmp_path), engine)
    fill(engine, *old)
    before = {name: len(rows) for name, rows in dump(engine).items()}
    rotate(engine, settings_in(tmp_path), op=NOW)
    after = {name: len(rows) for name, rows in dump(engine).items()}
    grown = {"importrun": before["importrun"] + 1, "herhaling": 0, "sleutelstand": 2}
    assert after == before | grown
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_the_number_of_a_person_still_leads_to_the_rows(engine: Engine, tmp_path: Path) -> None:
    fill(engine, *ids(settings_in(tmp_path), engine))
    rotate(engine, settings_in(tmp_path), op=NOW)
    rotate(engine, settings_in(tmp_path), op=NOW)
    settings = settings_in(tmp_path)
    assert len(settings.matching_keys) == 2
    assert all(mentions(dump(engine), one) for one in ids(settings, engine))


def test_a_crash_half_way_leaves_all_old_and_the_next_run_finishes(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ids(settings_in(tmp_path), engine)
    fill(engine, *old)
    before = dump(engine)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SleutelstandRepository, "set", stop)
        with pytest.raises(KeyboardInterrupt):
            rotate(engine, settings_in(tmp_path), op=NOW)
    assert dump(engine) == before
    assert ids(settings_in(tmp_path), engine) == old
    rotate(engine, settings_in(tmp_path), op=NOW)
    assert len(settings_in(tmp_path).matching_keys) == 1
    assert set(ids(settings_in(tmp_path), engine)).isdisjoint(old)


def test_the_pseudonym_in_the_log_and_the_ledger_outlive_a_rotation(
    engine: Engine, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    old = ids(settings, engine)
    fill(engine, *old)
    seen = Pseudoniemen(engine, Sleutels.of(settings)).of(Domein.AUDIT, old[0])
    mark = open_grootboek(engine, settings).kenmerk(old[0])
    rotate(engine, settings, op=NOW)
    settings = settings_in(tmp_path)
    new = ids(settings, engine)
    assert Pseudoniemen(engine, Sleutels.of(settings)).of(Domein.AUDIT, new[0]) == seen
    assert open_grootboek(engine, settings).kenmerk(new[0]) == mark


def test_a_database_whose_key_is_gone_says_so(engine: Engine, tmp_path: Path) -> None:
    rotate(engine, settings_in(tmp_path / "een"), op=NOW)
    other = settings_in(tmp_path / "ander")
    with pytest.raises(SettingsError):
        layer_of(engine, Sleutels.of(other))


def test_keys_from_the_environment_are_not_made_up(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(rotatie.ENVIRONMENT, "[]")
    with pytest.raises(SettingsError):
        rotate(engine, settings_in(tmp_path), op=NOW)
    monkeypatch.setenv(rotatie.ENVIRONMENT, f'["{"k" * 40}"]')
    rotate(engine, settings_in(tmp_path), op=NOW)
    assert layer_of(engine, Sleutels.of(settings_in(tmp_path))) != NO_LAYER


def test_one_person_is_somebody_else_in_every_domain(engine: Engine, tmp_path: Path) -> None:
    given = {"beschermd_key": "b" * 43}
    settings = Settings(**(settings_in(tmp_path).model_dump() | given))
    fill(engine, "a" * 32, "b" * 32)
    pseudoniemen = Pseudoniemen(engine, Sleutels.of(settings))
    made = {pseudoniemen.of(domein, one) for domein in Domein for one in ("a" * 32, "b" * 32)}
    assert len(made) == 2 * len(Domein)
    keys = {Sleutels.of(settings).key(domein) for domein in Domein}
    assert len(keys) == len(Domein)


def test_a_frame_leaves_with_pseudonyms_of_the_export_domain(
    engine: Engine, tmp_path: Path
) -> None:
    fill(engine, "a" * 32)
    pseudoniemen = Pseudoniemen(engine, Sleutels.of(settings_in(tmp_path)))
    frame = pl.DataFrame({"jongere_id": ["a" * 32], "kans": [0.5]})
    given = pseudoniemen.give_out(frame)
    assert given.columns == ["pseudoniem", "kans"]
    assert pseudoniemen.jongere_of(Domein.EXPORT, given["pseudoniem"][0]) == "a" * 32
    forget(engine, tmp_path, "a" * 32)
    assert pseudoniemen.jongere_of(Domein.EXPORT, given["pseudoniem"][0]) is None
