"""A list from which somebody was erased says so, and hides no damage (TRUST H1, P4)."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from service.storage.engine import unit_of_work
from service.storage.suggestielog_tables import LIJST, SUGGESTIE
from service.suggestielog.controle import empty_lists
from tests.service.privacy.test_verwijdering import forget
from tests.service.suggestielog.test_rotatie import again, store


def many(engine: Engine) -> list[tuple[str, str]]:
    """Return list and jongere of each line of lists about many."""
    chosen = sa.select(SUGGESTIE.c.lijst_sha256, SUGGESTIE.c.jongere_id).join(
        LIJST, LIJST.c.sha256 == SUGGESTIE.c.lijst_sha256
    )
    with unit_of_work(engine, read_only=True) as session:
        found = session.execute(chosen.where(LIJST.c.jongere_id.is_(None)))
        return [(sha256, jongere_id) for sha256, jongere_id in found]


def test_a_list_about_many_says_that_somebody_was_erased_and_the_rest_comes_out_again(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    store(sqlite_engine, tmp_path)
    whole = again(sqlite_engine)
    lines = many(sqlite_engine)
    erased = lines[0][1]
    forget(sqlite_engine, tmp_path, erased)
    found = again(sqlite_engine)

    assert whole.gewist == 0
    assert found.gewist == len({sha256 for sha256, one in lines if one == erased})
    assert found.goed
    assert 0 < found.suggesties < whole.suggesties


def test_a_line_that_is_gone_without_an_erasure_is_damage(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    store(sqlite_engine, tmp_path)
    sha256, jongere_id = many(sqlite_engine)[0]
    with unit_of_work(sqlite_engine) as session:
        mine = (SUGGESTIE.c.lijst_sha256 == sha256) & (SUGGESTIE.c.jongere_id == jongere_id)
        session.execute(sa.delete(SUGGESTIE).where(mine))
    found = again(sqlite_engine)

    assert (found.gewist, found.beschadigd, found.goed) == (0, 1, False)


def test_a_list_of_which_everybody_was_erased_is_empty_for_that_reason(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    store(sqlite_engine, tmp_path)
    lines = many(sqlite_engine)
    per_list = {sha256: [who for one, who in lines if one == sha256] for sha256, _ in lines}
    shortest = min(per_list.values(), key=len)
    for jongere_id in shortest:
        forget(sqlite_engine, tmp_path, jongere_id)
    assert empty_lists(sqlite_engine) == (1, 0)
    assert again(sqlite_engine).goed
