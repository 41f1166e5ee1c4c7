"""What keeps a form honest: where it came from, whose it is, and where it may lead.

A signed-in form carries a token tied to its session. A guest's form carries a signed nonce: no cookie is needed, and
the same nonce sent twice is the same order.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from chalicelib.errors import Forbidden, Invalid
from chalicelib.ids import RandomBits, encode, new_id
from chalicelib.people.seals import same, seal

FORM_LASTS = timedelta(hours=24)
"""As long as Stripe remembers the key of the order that a form becomes."""

_NONCE = re.compile(r"([0-9a-z]{26})\.([0-9]{10})\.([0-9a-f]{64})")
_OWN_PATH = re.compile(r"/[A-Za-z0-9._~%!$&'()*+,;=:@/?-]*")


class ForeignForm(Forbidden):
    """The form was not sent from a page of ours, or belongs to another session."""

    code = "form_foreign"

    def __init__(self) -> None:
        super().__init__("This form did not come from our page, or you have signed in anew since. Load it again.")


class FormTooOld(Invalid):
    """The guest's form lay open for too long, or was changed."""

    code = "form_too_old"

    def __init__(self) -> None:
        super().__init__("This page was open for a long time. What you typed is still here; please send it again.")


def check_origin(headers: Mapping[str, str], public_url: str) -> None:
    """Refuse a POST that a page of somebody else sent. Raises `ForeignForm`.

    A browser says where a form came from in `Origin`, or at least whether it was this site in `Sec-Fetch-Site`. Old
    web views say neither: there the token alone decides.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin != origin_of(public_url):
        raise ForeignForm
    if origin is None and site not in (None, "same-origin"):
        raise ForeignForm


def origin_of(url: str) -> str:
    """Give `scheme://host[:port]` of a URL, as browsers write it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def session_token(secret: str, session_fingerprint: str) -> str:
    """Give the token that the forms of one session carry."""
    return seal(secret, "form-of-session", session_fingerprint)


def check_session_token(token: str, secret: str, session_fingerprint: str) -> None:
    """Raises `ForeignForm` unless the token is this session's."""
    if not same(token, session_token(secret, session_fingerprint)):
        raise ForeignForm


def new_nonce(secret: str, *, now: datetime, randbits: RandomBits) -> str:
    """Make the nonce of a form: `random.time.seal`, good for a day."""
    body = f"{encode(randbits(130), 26)}.{int(now.timestamp())}"
    return f"{body}.{seal(secret, 'guest-form', body)}"


def check_nonce(nonce: str, secret: str, *, now: datetime) -> str:
    """Give the random part of a form's nonce. Raises `FormTooOld` when it is not ours, or not any more."""
    found = _NONCE.fullmatch(nonce)
    if found is None:
        raise FormTooOld
    random_part, made_at, signature = found.groups()
    if not same(signature, seal(secret, "guest-form", f"{random_part}.{made_at}")):
        raise FormTooOld
    age = now - datetime.fromtimestamp(int(made_at), UTC)
    if not timedelta(minutes=-1) <= age <= FORM_LASTS:
        raise FormTooOld
    return random_part


def id_of_form(nonce: str, prefix: str) -> str:
    """Give the id of what a form makes, from its checked nonce: as old as the form, the same each time it is sent."""
    random_part, made_at, _ = nonce.split(".")
    number = int.from_bytes(sha256(f"{prefix}#{random_part}".encode()).digest()[:7]) >> 1
    return new_id(prefix, datetime.fromtimestamp(int(made_at), UTC), lambda _: number)


def own_path(text: str) -> str | None:
    """Give a path of this site that may be gone to next, or None for anything that could lead elsewhere."""
    if len(text) > 500 or not _OWN_PATH.fullmatch(text) or text.startswith("//"):
        return None
    return text
