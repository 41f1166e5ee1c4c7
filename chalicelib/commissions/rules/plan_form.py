"""Every fault of form in a plan document. msgspec stops at the first one; a brand wants to see them all."""

from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple, get_args, get_origin

import msgspec
from msgspec.structs import fields


class Problem(NamedTuple):
    """One thing wrong with a plan: `place` is a path such as `rewards[1].rate_bp` (empty: the whole document)."""

    place: str
    reason: str


def problems_of_form(raw: Any, wanted: Any, place: str = "") -> list[Problem]:
    """List every place where decoded JSON is not of the wanted type: unknown and missing fields, wrong values."""
    try:
        msgspec.convert(raw, wanted)
    except msgspec.ValidationError as error:
        reason, _, inside = str(error).partition(" - at `$")
        return list(_deeper(raw, wanted, place)) or [Problem(place + inside.rstrip("`"), reason)]
    return []


def _deeper(raw: Any, wanted: Any, place: str) -> Iterator[Problem]:
    """Look for the fault inside a value; yields nothing when the value as a whole is of the wrong kind."""
    wanted = _chosen(raw, wanted)
    if isinstance(raw, dict) and isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        yield from _fields(raw, wanted, place)
    elif isinstance(raw, dict) and get_origin(wanted) is dict:
        for key, value in raw.items():
            yield from problems_of_form(value, get_args(wanted)[1], _under(place, key))
    elif isinstance(raw, list) and get_origin(wanted) is tuple:
        for number, value in enumerate(raw):
            yield from problems_of_form(value, get_args(wanted)[0], f"{place}[{number}]")


def _fields(raw: dict[str, Any], wanted: type[msgspec.Struct], place: str) -> Iterator[Problem]:
    known = {field.encode_name: field for field in fields(wanted)}
    tag_field = wanted.__struct_config__.tag_field
    for name in raw:
        if name not in known and name != tag_field:
            yield Problem(_under(place, name), "there is no such field here")
    for name, field in known.items():
        if name in raw:
            yield from problems_of_form(raw[name], field.type, _under(place, name))
        elif field.required:
            yield Problem(_under(place, name), "this field is missing")


def _chosen(raw: Any, wanted: Any) -> Any:
    """Strip annotations, and of a union take the member that the value means to be, by its tag or its shape."""
    if get_origin(wanted) is Annotated:
        return _chosen(raw, get_args(wanted)[0])
    structs = [kind for kind in get_args(wanted) if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    for kind in structs if isinstance(raw, dict) else ():
        config = kind.__struct_config__
        if config.tag_field is None or raw.get(config.tag_field) == config.tag:
            return kind
    return wanted


def _under(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
