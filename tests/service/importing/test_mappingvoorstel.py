"""Headings of a school beside the columns of a table, kept as a mapping file."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.importing.mapping import CONTRACTS, MappingError, read_mapping
from service.importing.mappingvoorstel import (
    Keuze,
    choices_of,
    open_columns,
    pattern_of,
    stored_keuze,
    strange_words,
    suggest_columns,
    suggest_table,
    write_mapping,
)

KOPPEN = ["BSN", "Week", "Aantal lesuren", "Uren ongeoorloofd verzuim", "Opmerking"]


def test_the_table_and_the_columns_are_proposed_by_name_and_by_likeness() -> None:
    assert suggest_table(["bsn", "week", "lesuren"]) == "verzuim"
    assert suggest_table(["nummer"], "Leerwerkplek eis 2026") == "leerwerkplek_eis"
    found = suggest_columns(CONTRACTS["verzuim"], KOPPEN)

    assert found["BSN"] == "bsn"
    assert found["Week"] == "week"
    assert found["Aantal lesuren"] == "lesuren"
    assert found["Uren ongeoorloofd verzuim"] == "uren_ongeoorloofd"
    assert "Opmerking" not in found
    assert len(set(found.values())) == len(found)


@given(st.lists(st.text(max_size=20), max_size=8, unique=True))
def test_no_column_of_a_table_is_proposed_twice(headers: list[str]) -> None:
    found = suggest_columns(CONTRACTS["leerbedrijf"], headers)

    assert set(found) <= set(headers)
    assert len(set(found.values())) == len(found)


def test_what_was_chosen_reads_back_as_the_mapping_of_the_command(tmp_path: Path) -> None:
    kolommen = {'Kop "een" \\ é': "bsn", "Week": "week", "Uren": "lesuren", "Rest": ""}
    kolommen |= {"Gemist mag": "uren_geoorloofd", "Gemist": "uren_ongeoorloofd"}
    path = write_mapping(tmp_path, Keuze("verzuim", "verzuim*.csv", kolommen, "dd-mm-jjjj"))

    (found,) = read_mapping(path)
    assert dict(found.columns) == {name: doel for name, doel in kolommen.items() if doel}
    assert found.pattern == "verzuim*.csv"
    assert found.notation.date_order == "dmj"
    assert path.name.endswith(".mapping.toml")


@given(
    st.dictionaries(st.text(min_size=1, max_size=9), st.sampled_from(["stage", "leerbaan"])),
    st.text(max_size=9),
)
def test_words_and_fixed_values_are_the_same_when_one_comes_back(
    woorden: dict[str, str], titel: str
) -> None:
    kolommen = {"Code": "leerwerkplek_id", "Soort": "soort", "Bedrijf": "leerbedrijf_id"}
    kolommen |= {"Eerste dag": "begindatum", "Aantal": "capaciteit", "Van": "uren_min"}
    kolommen |= {"Tot": "uren_max"}
    kept = {word.strip(): value for word, value in woorden.items() if word.isprintable()}
    vast = {"titel": f"Hulp {titel}"} if titel.isprintable() else {"titel": "Hulp"}
    keuze = Keuze("leerwerkplek", "plek*.csv", kolommen, "", "", {"soort": kept}, vast)
    with TemporaryDirectory() as folder:
        write_mapping(Path(folder), keuze)
        found = stored_keuze(Path(folder), Path("Plekken.csv"))
        other = stored_keuze(Path(folder), Path("Plekken.csv"), "verzuim")

    assert found == keuze
    assert other is None


def test_words_that_the_table_does_not_know_are_named_and_others_not() -> None:
    table = CONTRACTS["inschrijving"]

    assert strange_words(table, "leerweg", ["BBL", "bol", "beroepsbegeleidend"]) == [
        "beroepsbegeleidend"
    ]
    assert strange_words(table, "instelling", ["00AA"]) == []
    assert choices_of(CONTRACTS["voorkeur"], "rijbewijs") == ("ja", "nee")


def test_headings_that_schools_use_find_their_column() -> None:
    found = suggest_columns(CONTRACTS["identiteit"], ["Roepnaam", "Burgerservicenummer", "E-mail"])

    assert found == {"Roepnaam": "voornamen", "Burgerservicenummer": "bsn", "E-mail": "email"}


def test_a_choice_that_cannot_fill_the_table_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="week"):
        write_mapping(tmp_path, Keuze("verzuim", "a.csv", {"BSN": "bsn"}))
    with pytest.raises(MappingError):
        write_mapping(tmp_path, Keuze("../uit", "a.csv", {}))
    assert list(tmp_path.rglob("*")) == []


@given(st.from_regex(r"[a-z]{1,9}[_ ]\d{1,4}(-\d\d)?\.csv", fullmatch=True))
def test_a_pattern_fits_the_file_that_it_came_from(name: str) -> None:
    from fnmatch import fnmatch

    assert fnmatch(name, pattern_of(name))


def test_examples_of_a_column_show_no_number_of_a_person(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("BSN;Week\n999990019;05-01-2026\n", encoding="utf-8")

    blad, kolommen = open_columns(path)

    assert blad == ""
    assert [(one.kop, one.voorbeelden) for one in kolommen] == [
        ("BSN", ("…019",)),
        ("Week", ("05-01-2026",)),
    ]
