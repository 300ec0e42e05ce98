"""What tells cheaply that something about privacy changed, so that memory is renewed."""

from collections.abc import Hashable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.privacy.bezwaar import bezwaren
from service.storage.privacy_tables import SLEUTELSTAND


def privacy_stamp(session: Session) -> Hashable:
    """Return another value after each objection, withdrawal or rotation of keys.

    Corrections and erasures come with a row of ``importrun``, which the region watches already.
    """
    keys = session.execute(sa.select(SLEUTELSTAND.c.vingerafdruk).order_by(SLEUTELSTAND.c.domein))
    return bezwaren(session), tuple(keys.scalars())
