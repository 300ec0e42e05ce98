"""The screen of the watch: empty, with alarms in words, and looking at one leaves a line."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from service.bewaken.dag import settle
from service.bewaken.maten import Maat
from service.rechten.begrippen import Rol
from service.storage.audit import AuditRepository
from service.storage.bewaking import ALARM, LET_OP, RUSTIG, TE_WEINIG, Bevinding, BewakingRepository
from service.storage.engine import unit_of_work
from tests.service.conftest import OWN_SITE
from tests.service.rechten.wereld import Wereld, make_wereld
from tests.service.web.html import find_problems

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
REDEN = "De school stapte over op een ander systeem."
KEY = ("uitvalrisico", "1")
GEVONDEN = (
    Bevinding(
        *KEY,
        Maat.INVOER.value,
        "verzuim_ongeoorloofd_13",
        ALARM,
        "Verzuim is sterk verschoven.",
        waarde=0.31,
        toeval=0.01,
        grens=0.2,
        n=1400,
    ),
    Bevinding(*KEY, Maat.SCORE.value, "kans", LET_OP, "Wat verschoven.", waarde=0.12, toeval=0.01),
    Bevinding(*KEY, Maat.INVOER.value, "klas_verzuim", TE_WEINIG, "Te weinig."),
    Bevinding(*KEY, Maat.KALIBRATIE.value, "iedereen", RUSTIG, "Het model klopt.", waarde=0.01),
    Bevinding("", "", Maat.BRON.value, "Magister: verzuim", RUSTIG, "Meest onbekend: reden."),
)


@pytest.fixture
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("bewaking"))
    yield made
    made.engine.dispose()


@pytest.fixture
def analist(wereld: Wereld) -> Iterator[TestClient]:
    cookie = "; ".join(f"{k}={v}" for k, v in wereld.enter(Rol.ANALIST).items())
    with TestClient(
        wereld.app, follow_redirects=False, headers={"Cookie": cookie, **OWN_SITE}
    ) as client:
        yield client


def run(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        repository = BewakingRepository(session)
        for ago in (1, 0):
            day = date(2026, 11, 22) - timedelta(days=ago)
            repository.add(GEVONDEN, dag=day, bekend_tot=day, tijdstip=NOW)
        settle(repository, GEVONDEN, op=NOW)


def test_before_the_first_night_the_screen_says_how(analist: TestClient) -> None:
    answer = analist.get("/bewaking")

    assert answer.status_code == 200
    assert "vangnet bewaak" in answer.text
    assert find_problems(answer.text) == []


def test_an_open_alarm_stands_first_and_the_figures_follow(
    wereld: Wereld, analist: TestClient
) -> None:
    run(wereld.engine)

    shown = analist.get("/bewaking").text

    order = ["Nog te bekijken", "Verzuim is sterk verschoven.", "Wat het meest verschoof", "0,31"]
    places = [shown.index(one) for one in order]
    assert places == sorted(places)
    for told in ("Verschuiving in de tijd: uitvalrisico", "Magister: verzuim", "Het model klopt."):
        assert told in shown
    assert "Van 1 kenmerk zijn" in shown
    assert find_problems(shown) == []


def test_a_reason_closes_an_alarm_and_leaves_a_line(wereld: Wereld, analist: TestClient) -> None:
    run(wereld.engine)
    form = {"alarm": "1", "reden": "te kort"}

    refused = analist.post("/bewaking", data=form)
    assert refused.status_code in {400, 409, 422}
    assert "te kort" in refused.text
    done = analist.post("/bewaking", data=form | {"reden": REDEN})

    assert done.status_code == 303
    shown = analist.get(done.headers["location"]).text
    assert "Nog te bekijken" not in shown
    assert REDEN in shown
    with unit_of_work(wereld.engine, read_only=True) as session:
        lines = [one for one in AuditRepository(session).lines() if "bewaakalarm:1" in one.objecten]
    assert len(lines) == 1


def test_who_only_oversees_sees_no_form_and_a_coach_sees_nothing(wereld: Wereld) -> None:
    run(wereld.engine)
    for rol, status in (
        (Rol.FUNCTIONARIS_GEGEVENSBESCHERMING, 200),
        (Rol.LOOPBAANCOACH, 403),
    ):
        cookie = "; ".join(f"{k}={v}" for k, v in wereld.enter(rol).items())
        headers = {"Cookie": cookie, **OWN_SITE}
        with TestClient(wereld.app, follow_redirects=False, headers=headers) as client:
            answer = client.get("/bewaking")
            assert answer.status_code == status
            assert "<textarea" not in answer.text
            refused = client.post("/bewaking", data={"alarm": "1", "reden": REDEN})
            assert refused.status_code == 403
