"""How `/v1` answers: JSON, and one shape for everything it refuses."""

import re
from typing import Any, Generic, TypeVar

import msgspec
from chalice.app import Response
from msgspec import Struct

from chalicelib.errors import Conflict, Refusal

T = TypeVar("T")


class ErrorDetail(Struct, frozen=True, kw_only=True):
    """What was refused and why: `param` names the field, written like `lines[0][qty]`."""

    type: str
    code: str
    param: str | None
    message: str


class Error(Struct, frozen=True, kw_only=True):
    """Everything that is refused looks like this."""

    error: ErrorDetail


class ListOf(Struct, Generic[T], frozen=True, kw_only=True, tag_field="object", tag="list"):
    """A page of a list. When `has_more`, ask `url` again with `starting_after` = the `id` of the last one here."""

    data: list[T]
    has_more: bool
    url: str


class InternalError(Refusal):
    """Something broke on our side."""

    status = 500
    type = "api_error"
    code = "internal_error"


class IdempotencyMismatch(Refusal):
    """The same key came with another request before."""

    type = "idempotency_error"
    code = "idempotency_key_reused"


class IdempotencyInFlight(Conflict):
    """The request with this key is being worked on at this moment."""

    type = "idempotency_error"
    code = "idempotency_key_in_use"


_HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store"}


def answer(status: int, body: bytes | str, **headers: str) -> Response:
    """Give chalice a JSON body with its status; `Idempotent_Replayed="true"` is written with hyphens."""
    text = body if isinstance(body, str) else body.decode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(body=text, status_code=status, headers={**_HEADERS, **named})


def refused(refusal: Refusal) -> Response:
    """Show a refusal."""
    headers = {"WWW_Authenticate": "Bearer"} if refusal.status == 401 else {}
    return answer(refusal.status, error_body(refusal), **headers)


def error_body(refusal: Refusal) -> bytes:
    """Write a refusal as `{"error": {"type", "code", "param", "message"}}`."""
    param = bracketed(refusal.param) if refusal.param else None
    detail = ErrorDetail(type=refusal.type, code=refusal.code, param=param, message=refusal.message)
    return msgspec.json.encode(Error(error=detail))


def bracketed(path: str) -> str:
    """Write a field's place as Stripe does: `lines[0].qty` and `lines.0.qty` are `lines[0][qty]`."""
    parts = [part for part in re.split(r"[.\[\]]+", path) if part]
    if not parts:  # a field of the client's own, named `.` or not at all
        return path
    return parts[0] + "".join(f"[{part}]" for part in parts[1:])


def of_chalice(response: Response) -> Response:
    """Give chalice's own refusals (wrong method, wrong content type) the one shape."""
    said: Any = response.body
    refusal = _NotServed(f"{said.get('Message', 'This cannot be served')}.")
    refusal.status = response.status_code
    shaped = answer(refusal.status, error_body(refusal))
    shaped.headers |= response.headers  # `Allow`
    return shaped


class _NotServed(Refusal):
    code = "not_served"
