"""The rules of the register, against entries that are whole and entries that are not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.publicatie.algoritmeregister import Registratie, text_of

LONG = {
    "goal": 2500,
    "proportionality": 2500,
    "human_intervention": 2500,
    "risks": 2500,
    "lawful_basis": 2500,
    "impacttoetsen": 2500,
    "source_data": 2500,
    "methods_and_models": 5000,
}
SHORT = {"name": 100, "description_short": 350, "organization": 100, "provider": 200}
WHOLE: dict[str, Any] = {
    **dict.fromkeys(LONG, "<p>Een zin.</p>"),
    **dict.fromkeys(SHORT, "Een naam"),
    "category": ["Werk"],
    "status": "In gebruik",
    "begin_date": "2026-09",
    "contact_email": "vraag@noorderhaaks.example",
    "publication_category": "Hoog-risico AI-systeem",
    "source_id": "1",
    "tags": "werk",
}


def refused(**changed: object) -> set[str]:
    """Return the fields that keep an entry out."""
    with pytest.raises(ValidationError) as found:
        Registratie.model_validate(WHOLE | changed)
    return {str(one["loc"][0]) if one["loc"] else "" for one in found.value.errors()}


def test_a_whole_entry_is_taken_with_the_language_and_version_of_the_standard() -> None:
    told = Registratie.model_validate(WHOLE).model_dump(mode="json", exclude_none=True)

    assert (told["lang"], told["standard_version"]) == ("nld", "1.0")


@pytest.mark.parametrize(("field", "most"), LONG.items())
def test_html_is_not_counted_but_every_character_of_text_is(field: str, most: int) -> None:
    Registratie.model_validate(WHOLE | {field: f"<p>{'&amp;' * most}</p>"})

    assert refused(**{field: f"<p>{'a' * (most + 1)}</p>"}) == {field}
    assert refused(**{field: "<p> </p>"}) == {field}


@pytest.mark.parametrize(("field", "most"), SHORT.items())
def test_a_short_field_is_refused_one_character_over_its_length(field: str, most: int) -> None:
    Registratie.model_validate(WHOLE | {field: "a" * most})

    assert refused(**{field: "a" * (most + 1)}) == {field}


@pytest.mark.parametrize(
    "html",
    ["<b>vet</b>", "<script>x</script>", '<p class="x">a</p>', "a<!-- b -->", "<a href='x'>y</a>"],
)
def test_a_tag_or_attribute_off_the_list_is_refused(html: str) -> None:
    assert refused(goal=html) == {"goal"}


@pytest.mark.parametrize(
    "field", [*LONG, "name", "organization", "contact_email", "status", "publication_category"]
)
def test_an_absent_field_is_refused(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Registratie.model_validate({key: one for key, one in WHOLE.items() if key != field})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", ["Onderwijs"]),
        ("category", ["Werk", "Recht", "Verkeer", "Economie"]),
        ("status", "in gebruik"),
        ("publication_category", "Hoog risico"),
        ("begin_date", "2026-13"),
        ("begin_date", "2026-09-01"),
        ("website", "http://noorderhaaks.example"),
        ("contact_email", "bel maar"),
        ("lawful_basis_grouping", [{"title": "AVG"}]),
        ("theme", "Werk"),
    ],
)
def test_a_value_that_the_register_does_not_know_is_refused(field: str, value: object) -> None:
    assert refused(**{field: value}) == {field}


def test_what_is_in_use_has_a_begin_and_what_stopped_an_end() -> None:
    assert refused(begin_date=None) == {""}
    assert refused(status="Buiten gebruik") == {""}
    assert refused(end_date="2026-10") == {""}
    Registratie.model_validate(WHOLE | {"status": "In ontwikkeling", "begin_date": None})


@given(st.text(st.characters(exclude_characters="<>&\r", exclude_categories=["Cs", "Cc"])))
def test_plain_text_counts_as_it_is(text: str) -> None:
    assert text_of(f"<div>{text}</div>") == text
