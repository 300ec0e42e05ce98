import stat
import sys
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.settings import SETTINGS_FILE, open_settings

KEYS = ("pseudonym_key", "session_key")


def test_a_new_folder_gets_keys_of_its_own(tmp_path: Path) -> None:
    one, other = open_settings(tmp_path / "een"), open_settings(tmp_path / "twee")

    for name in KEYS:
        assert getattr(one, name).get_secret_value() != getattr(other, name).get_secret_value()


def test_the_keys_stay_the_same_when_the_folder_is_opened_again(tmp_path: Path) -> None:
    assert open_settings(tmp_path) == open_settings(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX file modes")
def test_only_the_owner_can_read_the_keys_and_open_the_folder(tmp_path: Path) -> None:
    folder = open_settings(tmp_path / "regio").data

    assert stat.S_IMODE((folder / SETTINGS_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("content", [b"port = = 1", b"host = '\xff'", b"poort = 8400"])
def test_a_settings_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    open_settings(tmp_path)
    path = tmp_path / SETTINGS_FILE
    path.write_bytes(path.read_bytes() + content)

    with pytest.raises(SettingsError):
        open_settings(tmp_path)


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VANGNET_PSEUDONYM_KEY", "k" * 40)

    assert open_settings(tmp_path).pseudonym_key.get_secret_value() == "k" * 40


def test_a_secret_does_not_show_when_the_settings_are_printed(tmp_path: Path) -> None:
    settings = open_settings(tmp_path)

    assert settings.pseudonym_key.get_secret_value() not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VANGNET_PSEUDONYM_KEY", "kort"),
        ("VANGNET_ENVIRONMENT", "production"),
        ("VANGNET_PORT", "honderd"),
    ],
)
def test_an_unsafe_or_unreadable_setting_is_refused_without_showing_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as refusal:
        open_settings(tmp_path)

    assert value == "production" or value not in str(refusal.value)


def write(folder: Path, **values: object) -> None:
    """Put settings in a new folder, beside its keys."""
    open_settings(folder)
    lines = [
        f"{name} = {str(one).lower() if isinstance(one, bool) else repr(one)}\n"
        for name, one in values.items()
    ]
    with (folder / SETTINGS_FILE).open("a", encoding="utf-8") as file:
        file.writelines(lines)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"secure_cookies": True, "tweede_factor": False}, "tweede_factor"),
        ({"secure_cookies": False}, "secure_cookies"),
        ({}, "secure_cookies"),
    ],
)
def test_production_is_refused_without_a_second_factor_or_safe_cookies(
    tmp_path: Path, values: dict[str, object], told: str
) -> None:
    write(tmp_path, environment="production", **values)

    with pytest.raises(SettingsError, match=told):
        open_settings(tmp_path)


def test_production_with_a_second_factor_and_safe_cookies_is_taken(tmp_path: Path) -> None:
    write(tmp_path, environment="production", secure_cookies=True)

    assert open_settings(tmp_path).tweede_factor


@pytest.mark.parametrize("path", ["/vangnet", "/vangnet/", "/a/b"])
def test_an_address_below_a_path_is_refused_for_links_begin_at_the_root(
    tmp_path: Path, path: str
) -> None:
    write(tmp_path, public_url=f"https://gemeente.example{path}")

    with pytest.raises(SettingsError, match="public_url"):
        open_settings(tmp_path)


PROVIDER = {
    "oidc_issuer": "https://aanbieder.example",
    "oidc_client_id": "vangnet",
    "oidc_client_secret": "geheim-van-vangnet",
    "public_url": "https://vangnet.example",
}


@pytest.mark.parametrize("absent", ["oidc_client_id", "oidc_client_secret", "public_url"])
def test_an_identity_provider_needs_all_that_belongs_to_it(tmp_path: Path, absent: str) -> None:
    write(tmp_path, **{name: value for name, value in PROVIDER.items() if name != absent})

    with pytest.raises(SettingsError, match=absent):
        open_settings(tmp_path)


def test_an_identity_provider_with_all_that_belongs_to_it_is_taken(tmp_path: Path) -> None:
    write(tmp_path, **PROVIDER)

    assert open_settings(tmp_path).public_url == PROVIDER["public_url"]


def test_the_register_of_models_can_stand_on_a_server(tmp_path: Path) -> None:
    write(tmp_path, tracking_url="postgresql://modellen@db/mlflow")

    assert open_settings(tmp_path).tracking == "postgresql+psycopg://modellen@db/mlflow"


def test_the_register_of_models_does_not_share_the_database_of_the_store(tmp_path: Path) -> None:
    same = "postgresql://vangnet@db/vangnet"
    write(tmp_path, tracking_url=same, database_url=same)

    with pytest.raises(SettingsError, match="tracking_url"):
        open_settings(tmp_path)


def test_everything_lies_in_the_data_folder(tmp_path: Path) -> None:
    settings = open_settings(tmp_path)

    assert settings.models.is_relative_to(tmp_path)
    assert settings.reports.is_relative_to(tmp_path)
    assert tmp_path.as_posix() in settings.database
    assert tmp_path.as_posix() in settings.tracking
