"""Which pages a role may see, from the route table; nothing here names a page.

Only what stands for a parameter in an address is named, in `places_of`; a parameter that is not
there fails every test that visits the pages.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

from models.store import ModelStore
from service.aanmelden.accounts import make_setup_link
from service.api.problems import API_PATH
from service.importing.voorstel import Werkplaats, lay_down, try_out, waiting
from service.jobs import import_into_store
from service.rechten.begrippen import Handeling, Rol
from service.rechten.matrix import EVERYBODY, allowed_doelen
from service.storage.engine import unit_of_work
from tests.service.conftest import make_settings
from tests.service.promoveren import full_training, offer
from tests.service.rechten.wereld import Route, Wereld, routes_of

OTHER = re.compile(
    r"\.(pdf|json|csv|xlsx|txt|zip)$|/fouten$|/evaluatie$|^/inloggen/(organisatie|terug)|^/(inloggen/tweede.*|metrics|)$"
)
"""What is no page: downloads, what leads elsewhere, the half-way steps of signing in."""
SIGNED_IN = ("/inloggen", "/inrichten")
"""Pages for who has no session; they are visited as such."""


def places_of(wereld: Wereld) -> dict[str, str]:
    """Return what stands for each parameter of an address."""
    return {
        "jongere_id": "J1",
        "leerwerkplek_id": "P1",
        "tafel_id": str(wereld.eigen.id),
        "gebruiker_id": str(wereld.accounts[Rol.ANALIST]),
        "model_id": f"plaatsing-{_stored_model(wereld)}",
        "sleutel": _upload(wereld),
        "nummer": "0",
    }


def _stored_model(wereld: Wereld) -> str:
    """Return the newest version of a model that is stored and offered, the first time anew."""
    settings = make_settings(Path(wereld.engine.url.database or "").parent)
    models = ModelStore(settings.tracking, settings.models)
    if not models.versions("plaatsing"):
        training = full_training()
        offer(wereld.engine, models, training, trainer="")
    return models.versions("plaatsing")[-1]


def _upload(wereld: Wereld) -> str:
    """Return the key of files that wait for the beheerder, with a wrong row and a strange word."""
    folder, door = Path(wereld.engine.url.database or "").parent, wereld.accounts[Rol.BEHEERDER]
    werkplaats = Werkplaats(folder / "uploads", folder / "mappings")
    for one in waiting(werkplaats, door=door):
        return one.sleutel
    file = BytesIO(
        b"Kenteken;Naam van het bedrijf;Sector\n100000001;Kas;plantjes\nniets;=1+1;zorg\n"
    )
    made = lay_down(werkplaats, [("leerbedrijf.csv", file)], door=door)
    try_out(made, werkplaats, partial(import_into_store, make_settings(folder)), actor="beheerder")
    return made.sleutel


def queries_of(wereld: Wereld) -> dict[str, str]:
    """Return what a page needs behind its address."""
    with unit_of_work(wereld.engine) as session:
        now = datetime.now(UTC)
        link = make_setup_link(session, Rol.ANALIST, key=wereld.rules.key, now=now)
    return {
        "/matchtafels/{tafel_id}/anders": f"?punt={wereld.eigen.punt}",
        "/toezicht/herziening": "?model=uitvalrisico&versie=1",
        "/jongeren/{jongere_id}/vergelijken": "?plek=P1&plek=P2",
        "/inrichten": f"?link={link}",
    }


def pages_of(wereld: Wereld, rol: Rol | None) -> Iterator[tuple[str, str]]:
    """Yield the route and the address of every page that a role may see; None is nobody."""
    places, queries = places_of(wereld), queries_of(wereld)
    for route in routes_of(wereld.app):
        if route.method != "GET" or route.path.startswith(API_PATH) or OTHER.search(route.path):
            continue
        if _may_see(route, rol):
            unknown = set(re.findall(r"\{(\w+)\}", route.path)) - set(places)
            assert not unknown, f"say in places_of what stands for {unknown} in {route.path}"
            yield route.path, route.path.format(**places) + queries.get(route.path, "")


def first_of(wereld: Wereld, rol: Rol | None) -> list[tuple[str, str]]:
    """Return the pages of a role that no role before it sees: together, each page once."""
    everybody = [None, *Rol]
    before = everybody[: everybody.index(rol)]
    seen = {route for one in before for route, _ in pages_of(wereld, one)}
    return [(route, path) for route, path in pages_of(wereld, rol) if route not in seen]


def _may_see(route: Route, rol: Rol | None) -> bool:
    if route.handeling is Handeling.OPENBAAR:
        return rol is None or not route.path.startswith(SIGNED_IN)
    if rol is None:
        return False
    return route.handeling in EVERYBODY or bool(allowed_doelen([rol], route.handeling))
