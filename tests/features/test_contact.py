from datetime import date, timedelta

from features.contact import RECENT_DAYS, contact_features
from features.peildatum import numbered
from tests.features.facts import rows, spine

PEILDATUM = date(2025, 3, 1)


def test_attempts_and_the_share_that_reached_the_jongere() -> None:
    attempts = [(1, False), (2, False), (3, True), (RECENT_DAYS, True)]
    tables = {
        "contact": rows(
            "contact",
            *({"datum": PEILDATUM - timedelta(days=ago), "gelukt": ok} for ago, ok in attempts),
        )
    }
    days = spine(("j1", PEILDATUM), ("j2", PEILDATUM), ("j1", date(2020, 1, 1)))

    found = contact_features(tables, numbered(days)).collect().sort("rij")

    assert found["contact_pogingen"].to_list() == [3, 0, None]
    assert found["contact_pogingen_52"].to_list() == [4, 0, None]
    assert found["contact_gelukt"].to_list() == [1 / 2, None, None]
    assert found["contact_weken_sinds"].to_list() == [1 / 7, None, None]
