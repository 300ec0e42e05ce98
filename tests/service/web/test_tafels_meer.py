"""The rest of a meeting on pages: places, late lines, minima, accounts, scarce places, beamer."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from service.matchtafel.agenda import RISICO
from service.rechten.toegang import SYSTEEM, looking_as
from service.settings import Settings
from service.storage import open_engine, unit_of_work
from service.storage.matchtafel_tables import OPVOLGING
from service.storage.plekverzoek import PlekverzoekRepository
from service.web.tafel_form import read_kans
from service.web.tafel_page import comeback_days
from tests.service.conftest import NAAM, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.region import small_region
from tests.service.storage.imports import merge_all
from tests.service.web.conftest import PageClient, log_in, make_client, text_of
from tests.service.web.html import Reader, read
from tests.service.web.test_tafels import (
    DAG,
    LATER,
    besluit_of,
    lines_of,
    open_with_voorstel,
    post,
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_settings(tmp_path_factory.mktemp("tafels-meer"))


@pytest.fixture(scope="module")
def anna(settings: Settings) -> Iterator[PageClient]:
    app: FastAPI = make_app(settings, FakeRegio)
    names = ("jongere", "leerbedrijf", "leerwerkplek")
    engine = open_engine(settings.database)
    with unit_of_work(engine) as session:
        merge_all(session, {name: small_region().tables[name] for name in names})
    engine.dispose()
    with make_client(app) as client:
        log_in(client)
        yield client


@pytest.fixture(scope="module")
def tafel(anna: PageClient) -> str:
    """The address of an open table with a proposal, shared by tests that leave it as it is."""
    return open_with_voorstel(anna)


def first_plek(page: Reader) -> str:
    """Return the id of the first place on the page of places."""
    links = [
        one.attributes["href"] for one in page.all("a") if "plekken?plek=" in one.attributes["href"]
    ]
    return links[0].split("plek=")[1]


def test_a_line_says_why_in_one_sentence_and_who_is_spare(anna: PageClient, tafel: str) -> None:
    text = text_of(anna.read(tafel))

    assert "Vooral omdat:" in text
    assert re.search(r"Let op: \w|Geen bezwaren gevonden\.", text)
    assert "Reserve: " in text


def test_scarce_places_say_how_many_want_them_and_who(anna: PageClient, tafel: str) -> None:
    text = text_of(anna.read(tafel))

    found = re.findall(r"(\d+) jongeren willen, (\d+) plek", text)
    assert found
    assert all(int(wanted) > int(room) for wanted, room in found)
    assert "In het voorstel:" in text
    assert "De grootste kans is bij" in text


def test_a_day_to_come_back_stands_in_the_form_and_others_are_offered(
    anna: PageClient, tafel: str
) -> None:
    page = anna.read(tafel)
    days = [one.attributes for one in page.all("input") if one.attributes["name"] == "opvolgdatum"]

    assert {one["value"] for one in days} == {LATER}
    assert {one["list"] for one in days} == {"dagen"}
    assert comeback_days(DAG)[0][0] == LATER
    assert comeback_days(DAG.replace(year=2001))[0][0] > DAG.replace(year=2001).isoformat()


def test_a_place_that_is_kept_says_who_asked_and_who_wrote_it_down(
    anna: PageClient, settings: Settings
) -> None:
    path = open_with_voorstel(anna)
    plek = first_plek(anna.read(f"{path}/plekken"))
    edit = anna.read(f"{path}/plekken?plek={plek}")
    school = next(one.attributes["value"] for one in edit.all("option") if one.attributes["value"])
    form = {"leerwerkplek_id": plek, "aantal": "2", "alleen_voor": school}

    wrong = post(anna, f"{path}/plekken", **form)
    text = text_of(read(wrong.text))
    assert wrong.status_code == 400
    assert "Kies de laatste dag waarop de plek apart staat." in text
    assert "Vul in wie erom vroeg." in text

    right = form | {"alleen_tot": LATER, "aanvrager": "Bert Vos, UWV"}
    assert post(anna, f"{path}/plekken", **right).status_code == 303
    text = text_of(anna.read(f"{path}/plekken"))
    assert f"Bert Vos, UWV (vastgelegd door {NAAM} op" in text
    assert "tot en met 10 december 2026" in text
    engine = open_engine(settings.database)
    with looking_as(SYSTEEM), unit_of_work(engine, read_only=True) as session:
        kept = PlekverzoekRepository(session).newest(int(path.rsplit("/", 1)[1]))
    engine.dispose()
    assert (kept[plek].aanvrager, kept[plek].alleen_voor) == ("Bert Vos, UWV", school)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"aantal": "veel"}, "Vul een getal in van 0 tot 200."),
        ({"leerwerkplek_id": ""}, "Kies een plek."),
        ({"alleen_voor": "geen school"}, "Kies een school uit de lijst."),
    ],
)
def test_a_place_that_is_wrong_changes_nothing(
    anna: PageClient, tafel: str, changes: dict[str, str], told: str
) -> None:
    before = text_of(anna.read(f"{tafel}/plekken"))
    plek = first_plek(anna.read(f"{tafel}/plekken"))
    form = {"leerwerkplek_id": plek, "aantal": "7"} | changes

    answer = post(anna, f"{tafel}/plekken", **form)

    assert answer.status_code == 400
    if form["leerwerkplek_id"]:
        assert told in text_of(read(answer.text))
    assert text_of(anna.read(f"{tafel}/plekken")) == before


def test_a_place_that_nobody_knows_is_not_found(anna: PageClient, tafel: str) -> None:
    answer = post(anna, f"{tafel}/plekken", leerwerkplek_id="weg", aantal="1")
    assert answer.status_code == 404


def test_somebody_is_put_on_the_agenda_late_and_once(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    there = {one.attributes["href"] for one in anna.read(path).all("a")}
    found = anna.read(f"{path}/erbij?zoek=j").all("input")
    late = next(
        one.attributes["value"]
        for one in found
        if one.attributes["name"] == "jongere_id"
        and f"/jongeren/{one.attributes['value']}" not in there
    )
    form = {"jongere_id": late, "reden": "Vraag van de school"}

    wrong = post(anna, f"{path}/agendapunten", zoek="j")
    assert wrong.status_code == 400
    assert "Kies een jongere." in text_of(read(wrong.text))

    done = post(anna, f"{path}/agendapunten", **form)
    assert done.headers["location"].startswith(f"{path}#punt-")
    page = anna.read(path)
    assert done.headers["location"].endswith(f"#punt-{lines_of(page)[-1]}")
    assert "Vraag van de school" in text_of(page)
    assert post(anna, f"{path}/agendapunten", **form).status_code == 409
    assert post(anna, f"{path}/agendapunten", jongere_id="weg", reden="Wie?").status_code == 404


def test_a_least_chance_is_kept_in_the_next_proposals(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    punt = lines_of(anna.read(path))[0]
    wrong = post(anna, f"{path}/eisen", minimum="100")
    assert wrong.status_code == 400
    assert "Vul een heel getal in van 0 tot 99, of laat het leeg." in text_of(read(wrong.text))

    demands = {"volgorde": "slagen", "minimum": "5", f"minimum-{punt}": "99"}
    assert post(anna, f"{path}/eisen", **demands).status_code == 303
    assert post(anna, f"{path}/voorstellen", volgorde="slagen").status_code == 303

    page = anna.read(f"{path}/eisen")
    typed = {one.attributes["name"]: one.attributes.get("value") for one in page.all("input")}
    assert (typed["minimum"], typed[f"minimum-{punt}"]) == ("5", "99")
    assert "Voorstel 3" in text_of(anna.read(path))
    assert "Geen plek in dit voorstel" in text_of(anna.read(path))


def test_a_participant_with_an_account_signs_with_the_name_at_the_table(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    seat = {"naam": "Chris", "org": "ROC", "rol": "school"}

    unknown = post(anna, f"{path}/deelnemers", **seat, account="niemand")
    assert unknown.status_code == 400
    assert "Dit account is er niet." in text_of(read(unknown.text))
    assert post(anna, f"{path}/deelnemers", **seat, account=NAAM).status_code == 303

    page = anna.read(path)
    punt = lines_of(page)[0]
    post(anna, f"{path}/agendapunten/{punt}/besluit", **besluit_of(page, punt))
    assert "Vastgelegd door Chris op" in text_of(anna.read(path))
    news = [one.attributes.get("data-nieuws", "") for one in anna.read(path).all("li")]
    assert "Chris heeft besloten over regel 1" in news


def test_the_beamer_names_nobody_until_asked_and_shows_no_score(
    anna: PageClient, tafel: str
) -> None:
    names = {
        one.text for one in anna.read(tafel).all("a") if "/jongeren/" in one.attributes["href"]
    }
    assert names
    for path in ("beamer", "beamer?regel=2"):
        source = anna.get(f"{tafel}/{path}").text
        main = source[source.index("<main") : source.index("</main>")]
        assert not any(name and name in main for name in names)
        assert RISICO not in main
        assert not re.search(r"van de 100|Kans van slagen", main)
        assert "/jongeren/" not in main
    opened = anna.read(f"{tafel}/beamer?regel=2&naam=ja")
    assert any(name in text_of(opened) for name in names)
    assert "Verberg de naam" in text_of(opened)


def test_the_beamer_leads_from_line_to_line_by_links(anna: PageClient, tafel: str) -> None:
    page = anna.read(f"{tafel}/beamer?regel=2")
    links = {one.attributes.get("rel", ""): one.attributes["href"] for one in page.all("a")}

    assert links["next"] == f"{tafel}/beamer?regel=3"
    assert links["prev"] == f"{tafel}/beamer?regel=1"
    last = text_of(anna.read(f"{tafel}/beamer?regel=9999"))
    assert "Jongere 12" in last
    assert "Volgende jongere" not in last


def test_a_least_chance_is_a_whole_number_below_a_hundred() -> None:
    assert [read_kans(text) for text in ("0", "99", "", "100", "4,5")] == [
        (0.0, True),
        (0.99, True),
        (None, True),
        (None, False),
        (None, False),
    ]


def test_what_waits_for_me_stands_first_and_says_how_late_it_is(
    anna: PageClient, settings: Settings
) -> None:
    path = open_with_voorstel(anna)
    post(anna, f"{path}/deelnemers", naam="Dirk", org="ROC", rol="school", account=NAAM)
    page = anna.read(path)
    owner = next(one.attributes["value"] for one in page.all("option") if "Dirk" in one.text)
    for punt, eigenaar in zip(lines_of(page)[:2], (None, owner), strict=True):
        changes = {} if eigenaar is None else {"eigenaar_id": eigenaar}
        wanted = besluit_of(page, punt, keuze="aangehouden", leerwerkplek_id="", **changes)
        post(anna, f"{path}/agendapunten/{punt}/besluit", **wanted)
    engine = open_engine(settings.database)
    due = datetime.now(UTC).date() - timedelta(days=3)
    with unit_of_work(engine) as session:
        session.execute(sa.update(OPVOLGING).values(datum=due))
    engine.dispose()

    text = text_of(anna.read(f"{path}/opvolgingen"))

    assert text.index("Voor u, nu 1") < text.index("Voor anderen, nu 1")
    assert text.count("(3 dagen te laat)") == 2
