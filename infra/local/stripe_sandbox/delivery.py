"""Webhook deliveries: posted by threads from the queue on disk, signed, tried again until they are taken."""

import hashlib
import hmac
import http.client
import json
import threading
import time
import urllib.parse
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from infra.local.stripe_sandbox.refusals import Json
from infra.local.stripe_sandbox.store import Store, StoreClosed, setting

SENDERS = 4
ANSWER_WITHIN_S = 20.0
FIRST_RETRY_S = 0.2
LONGEST_RETRY_S = 60.0
GIVE_UP_AFTER_S = 3 * 24 * 3600.0
_LOOK_AGAIN_S = 0.5


@dataclass(frozen=True)
class Delivery:
    """One attempt to be made."""

    id: int
    attempts: int
    first_at: float
    event: Json
    url: str
    secret: str


def sign(payload: bytes, secret: str, moment: int) -> str:
    """The `Stripe-Signature` header: HMAC-SHA256 over the time and the body."""
    signed = f"{moment}.".encode() + payload
    return f"t={moment},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def retry_delay_s(attempts: int) -> float:
    """Seconds until the next attempt: quick at first, as a local stack restarts in seconds, then every minute."""
    return min(LONGEST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(attempts - 1, 16))


class Courier:
    """The threads that deliver. What they have not delivered is still on disk when they are killed."""

    def __init__(self, store: Store, real_time: Callable[[], float] = time.time) -> None:
        self._store = store
        self._real_time = real_time
        self._changed = threading.Condition()
        self._under_way: set[int] = set()
        self._wakes = 0
        self._is_closing = False

    def start(self) -> None:
        """Begin to deliver, starting with what an earlier process left."""
        for number in range(SENDERS):
            threading.Thread(target=self._work, name=f"courier-{number}", daemon=True).start()

    def stop(self) -> None:
        """Take no further delivery."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()

    def wake(self) -> None:
        """Look at the queue now: something was added, or a waiter's answer may have changed."""
        with self._changed:
            self._wakes += 1
            self._changed.notify_all()

    def wait_until_quiet(self, seconds: float) -> Json:
        """Wait until nothing is undelivered, at most so long, and give `counts`."""
        give_up_at = time.monotonic() + seconds
        with self._changed:
            while not self._is_closing and (left := give_up_at - time.monotonic()) > 0:
                if self.counts()["undelivered"] == 0:
                    break
                self._changed.wait(min(left, _LOOK_AGAIN_S))
        return self.counts()

    def counts(self) -> Json:
        """How many deliveries wait, were taken, were given up, and what the waiting ones were last told."""
        with self._store.transaction() as tables:
            rows = tables.execute("SELECT state, count(*) FROM deliveries GROUP BY state").fetchall()
            waiting = tables.execute(
                "SELECT event_id, attempts, last_answer FROM deliveries WHERE state = 'pending' ORDER BY id LIMIT 20"
            ).fetchall()
        by_state = dict(rows)
        names = ("event", "attempts", "last_answer")
        return {
            "undelivered": by_state.get("pending", 0),
            "delivered": by_state.get("delivered", 0),
            "given_up": by_state.get("given_up", 0),
            "waiting": [dict(zip(names, row, strict=True)) for row in waiting],
        }

    def _work(self) -> None:
        with suppress(StoreClosed):
            while not self._is_closing:
                wakes = self._wakes
                delivery = self._claim()
                if delivery is None:
                    self._rest(wakes)
                else:
                    self._settle(delivery, *post(delivery, int(self._real_time())))

    def _rest(self, wakes: int) -> None:
        """Sleep until the next attempt is due, unless somebody called `wake` since the queue was looked at."""
        seconds = self._seconds_to_next()
        with self._changed:
            if not self._is_closing and self._wakes == wakes:
                self._changed.wait(seconds)

    def _claim(self) -> Delivery | None:
        """The oldest delivery that is due and in no thread's hands; those of deleted endpoints are dropped."""
        if self._is_closing:
            return None
        with self._store.transaction() as tables:
            if setting(tables, "deliveries", {}).get("paused"):
                return None
            tables.execute(
                "DELETE FROM deliveries WHERE state = 'pending' AND endpoint_id IN"
                " (SELECT id FROM objects WHERE kind = 'webhook_endpoint' AND is_deleted = 1)"
            )
            rows = tables.execute(
                "SELECT d.id, d.attempts, d.first_at, e.body, w.body, w.private FROM deliveries d"
                " JOIN objects e ON e.id = d.event_id JOIN objects w ON w.id = d.endpoint_id"
                " WHERE d.state = 'pending' AND d.next_at <= ? ORDER BY d.id LIMIT ?",
                (self._real_time(), SENDERS + 1),
            ).fetchall()
            for row in rows:
                if row[0] not in self._under_way:
                    self._under_way.add(row[0])
                    event, endpoint, private = (json.loads(text) for text in row[3:6])
                    return Delivery(row[0], row[1], row[2], event, endpoint["url"], private["secret"])
        return None

    def _seconds_to_next(self) -> float:
        with self._store.transaction() as tables:
            row = tables.execute(
                "SELECT min(next_at) FROM deliveries WHERE state = 'pending' AND next_at > ?", (self._real_time(),)
            ).fetchone()
        return _LOOK_AGAIN_S if row[0] is None else min(_LOOK_AGAIN_S, max(0.01, row[0] - self._real_time()))

    def _settle(self, delivery: Delivery, is_taken: bool, answer: str) -> None:
        real_now = self._real_time()
        attempts = delivery.attempts + 1
        is_too_old = real_now - delivery.first_at > GIVE_UP_AFTER_S
        state = "delivered" if is_taken else "given_up" if is_too_old else "pending"
        with self._store.transaction() as tables:
            tables.execute(
                "UPDATE deliveries SET state = ?, attempts = ?, next_at = ?, last_answer = ? WHERE id = ?",
                (state, attempts, real_now + retry_delay_s(attempts), answer, delivery.id),
            )
            self._under_way.discard(delivery.id)
        self.wake()


def post(delivery: Delivery, moment: int) -> tuple[bool, str]:
    """Post the event to its endpoint; whether it was taken (2xx), and what was answered."""
    payload = json.dumps(delivery.event, indent=2).encode()
    address = urllib.parse.urlsplit(delivery.url)
    connect = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": sign(payload, delivery.secret, moment),
    }
    target = urllib.parse.urlunsplit(("", "", address.path or "/", address.query, ""))
    connection = connect(address.hostname or "", address.port, timeout=ANSWER_WITHIN_S)
    try:
        connection.request("POST", target, payload, headers)
        response = connection.getresponse()
        text = response.read(500).decode(errors="replace")
    except (OSError, http.client.HTTPException) as failure:
        return False, f"{type(failure).__name__}: {failure}"
    finally:
        connection.close()
    return 200 <= response.status < 300, f"{response.status} {text}"
