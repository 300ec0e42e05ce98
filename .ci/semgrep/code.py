"""What the rules of code.yaml must find (ruleid) and must leave alone (ok); nothing runs this."""

import os
import pickle
import secrets
import ssl
import subprocess
from urllib.parse import quote

import httpx2
import numpy as np
import sqlalchemy as sa
import structlog

# ruleid: token-library-that-is-deprecated
from authlib.jose import jwt
from fastapi.responses import RedirectResponse
from joserfc import jwt as tokens

LOG = structlog.get_logger()


def ask(session, naam, totp, given_hmac, row):
    # ruleid: sql-from-strings
    session.execute(sa.text(f"SELECT * FROM jongere WHERE naam = '{naam}'"))
    # ruleid: sql-from-strings
    session.execute(sa.text("SELECT * FROM jongere WHERE naam = " + naam))
    # ok: sql-from-strings
    session.execute(sa.text("SELECT * FROM jongere WHERE naam = :naam"), {"naam": naam})
    # ruleid: secret-compared-with-equals
    if totp == naam:
        return True
    # ruleid: secret-compared-with-equals
    if naam != given_hmac:
        return True
    # ok: secret-compared-with-equals
    sa.select(sa.table("sessie")).where(row.c.token_hmac == given_hmac)
    # ok: secret-compared-with-equals
    return secrets.compare_digest(totp, naam)


def read(path, text, token, key):
    # ruleid: code-from-data
    pickle.loads(text)
    # ruleid: code-from-data
    np.load(path, allow_pickle=True)
    # ok: code-from-data
    np.load(path)
    # ruleid: token-library-that-is-deprecated
    tokens.decode(token, key)
    # ok: token-library-that-is-deprecated
    tokens.decode(token, key, algorithms=["RS256"])


def keep(answer, name, value, rules):
    # ruleid: cookie-that-others-can-read
    answer.set_cookie(name, value)
    # ruleid: cookie-that-others-can-read
    answer.set_cookie(name, value, secure=True, httponly=False, samesite="lax")
    # ok: cookie-that-others-can-read
    answer.set_cookie(name, value, path="/", secure=rules.secure, httponly=True, samesite="lax")


def call(address, context):
    # ruleid: certificate-not-checked
    httpx2.get(address, verify=False)
    # ruleid: certificate-not-checked
    context.verify_mode = ssl.CERT_NONE
    # ok: certificate-not-checked
    httpx2.get(address)


def after(volgende: str, number: int) -> RedirectResponse:
    if number == 1:
        # ruleid: redirect-to-what-was-asked
        return RedirectResponse(volgende, 303)
    if number == 2:
        # ok: redirect-to-what-was-asked
        return RedirectResponse(local_path(volgende), 303)
    # ok: redirect-to-what-was-asked
    return RedirectResponse(f"/inloggen?volgende={quote(volgende, safe='/')}", 303)


def where(request):
    # ruleid: address-that-anybody-can-write
    request.headers.get("X-Forwarded-For", "")
    # ok: address-that-anybody-can-write
    return request.headers.get("Origin")


def tell(number, jongere_id):
    # ruleid: person-in-the-log-of-the-program
    LOG.info("read", jongere_id=jongere_id)
    # ok: person-in-the-log-of-the-program
    LOG.info("read", gebruiker_id=number)


def run(name):
    # ruleid: program-through-a-shell
    subprocess.run(f"ls {name}", shell=True)
    # ruleid: program-through-a-shell
    os.system(name)
    # ok: program-through-a-shell
    subprocess.run(["ls", name], check=True)
