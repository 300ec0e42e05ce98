import dataclasses
import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from features.blokkade import Blokkade
from models.explanation import Reden
from service import wording
from service.errors import NoDataError, StoreError, StoreProblem
from service.paspoort.verzuim import Verzuim
from service.suggesties import Suggesties, Uitgesloten, Uitvalrisico
from service.vaardigheden import Vaardigheden
from service.web import pages
from service.web.buiten import EERSTE, MEER, group_uitgesloten
from service.web.paspoort import REEKSEN, Gesprek, Paspoort
from service.web.rendering import page
from tests.service.conftest import OWN_SITE, make_app, make_settings
from tests.service.fake_matching import PEILDATUM, make_leerwerkplek, make_suggestie
from tests.service.fakes import FakeRegio, make_uitvalrisico
from tests.service.web.conftest import PageClient, log_in, make_client, text_of
from tests.service.web.html import find_problems, read

LEEG = Paspoort(
    None, (), (), Verzuim(()), None, Vaardigheden((), ()), Gesprek((), (), 0), date(2026, 11, 1)
)
"""Of whom nothing is known yet."""
PERSONAL = ("/jongeren", "/jongeren/J1", "/jongeren?zoek=niemand", "/jongeren/onbekend")


def render_jongere(risico: Uitvalrisico, found: Suggesties, *, gelijk: int = 1) -> str:
    """Return the page of a jongere of whom nothing else is known."""
    shown = page(
        "jongere.html",
        {
            "jongere": risico.jongere,
            "risico": risico,
            "found": found,
            "outside": group_uitgesloten(found.uitgesloten),
            "eerste_buiten": EERSTE,
            "address": "/jongeren/J1",
            "shown": 5,
            "more": 0,
            "gelijk": gelijk,
            "midden": None,
            "peildatum": PEILDATUM,
            "gestopt": frozenset(),
            "mag_inzage": False,
            "paspoort": LEEG,
            "reeksen": REEKSEN,
            "op_de_pagina": (6, 6),
        },
    )
    return bytes(shown.body).decode()


def test_the_start_leads_to_the_list(visitor: PageClient) -> None:
    assert visitor.get("/").headers["location"] == "/jongeren"


