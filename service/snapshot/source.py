"""Reads the region of an installation, each time from what changed since it was read before."""

from collections.abc import Hashable
from datetime import UTC, date, datetime
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from features.competentieruimte import USED_IN, apply_koppelingen
from models.errors import AlteredModelError, ModelNotFoundError, UnregisteredColumnError
from models.leerwerkplek import PlaatsingModel
from models.praktijkverklaring_leren import WerkprocesModel
from models.store import Champion, ModelStore, StoredModel
from models.uitvalrisico import UitvalrisicoModel
from service.errors import NoDataError
from service.modelbeheer.kampioenen import champions
from service.privacy.bezwaar import bezwaren
from service.privacy.stempel import privacy_stamp
from service.rechten.toegang import SYSTEEM, looking_as
from service.regio import Regio
from service.settings import Settings
from service.snapshot.parts import Parts
from service.snapshot.stored import Frames, StoredTables
from service.storage.besluit import OpvolgingRepository
from service.storage.canonical import CanonicalRepository
from service.storage.engine import unit_of_work
from service.storage.identiteit import IdentiteitRepository
from service.storage.importrun import ImportRepository
from service.storage.koppeling import Besluit, KoppelingRepository
from service.storage.organisatie import OrganisatieRepository
from service.suggestielog.stop import stopped_now

BEKEND_OP = "bekend_op"


class RegioSource:
    """The region of one installation, read whole once and after that only where it changed.

    Parameters
    ----------
    settings : Settings
        Of the data folder.
    engine : Engine
        Its database, which must have been migrated.
    regios : tuple of str, optional
        Regions of which a stop keeps a model away, beside a stop that counts everywhere; None for
        all of them, for what a command does for everybody.

    Notes
    -----
    A process has one. `stamp` may be called from any thread at any time; `load` waits for another.
    """

    def __init__(
        self, settings: Settings, engine: Engine, *, regios: tuple[str, ...] | None = ()
    ) -> None:
        self._engine = engine
        self._regios = regios
        self._models = ModelStore(settings.tracking, settings.models)
        self._loading = Lock()
        self._stored: StoredTables | None = None
        self._parts = Parts()
        self._former: Regio | None = None
        self._loaded: dict[str, StoredModel] = {}

    def load(self, peildatum: date | None = None) -> Regio:
        """Return the region as it is stored now, equal to what a source without a past returns.

        Parameters
        ----------
        peildatum : date, optional
            The day from which we look; without one the newest day of which the store knows
            something, today at the latest.

        Raises
        ------
        StoreError
            The database cannot be used.
        NoDataError
            The store is empty.
        AlteredModelError
            The files of a model are not those that were saved.
        """
        with self._loading, looking_as(SYSTEEM):
            # before the tables: those take seconds, and are asked as long as there is no model
            with unit_of_work(self._engine, read_only=True) as session:
                gestopt = stopped_now(session, self._regios)
                kampioenen = champions(session)
                if self._stored is None:
                    check_data(CanonicalRepository(session))
            uitvalrisico, plaatsing = (
                None if name in gestopt else self._model(name, kampioenen.get(name))
                for name in (UitvalrisicoModel.name, PlaatsingModel.name)
            )
            with unit_of_work(self._engine, read_only=True) as session:
                stored = self._read(session)
                tables = self._meant(session, stored.tables)
                ids = stored.tables["jongere"]["jongere_id"].to_list()
                namen = IdentiteitRepository(session).names(ids)
                scholen = OrganisatieRepository(session).schoolnamen()
                ongescoord = bezwaren(session)
                beloofd = OpvolgingRepository(session).beloofd()
                _, importrun = ImportRepository(session).state()
            regio = Regio(
                tables,
                peildatum=peildatum or newest_day(stored.tables),
                uitvalrisico=uitvalrisico,
                plaatsing=plaatsing,
                werkproces=None
                if gestopt & {PlaatsingModel.name, WerkprocesModel.name}
                else self._model(WerkprocesModel.name, kampioenen.get(WerkprocesModel.name)),
                namen=namen,
                scholen=scholen,
                ongescoord=ongescoord,
                beloofd=beloofd,
                importrun=importrun,
                former=self._former,
            )
            self._stored, self._former = stored, regio
            return regio

    def _read(self, session: Session) -> StoredTables:
        if self._stored is not None:
            return self._stored.renewed(session)
        return StoredTables.read(session)

    def load_ready(self) -> Regio:
        """Return the region with all that a first reader would wait for; as `load` otherwise."""
        former = self._former
        regio = self.load()
        regio.prepare(former)
        return regio

    def stamp(self) -> Hashable:
        """Return in milliseconds what tells which region `load` would return at this moment.

        It has another value after each import, edit, besluit that takes or frees a place,
        objection, decision on own words, promotion and turn of a stop switch, and on the next day.
        """
        with looking_as(SYSTEEM), unit_of_work(self._engine, read_only=True) as session:
            return (
                datetime.now(UTC).date(),
                ImportRepository(session).state(),
                KoppelingRepository(session).last_decided(),
                tuple(OpvolgingRepository(session).beloofd().items()),
                privacy_stamp(session),
                stopped_now(session, self._regios),
                frozenset(champions(session).items()),
            )

    def _meant(self, session: Session, tables: Frames) -> Frames:
        """Return the tables with own words as what they mean; the others are the same objects."""
        confirmed = KoppelingRepository(session).pairs(Besluit.BEVESTIGD)
        said = frozenset(confirmed.rows())
        parts = Parts(self._parts)
        used = {
            name: parts.part(
                name,
                [tables[name], said],
                lambda name=name: apply_koppelingen({name: tables[name]}, confirmed)[name],  # type: ignore[misc]  # bound now
            )
            for name in USED_IN
        }
        parts.let_go()
        self._parts = parts
        return tables | used

    def _model(self, name: str, champion: Champion | None) -> StoredModel | None:
        """Return the champion of a model; None where there is none of this version.

        A model of a version with other features is no model of this one: train again.
        """
        if champion is None:
            return None
        kept = self._loaded.get(name)
        if kept is None or (kept.version, kept.sha256) != (champion.version, champion.sha256):
            try:
                kept = self._models.load(name, champion.version)
            except (ModelNotFoundError, UnregisteredColumnError):
                return None
            if kept.sha256 != champion.sha256:
                raise AlteredModelError(name, kept.version, champion.sha256, kept.sha256)
            self._loaded[name] = kept
        return kept


def check_data(repository: CanonicalRepository) -> date:
    """Return the newest day of which the store knows something, today at the latest.

    Raises
    ------
    NoDataError
        The store is empty.
    """
    known = repository.last_known()
    if known is None:
        raise NoDataError("the store is empty")
    return min(known, datetime.now(UTC).date())


def newest_day(tables: Frames) -> date:
    """Return the same of tables in memory.

    Raises
    ------
    NoDataError
        They hold nothing.
    """
    newest = [
        day
        for frame in tables.values()
        if BEKEND_OP in frame.columns and isinstance(day := frame[BEKEND_OP].max(), date)
    ]
    if not newest:
        raise NoDataError("the store is empty")
    return min(max(newest), datetime.now(UTC).date())
