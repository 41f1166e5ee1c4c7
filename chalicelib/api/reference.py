"""The API's reference as pages show it: the OpenAPI document, laid out by resource. Pure.

Everything comes from the table of routes and the types, as the document does, so it cannot say anything else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.api.openapi import document

_REF = "#/components/schemas/"
_PAGE_OF = re.compile(r"ListOf_(\w+?)_?")
"""What msgspec calls a page of a list; the guide says once what all pages look like."""


class FieldDoc(Struct, frozen=True):
    """A field of a body, an answer or an address: what it holds, whether it must be there, the types that it names."""

    name: str
    holds: str
    is_required: bool
    types: tuple[str, ...]


class RefusalDoc(Struct, frozen=True):
    """What a request can be refused for: the HTTP status, the `code`, a sentence."""

    status: str
    code: str
    text: str


class OperationDoc(Struct, frozen=True):
    """One request."""

    anchor: str
    method: str
    path: str
    summary: str
    query: tuple[FieldDoc, ...]
    body: tuple[FieldDoc, ...]
    answer: FieldDoc
    refusals: tuple[RefusalDoc, ...]


class TypeDoc(Struct, frozen=True):
    """A type that bodies or answers name."""

    name: str
    text: str
    fields: tuple[FieldDoc, ...]


class PartDoc(Struct, frozen=True):
    """All requests of one resource, and the types that they name."""

    name: str
    operations: tuple[OperationDoc, ...]
    types: tuple[TypeDoc, ...]


@cache
def parts() -> Mapping[str, PartDoc]:
    """Give the reference by resource, in the order of the table of routes."""
    said = msgspec.json.decode(document(""))
    schemas = said["components"]["schemas"]
    found: dict[str, list[OperationDoc]] = {}
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_operation(method, path, operation, schemas))
    return {name: PartDoc(name, tuple(listed), tuple(_types(listed, schemas))) for name, listed in found.items()}


@cache
def common_refusals() -> tuple[RefusalDoc, ...]:
    """List what every request, or every POST, can be refused for: said once, not at each."""
    found: set[RefusalDoc] = set()
    for method in ("GET", "POST"):
        of_method = [one for part in parts().values() for one in part.operations if one.method == method]
        found |= set.intersection(*(set(one.refusals) for one in of_method if one.refusals))
    return tuple(sorted(found, key=lambda one: (one.status, one.code)))


def _operation(method: str, path: str, operation: Any, schemas: Any) -> OperationDoc:
    asked = [one for one in operation["parameters"] if one["in"] == "query"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return OperationDoc(
        operation["operationId"],
        method.upper(),
        path,
        operation["summary"],
        tuple(_field(one["name"], one["schema"], one["required"], schemas) for one in asked),
        tuple(_fields(_resolved(body, schemas), schemas)) if body else (),
        _field("", answer, True, schemas),
        tuple(_refusals(operation["responses"])),
    )


def _refusals(responses: Mapping[str, Any]) -> Iterator[RefusalDoc]:
    for status, response in responses.items():
        for line in response["description"].split("\n\n") if status != "200" else ():
            code, _, text = line.partition("`: ")
            yield RefusalDoc(status, code.lstrip("`"), text)


def _types(operations: Iterable[OperationDoc], schemas: Any) -> list[TypeDoc]:
    """Give the types that requests name, and those that these name, each once, by name."""
    waiting = [name for one in operations for field in (*one.query, *one.body, one.answer) for name in field.types]
    known: dict[str, TypeDoc] = {}
    while waiting:
        name = waiting.pop()
        if name not in known:
            known[name] = TypeDoc(name, _first(schemas[name]), tuple(_fields(schemas[name], schemas)))
            waiting += [more for field in known[name].fields for more in field.types]
    return sorted(known.values(), key=lambda one: one.name)


def _first(schema: Any) -> str:
    return str(schema.get("description", "")).split("\n\n")[0]


def _resolved(schema: Any, schemas: Any) -> Any:
    return schemas[schema["$ref"].removeprefix(_REF)] if "$ref" in schema else schema


def _fields(schema: Any, schemas: Any) -> Iterator[FieldDoc]:
    needed = schema.get("required", ())
    for name, one in schema.get("properties", {}).items():
        yield _field(name, one, name in needed, schemas)


def _field(name: str, schema: Any, is_required: bool, schemas: Any) -> FieldDoc:
    return FieldDoc(name, _said(schema, schemas), is_required, tuple(dict.fromkeys(_named(schema))))


def _named(schema: Any) -> Iterator[str]:
    """Yield the types that a schema names, wherever in it."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(_REF)
            yield page[1] if (page := _PAGE_OF.fullmatch(name)) else name
        for name, one in schema.items():
            yield from _named(one) if name not in ("discriminator", "default") else ()
    elif isinstance(schema, list):
        for one in schema:
            yield from _named(one)


def _said(schema: Any, schemas: Any) -> str:
    """Say in a few words what a value is."""
    if "$ref" in schema:
        name = str(schema["$ref"].removeprefix(_REF))
        return f"page of {page[1]}" if (page := _PAGE_OF.fullmatch(name)) else name
    if "anyOf" in schema:
        kinds = [_said(one, schemas) for one in schema["anyOf"]]
        return " or ".join(dict.fromkeys("nothing" if kind == "null" else kind for kind in kinds))
    if "enum" in schema or "const" in schema:
        return ", ".join(f"“{one}”" for one in schema.get("enum", [schema.get("const")]))
    kind = schema.get("type", "anything")
    if kind == "array":
        item = schema.get("items") or {}
        return f"list of {_said(item, schemas)}" if item else "list"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"{_said(schema['additionalProperties'], schemas)} by name"
    bounds = _bounds(schema)
    shape = {"date-time": "time (ISO 8601)", "byte": "bytes in base64"}.get(schema.get("format", ""), kind)
    return f"{shape}, {bounds}" if bounds else str(shape)


def _bounds(schema: Any) -> str:
    for unit, low, high in (("", "minimum", "maximum"), (" characters", "minLength", "maxLength")):
        if low in schema and high in schema:
            return f"{schema[low]} to {schema[high]}{unit}"
        if low in schema or high in schema:
            words = f"at least {schema[low]}" if low in schema else f"at most {schema[high]}"
            return words + unit
    return ""


def title_of(part: str) -> str:
    """Give a resource's name as a heading: `payout_runs` is “Payout runs”."""
    return re.sub("_", " ", part).capitalize()
