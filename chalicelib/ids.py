"""Identifiers: opaque, sortable by the time they were made, with a prefix that says what they name."""

import secrets
from collections.abc import Callable
from datetime import datetime

# Crockford's alphabet in lower case: no i, l, o, u, so an id read out on the phone is understood.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
TENANT_ID_LENGTH = 16

RandomBits = Callable[[int], int]
"""Takes a number of bits, gives that many random ones as an integer (`secrets.randbits`)."""


def encode(number: int, length: int) -> str:
    """Write an integer in base 32 with a fixed number of characters."""
    characters = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        characters.append(ALPHABET[digit])
    return "".join(reversed(characters))


def new_id(prefix: str, now: datetime, randbits: RandomBits = secrets.randbits) -> str:
    """Make an id such as `ord_06q8y4m2zk3f9n1c7d5e`: 9 characters of milliseconds, 11 random ones (55 bits)."""
    return f"{prefix}_{encode(int(now.timestamp() * 1000), 9)}{encode(randbits(55), 11)}"


def new_tenant_id(randbits: RandomBits = secrets.randbits) -> str:
    """Make a tenant's id: always 16 characters starting with `t`, 75 random bits, tells nothing about the brand."""
    return "t" + encode(randbits(75), TENANT_ID_LENGTH - 1)


def is_id(prefix: str, text: str) -> bool:
    """Tell whether a text from outside can be an id with this prefix at all; only then it may become part of a key."""
    head, _, tail = text.rpartition("_")
    return head == prefix and len(tail) == 20 and all(character in ALPHABET for character in tail)
