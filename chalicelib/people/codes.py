"""One-time codes: showing that an e-mail address is yours. Whether it has an account makes no difference anywhere.

A code is for one purpose: who is talked into reading a sign-in code out has not let anybody change a payout.
"""

from datetime import datetime, timedelta

from pynamodb.exceptions import DeleteError, PutError, UpdateError

from chalicelib import store
from chalicelib.chinese import Language
from chalicelib.errors import Refusal, TooManyRequests
from chalicelib.ids import RandomBits
from chalicelib.mail import Mailer
from chalicelib.people import letters, persons
from chalicelib.people import store as people
from chalicelib.people.rules import (
    CODE_DIGITS,
    CODE_LASTS,
    CODE_TRIES,
    clean_email,
    typed_code,
    wait_for_next_code,
)
from chalicelib.people.seals import same, seal
from chalicelib.people.store import LoginCode, Person


class CodeRefused(Refusal):
    """Wrong, expired, used, tried too often, or never sent: one sentence for all, so that it gives nothing away."""

    code = "code_refused"

    def __init__(self) -> None:
        super().__init__("This code is wrong or no longer valid. Check it, or ask for a new one.", param="code")


class TooManyCodes(TooManyRequests):
    """An address may get a code only so often; otherwise anybody could flood it, or guess for ever."""

    code = "too_many_codes"

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, int(wait.total_seconds()))
        long = f"{seconds} seconds" if seconds <= 120 else f"{-(-seconds // 60)} minutes"
        super().__init__(f"A code was sent to this address already. A new one can be sent in {long}.", param="email")


def send_code(
    email: str,
    *,
    now: datetime,
    randbits: RandomBits,
    mailer: Mailer,
    secret: str,
    language: Language,
    about: str = "",
) -> None:
    """Send a new code to an address; the one before stops working. Raises `Invalid`, `TooManyCodes`.

    about: what is to be done with it (a new payout account), if not signing in; the code is good for that alone.
    """
    email = clean_email(email)
    before = store.get(LoginCode, people.code_key(email), "code")
    if before is not None:
        wait = wait_for_next_code(before.sent_at, before.day_began_at, int(before.sent_that_day), now)
        if wait > timedelta():
            raise TooManyCodes(wait)

    code = _draw(randbits)

    _keep(_next_code(email, code, before, now, secret, about), before)
    mailer.send((letters.payout_code if about else letters.login_code)(email, code, language))


def confirm_code(
    email: str,
    code: str,
    *,
    now: datetime,
    randbits: RandomBits,
    secret: str,
    name: str = "",
    language: Language = "zh",
) -> Person:
    """Give the person of the address, made if they are new. A code works once. Raises `Invalid`, `CodeRefused`."""
    check_code(email, code, now=now, secret=secret)
    return persons.ensure(email, now=now, randbits=randbits, name=name, language=language)


def check_code(email: str, code: str, *, now: datetime, secret: str, about: str = "") -> None:
    """Use a code that was sent to an address, for what it was sent. Raises `Invalid`, `CodeRefused`."""
    email = clean_email(email)
    typed = typed_code(code)
    if typed is None:
        raise CodeRefused

    kept = _take_a_try(email, now)
    if not same(kept.code_seal, _seal(secret, email, typed, about)):
        raise CodeRefused

    _use_up(kept)


def _draw(randbits: RandomBits) -> str:
    # 64 bits onto a million values: the unevenness is one part in 10^13.
    return f"{randbits(64) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _seal(secret: str, email: str, code: str, about: str) -> str:
    """The address is sealed in, so that a record copied to another address opens nothing; and what the code is for."""
    if about:
        return seal(secret, "payout-code", f"{email}\n{code}\n{about}")
    return seal(secret, "login-code", f"{email}\n{code}")


def _next_code(email: str, code: str, before: LoginCode | None, now: datetime, secret: str, about: str) -> LoginCode:
    same_day = before is not None and now < before.day_began_at + timedelta(days=1)
    day_began_at = before.day_began_at if before is not None and same_day else now
    return LoginCode(
        people.code_key(email),
        "code",
        code_seal=_seal(secret, email, code, about),
        tries_left=CODE_TRIES,
        expires_at=now + CODE_LASTS,
        sent_at=now,
        day_began_at=day_began_at,
        sent_that_day=int(before.sent_that_day) + 1 if before is not None and same_day else 1,
        # Kept beyond the code itself: it counts the day's codes.
        ttl=int((day_began_at + timedelta(days=1) + CODE_LASTS).timestamp()),
    )


def _keep(code: LoginCode, before: LoginCode | None) -> None:
    """Replace exactly the code that was read: of two requests at once one sends, so a burst cannot pass the limits."""
    unchanged = LoginCode.pk.does_not_exist() if before is None else LoginCode.code_seal == before.code_seal
    try:
        store.put(code, condition=unchanged)
    except PutError as error:
        if store.condition_failed(error):
            raise TooManyCodes(timedelta(seconds=30)) from error
        raise


def _take_a_try(email: str, now: datetime) -> LoginCode:
    """Count a try before looking at the code: guesses sent in parallel share the same few tries."""
    kept = LoginCode(people.code_key(email), "code")
    try:
        kept.update(
            actions=[LoginCode.tries_left.add(-1)],
            condition=(LoginCode.tries_left > 0) & (LoginCode.expires_at > now),
        )
    except UpdateError as error:
        if store.condition_failed(error):
            raise CodeRefused from error
        raise
    return kept


def _use_up(kept: LoginCode) -> None:
    """Delete the code; of two that confirm it at the same moment only one finds it."""
    try:
        kept.delete(condition=LoginCode.code_seal == kept.code_seal)
    except DeleteError as error:
        if store.condition_failed(error):
            raise CodeRefused from error
        raise
