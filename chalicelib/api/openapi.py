"""The OpenAPI 3.1 document, made from the table of routes and the msgspec types."""

import re
from collections.abc import Iterable
from functools import cache
from inspect import getdoc
from typing import Any

import msgspec

from chalicelib.api.answers import Error, IdempotencyInFlight, IdempotencyMismatch, InternalError
from chalicelib.api.blueprint import name_of
from chalicelib.api.idempotency import LONGEST_KEY
from chalicelib.api.reading import BodyTooLarge, BodyUnreadable, ParameterUnknown
from chalicelib.api.route import Route
from chalicelib.api.routes import ROUTES
from chalicelib.errors import Refusal, Unauthenticated

_SCHEMAS = "#/components/schemas/"
_EVERY_ROUTE: tuple[type[Refusal], ...] = (Unauthenticated, ParameterUnknown, InternalError)
_EVERY_POST: tuple[type[Refusal], ...] = (BodyUnreadable, BodyTooLarge, IdempotencyMismatch, IdempotencyInFlight)

_ABOUT = """\
One brand's products, campaigns, leaders, orders, ledger and payouts. Send `Authorization: Bearer ty_live_…`.
Amounts are integers in the currency's minor unit (`*_minor`), rates are basis points (`*_bp`), times are ISO 8601 in
UTC. Every POST takes an `Idempotency-Key`: sent again within 24 hours it is answered as it was the first time, with
`Idempotent-Replayed: true`. Fields that are not listed are refused by name. `Accept-Language: zh` gives the reasons why
a plan is refused in Chinese.
"""


@cache
def document(public_url: str) -> bytes:
    """Give the document as JSON; public_url: where this deployment answers."""
    types = [Error, *dict.fromkeys(kind for route in ROUTES for kind in (route.answer_type, route.body, route.query))]
    schemas, components = msgspec.json.schema_components(types, ref_template=_SCHEMAS + "{name}")
    schema_of = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schema_of, components)
    said = {
        "openapi": "3.1.0",
        "info": {"title": "Tuanyuan", "version": "v1", "description": _ABOUT},
        "servers": [{"url": public_url}],
        "security": [{"api_key": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"api_key": {"type": "http", "scheme": "bearer"}},
        },
    }
    return msgspec.json.encode(said)


def _operation(route: Route, schema_of: dict[Any, Any], components: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name_of(route),
        "summary": route.summary,
        "tags": [route.path.split("/")[2].removesuffix(".json")],
        "parameters": [*_path_parameters(route), *_query_parameters(_at(schema_of[route.query], components))],
        "responses": _responses(route, schema_of),
    }
    if route.public:
        operation["security"] = []
    if route.method == "POST":
        operation["parameters"].append(_IDEMPOTENCY_KEY)
        needed = _at(schema_of[route.body], components)["required"]
        operation["requestBody"] = {"required": bool(needed), "content": _json(schema_of[route.body])}
    return operation


def _at(reference: dict[str, str], components: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = components[reference["$ref"].removeprefix(_SCHEMAS)]
    return schema


_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}


def _path_parameters(route: Route) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", route.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameters(query: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for name, schema in query["properties"].items():
        yield {"name": name, "in": "query", "required": False, "schema": schema}


def _responses(route: Route, schema_of: dict[Any, Any]) -> dict[str, Any]:
    responses: dict[str, Any] = {"200": {"description": route.summary, "content": _json(schema_of[route.answer_type])}}
    by_status: dict[int, list[type[Refusal]]] = {}
    common = () if route.public else _EVERY_ROUTE + (_EVERY_POST if route.method == "POST" else ())
    for refusal in dict.fromkeys((*route.refuses, *common)):
        by_status.setdefault(refusal.status, []).append(refusal)
    for status, refusals in sorted(by_status.items()):
        lines = [f"`{refusal.code}`: {(getdoc(refusal) or '').splitlines()[0]}" for refusal in refusals]
        responses[str(status)] = {"description": "\n\n".join(lines), "content": _json(schema_of[Error])}
    return responses


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
