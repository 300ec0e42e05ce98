"""The demo: a made-up region that walks the whole way, from files to a page."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

from features.synthetic import RegionConfig, generate_region
from models.scoring import warm_up
from models.store import KINDS
from service.aanmelden.accounts import create_gebruiker
from service.answers import UNEXPECTED, answer_for
from service.errors import ImportRefusedError, NotDemoError, RefusedError, SettingsError
from service.jobs import (
    has_models,
    import_into_store,
    model_store,
    set_random_password,
    store,
)
from service.modelbeheer.besluiten import Handtekening, goedkeuren
from service.rechten.begrippen import OrganisatieSoort, Rol
from service.rechten.inrichten import Aanstelling, appoint, organisaties_from_data
from service.schoolfiles import write_school_files
from service.settings import Settings
from service.storage.canonical import CanonicalRepository
from service.storage.engine import unit_of_work
from service.storage.organisatie import OrganisatieRepository
from service.trainen import Opdracht, train_models

DEMO_DATA = Path("gegevens") / "demo"
DEMO_GEBRUIKER = "demo"
DEMO_REGIO = "Achterhoek"
DEMO_SEED = 4
"""A region of which the gate does not say red. Of seven of the first twelve seeds it does: in one
year that has matured, so many jongeren tell too little of the level of entree, of vso or of an age
(`experiments/region_levels.py`). Then nobody may use the model, in a demo either."""
MARK = "demo.json"
TWEEDE_ANALIST = "analist2"
DEMO_REDEN = "Dit is een demo met verzonnen jongeren; niemand las deze kaart."
"""Signed by a program, and it says so: in a region of people somebody reads the card."""
WORKS_AT = {
    Rol.LOOPBAANCOACH: OrganisatieSoort.SCHOOL,
    Rol.LEERBEDRIJF: OrganisatieSoort.LEERBEDRIJF,
}
"""Where who has one role works; the others work for the region."""


@dataclass(frozen=True)
class Login:
    """An account and its password, made afresh at every start of the demo.

    `anderen` are the accounts of one role each, with the same password.
    """

    naam: str
    wachtwoord: str
    anderen: tuple[str, ...] = ()


def build_demo(
    settings: Settings,
    *,
    jongeren: int,
    leeg: bool,
    say: Callable[[str], None],
    tell: Callable[[str], None],
) -> Login:
    """Make the demo region ready to serve; what is ready already is not made again.

    Parameters
    ----------
    settings : Settings
        Of a data folder that is empty or holds an earlier demo.
    jongeren : int
        Size of the region.
    leeg : bool
        Only make the database and the account.
    say : callable
        Told each step that begins, in Dutch.
    tell : callable
        Told what came out of training, in Dutch.

    Raises
    ------
    NotDemoError
        The folder holds data that did not come from the demo, or another demo.
    SettingsError
        This is a production environment: an account that is printed does not belong there.
    """
    if settings.environment == "production":
        raise SettingsError("environment", "no demo in production")
    config = _scaled(jongeren)
    _check_mark(settings, {"leeg": True} if leeg else asdict(config))
    if not leeg:
        # compiling takes seconds once on a machine: on another core, while files are read
        Thread(target=warm_up, daemon=True).start()
        _import_region(settings, config, say)
    say("Accounts maken")
    login = _make_accounts(settings)
    if not leeg and not has_models(settings):
        order = Opdracht(seed=config.seed, door=Rol.ANALIST)
        for line in train_models(settings, order, say=say):
            tell(line)
        say("Modellen goedkeuren, als een tweede analist")
        for line in _promote(settings):
            tell(line)
    return login


def _promote(settings: Settings) -> Iterator[str]:
    """Let the second analyst sign for what the first had trained; yields what came of it.

    A version that the gate calls red scores nobody, in the demo either.
    """
    models = model_store(settings)
    with store(settings) as engine:
        for name in KINDS:
            for version in models.versions(name)[-1:]:
                wie = Handtekening(TWEEDE_ANALIST, DEMO_REDEN, datetime.now(UTC))
                try:
                    kleur = goedkeuren(engine, models, name, version, wie)
                except RefusedError as error:
                    answer = answer_for(error) or UNEXPECTED
                    yield f"{name} versie {version} is niet in gebruik. {answer.detail}"
                else:
                    yield f"{name} versie {version} is goedgekeurd, oordeel {kleur.value}"


def _make_accounts(settings: Settings) -> Login:
    """Make an account for the demo itself and one per role, at organisations of the region."""
    wachtwoord = set_random_password(settings, DEMO_GEBRUIKER)
    with store(settings) as engine:
        organisaties_from_data(engine, DEMO_REGIO)
        with unit_of_work(engine) as session:
            at = {one.soort: one.naam for one in reversed(OrganisatieRepository(session).all())}
            own = at[OrganisatieSoort.REGIO]
            both = (Rol.LOOPBAANCOACH, Rol.MATCHTAFELDEELNEMER)
            appoint(session, DEMO_GEBRUIKER, Aanstelling(both, [own]))
            for rol in Rol:
                create_gebruiker(session, rol, wachtwoord, ())
                place = at.get(WORKS_AT.get(rol, OrganisatieSoort.REGIO), own)
                appoint(session, rol, Aanstelling([rol], [place]))
            create_gebruiker(session, TWEEDE_ANALIST, wachtwoord, ())
            appoint(session, TWEEDE_ANALIST, Aanstelling([Rol.ANALIST], [own]))
    return Login(DEMO_GEBRUIKER, wachtwoord, (*Rol, TWEEDE_ANALIST))


def _scaled(jongeren: int) -> RegionConfig:
    whole = RegionConfig()
    share = jongeren / whole.jongeren
    return RegionConfig(
        jongeren=jongeren,
        leerbedrijven=max(20, round(whole.leerbedrijven * share)),
        leerwerkplekken=max(60, round(whole.leerwerkplekken * share)),
        leren=True,
        seed=DEMO_SEED,
    )


def _check_mark(settings: Settings, demo: Mapping[str, object]) -> None:
    """Mark a folder without data as this demo; refuse a folder that holds anything else."""
    mark = settings.data / MARK
    wanted = json.dumps(demo, default=str, sort_keys=True)
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    if _has_data(settings):
        raise NotDemoError(str(settings.data))
    mark.write_text(wanted, encoding="utf-8")


def _has_data(settings: Settings) -> bool:
    with store(settings) as engine, unit_of_work(engine, read_only=True) as session:
        return CanonicalRepository(session).last_known() is not None


def _import_region(settings: Settings, config: RegionConfig, say: Callable[[str], None]) -> None:
    if _has_data(settings):
        return
    folder = settings.data / "bestanden"
    say("Regio verzinnen")
    region = generate_region(config)
    say("Bestanden schrijven zoals scholen die hebben")
    write_school_files(region, folder)
    say("Bestanden inlezen")
    report = import_into_store(settings, [folder])
    if report.problems.height:
        raise ImportRefusedError(report.problems.height)
