"""Every notice arrives at least once, from one sender at a time (TRUST R5)."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from service.outbox.berichten import TEKSTEN, Soort, enqueue, withdraw
from service.outbox.sending import FIRST_PAUSE, LONGEST_PAUSE, TRIES, pause_after, send_due
from service.storage.bericht import Bericht, BerichtRepository, Status
from service.storage.engine import unit_of_work
from tests.service.outbox.mailbox import SENDER, TEAM, Mailbox

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def put(engine: Engine, *keys: str, aan: str | None = None) -> None:
    with unit_of_work(engine) as session:
        for key in keys:
            enqueue(session, Soort.ALARM, sleutel=key, op=NOON, aan=aan, pad="/opvolgingen")


def kept(engine: Engine, *statuses: Status) -> tuple[Bericht, ...]:
    with unit_of_work(engine, read_only=True) as session:
        return BerichtRepository(session).list(*statuses or tuple(Status))


def counts(engine: Engine) -> dict[Status, int]:
    with unit_of_work(engine, read_only=True) as session:
        return {status: n for status, n in BerichtRepository(session).counts().items() if n}


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class UndoneError(Exception):
    """What was told did not happen after all."""


def test_a_notice_is_not_kept_when_what_it_tells_is_not(engine: Engine) -> None:
    def tell_and_fail() -> None:
        with unit_of_work(engine) as session:
            enqueue(session, Soort.ALARM, sleutel="a", op=NOON)
            raise UndoneError

    with pytest.raises(UndoneError):
        tell_and_fail()
    assert kept(engine) == ()


def test_what_is_told_twice_is_one_notice(engine: Engine) -> None:
    put(engine, "a", "b", "a")
    put(engine, "a")
    assert sorted(one.sleutel for one in kept(engine)) == ["a", "b"]


def test_a_mail_names_nobody_and_links_to_a_page(engine: Engine, mailbox: Mailbox) -> None:
    put(engine, "a", aan="coach@school.example")
    assert send_due(engine, mailbox.server()).verzonden == 1
    [mail] = mailbox.mails
    assert (mail["From"], mail["To"]) == (SENDER, "coach@school.example")
    assert mail["Subject"] == TEKSTEN[Soort.ALARM].onderwerp
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_payload()
    assert isinstance(text, str)
    assert text.startswith(TEKSTEN[Soort.ALARM].zin)
    assert "https://vangnet.example/opvolgingen" in text.splitlines()
    assert counts(engine) == {Status.VERZONDEN: 1}


def test_who_has_no_address_is_told_through_the_team(engine: Engine, mailbox: Mailbox) -> None:
    put(engine, "a")
    send_due(engine, mailbox.server())
    assert [mail["To"] for mail in mailbox.mails] == [TEAM]


def test_a_notice_waits_for_its_moment(engine: Engine, mailbox: Mailbox) -> None:
    with unit_of_work(engine) as session:
        later = NOON + timedelta(days=3)
        enqueue(session, Soort.OPVOLGING, sleutel="a", op=NOON, vanaf=later)
    before = send_due(engine, mailbox.server(), clock=lambda: later - timedelta(seconds=1))
    assert (before.verzonden, len(mailbox.mails)) == (0, 0)
    assert send_due(engine, mailbox.server(), clock=lambda: later).verzonden == 1


def test_what_was_taken_back_is_not_sent_and_what_was_sent_stays_so(
    engine: Engine, mailbox: Mailbox
) -> None:
    put(engine, "a", "b")
    with unit_of_work(engine) as session:
        withdraw(session, "a")
    send_due(engine, mailbox.server())
    with unit_of_work(engine) as session:
        withdraw(session, "b")
    assert counts(engine) == {Status.VERZONDEN: 1, Status.INGETROKKEN: 1}
    assert len(mailbox.mails) == 1


def test_a_refused_notice_holds_up_no_other_and_waits_longer_each_time(
    engine: Engine, mailbox: Mailbox
) -> None:
    mailbox.refused = frozenset({"weg@school.example"})
    put(engine, "a", aan="weg@school.example")
    put(engine, "b")
    clock = Clock()
    done = send_due(engine, mailbox.server(), clock=clock)
    assert (done.verzonden, done.mislukt) == (1, 1)
    waits = []
    while counts(engine).get(Status.WACHT):
        [waiting] = kept(engine, Status.WACHT)
        waits.append(waiting.vanaf - clock.now)
        assert send_due(engine, mailbox.server(), clock=clock).mislukt == 0
        clock.now = waiting.vanaf
        send_due(engine, mailbox.server(), clock=clock)
    assert waits == [pause_after(number) for number in range(1, TRIES)]
    assert waits[0] == FIRST_PAUSE
    assert max(waits) <= LONGEST_PAUSE
    [dead] = kept(engine, Status.DOOD)
    assert (dead.sleutel, dead.pogingen) == ("a", TRIES)
    assert dead.fout == "SMTPRecipientsRefused 550"


def test_a_dead_notice_can_be_tried_anew(engine: Engine, mailbox: Mailbox) -> None:
    put(engine, "a")
    mailbox.full = True
    clock = Clock()
    for _ in range(TRIES):
        send_due(engine, mailbox.server(), clock=clock)
        clock.now += LONGEST_PAUSE
    assert counts(engine) == {Status.DOOD: 1}
    mailbox.full = False
    with unit_of_work(engine) as session:
        assert BerichtRepository(session).revive(now=clock.now) == 1
    assert send_due(engine, mailbox.server(), clock=clock).verzonden == 1


def test_a_mail_server_that_is_away_costs_one_notice_a_try(
    engine: Engine, mailbox: Mailbox
) -> None:
    put(engine, "a", "b", "c")
    away = replace(mailbox.server(), port=1)
    done = send_due(engine, away, clock=lambda: NOON)
    assert (done.mislukt, done.reden) == (1, "ConnectionRefusedError")
    assert sorted(one.pogingen for one in kept(engine)) == [0, 0, 1]
    later = NOON + FIRST_PAUSE
    assert send_due(engine, mailbox.server(), clock=lambda: later).verzonden == 3


def test_a_sender_that_died_leaves_its_notice_to_another(engine: Engine, mailbox: Mailbox) -> None:
    put(engine, "a")
    lease = timedelta(seconds=30)
    with unit_of_work(engine) as session:
        claimed = BerichtRepository(session).claim(now=NOON, lease=lease)
    assert claimed is not None
    nearly = NOON + lease - timedelta(seconds=1)
    assert send_due(engine, mailbox.server(), clock=lambda: nearly).verzonden == 0
    assert send_due(engine, mailbox.server(), clock=lambda: NOON + lease).verzonden == 1
    assert mailbox.message_ids == [f"<{claimed.message_id}@regio.example>"]


def test_several_senders_share_the_work_and_send_nothing_twice(
    engine: Engine, mailbox: Mailbox
) -> None:
    put(engine, *(f"bericht/{number}" for number in range(24)))
    mailbox.slow = 0.01
    done: list[int] = []
    senders = [
        threading.Thread(target=lambda: done.append(send_due(engine, mailbox.server()).verzonden))
        for _ in range(4)
    ]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    assert sum(done) == 24
    assert len(set(mailbox.message_ids)) == len(mailbox.mails) == 24
