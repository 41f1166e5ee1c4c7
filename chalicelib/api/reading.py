"""Reading what was sent. Whatever it is, it becomes the route's request type or a 4xx that names the field."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, TypeVar

import msgspec

from chalicelib.api.answers import bracketed
from chalicelib.errors import Invalid, NotFound, Refusal

S = TypeVar("S", bound=msgspec.Struct)

LARGEST_BODY_BYTES = 256 * 1024
_LONGEST_ECHO = 80


class BodyUnreadable(Refusal):
    """The body is no JSON, or no UTF-8, or nested too deeply."""

    code = "body_unreadable"


class BodyTooLarge(Refusal):
    """The body is larger than any request needs."""

    status = 413
    code = "body_too_large"


class ParameterUnknown(Invalid):
    """A field that this request does not have."""

    code = "parameter_unknown"


class ParameterMissing(Invalid):
    """A field that this request needs."""

    code = "parameter_missing"


def read_body(body: bytes, form: type[S], *, largest: int = LARGEST_BODY_BYTES) -> S:
    """Decode a JSON body; none at all is `{}`. Raises a refusal that names the field."""
    if len(body) > largest:
        raise BodyTooLarge(f"The body is larger than {largest // 1024} KiB.")
    try:
        # the whole of it first: msgspec looks no further than the first field that is wrong
        return msgspec.json.decode(body.decode().strip() or "{}", type=form)
    except msgspec.ValidationError as error:
        _refuse(str(error))
    except msgspec.DecodeError as error:
        raise BodyUnreadable("The body is not JSON.") from error
    except UnicodeDecodeError as error:
        raise BodyUnreadable("The body is not UTF-8.") from error
    except RecursionError as error:
        raise BodyUnreadable("The body is nested too deeply.") from error


def check_names(ids: Mapping[str, str]) -> None:
    """Refuse names in the path that are no text: half a surrogate pair can be neither looked up nor shown."""
    for name, value in ids.items():
        if not value.isprintable():
            raise NotFound("There is nothing of this name.", param=name)


def read_query(given: Mapping[str, Sequence[str]], form: type[S]) -> S:
    """Decode the query parameters. Raises a refusal that names the parameter."""
    for name, values in given.items():
        if not (name.isprintable() and all(value.isprintable() for value in values)):
            raise Invalid("A parameter has characters that cannot be shown.")
        if len(values) > 1:
            raise Invalid("This parameter is given twice.", param=name[:_LONGEST_ECHO])
    try:
        return msgspec.convert({name: values[0] for name, values in given.items()}, form, strict=False)
    except msgspec.ValidationError as error:
        _refuse(str(error))


# msgspec says e.g. "Expected `int`, got `str` - at `$.lines[0].qty`".
_SAID = re.compile(r"(?P<what>.*?)(?: - at `(?:key in )?\$\.?(?P<path>.*)`)?", re.DOTALL)
_FIELD = re.compile(r"Object (?P<how>contains unknown|missing required) field `(?P<name>.*)`", re.DOTALL)


def _refuse(said: str) -> NoReturn:
    """Turn msgspec's sentence into a refusal with the field's place."""
    found: Any = _SAID.fullmatch(said)
    what, path = found["what"], found["path"] or ""
    if (field := _FIELD.fullmatch(what)) is None:
        raise Invalid(f"{what}.", param=bracketed(path) if path else None)
    param = bracketed(f"{path}.{field['name'][:_LONGEST_ECHO]}")
    if field["how"] == "missing required":
        raise ParameterMissing(f"The field {param} is missing.", param=param)
    raise ParameterUnknown(f"There is no field {param} here.", param=param)
