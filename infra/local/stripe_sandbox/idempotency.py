"""Idempotency keys: the first status and body again, 500s too; other parameters refused; forgotten after 24 h."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from sqlite3 import Connection

from infra.local.stripe_sandbox.refusals import BadParameter, KeyInUse, KeyReused

FORGOTTEN_AFTER_S = 24 * 3600
LONGEST_KEY = 255


@dataclass(frozen=True)
class Remembered:
    """The answer that a key replays."""

    status: int
    body: str
    request_id: str


class KeysInFlight:
    """Keys of requests that are under way in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[tuple[str, str]] = set()

    @contextmanager
    def hold(self, account: str, key: str) -> Iterator[None]:
        """Keep the key for the block; refuse with `KeyInUse` while another request has it."""
        with self._lock:
            if (account, key) in self._keys:
                raise KeyInUse(
                    f"There is currently another in-progress request using this Idempotent Key: {key}. "
                    "Please try again later."
                )
            self._keys.add((account, key))
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard((account, key))


def fingerprint(path: str, pairs: list[tuple[str, str]]) -> str:
    """What makes two requests the same: address and parameters, in any order."""
    return hashlib.sha256(json.dumps([path, sorted(pairs)]).encode()).hexdigest()


def check_key(key: str) -> None:
    """Refuse keys that Stripe would not take."""
    if len(key) > LONGEST_KEY:
        raise BadParameter(f"Idempotency keys can have up to {LONGEST_KEY} characters.")


def recall(tables: Connection, account: str, key: str, wanted: str, now: int) -> Remembered | None:
    """The answer first given under the key; refuse with `KeyReused` when the request was another one."""
    tables.execute("DELETE FROM idempotency WHERE created <= ?", (now - FORGOTTEN_AFTER_S,))
    row = tables.execute(
        "SELECT fingerprint, status, body, request_id FROM idempotency WHERE account = ? AND key = ?",
        (account, key),
    ).fetchone()
    if row is None:
        return None
    if row[0] != wanted:
        raise KeyReused(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request."
        )
    return Remembered(row[1], row[2], row[3])


def remember(tables: Connection, account: str, key: str, wanted: str, answer: Remembered, now: int) -> None:
    """Keep the first answer, in the transaction of the work itself."""
    tables.execute(
        "INSERT INTO idempotency (account, key, fingerprint, status, body, request_id, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (account, key, wanted, answer.status, answer.body, answer.request_id, now),
    )
