"""What is asked of the organisation, and how its answers are read."""

import tomllib
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.publicatie.organisatie import FILE, Antwoorden, blank, read_antwoorden, vragen


def test_the_first_reading_writes_every_question_with_an_empty_answer(tmp_path: Path) -> None:
    answers = read_antwoorden(tmp_path)

    told = (tmp_path / FILE).read_text(encoding="utf-8")
    assert tomllib.loads(told) == dict.fromkeys(vragen(), "")
    assert all(one.vraag in told for one in vragen().values())
    assert "contact" in {one.sleutel for one in answers.ontbreekt()}


def test_answers_that_stand_there_are_kept(tmp_path: Path) -> None:
    text = blank().replace('contact = ""', 'contact = "a@b.example"')
    (tmp_path / FILE).write_text(text, encoding="utf-8")

    assert read_antwoorden(tmp_path)["contact"] == "a@b.example"
    assert (tmp_path / FILE).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("text", ["status = ", 'onbekend = "x"', "status = 3"])
def test_a_file_that_answers_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError):
        read_antwoorden(tmp_path)


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        ("In ontwikkeling", set()),
        ("In gebruik", {"begindatum"}),
        ("Buiten gebruik", {"begindatum", "einddatum"}),
    ],
)
def test_dates_are_asked_as_the_status_needs_them(status: str, asked: set[str]) -> None:
    missing = {one.sleutel for one in Antwoorden({"status": status}).ontbreekt()}

    assert missing & {"begindatum", "einddatum"} == asked
    assert "oin" not in missing
