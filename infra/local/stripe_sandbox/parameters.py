"""Parameter checks, derived at run time from the TypedDicts that stripe-python generates for each call.

What those types do not know is refused in Stripe's words, so a misspelt or retired parameter fails here first.
"""

import functools
import importlib
import re
import typing
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from infra.local.stripe_sandbox.leaves import read_leaf
from infra.local.stripe_sandbox.refusals import BadParameter, Json
from infra.local.stripe_sandbox.wire import Nested

# Options of the Python client that its types list beside the parameters; they travel as headers.
_NAMES_FOR_HINTS = {"StripeContext": object, "Mapping": Mapping}
MOST_METADATA_KEYS = 50
LONGEST_METADATA_KEY = 40
LONGEST_METADATA_VALUE = 500


@functools.cache
def params_type(name: str) -> Any:
    """`"TransferCreateParams"` or `"checkout.SessionCreateParams"` → stripe-python's type of that name."""
    *folder, class_name = name.split(".")
    module = "_" + re.sub(r"(?<!^)(?=[A-Z])", "_", class_name).lower()
    return getattr(importlib.import_module(".".join(["stripe.params", *folder, module])), class_name)


@functools.cache
def _fields(typed_dict: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """The parameters of a type (name → type), and which of them are required."""
    options = importlib.import_module("stripe._request_options").RequestOptions
    hints = typing.get_type_hints(typed_dict, localns=_NAMES_FOR_HINTS, include_extras=True)
    fields = {name: _bare(hint) for name, hint in hints.items() if name not in options.__annotations__}
    return fields, frozenset(name for name in fields if not _is_marked_not_required(hints[name]))


@functools.cache
def api_version() -> str:
    """The API version that this stripe-python speaks; objects and events have its shape."""
    return str(importlib.import_module("stripe._api_version")._ApiVersion.CURRENT)


def _is_marked_not_required(hint: Any) -> bool:
    return "NotRequired" in str(typing.get_origin(hint))


def _bare(hint: Any) -> Any:
    return typing.get_args(hint)[0] if _is_marked_not_required(hint) else hint


def read(type_name: str, form: Nested) -> Json:
    """Check a form against a type and give it back with ints, booleans and lists; refuse with `BadParameter`."""
    return _read_object(params_type(type_name), form, "")


def _read_object(typed_dict: Any, form: Nested, path: str) -> Json:
    fields, required = _fields(typed_dict)
    if unknown := [_join(path, name) for name in form if name not in fields]:
        s = "s" if len(unknown) > 1 else ""
        raise BadParameter(
            f"Received unknown parameter{s}: {', '.join(unknown)}", param=unknown[0], code="parameter_unknown"
        )
    for name in fields:
        if name in required and name not in form:
            param = _join(path, name)
            raise BadParameter(f"Missing required param: {param}.", param=param, code="parameter_missing")
    return {name: _read(fields[name], value, _join(path, name)) for name, value in form.items()}


def _read(hint: Any, value: "str | Nested", path: str) -> Any:
    kinds = _alternatives(hint)
    if isinstance(value, str):
        return _read_text(kinds, value, path)
    refusals: list[BadParameter] = []
    for kind in kinds:
        try:
            if typing.is_typeddict(kind) or _is_old_typeddict(kind):
                return _read_object(kind, value, path)
            if typing.get_origin(kind) is list:
                return _read_list(typing.get_args(kind)[0], value, path)
            if typing.get_origin(kind) is dict:
                return _read_map(typing.get_args(kind)[1], value, path)
        except BadParameter as refusal:
            refusals.append(refusal)
    raise refusals[0] if refusals else BadParameter(f"Invalid string: {value}", param=path)


def _is_old_typeddict(kind: Any) -> bool:
    """`typing_extensions` makes its own kind of TypedDict on Python 3.11."""
    return isinstance(kind, type) and issubclass(kind, dict) and hasattr(kind, "__total__")


def _alternatives(hint: Any) -> list[Any]:
    """The members of a union; of an open enum (`Literal[...] | str`) only what the API knows today."""
    origin = typing.get_origin(hint)
    members = list(typing.get_args(hint)) if origin is typing.Union or "UnionType" in str(origin) else [hint]
    has_enum = any(_is_enum(member) for member in members)
    return [member for member in members if not (member is str and has_enum)]


def _is_enum(kind: Any) -> bool:
    return typing.get_origin(kind) is Literal and typing.get_args(kind) != ("",)


def _read_text(kinds: list[Any], text: str, path: str) -> Any:
    if text == "":
        return _read_empty(kinds, path)
    refusals: list[BadParameter] = []
    for kind in kinds:
        if kind in (str, int, bool, float, Decimal) or _is_enum(kind):
            try:
                return read_leaf(kind, text, path)
            except BadParameter as refusal:
                refusals.append(refusal)
    if refusals:
        raise refusals[-1]
    wanted = "array" if any(typing.get_origin(kind) is list for kind in kinds) else "object"
    raise BadParameter(f"Invalid {wanted}", param=path)


def _read_empty(kinds: list[Any], path: str) -> str:
    """An empty string unsets; Stripe's types allow it with `Literal['']`, and for every map of metadata."""
    if any(typing.get_origin(kind) is dict or "" in typing.get_args(kind) for kind in kinds):
        return ""
    raise BadParameter(
        f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{path}' cannot be unset. You should remove '{path}' from your request or supply a "
        "non-empty value.",
        param=path,
        code="parameter_invalid_empty",
    )


def _read_list(kind: Any, value: Nested, path: str) -> list[Any]:
    if not all(position.isdecimal() for position in value):
        raise BadParameter("Invalid array", param=path)
    return [_read(kind, value[position], f"{path}[{position}]") for position in sorted(value, key=int)]


def _read_map(kind: Any, value: Nested, path: str) -> Json:
    if kind is not str:
        return {name: _read(kind, inner, _join(path, name)) for name, inner in value.items()}
    if len(value) > MOST_METADATA_KEYS:
        raise BadParameter(f"You can only have {MOST_METADATA_KEYS} metadata keys.", param=path)
    return {name: _read_metadata(name, inner, _join(path, name)) for name, inner in value.items()}


def _read_metadata(name: str, value: "str | Nested", path: str) -> str:
    if not isinstance(value, str):
        raise BadParameter("Metadata values must be strings.", param=path)
    if len(name) > LONGEST_METADATA_KEY:
        raise BadParameter(f"Metadata keys can have up to {LONGEST_METADATA_KEY} characters.", param=path)
    if len(value) > LONGEST_METADATA_VALUE:
        raise BadParameter(f"Metadata values can have up to {LONGEST_METADATA_VALUE} characters.", param=path)
    return value


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name
