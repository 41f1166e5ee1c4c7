"""The fields of a plan document, found by the plan language's own types: what a form shows, and writes back. Pure.

A form is made of the document, so it shows what this plan has, and nothing that another plan could have. What is not
there yet is added with usual values (`plan_parts`, `plan_ranks`, `plan_conditions`), then changed in its fields.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import inspect

from chalicelib.commissions.rules.language import Plan

Kind = Literal["percent", "money", "count", "choice", "rank", "text"]
Path = tuple[str | int, ...]
Document = dict[str, Any]

_NOT_ASKED = frozenset({"format", "id", "to", "performance", "removed_downline"})
"""What a form leaves as it is: names that other parts point to, and what only the simulator does so far."""
_RANKS = frozenset({"rank", "from_rank", "inviter_ranks", "head_rank"})
_MAY_BE_ADDED = frozenset({"payout_cap_bp", "max_per_month"})
"""Fields that are shown empty where the plan does not have them."""


class Field(NamedTuple):
    """One value of a plan. `about` is the name that the language has for it, `owner` the tag of the part it is in.

    `rank` is the rank that it is for, where each has its own; `options` are what it can be chosen of.
    """

    path: Path
    about: str
    owner: str
    kind: Kind
    value: int | str | None
    options: tuple[str, ...] = ()
    rank: str = ""
    is_optional: bool = False

    @property
    def place(self) -> str:
        """Where it stands in the document, as problems and findings say it: `rewards[1].rate_bp`."""
        return place_of(self.path)


def place_of(path: Path) -> str:
    """Write a path as a place in the document."""
    return "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path).removeprefix(".")


def kind_and_number(place: str) -> tuple[str, int]:
    """Split a part's place: `rewards[2]` is the list and the place in it; `probation`, in no list, has the number 0."""
    kind, _, number = place.partition("[")
    return kind, int(number.rstrip("]") or 0)


def read(text: str) -> Document:
    """Decode a document that may be no plan. Raises `ValueError` for what is no JSON object.

    What is null is left out: the language means the same by both (`"probation": null`), and a form has no field for it.
    """
    found = json.loads(text, object_pairs_hook=lambda pairs: {name: one for name, one in pairs if one is not None})
    if not isinstance(found, dict):
        raise ValueError("a plan is an object")
    return found


def write(document: Document) -> str:
    """Write a document as people read it."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def at(document: Document, path: Path) -> Any:
    """Give what stands at a path. Raises `LookupError` where nothing does."""
    found: Any = document
    for step in path:
        found = found[step]
    return found


def fields_of(document: Document) -> list[Field]:
    """List the fields of a plan's document, in its order; the document must be a plan."""
    ranks = tuple(rank["id"] for rank in document["ranks"])
    return list(_inside(document, _of(Plan), (), "plan", ranks))


def tag_of(kind: type) -> str:
    """Give the name that the language has for a part (`own_sales`), or that of its type."""
    tag = getattr(kind, "__struct_config__").tag  # noqa: B009 - msgspec's own name for it
    return str(tag) if tag is not None else kind.__name__


def most_of(kind: type, name: str) -> int:
    """Give how many entries the language takes in a list of a part."""
    listed = next(field.type for field in _of(kind).fields if field.encode_name == name)
    return int(listed.max_length)


def edited(document: Document, values: Mapping[Path, int | str | None]) -> Document:
    """Give the document with other values at some paths; None takes a field out."""
    made = copy.deepcopy(document)
    for path, value in values.items():
        *way, last = path
        inside = at(made, tuple(way))
        if value is None:
            inside.pop(last, None)
        else:
            inside[last] = value
    return made


# ------------------------------------------------------------------------------------------------ the types


@cache
def _of(kind: type) -> Any:
    return inspect.type_info(kind)


def _inside(raw: Any, wanted: Any, path: Path, owner: str, ranks: tuple[str, ...]) -> Iterator[Field]:
    """Yield the fields of a value, by what the language wants there."""
    wanted = _meant(raw, wanted)
    if isinstance(wanted, inspect.StructType):
        owner = tag_of(wanted.cls)
        if owner in ("all", "any") and len(raw["of"]) > 1:  # of one alone there is nothing to choose
            yield Field((*path, "kind"), "join", owner, "choice", raw["kind"], options=("all", "any"))
        for one in wanted.fields:
            if one.encode_name in raw:
                yield from _inside(raw[one.encode_name], one.type, (*path, one.encode_name), owner, ranks)
            elif one.encode_name in _MAY_BE_ADDED or isinstance(one.type, inspect.LiteralType):
                yield from _value(_default(one), one.type, (*path, one.encode_name), owner, ranks)
    elif isinstance(wanted, inspect.VarTupleType):
        for number, item in enumerate(raw):
            yield from _inside(item, wanted.item_type, (*path, number), owner, ranks)
    elif isinstance(wanted, inspect.DictType):
        for rank, value in raw.items():
            for field in _value(value, wanted.value_type, (*path, rank), owner, ranks):
                yield field._replace(about=str(path[-1]), kind=_kind_of(str(path[-1])), rank=rank)
    else:
        yield from _value(raw, wanted, path, owner, ranks)


def _value(raw: Any, wanted: Any, path: Path, owner: str, ranks: tuple[str, ...]) -> Iterator[Field]:
    about = next(str(step) for step in reversed(path) if isinstance(step, str))
    if about in _NOT_ASKED:
        return
    wanted = _plain(wanted)
    if isinstance(wanted, inspect.LiteralType):
        if len(choices := _choices(wanted, raw, path)) > 1:
            yield Field(path, about, owner, "choice", raw, options=choices)
    elif about in _RANKS:
        yield Field(path, about, owner, "rank", raw, options=ranks)
    elif isinstance(wanted, inspect.IntType):
        yield Field(path, about, owner, _kind_of(about), raw, is_optional=about in _MAY_BE_ADDED)
    elif isinstance(wanted, inspect.StrType):
        yield Field(path, about, owner, "text", raw)


def _choices(wanted: inspect.LiteralType, raw: Any, path: Path) -> tuple[str, ...]:
    """List what can be chosen; periods that need something else beside them only where they are chosen already."""
    hidden = {"joining"} if path[0] == "probation" else {"joining", "probation"}
    order = ("all_time", "probation", "month", "quarter", "joining")
    known = sorted((str(one) for one in wanted.values), key=lambda one: order.index(one) if one in order else 9)
    return tuple(one for one in known if one not in hidden or one == raw)


def _kind_of(about: str) -> Kind:
    return "percent" if "_bp" in about else "money" if about.endswith("_minor") else "count"


def _default(field: inspect.Field) -> Any:
    return None if field.default is msgspec.NODEFAULT else field.default


def _plain(wanted: Any) -> Any:
    """Strip what is only said about a type, and of “this or nothing” take this."""
    if isinstance(wanted, inspect.Metadata):
        return _plain(wanted.type)
    if isinstance(wanted, inspect.UnionType):
        return next((_plain(one) for one in wanted.types if not isinstance(one, inspect.NoneType)), wanted)
    return wanted


def _meant(raw: Any, wanted: Any) -> Any:
    """Of a union of parts take the one that the value is, by its tag."""
    while isinstance(wanted, inspect.Metadata):
        wanted = wanted.type
    if not isinstance(wanted, inspect.UnionType):
        return wanted
    structs = [one for one in wanted.types if isinstance(one, inspect.StructType)]
    if not isinstance(raw, dict) or not structs:
        return _plain(wanted)
    return next((one for one in structs if one.tag_field is None or raw.get(one.tag_field) == one.tag), structs[0])
