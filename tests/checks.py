"""Checks that several tests share."""

from collections.abc import Mapping

from features.contract import Table, Tables, check_table


def check_tables(tables: Tables, contracts: Mapping[str, Table]) -> None:
    """Raise `TableError` on the first offence in any table, or in a reference between them."""
    for name, frame in tables.items():
        check_table(frame, contracts[name], references=tables)
