from tests.service.web.conftest import PageClient, text_of


def test_the_page_tells_when_and_by_whom_each_vaardigheid_was_judged(coach: PageClient) -> None:
    text = text_of(coach.read("/jongeren/J2/vaardigheden"))
    assert "gemeten 14 maanden geleden, door school" in text
    assert "gemeten 1 maand geleden, door het leerbedrijf" in text
    assert text.count("Vraag het opnieuw.") == 1
    assert "uit 2 werkprocessen" in text


def test_of_a_jongere_who_was_never_judged_it_says_so(coach: PageClient) -> None:
    text = text_of(coach.read("/jongeren/J1/vaardigheden"))
    assert "Nog niemand heeft een vaardigheid beoordeeld." in text
    assert "waarschijnlijk" not in text


def test_the_page_of_a_jongere_leads_to_it(coach: PageClient) -> None:
    links = {link.attributes["href"] for link in coach.read("/jongeren/J2").all("a")}
    assert "/jongeren/J2/vaardigheden" in links


def test_an_unknown_jongere_is_not_found(coach: PageClient) -> None:
    assert coach.get("/jongeren/onbekend/vaardigheden").status_code == 404


def test_nobody_reads_it_without_a_login(visitor: PageClient) -> None:
    assert visitor.get("/jongeren/J2/vaardigheden").status_code == 303
