from pathlib import Path

import pytest

from features.tables import TABLES
from service.importing.mapping import MappingError, find_mappings, read_mapping

GOOD = """
[[tabel]]
naam = "verzuim"
bestand = "Verzuim*.csv"
scheidingsteken = ";"
codering = "windows-1252"
decimale_komma = true
datum = "dd-mm-jjjj"
[tabel.kolommen]
"Nr" = "onderwijsnummer"
"Week van" = "week"
"Les" = "lesuren"
"Geoorloofd" = "uren_geoorloofd"
"Ongeoorloofd" = "uren_ongeoorloofd"
[tabel.vast]
bron = "Magister"
[[tabel]]
naam = "verzuimmelding"
[tabel.kolommen]
bsn = "bsn"
dag = "datum"
wat = "soort"
[tabel.waarden.soort]
LV = "luxeverzuim"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_one_file_holds_several_mappings(tmp_path: Path) -> None:
    verzuim, melding = read_mapping(write(tmp_path, GOOD))
    assert verzuim.table is TABLES["verzuim"]
    assert (verzuim.separator, verzuim.encoding) == (";", "windows-1252")
    assert verzuim.notation.decimal_comma is True
    assert verzuim.constants == {"bron": "Magister"}
    assert melding.notation.values == {"soort": {"LV": "luxeverzuim"}}


def test_a_mapping_fits_files_by_their_name_whatever_the_capitals(tmp_path: Path) -> None:
    verzuim, melding = read_mapping(write(tmp_path, GOOD))
    assert verzuim.fits(Path("verzuim-2024.CSV"))
    assert not verzuim.fits(Path("verzuimmelding.xlsx"))
    assert melding.fits(Path("verzuimmelding.xlsx"))


def test_any_change_of_a_mapping_changes_its_fingerprint(tmp_path: Path) -> None:
    before = read_mapping(write(tmp_path, GOOD))
    after = read_mapping(write(tmp_path, GOOD.replace("LV =", "L =")))
    assert before[0].fingerprint == after[0].fingerprint
    assert before[1].fingerprint != after[1].fingerprint


def test_mappings_beside_files_are_found_by_name(tmp_path: Path) -> None:
    for name in ("mapping.toml", "school.mapping.toml", "instellingen.toml"):
        (tmp_path / name).touch()
    assert [path.name for path in find_mappings(tmp_path)] == [
        "mapping.toml",
        "school.mapping.toml",
    ]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('naam = "verzuim"', 'naam = "absentie"', "absentie"),
        ('"week"', '"weken"', "weken"),
        ('"Week van" = "week"', "", "week"),
        ('"Nr" = "onderwijsnummer"', "", "jongere_id"),
        ('"Les" = "lesuren"', '"Les" = "week"', "twee kolommen"),
        ("scheidingsteken =", "scheiding =", "scheiding"),
        ('scheidingsteken = ";"', 'scheidingsteken = ";;"', "scheidingsteken"),
        ('"windows-1252"', '"latin-9"', "codering"),
        ('"dd-mm-jjjj"', '"mm-jj"', "mm-jj"),
        ("decimale_komma = true", 'decimale_komma = "ja"', "decimale_komma"),
        ('bron = "Magister"', 'bekend_op = "gisteren"', "gisteren"),
        ('bron = "Magister"', 'bsn = "999990019"', "BSN"),
        ("[tabel.waarden.soort]", "[tabel.waarden.kleur]", "kleur"),
        ('naam = "verzuim"', "naam = ", "regel 3"),
    ],
)
def test_a_wrong_mapping_is_refused_with_a_sentence_that_names_it(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(MappingError) as caught:
        read_mapping(path)
    assert named in caught.value.problem
    assert caught.value.problem.endswith(".")


def test_a_file_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError) as caught:
        read_mapping(write(tmp_path, 'kleur = "rood"'))
    assert "[[tabel]]" in caught.value.problem


def test_a_mapping_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError):
        read_mapping(tmp_path / "geen.toml")
