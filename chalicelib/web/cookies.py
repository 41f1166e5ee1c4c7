"""The one cookie: `__Host-session`. Only people who signed in have it; a customer who looks around gets none."""

from chalicelib.people.rules import SESSION_LASTS
from chalicelib.people.sessions import COOKIE

_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"


def session_cookie_of(header: str) -> str:
    """Find the session's value in a `Cookie` header; empty when there is none."""
    for part in header[:4096].split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return ""


def keep(value: str) -> str:
    """Give the header that keeps a session in the browser."""
    return f"{COOKIE}={value}; Max-Age={int(SESSION_LASTS.total_seconds())}; {_ATTRIBUTES}"


def forget() -> str:
    """Give the header that takes the session out of the browser."""
    return f"{COOKIE}=; Max-Age=0; {_ATTRIBUTES}"
