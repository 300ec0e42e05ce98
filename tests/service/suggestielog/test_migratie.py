"""What was shown by an earlier version is found whole and made again by this one, and back."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from service.storage.migrate import migrate
from tests.service.suggestielog.test_rotatie import again, counts, store

BY_HASH = "0019"
"""The last schema that kept inputs and explanations under their hashes."""


def test_what_was_shown_comes_out_again_under_the_schema_before_and_after(
    engine: Engine, tmp_path: Path
) -> None:
    store(engine, tmp_path)
    before, were = again(engine), counts(engine)
    assert before.goed
    assert before.suggesties > 30

    migrate(engine, BY_HASH)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT set_config('vangnet.doel', 'systeem', true)")
        texts = sa.text("SELECT count(*), count(DISTINCT sha256) FROM suggestie_inhoud")
        rows, hashes = connection.execute(texts).one()
    assert rows == hashes > were["suggestie"]
    migrate(engine)

    assert again(engine) == before
    assert counts(engine) == were
