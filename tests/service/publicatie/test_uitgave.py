"""The public files of a region: whole, in plain Dutch, and about nobody."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from models.store import StoredCard
from service.errors import NoModelError
from service.importing.pseudonym import is_person_number
from service.publicatie.algoritmeregister import Registratie, text_of
from service.publicatie.documentatie import DOSSIERS
from service.publicatie.organisatie import Antwoorden
from service.publicatie.uitgave import REPORT, make, write
from service.publicatie.weergave import OPEN
from tests.service.publicatie.uitgaven import ANSWERS, NOW, in_use, small_cards, small_uitgave
from tests.service.region import small_region

NAMES = ("uitvalrisico", "plaatsing", "werkproces")
TOLD = ("goal", "proportionality", "human_intervention", "risks", "lawful_basis", "source_data")
NINE = re.compile(r"(?<![\w.])\d{9}(?!\w)")  # not a part of a hash


def opened(name: str) -> Any:  # noqa: ANN401  # JSON
    return json.loads(small_uitgave().bestanden[name])


def sentences(html: str) -> list[str]:
    """Return the sentences of a text; a block of HTML ends one, and so does a semicolon."""
    text = text_of(re.sub(r"</(p|li)>", ".\n", html))
    return [one for one in re.split(r"[.!?:;]+(?:\s|$)", text) if one.strip()]


def words_per_sentence(html: str) -> float:
    found = sentences(html)
    return sum(len(one.split()) for one in found) / len(found)


@pytest.mark.parametrize("name", NAMES)
def test_the_entry_of_each_model_validates_and_leaves_no_field_empty(name: str) -> None:
    told = opened(f"algoritmeregister/{name}.json")

    Registratie.model_validate(told)
    assert all(value not in ("", [], None) for value in told.values())
    assert told["organization"] == "Gemeente Noorderhaaks"


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_names_what_is_asked_of_risk_selection(name: str) -> None:
    told = opened(f"algoritmeregister/{name}.json")

    assert "wet-grond" in told["lawful_basis"]
    assert "Discriminatierisico" in told["risks"]
    assert "Menselijke tussenkomst" in told["human_intervention"]
    assert "2026-06-01" in told["impacttoetsen"]
    assert [one["title"][-6:] for one in told["impacttoetsen_grouping"]] == ["(DPIA)", "(IAMA)"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("field", TOLD)
def test_the_sentences_of_an_entry_are_short(name: str, field: str) -> None:
    assert words_per_sentence(opened(f"algoritmeregister/{name}.json")[field]) < 15


@pytest.mark.parametrize("name", DOSSIERS)
def test_a_dossier_answers_every_question_in_short_sentences(name: str) -> None:
    answers = [
        one for deel in opened(f"dossiers/{name}.json")["delen"] for one in deel["antwoorden"]
    ]

    assert all(len(text_of(one["antwoord"])) > 20 for one in answers)
    assert not any(one["open"] or OPEN in one["antwoord"] for one in answers)
    assert words_per_sentence("".join(one["antwoord"] for one in answers)) < 20


def test_the_technical_documentation_has_every_heading_of_annex_iv() -> None:
    answers = opened("dossiers/technische-documentatie.json")["delen"]

    assert [deel["kop"].partition(".")[0] for deel in answers] == list("123456789")
    assert [one["nummer"] for deel in answers[:2] for one in deel["antwoorden"]] == [
        *(f"1{letter}" for letter in "abcdefgh"),
        *(f"2{letter}" for letter in "abcdefgh"),
    ]


def test_a_dpia_has_its_seventeen_subjects() -> None:
    answers = opened("dossiers/dpia.json")["delen"]

    numbers = [one["nummer"] for deel in answers for one in deel["antwoorden"]]
    assert numbers == [str(number) for number in range(1, 18)]


@pytest.mark.parametrize("name", ["uitvalrisico", "plaatsing"])
def test_a_model_card_tells_every_figure_of_the_test_as_it_was_measured(name: str) -> None:
    card = next(one.card for one in small_cards() if one.name == name)
    told = opened(f"modelkaarten/{name}-3.json")

    found = {one["type"]: one for one in told["model-index"][0]["results"][0]["metrics"][::-1]}
    assert found["auc"]["value"] == card["toets"]["auc"]
    bounds = {one["name"]: float(one["value"]) for one in found["auc"]["labels"]}
    assert bounds == {
        "ondergrens": card["toets"]["auc_low"],
        "bovengrens": card["toets"]["auc_high"],
    }
    assert told["vangnet"]["niet_voor"] == card["niet_voor"]
    assert told["owners"] == [
        {
            "organization": "Gemeente Noorderhaaks",
            "email": "algoritmes@noorderhaaks.example",
            "oin": "De organisatie heeft dit opgeschreven.",
        }
    ]


def test_a_model_card_tells_of_each_group_with_its_interval() -> None:
    told = opened("modelkaarten/uitvalrisico-3.json")["model-index"][0]["results"][0]["metrics"]

    groups = [one for one in told if any(label["type"] == "groep" for label in one["labels"])]
    recalls = [one for one in groups if one["type"] == "recall"]
    assert recalls
    assert all({"ondergrens", "bovengrens"} < {x["name"] for x in one["labels"]} for one in recalls)


def test_a_rule_for_lack_of_data_says_so_in_every_file_about_it() -> None:
    told = opened("modelkaarten/werkproces-3.json")

    assert told["vangnet"]["te_weinig_gegevens"]
    assert [one["split"] for one in told["model-index"][0]["results"][0]["datasets"]] == ["train"]
    entry = opened("algoritmeregister/werkproces.json")
    assert "niet getoetst, want er zijn te weinig gegevens" in entry["methods_and_models"]


def test_every_page_stands_alone() -> None:
    pages = [text for name, text in small_uitgave().bestanden.items() if name.endswith(".html")]

    assert len(pages) == len(NAMES) + len(DOSSIERS)
    for page in pages:
        assert page.startswith("<!doctype html>")
        assert not re.search(r"<script|<link|<img|\bsrc=|@import|url\(", page)


def test_nothing_of_a_person_is_in_any_file() -> None:
    tables = small_region().tables
    everything = "\n".join(small_uitgave().bestanden.values())

    ids = {one for name in ("jongere", "stage") for one in tables[name]["jongere_id"].unique()}
    assert not {one for one in ids if one in everything}
    assert not [one for one in NINE.findall(everything) if is_person_number(one)]
    assert not {one for one in tables["leerbedrijf"]["naam"] if one in everything}


def test_an_answer_cannot_put_html_of_its_own_in_a_file() -> None:
    sly = Antwoorden(ANSWERS | {"afweging": "<script>alert(1)</script>"})
    made = make(small_cards(), in_use(small_cards()), sly, op=NOW)

    assert not made.ontbreekt
    assert not any("<script" in text for text in made.bestanden.values())


def test_without_answers_only_the_report_is_written_and_it_names_every_question(
    tmp_path: Path,
) -> None:
    made = make(small_cards(), in_use(small_cards()), Antwoorden({}), op=NOW)

    assert not write(made, tmp_path, concept=False)
    assert [one.name for one in tmp_path.iterdir()] == [REPORT]
    told = (tmp_path / REPORT).read_text(encoding="utf-8")
    for key in ("contact", "website", "begindatum", "dpia_door", "iama_door"):
        assert f"- {key}: " in told
    assert write(made, tmp_path, concept=True)
    assert (tmp_path / "algoritmeregister" / "plaatsing.json").exists()


def test_an_answer_that_the_register_refuses_is_reported(tmp_path: Path) -> None:
    wrong = Antwoorden(ANSWERS | {"status": "Loopt", "website": "noorderhaaks.example"})
    made = make(small_cards(), in_use(small_cards()), wrong, op=NOW)

    assert not write(made, tmp_path, concept=False)
    assert len(made.ontbreekt) == 2 * len(NAMES)
    assert {one.split(": ")[1] for one in made.ontbreekt} == {"status", "website"}


def test_a_model_that_is_not_in_use_has_no_entry_and_one_that_must_be_is_missed() -> None:
    cards = {one.name: one for one in small_cards()}
    pair = (cards["uitvalrisico"], cards["plaatsing"])
    made = make(pair, in_use(pair), Antwoorden(ANSWERS), op=NOW)

    assert "algoritmeregister/werkproces.json" not in made.bestanden
    assert not made.ontbreekt
    with pytest.raises(NoModelError):
        make(pair, in_use(pair[:1]), Antwoorden(ANSWERS), op=NOW)


def test_the_register_tells_of_the_version_in_use_and_not_of_a_newer_one() -> None:
    newer = StoredCard("werkproces", "4", "cd" * 32, NOW, {}, small_cards()[2].card, altered=False)
    made = make([newer, *small_cards()], in_use(small_cards()), Antwoorden(ANSWERS), op=NOW)

    told = json.loads(made.bestanden["algoritmeregister/werkproces.json"])
    assert "versie 3" in told["methods_and_models"]
    assert "tweede mens" in told["methods_and_models"]
    assert "modelkaarten/werkproces-4.json" in made.bestanden


def test_a_model_whose_files_were_altered_is_not_told_of() -> None:
    cards = [*small_cards()]
    altered = StoredCard("werkproces", "4", "cd" * 32, NOW, {}, {}, altered=True)
    made = make([*cards, altered], in_use(cards), Antwoorden(ANSWERS), op=NOW)

    assert "modelkaarten/werkproces-3.json" in made.bestanden
    assert "modelkaarten/werkproces-4.json" not in made.bestanden
