"""The two tests after a model came in use: four and eight weeks later (TRUST F12)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.bewaken.kampioen import Kampioen
from service.bewaken.maten import Maat
from service.dutch import datum
from service.storage.bewaking import ALARM, RUSTIG, Bevinding

WEKEN = (4, 8)
"""When drift and fairness are measured again, in weeks after a version came in use."""
UITSTEL = timedelta(days=7)
"""A test that is later than this is too late."""


@dataclass(frozen=True)
class Hertoets:
    """One of the two tests: `gedaan` is the first day since it was due on which it was measured."""

    model: str
    versie: str
    weken: int
    op: date
    gedaan: date | None
    te_laat: bool

    @property
    def zin(self) -> str:
        """Return in words when it is due and whether it was done."""
        if self.gedaan is not None:
            late = " Dat was te laat." if self.te_laat else ""
            return f"Nodig op {datum(self.op)}, gedaan op {datum(self.gedaan)}.{late}"
        if self.te_laat:
            return f"Nodig op {datum(self.op)} en nog niet gedaan. Dat is te laat."
        return f"Nodig op {datum(self.op)}, nog niet gedaan."


def hertoetsen(een: Kampioen, measured: Sequence[date], vandaag: date) -> Iterator[Hertoets]:
    """Yield both tests of a version.

    Parameters
    ----------
    een : Kampioen
        The version, and since when it is in use.
    measured : sequence of date
        Days on which the watch measured it.
    vandaag : date
        Today.
    """
    for weken in WEKEN:
        due = een.sinds + timedelta(weeks=weken)
        done = min((dag for dag in measured if dag >= due), default=None)
        late = (done or vandaag) > due + UITSTEL
        yield Hertoets(een.naam, een.versie, weken, due, done, late)


def hertoets_bevindingen(
    een: Kampioen, measured: Sequence[date], vandaag: date
) -> Iterator[Bevinding]:
    """Yield a finding for each; an alarm for one that was or is too late."""
    for one in hertoetsen(een, measured, vandaag):
        key = (een.naam, een.versie, Maat.HERTOETS.value, f"na {one.weken} weken")
        yield Bevinding(*key, ALARM if one.te_laat else RUSTIG, one.zin)
