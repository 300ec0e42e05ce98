"""Imports on the screens: tried first, every bad row named, then the same bytes for good."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response

from service.importing import voorstel
from service.rechten.begrippen import Rol
from service.storage import CanonicalRepository, unit_of_work
from tests.service.conftest import OWN_SITE
from tests.service.rechten.wereld import Wereld, make_wereld
from tests.service.web.conftest import PageClient, make_client, text_of
from tests.service.web.html import read

GOED = b"leerbedrijf id;naam;plaats\n100000031;Kwekerij Groen;Zelhem\n"
FOUT = b"leerbedrijf id;naam;plaats\n100000032;Garage;Vorden\nniets;=1+1;Vorden\n"
PLEKKEN = b"Wat;Soort\nLoods;bbl-plek\nKas;stage\n"
EIGEN = b"Nummer van SBB;Hoe heet het bedrijf;Woonplaats\n100000033;Bakker Bol;Lochem\n"


class Beheerder:
    """Somebody who reads files, before the screens."""

    def __init__(self, wereld: Wereld, client: PageClient, rol: Rol = Rol.BEHEERDER) -> None:
        self.wereld, self.client = wereld, client
        client.cookies.clear()
        client.cookies.update(wereld.enter(rol))

    def upload(self, *files: tuple[str, bytes]) -> Response:
        sent = [("bestanden", file) for file in files]
        return self.client.post("/importen", files=sent or None, headers=OWN_SITE)

    def waiting(self, *files: tuple[str, bytes]) -> str:
        """Upload good files or bad ones, and return the page where they wait."""
        answer = self.upload(*files)
        assert answer.status_code == 303, text_of(read(answer.text))
        return str(answer.headers["location"])

    def decide(self, page: str, stap: str, **other: str) -> Response:
        form = read(self.client.get(page).text).all("input")
        seen = {one.attributes["name"]: one.attributes["value"] for one in form}
        return self.client.post(page, data={**seen, "stap": stap, **other}, headers=OWN_SITE)

    def stored(self) -> set[str]:
        with unit_of_work(self.wereld.engine, read_only=True) as session:
            return set(CanonicalRepository(session).keys("leerbedrijf")["leerbedrijf_id"])

    @property
    def uploads(self) -> list[Path]:
        folder = Path(self.wereld.engine.url.database or "").parent / "uploads"
        return list(folder.iterdir()) if folder.exists() else []


@pytest.fixture(scope="module")
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("importen"))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def client(wereld: Wereld) -> Iterator[PageClient]:
    with make_client(wereld.app) as made:
        yield made


@pytest.fixture
def beheerder(wereld: Wereld, client: PageClient) -> Beheerder:
    return Beheerder(wereld, client)


def test_a_file_is_tried_and_then_read_by_its_own_bytes_only(beheerder: Beheerder) -> None:
    page = beheerder.waiting(("leerbedrijf.csv", GOED))
    assert "leerbedrijf 1 0 0" in text_of(beheerder.client.read(page))
    assert "100000031" not in beheerder.stored()
    assert beheerder.decide(page, "lees", gezien="andere bytes").status_code == 409
    assert "100000031" not in beheerder.stored()

    answer = beheerder.decide(page, "lees")

    assert (answer.status_code, answer.headers["location"]) == (303, "/importen?klaar=gelezen")
    assert "100000031" in beheerder.stored()
    assert beheerder.uploads == []
    assert beheerder.client.get(page).status_code == 404
    text = text_of(beheerder.client.read("/importen?klaar=gelezen"))
    assert "leerbedrijf: 1 nieuw" in text

    again = beheerder.waiting(("leerbedrijf.csv", GOED))
    assert "al eens ingelezen" in text_of(beheerder.client.read(again))
    assert beheerder.decide(again, "weg").status_code == 303


def test_bytes_that_changed_on_the_disk_are_not_read(beheerder: Beheerder) -> None:
    page = beheerder.waiting(("leerbedrijf.csv", GOED.replace(b"31;", b"39;")))
    (folder,) = beheerder.uploads
    (folder / voorstel.FILES / "leerbedrijf.csv").write_bytes(GOED.replace(b"31;", b"38;"))

    assert beheerder.decide(page, "lees").status_code == 409
    assert not {"100000038", "100000039"} & beheerder.stored()
    assert beheerder.decide(page, "weg").status_code == 303


def test_every_bad_row_is_named_and_comes_back_marked_and_nothing_is_read(
    beheerder: Beheerder,
) -> None:
    page = beheerder.waiting(("leerbedrijf.csv", FOUT))
    text = text_of(beheerder.client.read(page))
    assert "Er is niets ingelezen: 1 fout gevonden." in text
    assert "leerbedrijf.csv 3 leerbedrijf id niets" in text
    assert 'value="lees"' not in beheerder.client.get(page).text

    marked = beheerder.client.get(f"{page}/0/fouten")
    assert marked.headers["content-type"].startswith("text/csv")
    assert "attachment" in marked.headers["content-disposition"]
    head, good, bad = marked.text.removeprefix("\ufeff").splitlines()
    assert head.endswith(";probleem")
    assert good.endswith(";")
    assert bad.startswith("niets;'=1+1;Vorden;leerbedrijf id: ")

    # a button that is not there is pressed all the same
    assert beheerder.decide(page, "lees").status_code == 303
    assert "100000032" not in beheerder.stored()
    assert beheerder.client.get(f"{page}/7/fouten").status_code == 404
    assert beheerder.decide(page, "weg").status_code == 303
    assert beheerder.uploads == []


def test_own_words_and_what_holds_for_every_row_are_told_once(beheerder: Beheerder) -> None:
    read_before = beheerder.waiting(("leerbedrijf.csv", GOED))
    beheerder.decide(read_before, "lees")
    page = beheerder.waiting(("plekken 1.csv", PLEKKEN))
    columns = f"{page}/0/kolommen"
    asked = beheerder.client.read(f"{columns}?tabel=leerwerkplek")
    (field,) = [
        one.attributes["name"]
        for one in asked.all("select")
        if one.attributes["name"].startswith("woord_")
    ]
    assert "bbl-plek" in text_of(asked)

    chosen = {
        "tabel": "leerwerkplek",
        "bestand": "plekken *.csv",
        "kolom_0": "leerwerkplek_id",
        "kolom_1": "soort",
        field: "leerbaan",
    }
    overal = {
        "leerbedrijf_id": "100000031",
        "titel": "Hulp",
        "begindatum": "2026-08-01",
        "capaciteit": "1",
        "uren_min": "16",
        "uren_max": "32",
    }

    def fixed(**other: str) -> dict[str, list[str]]:
        said = overal | other
        return {"vast_kolom": [*said], "vast_waarde": [*said.values()]}

    refused = beheerder.client.post(
        columns, data=chosen | fixed(capaciteit="veel"), headers=OWN_SITE
    )
    assert refused.status_code == 400
    assert "de vaste waarde “veel” past niet" in text_of(read(refused.text))
    assert 'value="veel"' in refused.text

    kept = beheerder.client.post(columns, data=chosen | fixed(), headers=OWN_SITE)
    assert kept.status_code == 303, text_of(read(kept.text))
    assert "leerwerkplek 2 0 0" in text_of(beheerder.client.read(page))
    again = beheerder.client.get(columns).text
    assert f'name="{field}"' in again
    assert '<option value="leerbaan" selected>' in again
    assert 'value="100000031"' in again
    assert beheerder.decide(page, "weg").status_code == 303
    name = "leerwerkplek-plekken-csv.mapping.toml"
    beheerder.client.post("/importen/mappings", data={"naam": name}, headers=OWN_SITE)


def test_own_headings_are_chosen_once_and_known_the_next_time(beheerder: Beheerder) -> None:
    page = beheerder.waiting(("bedrijven 2026.csv", EIGEN))
    assert "herkennen we niet" in text_of(beheerder.client.read(page))
    columns = f"{page}/0/kolommen"
    assert "Hoe heet het bedrijf" in text_of(beheerder.client.read(f"{columns}?tabel=leerbedrijf"))

    page_of_table = read(beheerder.client.get(f"{columns}?tabel=leerbedrijf").text)
    fields = {one.attributes["name"]: one.attributes for one in page_of_table.all("input")}
    assert fields["tabel"]["value"] == "leerbedrijf"
    (now,) = [
        one.text
        for one in page_of_table.all("option")
        if "selected" in one.attributes and one.attributes["value"] == "leerbedrijf"
    ]
    assert now == "leerbedrijf"

    chosen = {
        "tabel": "leerbedrijf",
        "bestand": "bedrijven *.csv",
        "kolom_0": "leerbedrijf_id",
        "kolom_1": "",
        "kolom_2": "plaats",
    }
    refused = beheerder.client.post(columns, data=chosen, headers=OWN_SITE)
    assert refused.status_code == 400
    assert "er ontbreekt een kolom voor naam" in text_of(read(refused.text))

    kept = beheerder.client.post(columns, data={**chosen, "kolom_1": "naam"}, headers=OWN_SITE)
    assert kept.status_code == 303
    assert beheerder.decide(page, "lees").status_code == 303
    assert "100000033" in beheerder.stored()

    other = beheerder.waiting(("bedrijven 2027.csv", EIGEN.replace(b"33;", b"34;")))
    assert "leerbedrijf 1 0 0" in text_of(beheerder.client.read(other))
    assert beheerder.decide(other, "weg").status_code == 303

    name = "leerbedrijf-bedrijven-csv.mapping.toml"
    assert name in beheerder.client.get("/importen").text
    away = {"naam": f"../mappings/{name}"}
    assert (
        beheerder.client.post("/importen/mappings", data=away, headers=OWN_SITE).status_code == 404
    )
    away = {"naam": name}
    assert (
        beheerder.client.post("/importen/mappings", data=away, headers=OWN_SITE).status_code == 303
    )
    assert name not in beheerder.client.get("/importen").text


@pytest.mark.parametrize("files", [(), (("a.exe", b"x"),), (("a.xlsx", b"PK\x03\x04x"),)])
def test_what_cannot_be_a_file_of_a_school_is_refused_in_words(
    beheerder: Beheerder, files: tuple[tuple[str, bytes], ...]
) -> None:
    answer = beheerder.upload(*files)

    assert answer.status_code == 400
    assert "Er is niets ingelezen." in text_of(read(answer.text))
    assert beheerder.uploads == []


def test_files_of_another_account_are_as_if_they_were_not_there(
    wereld: Wereld, beheerder: Beheerder
) -> None:
    werkplaats = voorstel.Werkplaats(
        Path(wereld.engine.url.database or "").parent / "uploads", Path("nergens")
    )
    import io

    other = voorstel.lay_down(werkplaats, [("a.csv", io.BytesIO(GOED))], door=99999)

    for path in ("", "/0/fouten", "/0/kolommen"):
        address = f"/importen/voorstel/{other.sleutel}{path}"
        assert beheerder.client.get(address).status_code == 404
    assert other.map.stat().st_mode & 0o077 == 0
    voorstel.discard(other)


def test_what_waited_for_an_hour_is_gone(
    beheerder: Beheerder, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = beheerder.waiting(("leerbedrijf.csv", FOUT))
    monkeypatch.setattr(voorstel, "KEPT_SECONDS", -1)

    assert beheerder.client.get(page).status_code == 404
    beheerder.upload(("a.exe", b"x"))
    assert beheerder.uploads == []


def test_an_analist_sees_what_was_read_and_reads_nothing(
    wereld: Wereld, client: PageClient
) -> None:
    analist = Beheerder(wereld, client, Rol.ANALIST)
    assert "Kijk wat er verandert" not in client.get("/importen").text
    assert analist.upload(("leerbedrijf.csv", GOED)).status_code == 403
