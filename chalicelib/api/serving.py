"""From a request to its answer: key → brand → what is asked → once → handler → JSON."""

import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from chalice.app import Request, Response

from chalicelib.api import idempotency
from chalicelib.api.answers import InternalError, answer, error_body, refused
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.idempotency import KeyedRequest, Replay
from chalicelib.api.reading import BodyUnreadable, check_names, read_body, read_query
from chalicelib.api.route import Route
from chalicelib.audit import begun, kinds, looks
from chalicelib.audit.store import note
from chalicelib.errors import Refusal, Unauthenticated
from chalicelib.people.api_keys import tenant_of_api_key
from chalicelib.tenancy import acting_for
from chalicelib.web.languages import preferred
from chalicelib.wiring import Tools

_log = logging.getLogger(__name__)

_PASSING = frozenset({"try_again", "order_busy", "campaign_busy", "onboarding_unavailable"})
"""Refusals of the moment: sent again, the request is to be tried again, not to be refused from memory."""


def serve(route: Route, request: Request, ids: Mapping[str, str], tools: Tools) -> Response:
    """Answer a request of `/v1`."""
    return in_one_shape(f"{route.method} {route.path}", lambda: _serve(route, request, ids, tools))


def in_one_shape(name: str, work: Callable[[], Response]) -> Response:
    """Give the answer of some work, or its refusal, or what is said of a defect."""
    try:
        return work()
    except Refusal as refusal:
        return refused(refusal)
    except Exception as error:  # the way out of the product: nothing of a defect may be told, or logged with names
        _log.error("%s broke: %s", name, where_it_broke(error))
        return refused(InternalError("Something broke on our side. Send the same request again."))


def where_it_broke(error: BaseException) -> str:
    """Name the kinds of errors and the lines of code. Their messages may hold names and phone numbers: left out."""
    steps = [f"{step.filename}:{step.lineno} {step.name}" for step in traceback.extract_tb(error.__traceback__)]
    text = f"{type(error).__name__} at {' > '.join(steps)}"
    cause = error.__cause__ or error.__context__
    return text if cause is None else f"{text}, after {where_it_broke(cause)}"


def _serve(route: Route, request: Request, ids: Mapping[str, str], tools: Tools) -> Response:
    if route.public:
        return answer(200, msgspec.json.encode(route.act(_call("", "", route, request, ids, tools))))
    api_key = _api_key(request.headers.get("authorization", ""))
    tenant_id = tenant_of_api_key(api_key)
    if tenant_id is None:
        raise Unauthenticated("This API key is unknown or revoked. Make one in the console.")
    with acting_for(tenant_id):
        call = _call(tenant_id, f"api:{api_key[-4:]}", route, request, ids, tools)
        key = request.headers.get("idempotency-key")
        if route.method != "POST" or key is None:
            return answer(200, msgspec.json.encode(_act(route, call)))
        return _once(route, call, idempotency.check_key(key))


def _api_key(authorization: str) -> str:
    scheme, _, api_key = authorization.partition(" ")
    if scheme.lower() != "bearer" or not api_key:
        raise Unauthenticated("Send your API key as “Authorization: Bearer ty_live_…”.")
    return api_key.strip()


def _call(tenant_id: str, by: str, route: Route, request: Request, ids: Mapping[str, str], tools: Tools) -> Call[Any]:
    """Read what is asked. Raises refusals that name the field."""
    check_names(ids)
    now, given = tools.now(), request.query_params
    query = {name: given.getlist(name) for name in given} if given else {}
    body: Any = NoBody()
    if route.method == "POST":
        body = read_body(raw_body(request), route.body, largest=route.largest_body)
    return Call(
        tenant_id=tenant_id,
        by=by,
        path=route.path.format(**ids),
        ids=ids,
        query=read_query(query, route.query),
        body=body,
        now=now,
        began_at=now,
        randbits=tools.randbits,
        nonce=f"api#{tools.randbits(128)}",
        tools=tools,
        language=preferred(request.headers.get("accept-language", "")) or "en",
    )


def raw_body(request: Request) -> bytes:
    """Give the body as it was sent. Raises `BodyUnreadable`."""
    try:
        body = request.raw_body
    except UnicodeEncodeError as error:  # the gateway hands over text; half a surrogate pair is none
        raise BodyUnreadable("The body is not UTF-8.") from error
    return body.encode() if isinstance(body, str) else body


def _act(route: Route, call: Call[Any]) -> Any:
    """Do what is asked, and note it in the brand's log (`audit`): that it is begun, and then what was done."""
    noted = kinds.of_api(route.path) if route.method == "POST" else None
    if noted is None:
        return route.act(call)
    what = noted.kind_of({noted.by: str(getattr(call.body, noted.by, ""))} if noted.by else {})
    once = f"{call.nonce}#{call.path}"
    before = looks.look(noted.look, call.tenant_id, call.ids)
    about = kinds.about_of(route.path, call.ids, "")
    begun.begin(call.tenant_id, who=call.by, what=what, about=about, once=once, now=call.now)
    try:
        shown = route.act(call)
    except Refusal as refusal:
        begun.refused(call.tenant_id, once, refusal)
        raise
    if getattr(shown, "nothing_done", False):
        begun.refused(call.tenant_id, once)
        return shown
    note(
        call.tenant_id,
        who=call.by,
        what=what,
        about=kinds.about_of(route.path, call.ids, str(getattr(shown, "id", ""))),
        changes=looks.changes(before, looks.look(noted.look, call.tenant_id, call.ids)),
        once=once,
        now=call.now,
    )
    return shown


# ------------------------------------------------------------------------------------------------ once


def _once(route: Route, call: Call[Any], key: str) -> Response:
    """Execute a request, unless its key says that this was done."""
    begun = idempotency.begin(call.tenant_id, key, _fingerprint(route, call), now=call.now)
    if isinstance(begun, Replay):
        return answer(begun.status, begun.body, Idempotent_Replayed="true")
    answered = False
    try:
        status, shown, kept = _execute(route, _keyed(call, key, begun))
        idempotency.finish(begun, status, kept.decode())
        answered = True
    finally:
        if not answered:
            idempotency.give_back(begun, now=call.now)
    return answer(status, shown)


def _keyed(call: Call[Any], key: str, begun: KeyedRequest) -> Call[Any]:
    """Give the call what comes out the same in every repetition."""
    secret = call.tools.settings.session_secret
    began_at: datetime = begun.began_at
    return replace(
        call,
        began_at=began_at,
        randbits=idempotency.bits_of(secret, call.tenant_id, key, began_at),
        nonce=f"api#{began_at.isoformat()}#{key}",  # with the moment: after a day the same key is another request
    )


def _execute(route: Route, call: Call[Any]) -> tuple[int, bytes, bytes]:
    """Give the status, the body to show, and the body to keep for repetitions."""
    try:
        shown = _act(route, call)
    except Refusal as refusal:
        if refusal.status >= 500 or refusal.status == 429 or refusal.code in _PASSING:
            raise
        body = error_body(refusal)
        return refusal.status, body, body
    kept = shown if route.shown_once is None else msgspec.structs.replace(shown, **{route.shown_once: None})
    return 200, msgspec.json.encode(shown), msgspec.json.encode(kept)


def _fingerprint(route: Route, call: Call[Any]) -> str:
    asked = f"{route.method} {call.path}\n".encode() + msgspec.json.encode(call.body)
    return sha256(asked).hexdigest()