@pytest.mark.parametrize("path", PERSONAL)
def test_a_page_about_people_asks_for_a_login_first(visitor: PageClient, path: str) -> None:
    answer = visitor.get(path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/inloggen?volgende=/jongeren")


def test_after_logging_in_the_page_that_was_asked_for_comes(visitor: PageClient) -> None:
    asked = visitor.get("/jongeren?zoek=Noor&pagina=2").headers["location"]
    form = visitor.get(asked)
    volgende = next(
        field.attributes["value"]
        for field in read(form.text).all("input")
        if field.attributes["name"] == "volgende"
    )

    answer = log_in(visitor, volgende)

    assert answer.headers["location"] == "/jongeren?zoek=Noor&pagina=2"
    visitor.post("/uitloggen", headers=OWN_SITE)


@pytest.mark.parametrize(
    "volgende",
    ["https://elders.example", "//elders.example", "/\\elders.example", "javascript:alert(1)", "x"],
)
def test_logging_in_never_leads_to_another_site(visitor: PageClient, volgende: str) -> None:
    assert log_in(visitor, volgende).headers["location"] == "/jongeren"
    visitor.post("/uitloggen", headers=OWN_SITE)


@pytest.mark.parametrize("path", ["/inloggen", "/zo-werkt-het"])
def test_everybody_may_read_how_it_works_and_the_login_form(visitor: PageClient, path: str) -> None:
    assert visitor.get(path).status_code == 200


def test_the_list_shows_words_number_and_reason_for_each_jongere(coach: PageClient) -> None:
    text = text_of(coach.read("/jongeren"))

    assert "60 jongeren, nummer 1 tot en met 25" in text
    assert "hoog risico ongeveer 58 van de 100" in text
    assert "Miste in de laatste 3 maanden 14% van de lesuren zonder toestemming." in text
    assert "1 november 2026" in text
    assert "Een mens beslist. Vangnet geeft alleen een voorstel." in text


def test_the_list_can_be_searched_filtered_and_ordered(coach: PageClient) -> None:
    found = coach.read("/jongeren?zoek=+noor+&onderwijssoort=mbo-2&sortering=naam")

    names = [link.text for link in found.all("a") if "/jongeren/" in link.attributes["href"]]
    assert set(names) == {"Noor Jansen"}
    chosen = [option.text for option in found.all("option") if "selected" in option.attributes]
    assert chosen == ["mbo niveau 2", "naam"]


def test_paging_keeps_the_search(coach: PageClient) -> None:
    second = coach.read("/jongeren?sortering=naam&pagina=2")

    links = {link.text: link.attributes["href"] for link in second.all("a")}
    assert links["Vorige"] == "/jongeren?sortering=naam"
    assert links["Volgende"] == "/jongeren?sortering=naam&pagina=3"


@pytest.mark.parametrize(
    ("path", "advice"),
    [("/jongeren?zoek=niemand", "Toon alle jongeren."), ("/jongeren?pagina=99", "Begin bij")],
)
def test_an_empty_list_says_what_to_do(coach: PageClient, path: str, advice: str) -> None:
    text = text_of(coach.read(path))

    assert "Geen jongeren gevonden" in text
    assert advice in text


def test_a_page_number_that_is_no_number_is_refused_in_words(coach: PageClient) -> None:
    answer = coach.get("/jongeren?pagina=veel")

    assert answer.status_code == 400
    assert "De vraag klopt niet" in answer.text


def test_a_jongere_is_shown_with_reasons_both_ways_and_ranked_places(coach: PageClient) -> None:
    text = text_of(coach.read("/jongeren/J1"))

    for shown in (
        "Noor Jansen",
        "Maakt de kans hoger",
        "Heeft nu een stage.",
        "De jongere en de begeleider kiezen samen.",
        "Om mee te beginnen: Vraag wat er speelt",
        "Nummer 1: Assistent magazijn",
        "ongeveer 67 van de 100",
        "ongeveer 12 minuten reizen",
        "reistijd niet bekend",
        "geen bezwaren gevonden",
        "gevraagd: zelfstandig nu: met hulp",
        "gevraagd: onder toezicht nu: nog niet beoordeeld",
    ):
        assert shown in text


def test_a_jongere_is_shown_between_which_numbers_the_chance_lies(coach: PageClient) -> None:
    text = text_of(coach.read("/jongeren/J1"))

    assert "Negen van de tien keer is dat tussen 11 en 66 van de 100." in text
    assert "Te weinig gegevens" not in text


def test_a_jongere_is_shown_with_what_changed_since_last_month(coach: PageClient) -> None:
    section = text_of(coach.read("/jongeren/J1")).split("Sinds vorige maand", 1)[1]

    for shown in (
        "De kans is hoger dan vorige maand: ongeveer 48 van de 100 werd ongeveer 58 van de 100.",
        "Verzuim: Miste in de laatste 3 maanden 14% van de lesuren zonder toestemming "
        "(vorige maand 4%). maakt de kans ongeveer 6 van de 100 hoger",
        'Stage: Heeft nu geen stage. Vorige maand stond hier: "Heeft nu een stage."',
        "Vergeleken met 1 oktober 2026.",
    ):
        assert shown in section
    assert "Contact:" not in section


def test_who_is_new_has_no_data_of_last_month(coach: PageClient) -> None:
    assert "Er zijn nog geen gegevens van vorige maand." in text_of(coach.read("/jongeren/J6"))


def test_a_list_by_a_simple_rule_says_that_data_are_too_few(
    coach: PageClient, regio: FakeRegio, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = dataclasses.replace(make_uitvalrisico(0), te_weinig_gegevens=True)
    monkeypatch.setattr(regio, "jongeren", lambda **_: ([row], 1))
    monkeypatch.setattr(regio, "uitvalrisico", lambda _: row)

    for path in ("/jongeren", "/jongeren/J0"):
        text = text_of(coach.read(path))
        assert "Te weinig gegevens. Van te weinig jongeren is bekend hoe het afliep." in text
    explained = text_of(coach.read("/zo-werkt-het"))
    assert "Zijn dat er te weinig, dan staat er" in explained


def test_what_is_not_known_stands_apart_from_the_reasons_for_and_against(coach: PageClient) -> None:
    text = text_of(coach.read("/jongeren/J1"))

    before, after = text.split("Weten we niet", 1)
    sentence = "Er is geen contact gezocht, of we weten niet of het lukte."
    assert sentence not in before
    assert f"{sentence} Dat maakt de kans ongeveer 1 van de 100 hoger." in after


def test_the_list_names_beside_a_fact_what_can_be_talked_about(
    coach: PageClient, regio: FakeRegio, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_uitvalrisico(0)
    niveau = Reden("inschrijving_niveau", 1.0, 30.0)
    verhogend = (niveau, *row.verhogend)
    rows = [dataclasses.replace(row, verhogend=verhogend)], 1
    monkeypatch.setattr(regio, "jongeren", lambda **_: rows)

    text = text_of(coach.read("/jongeren"))

    assert "Doet een entree-opleiding (mbo niveau 1). Om te bespreken: miste in de" in text


@pytest.mark.parametrize(("gelijk", "shown"), [(1, False), (3, True)])
def test_places_that_hardly_differ_are_said_to_hardly_differ(gelijk: int, shown: bool) -> None:
    found = FakeRegio().matching.suggesties("J1")
    html = render_jongere(make_uitvalrisico(1), found, gelijk=gelijk)

    assert ("Nummer 1 tot en met 3 schelen bijna niets" in html) == shown


def test_every_place_that_falls_out_is_named_with_its_rule_and_what_would_help(
    coach: PageClient,
) -> None:
    uitgesloten = FakeRegio().matching.suggesties("J1").uitgesloten
    text = text_of(coach.read("/jongeren/J1"))
    rules = {rule for pair in uitgesloten for rule in pair.blokkades}
    lists: dict[str, str] = {
        rule: text_of(coach.read(f"/jongeren/J1/buiten?regel={rule}")) for rule in rules
    }
    lists[MEER] = text_of(coach.read("/jongeren/J1/buiten"))

    for pair in uitgesloten:
        one = pair.blokkades[0] if len(pair.blokkades) == 1 else MEER
        assert pair.leerwerkplek.titel in lists[one]
        for blokkade in pair.blokkades:
            assert wording.BLOKKADES[blokkade].want in text
            assert wording.opheffing_zin(blokkade) in text
            assert wording.opheffing_zin(blokkade) in lists[one]


def test_of_many_that_fall_out_the_page_counts_all_and_names_a_few() -> None:
    """Hundreds of names below each other help nobody (TRUST H3: each stands one click away)."""
    regel, many = Blokkade.REISTIJD, 3 * EERSTE
    pairs = [
        Uitgesloten(make_uitvalrisico(0).jongere, make_leerwerkplek(number), (regel,))
        for number in range(many)
    ]
    found = dataclasses.replace(
        FakeRegio().matching.suggesties("J1"), uitgesloten=tuple(pairs), nieuwe_kansen=()
    )
    html = render_jongere(make_uitvalrisico(1), found)

    assert f"{many} plekken vallen buiten, want" in text_of(read(html))
    (names,) = re.findall(r'<ul class="pairs">(.*?)</ul>', html, re.DOTALL)
    assert names.count("<li>") == EERSTE
    assert 'href="/jongeren/J1/buiten?regel=reistijd">Alle 15 plekken' in html


def test_a_jongere_without_any_fitting_place_reads_what_to_do(coach: PageClient) -> None:
    text = text_of(coach.read("/jongeren/J9"))

    assert "Geen plek past" in text
    assert "12 plekken vallen buiten door een vaste regel" in text


def test_who_is_not_enrolled_gets_places_and_reads_why_there_is_no_risk(
    coach: PageClient,
) -> None:
    text = text_of(coach.read("/jongeren/J8"))

    assert "staat niet ingeschreven" in text
    assert "Maakt de kans hoger" not in text
    assert "Passende leerwerkplekken" in text


def test_more_places_can_be_asked_for(coach: PageClient) -> None:
    first = coach.read("/jongeren/J1?plekken=2")
    more = next(link for link in first.all("a") if link.text == "Toon meer plekken")

    assert len(first.all("article")) == 2
    assert len(coach.read(more.attributes["href"]).all("article")) == 4


def test_an_unknown_jongere_is_a_readable_404(coach: PageClient) -> None:
    answer = coach.get("/jongeren/onbekend")

    assert answer.status_code == 404
    assert "Geen jongere gevonden met nummer onbekend" in text_of(read(answer.text))


def test_an_address_that_does_not_exist_is_a_readable_404(coach: PageClient) -> None:
    for path in ("/bestaat-niet", "/jongeren/"):
        answer = coach.get(path)
        assert answer.status_code == 404
        assert "Niet gevonden" in answer.text


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (NoDataError("nothing imported"), 503),
        (StoreError(StoreProblem.LOCKED), 503),
        (RuntimeError("geheim detail"), 500),
    ],
)
def test_a_failure_is_a_clear_page_without_its_inside(
    coach: PageClient, regio: FakeRegio, failure: Exception, status: int
) -> None:
    regio.failure = failure
    try:
        answer = coach.get("/jongeren")
    finally:
        regio.failure = None

    assert answer.status_code == status
    assert "geheim" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_without_region_the_service_starts_and_recovers_when_there_is_one(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    regions: list[FakeRegio] = []

    def load() -> FakeRegio:
        if not regions:
            raise NoDataError("the store is empty")
        return regions[0]

    app = make_app(make_settings(tmp_path_factory.mktemp("leeg")), load)
    with make_client(app) as client:
        log_in(client)
        before = client.get("/jongeren")
        regions.append(FakeRegio())
        after = client.get("/jongeren")

    assert before.status_code == 503
    assert "vangnet import" in before.text
    assert after.status_code == 200


def test_pages_about_people_are_never_kept_by_a_browser(coach: PageClient) -> None:
    for path in PERSONAL:
        assert coach.get(path).headers["cache-control"] == "no-store"


def test_static_files_may_be_kept_but_are_asked_for_again(visitor: PageClient) -> None:
    answer = visitor.get("/static/vangnet.css")

    assert answer.headers["cache-control"] == "no-cache"
    assert (
        visitor.get(
            "/static/vangnet.css", headers={"If-None-Match": answer.headers["etag"]}
        ).status_code
        == 304
    )


def test_a_template_that_misses_a_name_fails_instead_of_showing_nothing() -> None:
    with pytest.raises(UndefinedError):
        page("inloggen.html", {"volgende": "/jongeren"})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(naam=st.text(max_size=40), plaats=st.none() | st.text(max_size=20))
def test_whatever_a_name_holds_the_page_stays_whole(naam: str, plaats: str | None) -> None:
    risico = make_uitvalrisico(0)
    jongere = dataclasses.replace(
        risico.jongere, naam=naam, woonplaats=plaats, jongere_id="x/?&" + naam
    )
    suggestie = make_suggestie(1, jongere, dataclasses.replace(make_leerwerkplek(1), titel=naam))
    found = dataclasses.replace(FakeRegio().matching.suggesties("J0"), suggesties=(suggestie,))
    html = render_jongere(dataclasses.replace(risico, jongere=jongere), found)
    problems = find_problems(html)

    assert [problem for problem in problems if "has no name" not in problem] == []


@given(st.lists(st.lists(st.sampled_from(list(Blokkade)), min_size=1, max_size=4, unique=True)))
def test_every_pair_that_falls_out_comes_back_once(rules: list[list[Blokkade]]) -> None:
    jongere = make_uitvalrisico(0).jongere
    pairs = [
        Uitgesloten(jongere, make_leerwerkplek(number), tuple(found))
        for number, found in enumerate(rules)
    ]

    outside = group_uitgesloten(pairs)

    back = [pair for _, group in outside.single for pair in group] + list(outside.several)
    assert sorted(pair.leerwerkplek.leerwerkplek_id for pair in back) == sorted(
        pair.leerwerkplek.leerwerkplek_id for pair in pairs
    )
    assert all(pair.blokkades == (rule,) for rule, group in outside.single for pair in group)
    sizes = [len(group) for _, group in outside.single]
    assert sizes == sorted(sizes, reverse=True)
    assert set(outside.rules) == {rule for pair in outside.several for rule in pair.blokkades}


@pytest.mark.parametrize(("n", "rank"), [(1, 0), (2, 1), (5, 2)])
def test_the_middle_of_the_region_is_its_median(n: int, rank: int) -> None:
    assert pages.middle_of(FakeRegio(n_jongeren=n)) == make_uitvalrisico(rank).kans


def test_an_empty_region_has_no_middle() -> None:
    assert pages.middle_of(FakeRegio(n_jongeren=0)) is None
