"""A mailbox, and signing somebody in the way they do it."""

import random
from collections.abc import Callable

import pytest

from chalicelib.people import codes
from tests.people.mailbox import SECRET, Mailbox


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def ask(table, clock, mailbox, randbits) -> Callable[[str], str]:
    """Ask for a code and read it in the mailbox."""

    def ask(email: str) -> str:
        codes.send_code(email, now=clock(), randbits=randbits, mailer=mailbox, secret=SECRET, language="en")
        return mailbox.last_code(email.strip().lower())

    return ask


@pytest.fixture
def confirm(table, clock, randbits) -> Callable[[str, str], str]:
    """Type a code; gives the person's id."""

    def confirm(email: str, code: str) -> str:
        return codes.confirm_code(email, code, now=clock(), randbits=randbits, secret=SECRET).person_id

    return confirm


@pytest.fixture
def randbits(request) -> Callable[[int], int]:
    """Randomness that is the same in every run, and another in every test (plans are remembered by tenant)."""
    return random.Random(request.node.nodeid).getrandbits
