"""The parts of which screens are made: sound HTML, and label, help and error belong together."""

import pytest

from service.errors import ConflictError
from service.web.rendering import ENVIRONMENT, conflict_page
from tests.service.web.html import Element, Reader, find_problems, read

PAGE = """{{% extends "base.html" %}}
{{% from "components/formulier.html" import foutenlijst, veld, tekstvak, keuze,
  rondjes, vinkjes, vinkje,
  verborgen, knop, knoplink %}}
{{% from "components/blokken.html" import begrip, betekenis, bladeren, gegevens, klaar, leeg,
  melding,
  paginakop, paneel, tabbladen, tabel, uitklap, voortgang, woordje %}}
{{% block titel %}}Proef{{% endblock %}}
{{% block inhoud %}}{head}{body}{{% endblock %}}"""
FIELDS = {
    "veld": 'veld("a", "Vraag", "<b>", uitleg="Zo.", fout="Vul dit in.", inputmode="decimal")',
    "tekstvak": 'tekstvak("a", "Vraag", "<b>", uitleg="Zo.", fout="Vul dit in.")',
    "keuze": 'keuze("a", "Vraag", [("x", "X")], "x", uitleg="Zo.", fout="Vul dit in.")',
    "rondjes": 'rondjes("a", "Vraag", [("x", "X")], "x", uitleg="Zo.", fout="Vul dit in.")',
    "vinkjes": 'vinkjes("a", "Vraag", [("x", "X")], ["x"], uitleg="Zo.", fout="Vul dit in.")',
}
BLOCKS = {
    "melding": '{% call melding("fout", "Kop", focus=true) %}<p>x</p>{% endcall %}',
    "klaar": '{{ klaar("Het is bewaard.") }}',
    "paneel": '{% call paneel("Kop", "k") %}<p>x</p>{% endcall %}',
    "leeg": '{% call leeg("Niets") %}<p>x</p>{% endcall %}',
    "uitklap": '{% call uitklap("Meer") %}<p>x</p>{% endcall %}',
    "tabel": '{{ tabel("Plekken", ("Naam", "Vrij"), [("A", 2), ("B", 3)], getallen=(1,)) }}',
    "lege tabel": '{{ tabel("Plekken", ("Naam", "Vrij"), []) }}',
    "gegevens": '{{ gegevens([("Naam", "A")]) }}',
    "tabbladen": '{{ tabbladen([("A", "/a"), ("B", "/b")], "/a", "Delen") }}',
    "bladeren": '{{ bladeren("/1", "/3", "Pagina 2 van 3") }}',
    "voortgang": '{{ voortgang(2, 5, "2 van de 5 besproken", "v") }}',
    "begrip": '<p>{{ begrip("startkwalificatie") }} {{ woordje("open", true) }}</p>',
    "betekenis": '{{ betekenis("peildatum") }}',
    "knoppen": '<form action="/" method="post">{{ knop("Bewaar", over="de plek") }}'
    '{{ verborgen("v", 1) }}{{ knoplink("Terug", "/") }}</form>',
    "foutenlijst": '<form action="/" method="post">'
    '{{ foutenlijst({"a": "Vul dit in.", "": "Nee."}) }}{{ veld("a", "A") }}'
    '{{ vinkje("c", "C") }}</form>',
}


def make(body: str) -> str:
    """Return a page of one part."""
    source = PAGE.format(head='{{ paginakop("Proef", "Zin.", (("Begin", "/"),)) }}', body=body)
    return ENVIRONMENT.from_string(source).render(actor="")


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_sound_html(name: str) -> None:
    assert find_problems(make(BLOCKS[name])) == []


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_belongs_to_its_label_help_and_error(name: str) -> None:
    html = make(f'<form action="/" method="post">{{{{ {FIELDS[name]} }}}}</form>')

    assert find_problems(html) == []
    told = [one.attributes.get("aria-describedby", "") for one in controls(read(html))]
    assert "uitleg-a fout-a" in told
    assert "<b>" not in html.split("<main")[1]


def controls(reader: Reader) -> list[Element]:
    return reader.all("input", "select", "textarea", "fieldset")


def test_a_wrong_field_says_so_and_a_right_one_does_not() -> None:
    wrong, right = (
        read(make(f'<form action="/" method="post">{{{{ veld("a", "A", fout="{fout}") }}}}</form>'))
        for fout in ("Vul dit in.", "")
    )

    assert [one.attributes.get("aria-invalid") for one in wrong.all("input")] == ["true"]
    assert "aria-invalid" not in right.all("input")[0].attributes


def test_the_list_of_errors_leads_to_each_field() -> None:
    reader = read(make(BLOCKS["foutenlijst"]))

    links = [one.attributes["href"] for one in reader.all("a") if one.text == "Vul dit in."]
    assert links == ["#a"]
    assert "a" in [one.attributes.get("id") for one in reader.all("input")]


def test_a_table_says_in_each_cell_which_column_it_is() -> None:
    reader = read(make(BLOCKS["tabel"]))

    assert [one.attributes["data-kop"] for one in reader.all("td")] == ["Vrij", "Vrij"]
    assert {one.attributes["role"] for one in reader.all("tr")} == {"row"}


def test_two_who_edit_see_both_versions_beside_each_other() -> None:
    error = ConflictError(
        "leerwerkplek", "P1", {"uren": 16, "titel": "Kok"}, {"uren": 24, "titel": "Kok"}
    )
    woorden = {"uren": "Uren per week", "titel": "Titel"}
    answer = conflict_page(error, woorden, terug="/p", adres="/p", velden=[("versie", "3")])
    html = bytes(answer.body).decode()

    assert answer.status_code == 409
    assert find_problems(html) == []
    cells = [one.text.strip() for one in read(html).all("td")]
    assert cells == ["16", "24", "Kok", "Kok"]
    assert "Op één punt" in html
