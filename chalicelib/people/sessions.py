"""Sessions: a signed opaque token for the `__Host-session` cookie, and a record on the server that can be revoked.

Here it is only a string; whoever speaks HTTP sets the cookie (`Secure; HttpOnly; SameSite=Lax; Path=/`).
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib import ids, store
from chalicelib.ids import RandomBits
from chalicelib.people import store as people
from chalicelib.people.rules import SESSION_LASTS
from chalicelib.people.seals import fingerprint, same, seal
from chalicelib.people.store import PersonsSession, SessionRecord

COOKIE = "__Host-session"
_TOKEN_BITS, _TOKEN_LENGTH = 260, 52
_COOKIE_LENGTH = _TOKEN_LENGTH + 1 + 64


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser: whose it is, and until when."""

    person_id: str
    opened_at: datetime
    expires_at: datetime
    token_fingerprint: str
    """Names the session without opening it; tokens of forms can be tied to it."""


def open_session(person_id: str, *, now: datetime, randbits: RandomBits, secret: str) -> str:
    """Sign a person in for 30 days and give the cookie's value: `token.seal`."""
    token = ids.encode(randbits(_TOKEN_BITS), _TOKEN_LENGTH)
    name, expires_at = fingerprint(token), now + SESSION_LASTS
    ttl = int(expires_at.timestamp())
    session = SessionRecord(
        people.session_key(name), "session", person_id=person_id, opened_at=now, expires_at=expires_at, ttl=ttl
    )
    listed = PersonsSession(people.person_key(person_id), f"session#{name}", ttl=ttl)

    with store.transaction() as write:  # together: a session that is not listed could never be closed
        write.save(session, condition=SessionRecord.pk.does_not_exist())
        write.save(listed)
    return f"{token}.{seal(secret, 'session', token)}"


def session_of(cookie: str, *, now: datetime, secret: str) -> Session | None:
    """Give the session of a cookie; None when it is forged, expired or revoked. A forged one costs no read."""
    token = _token_of(cookie, secret)
    if token is None:
        return None
    name = fingerprint(token)
    kept = store.get(SessionRecord, people.session_key(name), "session")
    if kept is None or kept.expires_at <= now:  # DynamoDB deletes days after the ttl
        return None
    return Session(kept.person_id, kept.opened_at, kept.expires_at, name)


def close_session(cookie: str, *, secret: str) -> None:
    """Sign this browser out. Closing what is closed, or was never ours, is no error."""
    token = _token_of(cookie, secret)
    if token is None:
        return
    name = fingerprint(token)
    kept = store.get(SessionRecord, people.session_key(name), "session")
    if kept is not None:
        _close(kept.person_id, name)


def close_all_sessions(person_id: str) -> None:
    """Sign a person out everywhere."""
    listed = store.query(PersonsSession, people.person_key(person_id), PersonsSession.sk.startswith("session#"))
    for entry in list(listed):
        _close(person_id, entry.sk.removeprefix("session#"))


def _close(person_id: str, name: str) -> None:
    # The session first: cut between the two, it is closed, and its entry in the list goes by its ttl.
    SessionRecord(people.session_key(name), "session").delete()
    PersonsSession(people.person_key(person_id), f"session#{name}").delete()


def _token_of(cookie: str, secret: str) -> str | None:
    if len(cookie) != _COOKIE_LENGTH or not cookie.isascii():
        return None
    token, _, signature = cookie.partition(".")
    return token if same(signature, seal(secret, "session", token)) else None
