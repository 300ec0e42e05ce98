"""A second factor: codes of an app by time (TOTP), and recovery codes (TRUST S1).

References
----------
RFC 6238 (TOTP), section 5.2: a code is accepted once, and one time step of delay is allowed.
OWASP ASVS 5.0, 6.5.1 (used once), 6.5.2 (recovery codes of 112 bits or more may be hashed plainly).
"""

import base64
import secrets
from datetime import datetime

import pyotp
import segno
from sqlalchemy.orm import Session

from service.aanmelden.errors import AanmeldReden, SignInError
from service.aanmelden.sleutels import keyed_hash, seal, unseal
from service.storage.tweede_factor import TweedeFactor, TweedeFactorRepository

ISSUER = "Vangnet"
STEP_SECONDS = 30
DELAY_STEPS = (-1, 0, 1)
"""Time steps whose code is taken: of now, the former, and the next of a clock that is ahead."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 15
"""120 bits: 24 characters of base 32."""
CODE_PART = 4
QR_SCALE, QUIET_ZONE = 5, 4
"""Pixels per module, and modules of white around (ISO/IEC 18004, section 9.1)."""


def is_set(session: Session, gebruiker_id: int) -> bool:
    """Whether an account has a second factor that was confirmed."""
    found = TweedeFactorRepository(session).find(gebruiker_id)
    return found is not None and found.bevestigd_op is not None


def begin(session: Session, gebruiker_id: int, *, key: bytes) -> str:
    """Return a new secret for an account, in base 32, which counts once it is confirmed.

    One that waits for confirmation is given again, so that loading the page twice changes nothing.

    Raises
    ------
    SignInError
        There is a second factor already; that must be taken away first.
    """
    repository = TweedeFactorRepository(session)
    found = repository.find(gebruiker_id)
    if found is not None and found.bevestigd_op is not None:
        raise SignInError(AanmeldReden.STAP)
    waiting = None if found is None else _secret_of(found, key)
    if waiting is not None:
        return waiting
    secret = pyotp.random_base32()
    repository.put(gebruiker_id, seal(key, str(gebruiker_id), secret.encode()))
    return secret


def confirm(
    session: Session, gebruiker_id: int, code: str, *, key: bytes, now: datetime
) -> list[str]:
    """Let a second factor count, once its app shows the right code.

    Returns
    -------
    list of str
        Recovery codes, each of use once; they are shown now and never again.

    Raises
    ------
    SignInError
        The code is wrong, or there is nothing to confirm.
    """
    _use_totp(session, gebruiker_id, code, key=key, now=now, confirmed=False)
    TweedeFactorRepository(session).confirm(gebruiker_id, now)
    return renew_codes(session, gebruiker_id, key=key)


def check_code(
    session: Session, gebruiker_id: int, code: str, *, key: bytes, now: datetime
) -> None:
    """Use a code of the app, or a recovery code, up.

    Raises
    ------
    SignInError
        The code is wrong, or was used before.
    """
    plain = _plain(code)
    if len(plain) == len(_plain(_recovery_code())):
        used = TweedeFactorRepository(session).use_code(gebruiker_id, _code_hmac(key, plain))
        if not used:
            raise SignInError(AanmeldReden.CODE)
        return
    _use_totp(session, gebruiker_id, plain, key=key, now=now, confirmed=True)


def renew_codes(session: Session, gebruiker_id: int, *, key: bytes) -> list[str]:
    """Return new recovery codes; the former are worthless."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    hashes = [_code_hmac(key, _plain(code)) for code in codes]
    TweedeFactorRepository(session).put_codes(gebruiker_id, hashes)
    return codes


def app_address(secret: str, naam: str) -> str:
    """Return what an authenticator app reads: secret, name of the account, name of the service."""
    return pyotp.TOTP(secret).provisioning_uri(name=naam, issuer_name=ISSUER)


def qr_svg(address: str) -> str:
    """Return a QR code as an SVG element without style, fit for a strict content policy."""
    rows = [*segno.make(address, error="m").matrix_iter(border=QUIET_ZONE)]
    dark = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    size = len(rows)
    return (
        f'<svg class="qr" role="img" aria-label="QR-code voor uw app" viewBox="0 0 {size} {size}" '
        f'width="{QR_SCALE * size}" height="{QR_SCALE * size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"></path><path d="{dark}"></path></svg>'
    )


def _use_totp(
    session: Session, gebruiker_id: int, code: str, *, key: bytes, now: datetime, confirmed: bool
) -> None:
    repository = TweedeFactorRepository(session)
    found = repository.find(gebruiker_id)
    if found is None or (found.bevestigd_op is not None) != confirmed:
        raise SignInError(AanmeldReden.STAP)
    stap = _matching_step(_secret_of(found, key), _plain(code), now)
    if stap is None or not repository.use_stap(gebruiker_id, stap):
        raise SignInError(AanmeldReden.CODE)


def _matching_step(secret: str | None, code: str, now: datetime) -> int | None:
    """Return the time step whose code this is; every step is compared, in the same time."""
    if secret is None:
        return None
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_SECONDS
    steps = [current + delay for delay in DELAY_STEPS]
    right = [step for step in steps if secrets.compare_digest(totp.at(step * STEP_SECONDS), code)]
    return max(right, default=None)


def _secret_of(found: TweedeFactor, key: bytes) -> str | None:
    secret = unseal(key, str(found.gebruiker_id), found.geheim)
    return None if secret is None else secret.decode()


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[at : at + CODE_PART] for at in range(0, len(text), CODE_PART))


def _plain(code: str) -> str:
    """Return a code as it is compared: without the spaces and dashes of a reader."""
    return "".join(one for one in code.lower() if one.isascii() and one.isalnum())


def _code_hmac(key: bytes, code: str) -> str:
    return keyed_hash(key, "herstelcode", code)
