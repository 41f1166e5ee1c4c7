"""The conditions of a plan's document: thresholds put in, with usual values by the language's types, and out. Pure.

A lone threshold beside which another one comes is joined with it by `all`; of two that become one, the joint goes.
"""

import copy
from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from chalicelib.commissions.rules.conditions import AllOf, Threshold
from chalicelib.planning.plan_fields import Document, Path, at, most_of, place_of, tag_of

_OF_TAG = {tag_of(kind): kind for kind in get_args(Threshold)}
KINDS = tuple(_OF_TAG)
"""The thresholds of the language, by the name that it has for each."""
MOST = most_of(AllOf, "of")
"""How many thresholds one `all` or `any` takes."""
_USUAL = {"at_least": 3, "at_least_minor": 100_000}
_TO_RISE_MINOR = 1_000_000
_DAYS = 30


def conditions(document: Document) -> Iterator[Path]:
    """Give where the conditions stand: of the probation, of each rule to rise, of each to stay."""
    if "probation" in document:
        yield ("probation", "confirmed_when")
    for name in ("promotions", "upkeep"):
        for number in range(len(document.get(name, ()))):
            yield (name, number, "when")


def inside(document: Document, path: Path) -> Iterator[Path]:
    """Give where a condition and all conditions in it stand, in the document's order."""
    yield path
    for number in range(len(at(document, path).get("of", ()))):
        yield from inside(document, (*path, "of", number))


def takes_more(document: Document, path: Path) -> bool:
    """Say whether a threshold can come to a condition: to an `all` or `any` with room, or to a rule's only one."""
    condition = at(document, path)
    return len(condition["of"]) < MOST if "of" in condition else path[-2] != "of"


def with_threshold(document: Document, path: Path, kind: str) -> tuple[Document, Path]:
    """Give the document with one more threshold of a kind in a condition that `takes_more`, and where that stands."""
    made = copy.deepcopy(document)
    condition, usual = at(made, path), usual_threshold(document, path, kind)
    if "of" in condition:
        condition["of"].append(usual)
        return made, (*path, "of", len(condition["of"]) - 1)
    _put(made, path, {"kind": "all", "of": [condition, usual]})
    return made, (*path, "of", 1)


def can_go(document: Document, path: Path) -> bool:
    """Say whether a condition can be taken out: where another one stands beside it."""
    return path[-2] == "of" and len(at(document, path[:-1])) > 1


def without_condition(document: Document, path: Path) -> Document:
    """Give the document without a condition that `can_go`."""
    made = copy.deepcopy(document)
    *_, number = path
    beside = at(made, path[:-1])
    del beside[number]
    if len(beside) == 1:
        _put(made, path[:-2], beside[0])
    return made


def usual_threshold(document: Document, path: Path, kind: str) -> Document:
    """Give a threshold for a condition as brands begin with it: every field of its type that it cannot do without."""
    rule = str(path[0])
    made: Document = {"kind": kind}
    for field in msgspec.structs.fields(_OF_TAG[kind]):
        if field.name == "over":
            made |= _period(document, path, get_args(field.type), str(field.default))
        elif field.name == "rank":
            made["rank"] = _rank_below(document, path)
        elif field.required:
            to_rise = rule == "promotions" and field.name == "at_least_minor"
            made[field.name] = _TO_RISE_MINOR if to_rise else _USUAL[field.name]
    return made


def _period(document: Document, path: Path, known: tuple[str, ...], usual: str) -> Document:
    """Say over which time a figure counts: a rule to stay needs one that comes again, others have the type's own."""
    wished = {"probation": "probation", "upkeep": at(document, path[:2]).get("every") if path[0] == "upkeep" else None}
    over = wished.get(str(path[0]))
    if over in known:
        return {"over": over}
    if usual == "probation":  # counts in a probation's own condition alone
        return {"over": "joining", "days": _DAYS}
    return {"over": usual}


def _rank_below(document: Document, path: Path) -> str:
    """Give the rank below the one that a rule is for; the lowest, where there is none."""
    ranks = [str(rank["id"]) for rank in document["ranks"]]
    rule = at(document, path[:2]) if path[0] != "probation" else {}
    rank = rule.get("to", rule.get("rank"))
    return ranks[max(0, ranks.index(rank) - 1)] if rank in ranks else ranks[0]


def _put(document: Document, path: Path, condition: Any) -> None:
    at(document, path[:-1])[path[-1]] = condition


def path_at(document: Document, place: str) -> Path | None:
    """Find the condition at a place that was sent: `promotions[0].when.of[1]`; None where there is none."""
    known = (path for condition in conditions(document) for path in inside(document, condition))
    return next((path for path in known if place_of(path) == place), None)
