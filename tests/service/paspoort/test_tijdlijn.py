"""What a jongere did stands on one line, the newest first, in words."""

from datetime import date, timedelta
from typing import Any

import pytest

from features.vocabulary import RedenEindeStage, RedenUitschrijving
from service.paspoort.feiten import Feiten
from service.paspoort.tijdlijn import SCHOOL_EINDE, STAGE_EINDE, Soort, tijdlijn

TODAY = date(2026, 11, 22)
STAGE = {
    "leerbedrijf_id": "1",
    "leerwerkplek_id": None,
    "uren_per_week": 16.0,
    "reden_einde": None,
    "begindatum": date(2026, 9, 7),
    "geplande_einddatum": date(2027, 1, 31),
    "einddatum": None,
}
SCHOOL = {
    "instelling": "24ZZ",
    "onderwijssoort": "mbo-2",
    "opleidingcode": "25000",
    "leerweg": "BBL",
    "reden_uitschrijving": None,
    "begindatum": date(2025, 8, 1),
    "geplande_einddatum": None,
    "einddatum": None,
}


def make(**rows: Any) -> Feiten:  # noqa: ANN401  # rows of any table
    usual: dict[str, Any] = dict.fromkeys(
        ("inschrijvingen", "stages", "diplomas", "verzuim", "nodig"), ()
    )
    names = {"opleidingen": {"25000": "Timmerman"}, "leerbedrijven": {"1": "Bouwbedrijf Groot"}}
    return Feiten(**(usual | {"wil": None, "plekken": {}} | names | rows))


def test_the_newest_stands_on_top_and_says_whether_it_lasts() -> None:
    diploma = {"soort": "diploma", "opleidingcode": None, "niveau": 1, "datum": date(2025, 7, 1)}
    line = tijdlijn(make(inschrijvingen=(SCHOOL,), stages=(STAGE,), diplomas=(diploma,)), TODAY)

    assert [one.soort for one in line] == [Soort.STAGE, Soort.SCHOOL, Soort.DIPLOMA]
    assert [one.loopt for one in line] == [True, True, False]
    assert [one.titel for one in line] == ["Stage bij Bouwbedrijf Groot", "Timmerman", "Diploma"]
    assert line[1].uitleg == "mbo niveau 2, school 24ZZ, werken en leren (BBL)"


def test_what_begins_later_does_not_last_yet() -> None:
    later = STAGE | {"begindatum": date(2026, 12, 7)}

    (one,) = tijdlijn(make(stages=(later,)), TODAY)
    assert not one.loopt
    assert one.gepland


def test_an_end_is_told_with_its_reason() -> None:
    ended = {"einddatum": date(2026, 10, 1), "reden_einde": RedenEindeStage.LEERBEDRIJF}

    (one,) = tijdlijn(make(stages=(STAGE | ended,)), TODAY)
    assert one.einde == date(2026, 10, 1)
    assert one.uitleg == "16 uur per week, eerder gestopt door het leerbedrijf"


@pytest.mark.parametrize(("days", "loopt"), [(-1, False), (0, True), (30, True)])
def test_an_end_that_is_known_beforehand_lasts_until_its_day(days: int, loopt: bool) -> None:
    ends = TODAY + timedelta(days=days)

    (one,) = tijdlijn(make(stages=(STAGE | {"einddatum": ends},)), TODAY)
    assert (one.einde, one.loopt, one.gepland) == (ends, loopt, loopt)


def test_every_reason_has_words_or_says_nothing_of_the_jongere() -> None:
    assert set(STAGE_EINDE) == set(RedenEindeStage)
    silent = {
        RedenUitschrijving.OVERLEDEN,
        RedenUitschrijving.ANDERS,
        RedenUitschrijving.ADMINISTRATIEF,
        RedenUitschrijving.BEKOSTIGING_VERVALLEN,
    }
    assert set(SCHOOL_EINDE) == set(RedenUitschrijving) - silent
