"""What a view answers, and the headers that every answer has."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from chalice.app import Response

from chalicelib.wiring import Settings

FOR_EVER = "public, max-age=31536000, immutable"
"""Files and photos: their names change with what is in them."""
FRESH = "public, max-age=5"
"""Pages that are the same for everybody who is not signed in. Short: what is left of the goods moves."""
PUBLISHED = "public, max-age=300"
"""What we say of ourselves: the same for everybody who is not signed in, and new with a deployment only."""
ASK_AGAIN = "private, no-cache"
"""Pages with a form: its nonce names one order, so that no two people may be given the same copy."""
NOT_KEPT = "private, no-store"
"""What is somebody's own: pages of who is signed in, and all behind the link of an order."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A page, a redirect or a file. `cache` is its `Cache-Control`; `cookie` a `Set-Cookie` value.

    A body of bytes needs a content type of `app.api.binary_types`.
    """

    body: str | bytes = ""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    cache: str = ASK_AGAIN
    cookie: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


def redirect(to: str, *, cookie: str | None = None) -> Answer:
    """Send the browser on with GET, so that loading the page again sends no form again."""
    return Answer(status=303, headers={"Location": to}, cache=NOT_KEPT, cookie=cookie)


def response(answer: Answer, settings: Settings) -> Response:
    """Give the answer as Chalice takes it."""
    headers: dict[str, str | list[str]] = {
        "Content-Type": answer.content_type,
        "Cache-Control": answer.cache,
        "Content-Security-Policy": _content_policy(settings.stripe_api_base),
        # `no-referrer` would make browsers send `Origin: null` with our own forms.
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Vary": "Accept-Language, Cookie",
        **answer.headers,
    }
    if settings.public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if answer.cookie:
        headers["Set-Cookie"] = [answer.cookie]
    return Response(answer.body, headers, answer.status)


def _content_policy(stripe_api_base: str | None) -> str:
    """Only our own files, no inline script or style. Browsers hold redirects after a form to `form-action` as well."""
    pay_at = ["https://checkout.stripe.com", "https://connect.stripe.com", "https://billing.stripe.com"]
    if stripe_api_base:
        parts = urlsplit(stripe_api_base)
        pay_at.append(f"{parts.scheme}://{parts.netloc}")
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"form-action 'self' {' '.join(pay_at)}; base-uri 'none'; frame-ancestors 'none'"
    )
