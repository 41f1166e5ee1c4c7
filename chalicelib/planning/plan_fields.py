"""The fields of a plan document, found by the plan language's own types: what a form shows, and writes back. Pure.

A form is made of the document, so it shows what this plan has, and nothing that another plan could have. What is not
there yet is added as a whole part with usual values (`addable`), then changed in its fields.
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

_NOT_ASKED = frozenset({"format", "id", "to", "performance", "removed_downline", "due", "max_per_month"})
"""What a form leaves as it is: names that other parts point to, and what only the simulator does so far."""
_RANKS = frozenset({"rank", "from_rank", "inviter_ranks", "head_rank"})
_MAY_BE_ADDED = frozenset({"payout_cap_bp"})
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


def read(text: str) -> Document:
    """Decode a document that may be no plan. Raises `ValueError` for what is no JSON object."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("a plan is an object")
    return found


def write(document: Document) -> str:
    """Write a document as people read it."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def fields_of(document: Document) -> list[Field]:
    """List the fields of a plan's document, in its order; the document must be a plan."""
    ranks = tuple(rank["id"] for rank in document["ranks"])
    return list(_inside(document, _of(Plan), (), "plan", ranks))


def tag_of(kind: type) -> str:
    """Give the name that the language has for a part (`own_sales`), or that of its type."""
    tag = getattr(kind, "__struct_config__").tag  # noqa: B009 - msgspec's own name for it
    return str(tag) if tag is not None else kind.__name__


def edited(document: Document, values: Mapping[Path, int | str | None]) -> Document:
    """Give the document with other values at some paths; None takes a field out."""
    made = copy.deepcopy(document)
    for path, value in values.items():
        *way, last = path
        inside: Any = made
        for step in way:
            inside = inside[step]
        if value is None:
            inside.pop(last, None)
        else:
            inside[last] = value
    return made


# ------------------------------------------------------------------------------------------------ whole parts


def addable(document: Document) -> list[str]:
    """Name the parts that this plan could have besides: `rewards.dividend`, `probation`, `ranks`, `promotions.gold`."""
    kinds = {reward["kind"] for reward in document["rewards"]}
    needs = {
        "incubation": "direct_referral" in kinds,
        "team_override": "retail" in kinds and "head_rank" in document,
        "breakaway_referral": "retail" in kinds and "head_rank" in document,
        "invite_bonus": "head_rank" in document,
    }
    ranks = [rank["id"] for rank in document["ranks"]][1:]
    risen = {promotion["to"] for promotion in document.get("promotions", ())}
    kept = {upkeep["rank"] for upkeep in document.get("upkeep", ())}
    return [
        *(f"rewards.{kind}" for kind in _REWARDS if kind not in kinds and needs.get(kind, True)),
        "ranks",
        *(f"promotions.{rank}" for rank in ranks if rank not in risen),
        *(f"upkeep.{rank}" for rank in ranks if rank not in kept),
        *(part for part in ("probation", "admission") if part not in document),
    ]


def with_part(document: Document, part: str) -> Document:
    """Give the document with a part of `addable`, with usual values; as it is for anything else."""
    if part not in addable(document):
        return document
    made, (kind, _, name) = copy.deepcopy(document), part.partition(".")
    ranks = [rank["id"] for rank in made["ranks"]]
    match kind:
        case "rewards":
            made["rewards"].append({"kind": name, **_usual(name, ranks, made.get("head_rank"))})
        case "ranks":
            _add_rank(made, ranks)
        case "promotions":
            rule = {"to": name, "when": {"kind": "team_sales", "at_least_minor": 1_000_000, "over": "all_time"}}
            made["promotions"] = [*made.get("promotions", ()), rule]
        case "upkeep":
            when = {"kind": "team_sales", "at_least_minor": 100_000, "over": "month"}
            kept: Document = {"rank": name, "every": "month", "when": when, "notice_days": 7}
            made["upkeep"] = [*made.get("upkeep", ()), kept]
        case "probation":
            made["probation"] = {
                "days": 7,
                "confirmed_when": {"kind": "own_orders", "at_least": 3, "over": "probation"},
            }
        case "admission":
            made["admission"] = {"min_group_size": 50}
    return made


def without_parts(document: Document, places: set[str]) -> Document:
    """Give the document without some of its parts: rewards, promotions, upkeep, probation, admission."""
    made = copy.deepcopy(document)
    for name in ("rewards", "promotions", "upkeep"):
        if name in made:
            made[name] = [one for number, one in enumerate(made[name]) if f"{name}[{number}]" not in places]
    for name in ("probation", "admission"):
        if name in places:
            made.pop(name, None)
    return made


_REWARDS = (
    "retail", "direct_referral", "incubation", "tier_rebate", "same_rank_referral", "team_override",
    "breakaway_referral", "invite_bonus", "invite_coupon", "acquisition", "dividend",
)  # fmt: skip


def _usual(kind: str, ranks: list[str], head_rank: str | None) -> Document:
    """Give a reward as brands begin with it."""
    usual: dict[str, Document] = {
        "retail": {"margin": {"by": "rate", "rate_bp": 1_000}},
        "direct_referral": {"rate_bp": 300, "sellers": "all"},
        "incubation": {"rate_bp": 500, "from_rank": ranks[-1]},
        "tier_rebate": {"rebate_bp": {rank: 100 * number for number, rank in enumerate(ranks)}},
        "same_rank_referral": {"rate_bp": 100},
        "team_override": {"rate_bp": 2_000},
        "breakaway_referral": {"rate_bp": 2_000},
        "invite_bonus": {"amount_minor": {head_rank or ranks[-1]: 1_000}},
        "invite_coupon": {"amount_minor": 1_000, "inviter_ranks": [ranks[0]]},
        "acquisition": {"amount_minor": 500, "after_days": 7, "min_paid_minor": 2_000},
        "dividend": {"rate_bp": 100, "from_rank": ranks[-1]},
    }
    return usual[kind]


def _add_rank(made: Document, ranks: list[str]) -> None:
    """Put a rank above the others; where each rank has a value of its own it begins with that of the rank below."""
    number = next(number for number in range(len(ranks) + 1, 2 * len(ranks) + 2) if f"rank{number}" not in ranks)
    made["ranks"].append({"id": f"rank{number}", "zh": f"等级{number}", "en": f"Rank {number}"})
    for reward in made["rewards"]:
        margin = reward.get("margin", {})
        for by_rank in (reward.get("rebate_bp"), margin.get("settlement_bp")):
            if isinstance(by_rank, dict) and ranks[-1] in by_rank:
                by_rank[f"rank{number}"] = by_rank[ranks[-1]]


# ------------------------------------------------------------------------------------------------ the types


@cache
def _of(kind: type) -> Any:
    return inspect.type_info(kind)


def _inside(raw: Any, wanted: Any, path: Path, owner: str, ranks: tuple[str, ...]) -> Iterator[Field]:
    """Yield the fields of a value, by what the language wants there."""
    wanted = _meant(raw, wanted)
    if isinstance(wanted, inspect.StructType):
        owner = tag_of(wanted.cls)
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
