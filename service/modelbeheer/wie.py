"""Who may train and approve: an account that is open and has the role analist."""

from sqlalchemy.orm import Session

from service.errors import RefusedError, Weigering
from service.rechten.begrippen import Rol
from service.storage.gebruiker import Gebruiker, GebruikerRepository


def analist_of(session: Session, naam: str) -> Gebruiker:
    """Return the account of this name.

    On the command line the name is what somebody typed: whoever may run commands on the server
    can type another one. The pages and the API know who is logged in.

    Raises
    ------
    RefusedError
        There is no such account, it is closed, or it has not the role analist.
    """
    found = GebruikerRepository(session).find(naam)
    if found is None or not found.actief or Rol.ANALIST not in found.rollen:
        raise RefusedError(Weigering.GEEN_ANALIST, {"naam": naam})
    return found
