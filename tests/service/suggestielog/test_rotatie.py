"""What was shown is found and made again after the keys of pseudonyms changed (TRUST H1, P1)."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import Engine

from service.importing.pseudonym import pseudonym
from service.privacy.rotatie import pseudonym_key, rotate
from service.settings import open_settings
from service.storage.engine import unit_of_work
from service.storage.suggestielog import SuggestielogRepository
from service.storage.suggestielog_tables import INHOUD, LIJST, SUGGESTIE, VERTONING
from service.suggestielog.controle import Herhaling, repeat_stored
from service.suggestielog.lijst import Lijst, Regel
from service.suggestielog.maken import of_kandidaten, of_suggesties, of_uitvalrisico
from tests.service.region import small_regio
from tests.service.suggestielog.conftest import by_hash
from tests.service.suggestielog.test_tonen import fitting

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ALL = 1000
NUMBERS = tuple(str(number) for number in range(999990000, 999990999))


def shown_lists() -> list[Lijst]:
    """Return lists of each kind, some about one jongere and some about many."""
    regio, who = small_regio(), fitting(3)
    plek = regio.matching.paren.plekken[0].leerwerkplek_id
    page, _ = regio.jongeren(aantal=20)
    found = [of_uitvalrisico(page), of_kandidaten(regio.matching.kandidaten(plek, top=8))]
    found += [of_suggesties(one, regio.matching.suggesties(one, top=6)) for one in who]
    return [one for one in found if one is not None]


def under(lijst: Lijst, ids: dict[str, str]) -> Lijst:
    """Return a list about the same persons under other ids."""

    def renamed(one: Regel) -> Regel:
        old, new = one.jongere_id, ids[one.jongere_id]
        texts = [
            text.replace(json.dumps(old), json.dumps(new)) for text in (one.invoer, one.uitleg)
        ]
        return Regel(new, one.object_id, one.rang, one.score, *texts)

    whose = None if lijst.jongere_id is None else ids[lijst.jongere_id]
    return replace(lijst, jongere_id=whose, regels=tuple(map(renamed, lijst.regels)))


def store(engine: Engine, folder: Path) -> dict[str, str]:
    """Store lists as shown under ids of this installation; return which id each became."""
    lijsten = shown_lists()
    known = sorted({one.jongere_id for lijst in lijsten for one in lijst.regels})
    key = pseudonym_key(engine, open_settings(folder))
    ids = {old: pseudonym(number, key) for old, number in zip(known, NUMBERS, strict=False)}
    with unit_of_work(engine) as session:
        for lijst in (under(one, ids) for one in lijsten):
            session.execute(sa.insert(LIJST), [lijst.head()])
            session.execute(sa.insert(SUGGESTIE), lijst.rows())
            session.execute(sa.insert(INHOUD), lijst.inhoud())
            seen = {"id": uuid4().hex, "lijst_sha256": lijst.sha256, "tijdstip": NOW}
            seen |= {"kijker": "gebruiker:1", "doel": "begeleiding", "operatie_id": "1"}
            session.execute(sa.insert(VERTONING), [seen])
    return ids


def again(engine: Engine) -> Herhaling:
    return repeat_stored(engine, by_hash, aantal=ALL)


def counts(engine: Engine) -> dict[str, int]:
    with unit_of_work(engine, read_only=True) as session:
        assert SuggestielogRepository(session).without_record() == 0
        return dict(SuggestielogRepository(session).counts())


def test_all_that_was_shown_comes_out_again_after_two_rotations(
    engine: Engine, tmp_path: Path
) -> None:
    store(engine, tmp_path)
    before, were = again(engine), counts(engine)
    assert before.goed
    assert before.suggesties > 30

    for _ in range(2):
        rotate(engine, open_settings(tmp_path), op=NOW)
        assert again(engine) == before
        assert counts(engine) == were


def test_the_hash_of_a_list_is_that_of_its_content_after_a_rotation(
    engine: Engine, tmp_path: Path
) -> None:
    ids = store(engine, tmp_path)
    rotate(engine, open_settings(tmp_path), op=NOW)
    key = pseudonym_key(engine, open_settings(tmp_path))
    new = dict(zip(ids, (pseudonym(number, key) for number in NUMBERS), strict=False))

    with unit_of_work(engine, read_only=True) as session:
        stored = {one.sha256 for one in SuggestielogRepository(session).lijsten(limit=ALL)}
    assert stored == {under(one, new).sha256 for one in shown_lists()}


def test_what_was_damaged_before_a_rotation_is_found_damaged_after_it(
    engine: Engine, tmp_path: Path
) -> None:
    store(engine, tmp_path)
    with unit_of_work(engine) as session:
        hurt = session.execute(sa.select(INHOUD).limit(1)).one()
        line = (INHOUD.c.lijst_sha256 == hurt.lijst_sha256) & (INHOUD.c.nummer == hurt.nummer)
        changed = {"uitleg": hurt.uitleg.replace("{", '{"erbij":1,', 1)}
        session.execute(sa.update(INHOUD).where(line).values(changed))
    assert again(engine).beschadigd == 1

    rotate(engine, open_settings(tmp_path), op=NOW)
    assert again(engine).beschadigd == 1
