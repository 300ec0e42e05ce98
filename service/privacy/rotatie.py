"""Another key for the second layer of every jongere_id, at once (TRUST P1).

The new key is in the settings before anything else; then one transaction gives every row its new
id and records the fingerprint of the key in the same database. So a crash leaves the old ids with
the old fingerprint or the new ones with the new, and running the command again finishes it. A
backup of before holds the fingerprint of its own key, which stays in the settings for it.
"""

import json
import os
import secrets
import tomllib
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.errors import SettingsError
from service.importing.pseudonym import PseudonymKey
from service.privacy.laag import is_own
from service.privacy.sleutels import NO_LAYER, Domein, Sleutels
from service.rechten.toegang import SYSTEEM, looking_as
from service.settings import KEY_BYTES, SETTINGS_FILE, Settings, open_settings
from service.storage.engine import unit_of_work
from service.storage.importrun import ImportRepository
from service.storage.persoonsrijen import known_ids, rekey
from service.storage.sleutelstand import SleutelstandRepository

SETTING = "matching_keys"
ENVIRONMENT = "VANGNET_MATCHING_KEYS"
SOORT = "sleutelrotatie"


def layer_of(engine: Engine, sleutels: Sleutels) -> str:
    """Return the fingerprint of the layer under which the ids of a database lie.

    Raises
    ------
    SettingsError
        The settings do not hold that key.
    """
    with unit_of_work(engine, read_only=True) as session:
        return _layer(session, sleutels)


def pseudonym_key(engine: Engine, settings: Settings) -> PseudonymKey:
    """Return what makes a jongere_id of a number in this database."""
    sleutels = Sleutels.of(settings)
    return sleutels.pseudonym_key(layer_of(engine, sleutels))


def rotate(engine: Engine, settings: Settings, *, op: datetime) -> int:
    """Bring all ids under the newest key of the settings, making one when it is in force already.

    Ids that others gave, such as those of a canonical file, stay as they are.

    Returns
    -------
    int
        How many persons got another id.

    Raises
    ------
    SettingsError
        The keys come from the environment, and there is no new one among them.
    """
    sleutels = Sleutels.of(settings)
    if layer_of(engine, sleutels) == sleutels.newest:
        _add_key(settings)
        sleutels = Sleutels.of(open_settings(settings.data))
    with looking_as(SYSTEEM), unit_of_work(engine) as session:
        now = _layer(session, sleutels)
        own = [one for one in known_ids(session) if is_own(one)]
        new = sleutels.lagen[sleutels.newest].cover(sleutels.uncover(own, now))
        rekey(session, dict(zip(own, new, strict=True)))
        SleutelstandRepository(session).set(Domein.MATCHING, sleutels.newest, op)
        ImportRepository(session).add(
            tijdstip=op, bestand="", sha256=f"{SOORT}-{sleutels.newest}", soort=SOORT, actor=SOORT
        )
    return len(own)


def _layer(session: Session, sleutels: Sleutels) -> str:
    found = SleutelstandRepository(session).find(Domein.MATCHING) or NO_LAYER
    if found != NO_LAYER and found not in sleutels.lagen:
        raise SettingsError(SETTING, "does not hold the key of this database")
    return found


def _add_key(settings: Settings) -> None:
    """Write a fresh key behind the others in the settings file; the whole file or nothing."""
    if ENVIRONMENT in os.environ:
        raise SettingsError(SETTING, "comes from the environment: add a new key there first")
    path = settings.data / SETTINGS_FILE
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    known = tomllib.loads(text).get(SETTING, [])
    line = f"{SETTING} = {json.dumps([*known, secrets.token_urlsafe(KEY_BYTES)])}\n"
    others = [one for one in text.splitlines(keepends=True) if not one.startswith(SETTING)]
    _replace(path, line + "".join(others))


def _replace(path: Path, text: str) -> None:
    with NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
        draft = Path(file.name)
    draft.replace(path)
