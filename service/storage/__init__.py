"""The store: SQLAlchemy tables, one repository per noun, migrations."""

from service.storage.api_token import ApiToken, ApiTokenRepository
from service.storage.audit import AuditRepository
from service.storage.bewaking import BewakingRepository
from service.storage.canonical import CanonicalRepository
from service.storage.contactmoment import Contactmoment, ContactmomentRepository
from service.storage.deling import Deling, DelingRepository
from service.storage.engine import open_engine, unit_of_work
from service.storage.gebruiker import Gebruiker, GebruikerRepository
from service.storage.groepstoets import GroepstoetsRepository
from service.storage.herhaling import HerhalingRepository
from service.storage.identiteit import IdentiteitRepository
from service.storage.importrun import ImportRepository, ImportRun
from service.storage.merging import MergeCount
from service.storage.migrate import check_migrated, current_revision, migrate
from service.storage.modelbesluit import ModelbesluitRepository
from service.storage.sessie import Sessie, SessieRepository

__all__ = [
    "ApiToken",
    "ApiTokenRepository",
    "AuditRepository",
    "BewakingRepository",
    "CanonicalRepository",
    "Contactmoment",
    "ContactmomentRepository",
    "Deling",
    "DelingRepository",
    "Gebruiker",
    "GebruikerRepository",
    "GroepstoetsRepository",
    "HerhalingRepository",
    "IdentiteitRepository",
    "ImportRepository",
    "ImportRun",
    "MergeCount",
    "ModelbesluitRepository",
    "Sessie",
    "SessieRepository",
    "check_migrated",
    "current_revision",
    "migrate",
    "open_engine",
    "unit_of_work",
]
