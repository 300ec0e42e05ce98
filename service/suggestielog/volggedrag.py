"""Whether people still decide themselves: how often they follow, how long they take (TRUST H5).

References
----------
CJEU 7 December 2023, C-634/21 (SCHUFA): who draws strongly on a score lets it decide.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.matchtafel.begrippen import Keuze
from service.outbox.berichten import Soort as Bericht
from service.outbox.berichten import enqueue
from service.privacy.kleine_aantallen import KLEINSTE, Aandeel, share
from service.storage.engine import unit_of_work
from service.storage.volggedrag import Genomen, Getoond, Volgalarm, VolggedragRepository
from service.suggestielog.lijst import Soort

WINDOW = timedelta(days=90)
"""How far back we look."""
MOST_FOLLOWED, FROM_BESLUITEN = 0.9, 50
"""Following the first suggestie more often than this, over so many besluiten, is an alarm."""
LEAST_SECONDS = 10.0
"""Deciding faster than this, by the median, is an alarm."""
TE_VAAK, TE_SNEL = "te vaak gevolgd", "te snel besloten"
PATH = "/toezicht/volggedrag"
MOST_ALARMS = 50
SHOWN: Mapping[str, bool] = {Soort.VOORSTEL.value: False, Soort.LEERWERKPLEKKEN.value: True}
"""Lists with a first suggestie per jongere: every line of a proposal, the top of a list."""


@dataclass(frozen=True)
class Gedrag:
    """One besluit for which something was suggested before.

    `gevolgd` says whether what was suggested first was chosen; `seconden` is how long the person
    can have taken at most, None when that cannot be told.
    """

    door: int
    gevolgd: bool
    seconden: float | None


@dataclass(frozen=True)
class Groep:
    """How a role, a team or a region decides; `besluiten` is None when they are too few to show.

    It is a number of tens, rounded down: the teams of a region add up to it, and so do the roles,
    so that exact numbers would betray a small group between large ones (TRUST P8).
    `alarmen` hold what is wrong, with the number that shows it.
    """

    soort: str
    naam: str
    besluiten: int | None
    gevolgd: Aandeel | None
    seconden: float | None
    alarmen: tuple[tuple[str, float], ...]


def behaviour(besluiten: Sequence[Genomen], shown: Sequence[Getoond]) -> list[Gedrag]:
    """Return what people did with what they were shown, of besluiten by time.

    Parameters
    ----------
    besluiten, shown
        The oldest first.

    Notes
    -----
    The time of a besluit runs from when the jongere was first shown to that person on that day, or
    from the besluit that person took before, whichever is later: so it is the longest that can have
    been spent on it.
    """
    seen: dict[tuple[int, str], list[Getoond]] = {}
    for one in shown:
        seen.setdefault((one.gebruiker_id, one.jongere_id), []).append(one)
    before: dict[int, datetime] = {}
    found = []
    for besluit in besluiten:
        events = seen.get((besluit.door, besluit.jongere_id), [])
        earlier = events[: bisect_left(events, besluit.tijdstip, key=lambda one: one.tijdstip)]
        if earlier:
            chosen = besluit.keuze == Keuze.VOORSTELLEN
            same = chosen and besluit.leerwerkplek_id == earlier[-1].leerwerkplek_id
            seconds = _seconds(besluit, earlier, before.get(besluit.door))
            found.append(Gedrag(besluit.door, same, seconds))
        before[besluit.door] = besluit.tijdstip
    return found


def _seconds(
    besluit: Genomen, earlier: Sequence[Getoond], previous: datetime | None
) -> float | None:
    today = [one.tijdstip for one in earlier if one.tijdstip.date() == besluit.tijdstip.date()]
    if not today:
        return None
    begin = today[0] if previous is None else max(today[0], previous)
    return (besluit.tijdstip - begin).total_seconds()


def per_group(
    found: Iterable[Gedrag], groups: Mapping[int, Sequence[tuple[str, str]]]
) -> list[Groep]:
    """Return how each group decides; who belongs to several counts in each."""
    members: dict[tuple[str, str], list[Gedrag]] = {}
    for one in found:
        for group in groups.get(one.door, ()):
            members.setdefault(group, []).append(one)
    return [_group(soort, naam, own) for (soort, naam), own in sorted(members.items())]


def _group(soort: str, naam: str, own: Sequence[Gedrag]) -> Groep:
    count, followed = len(own), sum(one.gevolgd for one in own)
    known = [one.seconden for one in own if one.seconden is not None]
    middle = median(known) if len(known) >= KLEINSTE else None
    alarms = []
    if count >= FROM_BESLUITEN and followed / count > MOST_FOLLOWED:
        alarms.append((TE_VAAK, followed / count))
    if middle is not None and middle < LEAST_SECONDS:
        alarms.append((TE_SNEL, middle))
    shown = count // KLEINSTE * KLEINSTE or None
    return Groep(soort, naam, shown, share(followed, count), middle, tuple(alarms))


def measure(session: Session, *, now: datetime | None = None) -> list[Groep]:
    """Return how every role, team and region decided in the last ninety days."""
    since = (now or datetime.now(UTC)) - WINDOW
    repository = VolggedragRepository(session)
    found = behaviour(repository.besluiten(since=since), repository.shown(SHOWN, since=since))
    return per_group(found, repository.groups())


def recent_alarms(session: Session) -> list[Volgalarm]:
    """Return the newest alarms."""
    return VolggedragRepository(session).alarms(limit=MOST_ALARMS)


def check_today(engine: Engine, *, now: datetime) -> list[Volgalarm]:
    """Measure, keep the alarms of this day and send a notice of each that is new; return those.

    Meant to run once a day; running it again tells nothing twice.
    """
    with unit_of_work(engine) as session:
        repository = VolggedragRepository(session)
        found = [
            Volgalarm(now.date(), one.soort, one.naam, reden, one.besluiten or 0, value, now)
            for one in measure(session, now=now)
            for reden, value in one.alarmen
        ]
        new = [alarm for alarm in found if repository.add_alarm(alarm)]
        for one in new:
            key = f"volggedrag/{one.dag}/{one.groep}/{one.naam}/{one.reden}"
            enqueue(session, Bericht.ALARM, sleutel=key, op=now, pad=PATH)
    return new
