"""No table is forgotten by inzage, verwijdering, key rotation or a term."""

import pytest
import sqlalchemy as sa

from service.privacy.register import (
    PER_PERSOON_ELDERS,
    PERSOONSTABELLEN,
    TEKSTEN,
    ZONDER_JONGERE,
    tabellen,
)
from service.storage.tables import METADATA
from tests.service.privacy.everywhere import ANYBODY

KNOWN = {*PERSOONSTABELLEN, *PER_PERSOON_ELDERS, *ZONDER_JONGERE}


def test_every_table_of_the_store_is_registered() -> None:
    assert set(METADATA.tables) - KNOWN == set()
    assert KNOWN - set(METADATA.tables) == set()


def test_a_table_that_names_a_jongere_is_registered_as_one_of_persons() -> None:
    for table in METADATA.sorted_tables:
        if any(name in table.c for name in ANYBODY):
            assert table.name in PERSOONSTABELLEN, table.name


def test_a_row_that_depends_on_a_person_is_registered_too() -> None:
    personal = {table.name for table, entry in tabellen()}
    for table in METADATA.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name in personal:
                assert table.name in personal, table.name


def test_a_table_stands_in_one_list_only() -> None:
    assert set(PERSOONSTABELLEN).isdisjoint(ZONDER_JONGERE)
    assert set(PER_PERSOON_ELDERS).isdisjoint({*PERSOONSTABELLEN, *ZONDER_JONGERE})


@pytest.mark.parametrize("name", sorted(PERSOONSTABELLEN))
def test_every_column_that_the_register_names_is_there(name: str) -> None:
    table, entry = METADATA.tables[name], PERSOONSTABELLEN[name]
    columns = [entry.via.kolom] if entry.via else ["jongere_id"]
    columns += TEKSTEN.get(name, ())
    columns += list(entry.wist(table)) if entry.wist else []
    assert set(columns) <= set(table.c.keys())
    assert entry.kop


def test_a_new_table_with_a_jongere_would_be_refused() -> None:
    other = sa.MetaData()
    forgotten = sa.Table("vergeten", other, sa.Column("jongere_id", sa.String))
    assert any(name in forgotten.c for name in ANYBODY)
    assert forgotten.name not in KNOWN
