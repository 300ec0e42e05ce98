"""Settings of one installation: all that differs between regions, machines and seasons.

Everything lives under one folder (``--data MAP`` or ``VANGNET_DATA``), so that several regions
stand side by side. Values come from the environment (``VANGNET_...``) first, then from
``MAP/instellingen.toml``. Only `service.app` and `service.cli` read this module.
"""

import os
import re
import secrets
import tomllib
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from service.errors import SettingsError

SETTINGS_FILE = "instellingen.toml"
KEY_BYTES = 32
DEFAULT_DATA = Path("gegevens")
OWNER_ONLY = 0o700
"""Mode of the data folder: all that lies in it is about persons."""
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
"""Hosts to which mail may go without TLS: it does not leave the machine."""


class Settings(BaseSettings):
    """All settings; frozen once read."""

    model_config = SettingsConfigDict(env_prefix="VANGNET_", frozen=True, extra="forbid")

    data: Path = Field(DEFAULT_DATA, description="folder of this region")
    environment: Literal["development", "production"] = "development"
    database_url: SecretStr | None = Field(None, description="SQLAlchemy URL; SQLite when absent")
    tracking_url: SecretStr | None = Field(
        None, description="database of MLflow and of searches; SQLite when absent"
    )
    dask_scheduler: str | None = Field(
        None, description="address of the Dask scheduler; two processes of this machine when absent"
    )
    pseudonym_key: SecretStr = Field(description="key of the HMAC that makes a jongere_id of a BSN")
    matching_keys: tuple[SecretStr, ...] = Field(
        (), description="keys of the second layer of a jongere_id, the oldest first"
    )
    uitval_key: SecretStr | None = Field(None, description="key of pseudonyms of scores")
    audit_key: SecretStr | None = Field(None, description="key of pseudonyms in the audit log")
    export_key: SecretStr | None = Field(None, description="key of pseudonyms in files given out")
    beschermd_key: SecretStr | None = Field(
        None, description="key of pseudonyms of protected attributes; only the audit job has it"
    )
    session_key: SecretStr = Field(description="key of the HMAC under which sessions are stored")
    auditkoppen: Path | None = Field(
        None, description="folder for signed heads of the audit log, on a second machine or disk"
    )
    host: str = "127.0.0.1"
    port: int = Field(8400, ge=0, le=65535)
    secure_cookies: bool = Field(
        False, description="cookies only over HTTPS; must be on in production"
    )
    session_idle_minutes: int = Field(30, ge=1, le=30)
    session_max_hours: int = Field(12, ge=1, le=12)
    tweede_factor: bool = Field(
        True, description="ask some roles for a second factor; must be on in production"
    )
    trusted_proxies: str = Field(
        "", description="addresses or networks of our own proxies, whose headers are believed"
    )
    oidc_issuer: str | None = Field(
        None, pattern="^https?://", description="identity provider; people log in there when set"
    )
    oidc_client_id: str | None = Field(None, description="how that provider knows us")
    oidc_client_secret: SecretStr | None = None
    meldvertraging_dagen: int = Field(
        75,
        ge=0,
        le=365,
        description="days between leaving school and others knowing it, where a file does not say",
    )
    public_url: str | None = Field(None, description="address of the pages as users type it")
    smtp_host: str | None = Field(None, description="mail server; without one notices are kept")
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str | None = Field(None, description="address that notices come from")
    smtp_to: str | None = Field(None, description="mailbox of the team, for who has no address")
    smtp_timeout_seconds: float = Field(20.0, gt=0, le=300)
    backup_key: SecretStr | None = Field(
        None, min_length=KEY_BYTES, description="key that seals backups; keep it apart from them"
    )

    kaarttegels: str | None = Field(
        None,
        pattern=r"^https://[^/{}]+/[^ ]*\{z\}[^ ]*\{x\}[^ ]*\{y\}",
        description="address of map tiles with {z}, {x} and {y}; without it the own outlines",
    )
    kaartbron: str = Field("", max_length=200, description="whom the tiles name as their source")

    contact_name: str = Field("Beheer van Vangnet", description="whom to ask about the API")
    contact_url: str = "https://vangnet.example/contact"
    contact_email: str = "beheer@vangnet.example"
    metrics_token: SecretStr | None = Field(
        None, min_length=16, description="opens /metrics for Prometheus; without one: not there"
    )
    trace_file: Path | None = Field(
        None, description="file for OpenTelemetry spans as JSON lines; nothing is traced without"
    )

    @model_validator(mode="after")
    def _refuse_unsafe(self) -> Self:
        for name in ("pseudonym_key", "session_key"):
            if len(getattr(self, name).get_secret_value()) < KEY_BYTES:
                raise ValueError(f"{name} is shorter than {KEY_BYTES} characters")
        own = (self.uitval_key, self.audit_key, self.export_key, self.beschermd_key)
        extra = (*own, *self.matching_keys)
        if any(one is not None and len(one.get_secret_value()) < KEY_BYTES for one in extra):
            raise ValueError(f"a key of a domain is shorter than {KEY_BYTES} characters")
        if self.environment == "production" and not self.secure_cookies:
            raise ValueError("secure_cookies must be on in production")
        if self.environment == "production" and not self.tweede_factor:
            raise ValueError("tweede_factor must be on in production")
        return self

    @model_validator(mode="after")
    def _check_public_url(self) -> Self:
        if self.public_url is not None and urlsplit(self.public_url).path.strip("/"):
            raise ValueError("public_url must be a host of its own, for links begin at its root")
        return self

    @model_validator(mode="after")
    def _check_tracking(self) -> Self:
        if self.tracking_url is not None and self.tracking_url == self.database_url:
            raise ValueError("tracking_url must be another database than database_url")
        return self

    @model_validator(mode="after")
    def _check_provider(self) -> Self:
        if self.oidc_issuer is None:
            return self
        for name in ("oidc_client_id", "oidc_client_secret", "public_url"):
            if getattr(self, name) is None:
                raise ValueError(f"{name} is needed for an identity provider")
        if self.environment == "production" and not self.oidc_issuer.startswith("https://"):
            raise ValueError("oidc_issuer must be https in production")
        return self

    @model_validator(mode="after")
    def _check_tiles(self) -> Self:
        if self.kaarttegels is not None and not self.kaartbron:
            raise ValueError("kaartbron must name the source of the tiles")
        return self

    @model_validator(mode="after")
    def _check_mail(self) -> Self:
        if self.smtp_host is None:
            return self
        for name in ("smtp_from", "smtp_to"):
            if "@" not in (getattr(self, name) or ""):
                raise ValueError(f"{name} is no address of mail")
        plain = self.smtp_security == "none" and self.smtp_host not in OWN_MACHINE
        if self.environment == "production" and plain:
            raise ValueError("smtp_security must be starttls or tls in production")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let arguments win over the environment, and the environment over the file."""
        toml = init_settings.init_kwargs["data"] / SETTINGS_FILE  # type: ignore[attr-defined]  # always given
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml)

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the store."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.data / 'vangnet.db').as_posix()}"

    @property
    def site(self) -> str:
        """Address of the pages, for links in mail."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def tracking(self) -> str:
        """Database of MLflow and Optuna: one of its own, beside the store.

        Both want the driver in the address, so what is plain ``postgresql`` gets ours.
        """
        if self.tracking_url is not None:
            url = self.tracking_url.get_secret_value()
            return re.sub("^postgres(ql)?://", "postgresql+psycopg://", url)
        return f"sqlite:///{(self.data / 'mlflow.db').as_posix()}"

    @property
    def models(self) -> Path:
        """Folder of the stored models."""
        return self.data / "modellen"

    @property
    def koppen(self) -> Path:
        """Folder of the signed heads of the audit log."""
        return self.auditkoppen or self.data / "auditkoppen"

    @property
    def reports(self) -> Path:
        """Folder of the reports of imports."""
        return self.data / "meldingen"


