"""The minutes say what was decided, in a file that people can open."""

import io
from datetime import timedelta

import fastexcel

from service.matchtafel.begrippen import Keuze
from service.matchtafel.besluiten import NieuwBesluit, decide
from service.matchtafel.notulen import NOT_DISCUSSED, Notulen, as_pdf, as_xlsx, collect
from service.storage import unit_of_work
from tests.service.matchtafel.conftest import NOW, TODAY, Tafel


def minutes(tafel: Tafel, reden: str = "=HYPERLINK() en <b>zo</b> #verder [x]") -> Notulen:
    with unit_of_work(tafel.engine) as session:
        for versie, keuze in ((1, Keuze.AANHOUDEN), (2, Keuze.VOORSTELLEN)):
            wanted = NieuwBesluit(
                agendapunt_id=tafel.agendapunten[0],
                agendapunt_versie=versie,
                keuze=keuze,
                reden=reden,
                eigenaar_id=tafel.eigenaar,
                opvolgdatum=TODAY + timedelta(days=7),
                leerwerkplek_id="P1",
            )
            decide(session, wanted, door=tafel.gebruiker, op=NOW)
        return collect(
            session,
            tafel.id,
            naam=lambda one: {"J1": "Sam de Vries"}.get(one, one),
            plek=lambda _: "Magazijn",
        )


def test_the_minutes_hold_the_last_besluit_and_name_the_former(tafel: Tafel) -> None:
    found = minutes(tafel)
    first, second = found.regels
    assert (first.jongere, first.besluit, first.leerwerkplek) == (
        "Sam de Vries",
        Keuze.VOORSTELLEN,
        "Magazijn",
    )
    assert first.eerder.startswith("aangehouden: ")
    assert (first.eigenaar, first.opvolgdatum) == ("Anna", TODAY + timedelta(days=7))
    assert (second.jongere, second.besluit) == ("J2", NOT_DISCUSSED)
    assert found.samenvatting == "2 jongeren op de agenda, 1 besproken."


def test_the_sheet_shows_what_was_typed_and_never_runs_it(tafel: Tafel) -> None:
    found = minutes(tafel)
    sheet = fastexcel.read_excel(as_xlsx(found)).load_sheet(0).to_polars()
    assert sheet["Reden"][0] == "=HYPERLINK() en <b>zo</b> #verder [x]"
    assert sheet["Jongere"].to_list() == ["Sam de Vries", "J2"]
    assert sheet["Terugkomen op"].dtype.is_temporal()


def test_the_pdf_is_tagged_for_screen_readers_whatever_people_type(tafel: Tafel) -> None:
    made = as_pdf(minutes(tafel))
    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made
    assert b"/Lang (nl" in made or b"/Lang(nl" in made
    assert io.BytesIO(made).getbuffer().nbytes > 5000


def test_a_sign_that_no_font_knows_does_not_stop_the_minutes(tafel: Tafel) -> None:
    made = as_pdf(minutes(tafel, "besproken \U0001f600 \u5b57 \ud7ff \u0633 \U000fffff en verder"))
    assert made.startswith(b"%PDF-")
