from datetime import date

import polars as pl
import pytest

from features.tables import COMPETENTIE, COMPETENTIEMETING, WERKPROCES_COMPETENTIE
from features.vocabulary import Beoordelaar
from service.vaardigheden import Vaardigheid, Vaardigheidskaart, VermoedeVaardigheid

PEILDATUM = date(2026, 3, 1)


@pytest.fixture(scope="module")
def kaart() -> Vaardigheidskaart:
    """Two jongeren; J1 was judged long ago by school and lately by a leerbedrijf."""
    metingen = [
        ("J1", date(2024, 3, 1), "W1", 4, date(2024, 3, 2), "school"),
        ("J1", date(2026, 2, 20), "C1", 2, date(2026, 2, 21), "leerbedrijf"),
        ("J2", date(2026, 2, 1), "W1", 0, date(2026, 2, 2), "zelf"),
    ]
    titels = [("W1", "Werkt met de kassa"), ("C1", "Komt op tijd"), ("C2", "Rekenen")]
    return Vaardigheidskaart(
        {
            "competentie": pl.DataFrame(
                [(one, titel, "CompetentNL", "test") for one, titel in titels],
                schema=COMPETENTIE.schema,
                orient="row",
            ),
            "competentiemeting": pl.DataFrame(
                metingen, schema=COMPETENTIEMETING.schema, orient="row"
            ),
            "werkproces_competentie": pl.DataFrame(
                [("W1", "C2", "test")], schema=WERKPROCES_COMPETENTIE.schema, orient="row"
            ),
        },
        PEILDATUM,
    )


def test_a_judgement_is_shown_with_its_age_its_judge_and_what_it_is_worth_now(
    kaart: Vaardigheidskaart,
) -> None:
    found = kaart.vaardigheden("J1").beoordeeld
    assert found == (
        Vaardigheid("Werkt met de kassa", 4, 3, 23, Beoordelaar.SCHOOL),
        Vaardigheid("Komt op tijd", 2, 2, 0, Beoordelaar.LEERBEDRIJF),
    )
    assert [one.is_oud for one in found] == [True, False]
    assert found[1].gemeten == "gemeten deze maand, door het leerbedrijf"


def test_what_nobody_judged_follows_from_werkprocessen(kaart: Vaardigheidskaart) -> None:
    assert kaart.vaardigheden("J1").vermoed == (VermoedeVaardigheid("Rekenen", 4, 1),)


def test_of_somebody_never_judged_nothing_is_told(kaart: Vaardigheidskaart) -> None:
    nothing = kaart.vaardigheden("J9")
    assert not nothing.beoordeeld
    assert not nothing.vermoed
