"""A whole meeting on pages alone: no script, only forms and links."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from service.settings import Settings
from service.storage import CanonicalRepository, open_engine, unit_of_work
from service.storage.matchtafel_tables import AGENDAPUNT
from service.web.rendering import static
from service.web.tafel_form import read_deelnemers, whole
from service.web.tafel_form import text_of as text_of_form
from tests.service.conftest import OWN_SITE, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.mensen import REGIO
from tests.service.region import small_region
from tests.service.storage.imports import merge_all
from tests.service.web.conftest import PageClient, log_in, make_client, text_of
from tests.service.web.html import Reader, read

DAG = date(2026, 12, 3)
LATER = (DAG + timedelta(days=7)).isoformat()
TODAY = datetime.now(UTC).date().isoformat()
PLAN = {
    "datum": DAG.isoformat(),
    "regio": "Achterhoek",
    "aantal": "12",
    "deelnemers": "Anna de Wit, Graafschap College, school\n\nBert Vos, UWV, UWV",
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_settings(tmp_path_factory.mktemp("tafels"))


@pytest.fixture(scope="module")
def eigen_app(settings: Settings) -> FastAPI:
    """The service on a store that holds the places of the small region."""
    app = make_app(settings, FakeRegio)
    names = ("jongere", "leerbedrijf", "leerwerkplek")
    engine = open_engine(settings.database)
    with unit_of_work(engine) as session:
        merge_all(session, {name: small_region().tables[name] for name in names})
    engine.dispose()
    return app


@pytest.fixture(scope="module")
def anna(eigen_app: FastAPI) -> Iterator[PageClient]:
    with make_client(eigen_app) as client:
        log_in(client)
        yield client


def post(client: PageClient, path: str, **data: str) -> Response:
    return client.post(path, data=data, headers=OWN_SITE)


def plan_tafel(client: PageClient, **changes: str) -> str:
    answer = post(client, "/matchtafels", **(PLAN | changes))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def open_tafel(client: PageClient) -> str:
    path = plan_tafel(client)
    assert post(client, f"{path}/status", status="open", versie="1").status_code == 303
    return path


def open_with_voorstel(client: PageClient) -> str:
    path = open_tafel(client)
    answer = post(client, f"{path}/voorstellen", volgorde="bescherm")
    assert answer.headers["location"] == f"{path}#voorstel"
    return path


def lines_of(page: Reader) -> list[str]:
    """Return the ids of the lines, in the order of the agenda."""
    ids = [one.attributes.get("id", "") for one in page.all("li")]
    return [one.removeprefix("punt-") for one in ids if one.startswith("punt-")]


def options_of(page: Reader, punt: str) -> list[str]:
    """Return the places that the form of a line offers."""
    found: list[str] = []
    inside = False
    for one in page.all("select", "option"):
        if one.tag == "select":
            inside = one.attributes["id"] == f"p{punt}-leerwerkplek_id"
        elif inside and one.attributes["value"]:
            found.append(one.attributes["value"])
    return found


def follow_up_of(client: PageClient, path: str) -> str:
    """Return where the answer to the only follow-up of a table goes."""
    forms = client.read(f"{path}/opvolgingen").all("form")
    actions = [one.attributes["action"].split("#")[0] for one in forms]
    return next(one for one in actions if one.startswith("/opvolgingen/"))


def owner_of(page: Reader) -> str:
    """Return the id of the first participant."""
    owners = [one.attributes["value"] for one in page.all("option") if "Anna" in one.text]
    return owners[0]


def besluit_of(page: Reader, punt: str, **changes: str) -> dict[str, str]:
    """Return a form that is filled in right."""
    places = options_of(page, punt)
    return {
        "versie": "1",
        "keuze": "voorstellen aan leerbedrijf" if places else "andere route",
        "leerwerkplek_id": places[0] if places else "",
        "reden": "Past bij de wens en is dichtbij.",
        "eigenaar_id": owner_of(page),
        "opvolgdatum": LATER,
    } | changes


def test_the_tables_and_follow_ups_ask_for_a_login(visitor: PageClient) -> None:
    for path in ("/matchtafels", "/matchtafels/1", "/opvolgingen"):
        assert visitor.get(path).headers["location"] == f"/inloggen?volgende={path}"


def test_the_first_plan_names_the_region_of_who_plans(tmp_path: Path) -> None:
    with make_client(make_app(make_settings(tmp_path), FakeRegio)) as client:
        log_in(client)
        text = client.get("/matchtafels").text
    field = re.search(r'<input[^>]*name="regio"[^>]*>', text)
    assert field is not None
    assert f'value="{REGIO}"' in field[0]


def test_a_planned_table_stands_in_the_list_with_its_people(anna: PageClient) -> None:
    path = plan_tafel(anna)

    page = anna.read(path)
    assert "Besproken0 van 12" in text_of(page)
    assert "Anna de Wit Graafschap College, school" in text_of(page)
    assert "Open de matchtafel" in text_of(page)
    assert "3 december 2026, Achterhoek gepland 0 van 12 besproken" in text_of(
        anna.read("/matchtafels")
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"datum": ""}, "Kies een dag."),
        ({"regio": ""}, "Vul de naam van de regio in"),
        ({"aantal": "veel"}, "Vul een getal in van 1 tot 200."),
        ({"deelnemers": "Anna\nBert, UWV, UWV"}, "Regel 1: schrijf naam, organisatie en rol"),
        ({"deelnemers": "A, b, c\nA, d, e"}, "Regel 2: A staat er al."),
    ],
)
def test_a_plan_that_is_wrong_comes_back_as_typed(
    anna: PageClient, changes: dict[str, str], told: str
) -> None:
    answer = post(anna, "/matchtafels", **(PLAN | {"regio": "Regio X"} | changes))

    assert answer.status_code == 400
    assert told in text_of(read(answer.text))
    assert changes.get("regio", "Regio X") in answer.text


@pytest.mark.parametrize(
    "path",
    [
        *("", "/{id}/status", "/{id}/voorstellen", "/{id}/deelnemers", "/{id}/wensen"),
        *("/{id}/agendapunten/1/besluit", "/{id}/wensen/1/intrekken"),
    ],
)
def test_another_site_can_change_nothing(anna: PageClient, path: str) -> None:
    answer = anna.post(
        "/matchtafels" + path.format(id=1), data={}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_a_table_that_is_not_there_is_not_found(anna: PageClient) -> None:
    for path in ("/matchtafels/9999", "/matchtafels/9999/opvolgingen"):
        assert anna.get(path).status_code == 404


def test_somebody_can_join_and_the_same_name_is_refused(anna: PageClient) -> None:
    path = open_tafel(anna)
    form = {"naam": "Carla, junior", "org": "Gemeente", "rol": "jobcoach"}

    assert post(anna, f"{path}/deelnemers", **form).status_code == 303
    assert post(anna, f"{path}/deelnemers", **form).status_code == 409
    assert post(anna, f"{path}/deelnemers", naam="Dirk").status_code == 400
    assert "Carla junior Gemeente, jobcoach" in text_of(anna.read(path))


def test_only_one_of_two_people_opens_the_same_table(anna: PageClient) -> None:
    path = open_tafel(anna)

    answer = post(anna, f"{path}/status", status="gesloten", versie="1")
    assert answer.status_code == 409
    assert "Iemand anders was u voor." in text_of(read(answer.text))
    assert post(anna, f"{path}/status", status="weg", versie="1").status_code == 400
    assert post(anna, f"{path}/status", status="gesloten", versie="2").status_code == 303
    assert "Deze matchtafel is gesloten." in text_of(anna.read(path))


def test_a_proposal_shows_its_order_its_reasons_and_that_people_decide(anna: PageClient) -> None:
    text = text_of(anna.read(open_with_voorstel(anna)))

    for shown in (
        "Voorstel 1",
        "Dit telde, het zwaarste eerst: zo veel mogelijk jongeren met een plek voorrang voor wie",
        "Nagerekend: geen ander voorstel is hierin beter.",
        "Pleit ervoor",
        "Pleit ertegen",
        "Reserve voor deze plek",
        "Neem een besluit",
    ):
        assert shown in text
    assert re.search(r"Kans van slagen ongeveer \d+ van de 100", text)


def test_nothing_tells_who_came_by_chance_and_nothing_is_preselected(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    page = anna.read(path)
    source = anna.get(path).text

    assert not re.search(r"aselect|trekkans", source)
    assert [one for one in page.all("input") if "checked" in one.attributes] == []
    chosen = [one.text for one in page.all("option") if "selected" in one.attributes]
    assert chosen == ["Voorrang voor wie het moeilijkst te plaatsen is"]


def test_the_page_is_the_same_to_the_letter_whoever_came_by_chance(
    anna: PageClient, settings: Settings
) -> None:
    path = open_with_voorstel(anna)
    here = AGENDAPUNT.c.matchtafel_id == int(path.rsplit("/", 1)[1])
    pages = []
    engine = open_engine(settings.database)
    for aselect in (True, False):
        drawn = {"aselect": aselect, "trekkans": 0.2 if aselect else 0.0}
        with unit_of_work(engine) as session:
            session.execute(sa.update(AGENDAPUNT).where(here).values(drawn))
        pages.append(anna.get(path).text)
    engine.dispose()
    assert len(lines_of(read(pages[0]))) == 12
    assert pages[0] == pages[1]


def test_a_besluit_stands_under_its_line_with_names_and_day(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    page = anna.read(path)
    punt = lines_of(page)[0]

    answer = post(anna, f"{path}/agendapunten/{punt}/besluit", **besluit_of(page, punt))

    assert answer.headers["location"] == f"{path}#punt-{punt}"
    text = text_of(anna.read(path))
    assert "Past bij de wens en is dichtbij." in text
    assert "Anna de Wit pakt dit op en komt terug op 10 december 2026." in text
    assert "Vastgelegd door coach op" in text
    assert "Besproken1 van 12" in text
    assert "Wijzig het besluit" in text


def test_a_besluit_with_gaps_says_all_of_them_and_keeps_what_was_typed(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    punt = lines_of(anna.read(path))[1]

    answer = post(
        anna,
        f"{path}/agendapunten/{punt}/besluit",
        versie="1",
        reden="te kort",
        opvolgdatum="2026-12-01",
    )

    assert answer.status_code == 400
    text = text_of(read(answer.text))
    for told in (
        "Er is nog niets bewaard.",
        "Kies wat de tafel besluit.",
        "Schrijf een reden van minstens 10 tekens.",
        "Kies wie het oppakt.",
        "Kies een dag op of na de dag van de matchtafel.",
    ):
        assert told in text
    assert ">te kort</textarea>" in answer.text
    assert answer.text.count('<details class="decide" open>') == 1


def test_who_decides_second_sees_both_versions(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    page = anna.read(path)
    punt = lines_of(page)[0]
    address = f"{path}/agendapunten/{punt}/besluit"
    post(anna, address, **besluit_of(page, punt, reden="De eerste was sneller."))

    second = besluit_of(page, punt, reden="De tweede dacht anders.")
    answer = post(anna, address, **second)

    assert answer.status_code == 409
    text = text_of(read(answer.text))
    assert "Iemand anders besloot intussen over deze jongere." in text
    assert "De eerste was sneller." in text
    assert ">De tweede dacht anders.</textarea>" in answer.text
    assert post(anna, address, **(second | {"versie": "2"})).status_code == 303
    assert "Dit vervangt een eerder besluit." in text_of(anna.read(path))


def test_a_line_of_another_table_is_not_found_here(anna: PageClient) -> None:
    other, path = open_tafel(anna), open_tafel(anna)
    page = anna.read(other)
    punt = lines_of(page)[0]

    answer = post(anna, f"{path}/agendapunten/{punt}/besluit", **besluit_of(page, punt))
    assert answer.status_code == 404


def test_another_place_says_who_has_it_and_what_the_table_loses(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    punt = lines_of(anna.read(path))[0]
    page = anna.read(f"{path}/anders?punt={punt}")
    links = [one.attributes["href"] for one in page.all("a") if "&plek=" in one.attributes["href"]]

    text = text_of(anna.read(links[-1].split("#")[0]))

    assert "zeker krijgt Dan " in text
    assert "niet krijgt Dan " in text
    assert "Zet vast en reken opnieuw" in text


def test_what_is_kept_together_or_apart_makes_the_proposal_again(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    page = anna.read(path)
    punt = next(one for one in lines_of(page) if len(options_of(page, one)) > 1)
    proposed, other = options_of(page, punt)[:2]

    for soort, plek in (("vastzetten", other), ("uitsluiten", proposed)):
        form = {"soort": soort, "punt": punt, "leerwerkplek_id": plek}
        assert post(anna, f"{path}/wensen", **form).status_code == 303
    bent = anna.read(path)

    assert "Voorstel 3" in text_of(bent)
    assert options_of(bent, punt)[0] == other
    assert "vastgezet door de tafel" in text_of(bent)
    wensen = [
        one.attributes["action"]
        for one in bent.all("form")
        if one.attributes["action"].endswith("/intrekken")
    ]
    for address in wensen:
        assert post(anna, address).status_code == 303
    assert options_of(anna.read(path), punt)[0] == proposed
    assert post(anna, f"{path}/wensen", soort="anders", punt=punt).status_code == 400


def test_scarce_places_and_the_price_of_protection_are_solved_again(anna: PageClient) -> None:
    text = text_of(anna.read(f"{open_with_voorstel(anna)}/toelichting"))

    assert "Is hier een plaats meer? Dan krijg" in text
    assert re.search(r"Wat kost voorrang\? .* Dan (verandert er niets|krijg)", text)


def test_over_who_is_decided_no_other_choice_is_computed(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    page = anna.read(path)
    punt = lines_of(page)[0]
    post(anna, f"{path}/agendapunten/{punt}/besluit", **besluit_of(page, punt))

    text = text_of(anna.read(f"{path}/anders?punt={punt}"))
    assert "Over deze jongere is al besloten." in text
    assert "Plekken die passen" not in text


def test_any_place_that_fits_can_be_chosen_and_then_stands_in_the_form(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    page = anna.read(path)
    fitting = {
        punt: [
            one.attributes["href"].split("&plek=")[1].split("#")[0]
            for one in anna.read(f"{path}/anders?punt={punt}").all("a")
            if one.attributes["href"].endswith("#gekozen")
        ]
        for punt in lines_of(page)
    }
    punt = max(fitting, key=lambda one: len(fitting[one]))
    plek = fitting[punt][-1]
    assert plek not in options_of(page, punt)

    page = anna.read(f"{path}?punt={punt}&plek={plek}")

    chosen = [one.attributes["value"] for one in page.all("option") if "selected" in one.attributes]
    assert plek in chosen
    assert [one for one in page.all("input") if "checked" in one.attributes] == []


def test_the_page_follows_the_news_from_the_last_event_on(anna: PageClient) -> None:
    path = open_tafel(anna)
    page = anna.read(path)
    bar = next(one for one in page.all("div") if one.attributes.get("id") == "nieuws")
    scripts = [one.attributes["src"] for one in page.all("script")]

    assert [one for one in scripts if one.endswith("/tafel.js")] == [static("tafel.js")]
    assert anna.get(scripts[0]).headers["content-type"].startswith("text/javascript")
    assert bar.attributes["data-adres"] == f"/api/v1{path}/gebeurtenissen"
    before = int(bar.attributes["data-sinds"])
    post(anna, f"{path}/voorstellen")
    page = anna.read(path)
    bar = next(one for one in page.all("div") if one.attributes.get("id") == "nieuws")
    assert int(bar.attributes["data-sinds"]) == before + 1


def test_a_besluit_comes_back_to_be_followed_up(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    page = anna.read(path)
    punt = lines_of(page)[0]
    wanted = besluit_of(page, punt, keuze="aangehouden", leerwerkplek_id="")
    post(anna, f"{path}/agendapunten/{punt}/besluit", **wanted)

    page = anna.read(f"{path}/opvolgingen")
    assert "Is dit opgepakt?" in text_of(page)
    address = follow_up_of(anna, path)
    tafel = path.rsplit("/", 1)[1]
    wrong = post(anna, address, versie="1", tafel=tafel, toelichting="Wel gebeld")
    assert wrong.status_code == 400
    assert "Kies een antwoord." in text_of(read(wrong.text))
    assert ">Wel gebeld</textarea>" in wrong.text

    done = post(anna, address, versie="1", tafel=tafel, uitkomst="opgepakt")
    after = text_of(anna.read(done.headers["location"]))
    assert "Beantwoord 1" in after
    assert "Het antwoord is bewaard." in after


def test_two_answers_at_once_stand_side_by_side(anna: PageClient) -> None:
    path = open_with_voorstel(anna)
    page = anna.read(path)
    punt = lines_of(page)[0]
    wanted = besluit_of(page, punt, keuze="aangehouden", leerwerkplek_id="")
    post(anna, f"{path}/agendapunten/{punt}/besluit", **wanted)
    address = follow_up_of(anna, path)
    post(anna, address, versie="1", uitkomst="opgepakt", toelichting="Bij de gemeente")

    late = post(anna, address, versie="1", uitkomst="opgepakt", toelichting="Nog niets")

    text = text_of(read(late.text))
    assert late.status_code == 409
    assert "Iemand anders was u voor" in text
    assert "Bij de gemeente" in text
    assert "Nog niets" in text
    assert post(anna, address, versie="1", uitkomst="opgepakt").status_code == 409


def test_a_start_asks_what_was_agreed_and_then_whether_it_goes_on(
    anna: PageClient, settings: Settings
) -> None:
    path = open_with_voorstel(anna)
    page = anna.read(path)
    punt = next(one for one in lines_of(page) if options_of(page, one))
    post(anna, f"{path}/agendapunten/{punt}/besluit", **besluit_of(page, punt))
    address = follow_up_of(anna, path)
    form = {"versie": "1", "uitkomst": "gestart", "begindatum": TODAY, "uren_per_week": "200"}

    answer = post(anna, address, **form)

    text = text_of(read(answer.text))
    assert answer.status_code == 400
    assert "Kies een laatste dag, op of na de eerste." in text
    assert "hoogstens 60" in text

    right = form | {"geplande_einddatum": "2099-03-12", "uren_per_week": "24,5"}
    done = post(anna, address, **right)
    assert done.status_code == 303, text_of(read(done.text))
    engine = open_engine(settings.database)
    with unit_of_work(engine, read_only=True) as session:
        stages = CanonicalRepository(session).read("stage")
    engine.dispose()
    assert stages["uren_per_week"].to_list() == [24.5]
    again = follow_up_of(anna, path)
    assert "Loopt de stage nog?" in text_of(anna.read("/opvolgingen"))
    wrong = post(anna, again, versie="1", uitkomst="afgebroken")
    assert "Kies waarom de stage stopte." in text_of(read(wrong.text))
    ended = {"versie": "1", "uitkomst": "afgebroken", "reden_einde": "gestopt door jongere"}
    assert post(anna, again, **ended).status_code == 303


@given(st.dictionaries(st.sampled_from(["punt", "soort", "versie", "status"]), st.text()))
def test_whatever_is_sent_never_breaks_a_form(values: dict[str, str]) -> None:
    text = text_of_form({name: [value] for name, value in values.items()})
    assert all("\x00" not in value for value in text.values())
    assert all((whole(value) or 0) >= 0 for value in text.values())


@given(st.text(max_size=200))
def test_participants_are_read_or_what_is_wrong_is_told(text: str) -> None:
    found, fout = read_deelnemers(text)
    assert not (found and fout)
    assert all(one.naam and one.organisatie and one.rol for one in found)
    assert len({one.naam for one in found}) == len(found)
