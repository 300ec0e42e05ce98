"""Files from a browser: no name of the client is a path, and no package unpacks without end."""

import io
import zipfile
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import FileError
from service.importing import uploads
from service.importing.uploads import check_package, digest_of, receive, safe_name


@given(st.text(max_size=300))
def test_of_a_name_nothing_leads_out_of_the_folder(name: str) -> None:
    safe = safe_name(name)

    assert PurePath(safe).name == safe
    assert "\\" not in safe
    assert safe not in {".", ".."}
    assert 0 < len(safe) <= uploads.LONGEST_NAME
    assert safe.isprintable()


def test_what_is_received_has_the_digest_of_its_bytes(tmp_path: Path) -> None:
    (one,) = receive(tmp_path, [("../../a.csv", io.BytesIO(b"bsn;week\n"))])

    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert (one.sha256, one.bytes) == (digest_of(tmp_path / "a.csv"), 9)


@pytest.mark.parametrize("name", ["a.exe", "a.toml", "a.csv.gz", "a.parquet", "a", "mapping.toml"])
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match="We lezen CSV"):
        receive(tmp_path, [(name, io.BytesIO(b"x"))])


def test_too_many_too_large_or_twice_the_same_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sent(number: int) -> list[tuple[str, io.BytesIO]]:
        return [(f"{at}.csv", io.BytesIO(b"x" * 10)) for at in range(number)]

    for wrong in ([], sent(uploads.MOST_FILES + 1)):
        with pytest.raises(FileError, match="Kies één tot"):
            receive(tmp_path, wrong)
    with pytest.raises(FileError, match="dezelfde naam"):
        receive(tmp_path, [("a.csv", io.BytesIO(b"x")), ("map/a.csv", io.BytesIO(b"x"))])
    monkeypatch.setattr(uploads, "MOST_BYTES", 9)
    with pytest.raises(FileError, match="groter dan"):
        receive(tmp_path, sent(1))


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def test_a_package_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = packed(tmp_path / "a.xlsx", {"xl/sheet.xml": b"0" * 100_000})
    check_package(bomb)

    monkeypatch.setattr(uploads, "MOST_UNPACKED", 99_999)
    with pytest.raises(FileError, match="Uitgepakt"):
        check_package(bomb)
    monkeypatch.setattr(uploads, "MOST_PARTS", 0)
    with pytest.raises(FileError, match="Uitgepakt"):
        check_package(packed(tmp_path / "b.xlsx", {"a": b""}))


def test_a_package_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", {"xl/sheet.xml": b"0" * 100_000})
    told = (100_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(told, (10).to_bytes(4, "little")))

    with pytest.raises(FileError, match="beschadigd"):
        check_package(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04 and no more", b"PK\x03\x04" + b"\0" * 100])
def test_a_damaged_package_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileError, match="beschadigd"):
        check_package(path)
