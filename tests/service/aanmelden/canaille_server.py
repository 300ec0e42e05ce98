"""A real identity provider (Canaille) as a process: `python -m ... PORT REDIRECT_URI`."""

import sys
from datetime import UTC, datetime

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "vangnet", "geheim-van-vangnet"  # pragma: allowlist secret
PERSONS = ("jansen", "devries")
WACHTWOORD = "een lang en goed wachtwoord"


def main() -> None:
    """Serve until killed, with two persons and one client."""
    port, redirect_uri = int(sys.argv[1]), sys.argv[2]
    key = RSAKey.generate_key(2048, {"kid": "eerste", "alg": "RS256", "use": "sig"})
    app = create_app(
        {
            "SECRET_KEY": "x" * 32,
            "SERVER_NAME": f"127.0.0.1:{port}",
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"DATABASE": "memory"},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)]},
        }
    )
    with app.app_context():
        for naam in PERSONS:
            person = models.User(
                user_name=naam,
                formatted_name=naam,
                family_name=naam,
                emails=["gedeeld@school.example"],
                password=WACHTWOORD,
            )
            Backend.instance.save(person)
        client = models.Client(
            client_id=CLIENT,
            client_secret=SECRET,
            client_name="Vangnet",
            client_uri="http://127.0.0.1",
            redirect_uris=[redirect_uri],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid"],
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106  # name of a method
            client_id_issued_at=datetime.now(UTC),
        )
        Backend.instance.save(client)
        client.audience = [client]
        Backend.instance.save(client)
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    main()
