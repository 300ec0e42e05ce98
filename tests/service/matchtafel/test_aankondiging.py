"""Who has to follow up is told on the morning of that day, once, and not in vain."""

from datetime import UTC, date, datetime, timedelta

import pytest

from service.errors import RefusedError
from service.matchtafel.begrippen import Keuze, Uitkomst
from service.matchtafel.besluiten import NieuwBesluit, answer, decide
from service.matchtafel.tafel import NieuweDeelnemer, invite
from service.storage import GebruikerRepository, unit_of_work
from service.storage.bericht import Bericht, BerichtRepository, Status
from service.storage.besluit import OpvolgingRepository
from tests.service.matchtafel.conftest import NOW, TODAY, Tafel

LATER = TODAY + timedelta(days=10)


def decided(
    tafel: Tafel, *, versie: int = 1, reden: str = "besproken aan tafel", eigenaar: int = 0
) -> int:
    wanted = NieuwBesluit(
        agendapunt_id=tafel.agendapunten[0],
        agendapunt_versie=versie,
        keuze=Keuze.AANHOUDEN,
        reden=reden,
        eigenaar_id=eigenaar or tafel.eigenaar,
        opvolgdatum=LATER,
    )
    with unit_of_work(tafel.engine) as session:
        return decide(session, wanted, door=tafel.gebruiker, op=NOW)


def notices(tafel: Tafel, status: Status = Status.WACHT) -> tuple[Bericht, ...]:
    with unit_of_work(tafel.engine, read_only=True) as session:
        return BerichtRepository(session).list(status)


def test_a_follow_up_is_announced_on_the_morning_of_its_day(tafel: Tafel) -> None:
    decided(tafel)
    [notice] = notices(tafel)
    assert notice.vanaf == datetime(LATER.year, LATER.month, LATER.day, 6, tzinfo=UTC)
    assert (notice.soort, notice.pad, notice.aan) == ("opvolging", "/opvolgingen", None)


def test_a_refused_besluit_announces_nothing(tafel: Tafel) -> None:
    with pytest.raises(RefusedError):
        decided(tafel, reden="kort")
    assert notices(tafel) == ()


def test_an_owner_whose_account_is_an_address_is_told_there(tafel: Tafel) -> None:
    with unit_of_work(tafel.engine) as session:
        account = GebruikerRepository(session).add(
            naam="bram@gemeente.example", password_hash="", rollen=[], aangemaakt_op=NOW
        )
        bram = NieuweDeelnemer("Bram", "Gemeente", "coach", account.id)
        eigenaar = invite(session, tafel.id, bram, op=NOW)
    decided(tafel, eigenaar=eigenaar)
    assert [one.aan for one in notices(tafel)] == ["bram@gemeente.example"]


def test_a_besluit_that_is_replaced_is_announced_no_more(tafel: Tafel) -> None:
    decided(tafel)
    decided(tafel, versie=2)
    assert len(notices(tafel)) == len(notices(tafel, Status.INGETROKKEN)) == 1


def test_what_is_answered_before_its_day_is_not_announced(tafel: Tafel) -> None:
    decided(tafel)
    with unit_of_work(tafel.engine) as session:
        [asked] = OpvolgingRepository(session).open(until=date.max)
        answer(
            session, asked.id, Uitkomst.OPGEPAKT, versie=asked.versie, door=tafel.gebruiker, op=NOW
        )
    assert notices(tafel) == ()
