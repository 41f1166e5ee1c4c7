"""`Idempotency-Key`: a POST that is sent again is executed once, and answered as it was the first time.

A request is written down before it is worked on, by one conditional write, so that of two at once one is executed.
What the first one came to is kept for 24 hours and replayed. When the one at work died (its lease ran out, or it broke
and gave the lease back), the next one takes the key over with the first one's moment and random bits: what it makes
has the same ids, so it finishes the same objects.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.exceptions import PutError, UpdateError

from chalicelib import store
from chalicelib.api.answers import IdempotencyInFlight, IdempotencyMismatch
from chalicelib.errors import Invalid
from chalicelib.ids import RandomBits
from chalicelib.store import Record

KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=45)
"""Longer than the function may run (29 s): whoever holds it longer is dead."""

LONGEST_KEY = 255


class KeyedRequest(Record, discriminator="keyed-request"):
    """A POST with its key: `{tenant}#idempotency#{fingerprint of the key}` / `request`. Answered when it has a status.

    `body` is what was answered, personal data included; it goes with the item after a day.
    """

    fingerprint = UnicodeAttribute()
    began_at = UTCDateTimeAttribute()
    lease_until = UTCDateTimeAttribute()
    status = NumberAttribute(null=True)
    body = UnicodeAttribute(null=True)


@dataclass(frozen=True, slots=True)
class Replay:
    """What the same request was answered before."""

    status: int
    body: str


def check_key(key: str) -> str:
    """Give a key that can be used. Raises `Invalid`."""
    if not (1 <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Invalid(f"An Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters.", param="Idempotency-Key")
    return key


def begin(tenant_id: str, key: str, fingerprint: str, *, now: datetime) -> KeyedRequest | Replay:
    """Take a key for a request, or give what it was answered before.

    fingerprint: of everything that is asked. Raises `IdempotencyMismatch` (the key came with something else),
    `IdempotencyInFlight` (somebody is at work on it).
    """
    request = KeyedRequest(
        f"{tenant_id}#idempotency#{sha256(key.encode()).hexdigest()}",
        "request",
        fingerprint=fingerprint,
        began_at=now,
        lease_until=now + LEASE,
        ttl=int((now + KEPT).timestamp()),
    )
    try:
        # An expired item may stand for days until DynamoDB takes it away.
        store.put(request, KeyedRequest.pk.does_not_exist() | (KeyedRequest.ttl <= int(now.timestamp())))
        return request
    except PutError as error:
        if not store.condition_failed(error):
            raise
    return _again(request, now)


def _again(request: KeyedRequest, now: datetime) -> KeyedRequest | Replay:
    earlier = store.get(KeyedRequest, request.pk, request.sk)
    if earlier is None:  # it ran out between the two calls
        raise _in_flight()
    if earlier.fingerprint != request.fingerprint:
        raise IdempotencyMismatch(
            "This Idempotency-Key was sent before with another request. Use a new key for something new.",
            param="Idempotency-Key",
        )
    if earlier.status is not None:
        return Replay(int(earlier.status), earlier.body or "")
    if earlier.lease_until > now:
        raise _in_flight()
    return _take_over(earlier, now)


def _take_over(dead: KeyedRequest, now: datetime) -> KeyedRequest:
    try:
        dead.update(
            actions=[KeyedRequest.lease_until.set(now + LEASE)],
            condition=(KeyedRequest.lease_until == dead.lease_until) & KeyedRequest.status.does_not_exist(),
        )
    except UpdateError as error:
        if store.condition_failed(error):  # another repetition was quicker
            raise _in_flight() from error
        raise
    return dead


def _in_flight() -> IdempotencyInFlight:
    return IdempotencyInFlight(
        "The request with this Idempotency-Key is being worked on. Send it again in a moment.", param="Idempotency-Key"
    )


def finish(request: KeyedRequest, status: int, body: str) -> None:
    """Keep what a request was answered, for its repetitions."""
    _while_ours(request, KeyedRequest.status.set(status), KeyedRequest.body.set(body))


def give_back(request: KeyedRequest, *, now: datetime) -> None:
    """Let the next repetition go on at once: this one ended without an answer that is worth keeping."""
    _while_ours(request, KeyedRequest.lease_until.set(now))


def _while_ours(request: KeyedRequest, *actions: object) -> None:
    try:
        request.update(actions=list(actions), condition=KeyedRequest.lease_until == request.lease_until)  # type: ignore[arg-type]
    except UpdateError as error:
        if not store.condition_failed(error):
            raise
        # Somebody took it over, thinking us dead: what that one answers is kept.


def bits_of(secret: str, tenant_id: str, key: str, began_at: datetime) -> RandomBits:
    """Give bits that nobody can foresee and that come out the same in every repetition of a request."""
    drawn = 0

    def randbits(count: int) -> int:
        nonlocal drawn
        drawn += 1
        number = 0
        for block in range(-(-count // 256)):
            text = f"idempotency\n{tenant_id}\n{began_at.isoformat()}\n{drawn}\n{block}\n{key}"
            number = number << 256 | int.from_bytes(hmac.digest(secret.encode(), text.encode(), "sha256"))
        return number >> (-count % 256)

    return randbits
