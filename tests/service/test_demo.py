"""The demo on a small region: from made-up files, through the importer, to a served page."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from socket import socket
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from features.synthetic import RegionConfig, generate_region
from service.demo import DEMO_GEBRUIKER, MARK, Login, build_demo
from service.errors import NotDemoError, PortError, SettingsError
from service.importing.pseudonym import pseudonyms
from service.jobs import has_models, import_into_store, open_regio, store
from service.serving import check_port
from service.settings import Settings, open_settings
from service.storage.canonical import CanonicalRepository
from service.storage.engine import unit_of_work

JONGEREN = 600


def ignore(_: str) -> None:
    pass


def build(settings: Settings, jongeren: int = JONGEREN, *, leeg: bool = False) -> Login:
    return build_demo(settings, jongeren=jongeren, leeg=leeg, say=ignore, tell=ignore)


def import_own(settings: Settings) -> None:
    """Import some data that are not those of the demo."""
    region = generate_region(RegionConfig(jongeren=60, leerbedrijven=20, leerwerkplekken=60))
    files = settings.data / "bestanden van de school"
    files.mkdir()
    for name in ("jongere", "contact"):
        region.tables[name].write_parquet(files / f"{name}.parquet")
    assert import_into_store(settings, [files]).succeeded


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return open_settings(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def login(settings: Settings) -> Login:
    return build(settings)


def count(settings: Settings, table: str) -> int:
    with store(settings) as engine, unit_of_work(engine, read_only=True) as session:
        return CanonicalRepository(session).read(table).height


def test_everybody_of_the_region_comes_in_through_the_files(
    settings: Settings, login: Login
) -> None:
    mark = json.loads((settings.data / MARK).read_text(encoding="utf-8"))
    region = generate_region(
        RegionConfig(
            jongeren=mark["jongeren"],
            leerbedrijven=mark["leerbedrijven"],
            leerwerkplekken=mark["leerwerkplekken"],
            seed=mark["seed"],
        )
    )
    key = settings.pseudonym_key.get_secret_value().encode()
    with store(settings) as engine, unit_of_work(engine, read_only=True) as session:
        stored = CanonicalRepository(session).read("jongere")["jongere_id"]

    assert set(stored) == set(pseudonyms(region.numbers["nummer"], key))
    assert count(settings, "leerwerkplek") == mark["leerwerkplekken"]


def test_the_demo_ends_with_models_and_a_list_with_names(settings: Settings, login: Login) -> None:
    page, total = open_regio(settings).jongeren(aantal=10)

    assert has_models(settings)
    assert total > 100
    assert all(one.jongere.naam for one in page)


def test_running_it_again_gives_a_new_password_and_changes_no_data(
    settings: Settings, login: Login
) -> None:
    before = open_regio(settings).scores

    again = build(settings)

    assert again.naam == login.naam == DEMO_GEBRUIKER
    assert again.wachtwoord != login.wachtwoord
    assert open_regio(settings).scores.equals(before)


def test_a_demo_of_another_size_is_not_mixed_in(settings: Settings, login: Login) -> None:
    with pytest.raises(NotDemoError):
        build(settings, jongeren=JONGEREN + 100)


def test_a_folder_with_data_of_its_own_is_left_alone(tmp_path: Path) -> None:
    own = open_settings(tmp_path)
    import_own(own)

    with pytest.raises(NotDemoError):
        build(own)

    assert not (tmp_path / MARK).exists()


def test_an_empty_demo_has_an_account_and_no_data(tmp_path: Path) -> None:
    empty = open_settings(tmp_path)

    assert build(empty, leeg=True).wachtwoord
    assert count(empty, "jongere") == 0


def test_an_empty_demo_is_not_opened_on_data(settings: Settings, login: Login) -> None:
    with pytest.raises(NotDemoError):
        build(settings, leeg=True)


def test_an_empty_demo_that_got_data_of_its_own_opens_again(
    tmp_path: Path,
) -> None:
    own = open_settings(tmp_path)
    build(own, leeg=True)
    import_own(own)

    assert build(own, leeg=True).wachtwoord


def test_there_is_no_demo_in_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANGNET_ENVIRONMENT", "production")
    monkeypatch.setenv("VANGNET_SECURE_COOKIES", "true")

    with pytest.raises(SettingsError):
        build(open_settings(tmp_path), leeg=True)


def test_a_host_that_is_not_of_this_machine_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VANGNET_HOST", "192.0.2.1")

    with pytest.raises(SettingsError):
        check_port(open_settings(tmp_path), 0)


def test_a_port_that_is_taken_is_refused(tmp_path: Path) -> None:
    with socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        with pytest.raises(PortError):
            check_port(open_settings(tmp_path), other.getsockname()[1])


class Browser:
    """Follows links of the running demo as a person without scripts would."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self._opener.open(self.address + path, timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **fields: str) -> str:
        request = Request(  # noqa: S310  # our own server on this machine
            self.address + path,
            data=urlencode(fields).encode(),
            headers={"Origin": self.address},
        )
        with self._opener.open(request, timeout=30) as answer:
            return str(answer.read().decode())


@pytest.fixture(scope="module")
def served(settings: Settings, login: Login) -> Iterator[tuple[Browser, str]]:
    """Run `vangnet demo` on the data that stands ready; gives a browser and the password."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [
        "--data",
        str(settings.data),
        "demo",
        "--jongeren",
        str(JONGEREN),
        "--poort",
        str(port),
    ]
    with subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "service.cli", *words], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            printed = server.stdout.readline() + server.stdout.readline()
            password = re.search(r"wachtwoord (\S+)", printed)
            assert password is not None, printed
            assert f"http://127.0.0.1:{port}" in printed
            yield wait_for(Browser(f"http://127.0.0.1:{port}")), password[1]
        finally:
            server.terminate()


def wait_for(browser: Browser) -> Browser:
    for _ in range(120):
        try:
            browser.get("/inloggen")
        except URLError:
            time.sleep(0.5)
        else:
            return browser
    raise TimeoutError


@pytest.mark.slow
def test_the_served_demo_shows_the_list_and_one_jongere_after_login(
    served: tuple[Browser, str],
) -> None:
    browser, password = served

    assert "Jongeren" in browser.post("/inloggen", naam=DEMO_GEBRUIKER, wachtwoord=password)
    assert "/instructie" in browser.get("/jongeren")
    browser.post("/instructie")
    one = re.search(r'href="(/jongeren/[0-9a-f]{32})"', browser.get("/jongeren"))
    assert one is not None
    page = browser.get(one[1])
    answer = json.loads(browser.get("/api/v1" + one[1] + "/suggesties"))

    assert "van de 100" in page
    assert answer["suggesties"]


@pytest.mark.slow
def test_the_served_demo_keeps_strangers_out(served: tuple[Browser, str]) -> None:
    with pytest.raises(HTTPError) as refusal:
        Browser(served[0].address).get("/api/v1/jongeren")

    with refusal.value as answer:
        assert answer.code == 401
