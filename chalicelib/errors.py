"""Refusals: one class for each way the product says no, with the status and the sentence a person reads.

Code below `web` and `api` raises these and knows nothing of HTTP; the two faces turn them into a page or into
Stripe-shaped JSON (`{"error": {"type", "code", "param", "message"}}`).
"""


class Refusal(Exception):
    """Something the product will not do. `message` says why and what to do; nothing was written."""

    status = 400
    type = "invalid_request_error"
    code = "invalid_request"

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


class NotFound(Refusal):
    """There is no such thing for this tenant. Another tenant's things do not exist either."""

    status = 404
    code = "resource_missing"


class Invalid(Refusal):
    """A field has a value that cannot be used; `param` names the field."""

    status = 400
    code = "parameter_invalid"


class Conflict(Refusal):
    """The thing exists, but its state does not allow this now."""

    status = 409
    code = "conflict"


class Unauthenticated(Refusal):
    """Nobody is signed in, or the key is unknown or revoked."""

    status = 401
    type = "authentication_error"
    code = "unauthenticated"


class Forbidden(Refusal):
    """Signed in, but this role may not do this."""

    status = 403
    type = "permission_error"
    code = "forbidden"


class TooManyRequests(Refusal):
    """Slow down; the sentence says for how long."""

    status = 429
    type = "rate_limit_error"
    code = "rate_limit"
