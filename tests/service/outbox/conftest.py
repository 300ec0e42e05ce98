"""A mailbox that takes what is sent."""

from collections.abc import Iterator

import pytest

from tests.service.outbox.mailbox import Mailbox, run_mailbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with run_mailbox() as box:
        yield box