def open_settings(data: Path | None = None, *, demo: bool = False) -> Settings:
    """Read the settings of a data folder; make the folder and its keys at first use.

    Parameters
    ----------
    data : Path, optional
        The folder; without it the environment tells, or the default.
    demo : bool
        Whether a new folder is for a made-up region: then nobody is asked a second factor.

    Raises
    ------
    SettingsError
        A value is absent, unknown or unsafe.
    OSError
        The folder cannot be made or read.
    """
    folder = (data or Path(os.environ.get("VANGNET_DATA", DEFAULT_DATA))).resolve()
    _make_keys(folder, demo=demo)
    try:
        return Settings(data=folder)  # type: ignore[call-arg]  # the keys come from the file
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(SETTINGS_FILE, "is no TOML in UTF-8") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "instellingen"
        raise SettingsError(name, first["msg"]) from error


def _make_keys(folder: Path, *, demo: bool) -> None:
    """Write fresh random keys when the folder has no settings yet, readable by the owner alone."""
    path = folder / SETTINGS_FILE
    if path.exists():
        return
    folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        for name in ("pseudonym_key", "session_key"):
            file.write(f'{name} = "{secrets.token_urlsafe(KEY_BYTES)}"\n')
        if demo:
            file.write("tweede_factor = false\n")
