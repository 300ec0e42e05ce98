"""The model beside what people decided: on the page of a version and in the report (TRUST F7)."""

from typing import Any

import pytest

from service.dutch import percent
from service.modelbeheer.na_besluit import ENDS, NaBesluit
from service.web.na_besluit import KOPPEN, besluit_grafieken, besluit_rijen, weergave
from tests.service.besloten import uneven


@pytest.fixture(scope="module")
def found() -> NaBesluit:
    return uneven()


def line(found: NaBesluit, waarde: str, maat: str) -> dict[str, Any]:
    (one,) = [row for row in found.regels if (row["waarde"], row["maat"]) == (waarde, maat)]
    return dict(one)


def test_each_group_has_both_sides_in_one_row_of_the_chart_and_of_its_table(
    found: NaBesluit,
) -> None:
    first, second = besluit_grafieken(found)

    assert first.titel != second.titel
    assert [row[0] for row in first.rijen] == ["Leerweg BBL", "Leerweg BOL"]
    assert first.koppen == ("Groep", "model", "na het besluit")
    assert {one.vorm for one in first.stippen} == {"rond", "vierkant"}
    assert len(first.stippen) == 2 * len(first.rijen)
    names = [one for one in first.woorden if one.klas == "naam"]
    assert len(names) == len(first.rijen)
    assert first.hoog > max(one.y for one in first.stippen)


def test_every_share_stands_beside_the_other_with_its_interval(found: NaBesluit) -> None:
    rows = besluit_rijen(found)

    one = line(found, "BBL", "op de lijst")
    told = [f"{percent(one[side])} (" for side in ("model", "besluit")]
    (row,) = [row for row in rows if row[:2] == ["Leerweg BBL", "op de lijst of hulp"]]
    assert len(row) == len(KOPPEN)
    assert all(cell.startswith(begin) for cell, begin in zip(row[2:], told, strict=True))
    assert len(rows) == len(found.regels) == 8


def test_a_figure_that_means_nothing_is_said_to_be_unknown(found: NaBesluit) -> None:
    empty = dict.fromkeys(
        [
            f"{part}{side}{end}"
            for part in ("", "verhouding_")
            for side in ("model", "besluit")
            for end in ENDS
        ]
    )
    bare = NaBesluit(({**found.regels[0], **empty},), 100, 0)

    assert besluit_rijen(bare)[0][2:] == ["niet bekend", "niet bekend"]
    assert besluit_grafieken(bare)[0].rijen[0][1:] == ("niet bekend", "niet bekend")


def test_what_is_kept_and_read_back_is_shown_the_same(found: NaBesluit) -> None:
    assert weergave(NaBesluit.from_described(found.described())) == weergave(found)
    assert found.besluiten % 10 or weergave(found)["besluiten"] == found.besluiten
