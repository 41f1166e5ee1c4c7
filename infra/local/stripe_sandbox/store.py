"""State on disk: one SQLite file in WAL mode, one connection, one transaction at a time."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    body TEXT NOT NULL,
    private TEXT NOT NULL,
    is_deleted INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, account, seq);
CREATE INDEX IF NOT EXISTS objects_by_transfer_group
    ON objects (kind, account, json_extract(body, '$.transfer_group'), seq);
CREATE INDEX IF NOT EXISTS objects_by_payment_intent
    ON objects (kind, account, json_extract(body, '$.payment_intent'), seq);
CREATE INDEX IF NOT EXISTS objects_by_charge
    ON objects (kind, account, json_extract(body, '$.charge'), seq);
CREATE TABLE IF NOT EXISTS movements (
    account TEXT NOT NULL, currency TEXT NOT NULL, available_on INTEGER NOT NULL, net INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS movements_by_account ON movements (account, currency, available_on, net);
CREATE TABLE IF NOT EXISTS timers (
    object_id TEXT NOT NULL, action TEXT NOT NULL, due_at INTEGER NOT NULL, PRIMARY KEY (object_id, action)
);
CREATE INDEX IF NOT EXISTS timers_by_due ON timers (due_at);
CREATE TABLE IF NOT EXISTS idempotency (
    account TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL, request_id TEXT NOT NULL, created INTEGER NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL, endpoint_id TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL, next_at REAL NOT NULL, first_at REAL NOT NULL, last_answer TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS deliveries_by_state ON deliveries (state, next_at);
CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (event_id);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL, seen INTEGER NOT NULL, fired INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class StoreClosed(RuntimeError):
    """The sandbox has been closed while a thread was still at work."""


class Store:
    """The file and its lock. Everything a request changes is committed before the request is answered."""

    def __init__(self, state_dir: Path | None) -> None:
        """Open `state_dir`/stripe.sqlite3, or keep the state in memory when there is no folder."""
        if state_dir is not None:
            state_dir.mkdir(parents=True, exist_ok=True)
        place = ":memory:" if state_dir is None else str(state_dir / "stripe.sqlite3")
        self._tables = sqlite3.connect(place, isolation_level=None, check_same_thread=False, timeout=30)
        self._lock = threading.Lock()
        self._is_closed = False
        self._tables.execute("PRAGMA journal_mode=WAL")
        self._tables.execute("PRAGMA synchronous=NORMAL")  # a killed process loses nothing; a power cut may
        self._tables.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run the block alone; commit at its end, or undo all of it when it raises."""
        with self._lock:
            if self._is_closed:
                raise StoreClosed
            self._tables.execute("BEGIN IMMEDIATE")
            try:
                yield self._tables
            except BaseException:
                self._tables.execute("ROLLBACK")
                raise
            self._tables.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._is_closed = True
            self._tables.close()


@contextmanager
def undone_when_refused(tables: sqlite3.Connection) -> Iterator[None]:
    """Within a transaction, undo just this block when it raises; what is written after it is kept."""
    tables.execute("SAVEPOINT endpoint")
    try:
        yield
    except BaseException:
        tables.execute("ROLLBACK TO endpoint")
        tables.execute("RELEASE endpoint")
        raise
    tables.execute("RELEASE endpoint")


def setting(tables: sqlite3.Connection, name: str, default: Any) -> Any:
    """A value set by the control API, or `default`."""
    row = tables.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return default if row is None else json.loads(row[0])


def set_setting(tables: sqlite3.Connection, name: str, value: Any) -> None:
    """Keep a value of the control API over restarts."""
    tables.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, json.dumps(value)))
