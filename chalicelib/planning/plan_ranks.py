"""Ranks of a plan's document, put in and taken out. Pure.

What is a rank's own goes with it: the rules to rise to it and to stay, its value where each rank has one. What another
part says of it is not guessed at: the rank stays until that part names another one.
"""

import copy
from collections.abc import Iterator
from typing import Any

from chalicelib.commissions.rules.language import Plan
from chalicelib.errors import Conflict
from chalicelib.planning.plan_conditions import conditions, inside
from chalicelib.planning.plan_fields import Document, Path, at, most_of, place_of
from chalicelib.planning.plan_parts import without_parts

MOST = most_of(Plan, "ranks")
"""How many ranks a plan takes."""


class RankInUse(Conflict):
    """Other parts of the plan name the rank. `places` are their fields."""

    code = "plan_rank_in_use"

    def __init__(self, name: str, places: list[str]) -> None:
        self.places = places
        super().__init__(f"Other parts of the plan name the rank {name}. Choose another one there, then take it out.")


class LowestRankStays(Conflict):
    """The lowest rank is where everybody begins."""

    code = "plan_lowest_rank"


class RankHeld(Conflict):
    """The rank is in the brand's latest plan, and the brand has leaders."""

    code = "plan_rank_held"


def may_have_more(document: Document) -> bool:
    """Say whether the plan takes another rank."""
    return len(document["ranks"]) < MOST


def with_rank_above(document: Document, number: int) -> Document:
    """Give the document with a rank above its `number`-th; it begins with the values of the one below.

    Where a rule leads to the rank above, the same rule leads to the new one: nobody is kept from rising.
    """
    made = copy.deepcopy(document)
    ranks = [rank["id"] for rank in made["ranks"]]
    name = next(name for name in range(len(ranks) + 1, 2 * len(ranks) + 2) if f"rank{name}" not in ranks)
    added, below = f"rank{name}", ranks[number]
    made["ranks"].insert(number + 1, {"id": added, "zh": f"等级{name}", "en": f"Rank {name}"})
    for _, by_rank in _values(made):
        if below in by_rank:
            _insert_after(by_rank, below, added)
    above = ranks[number + 1] if number + 1 < len(ranks) else None
    for place, rule in enumerate(made.get("promotions", ())):
        if above is not None and rule["to"] == above:
            made["promotions"].insert(place, {"to": added, "when": copy.deepcopy(rule["when"])})
            break
    return made


def without_rank(document: Document, number: int, *, held: frozenset[str] = frozenset()) -> tuple[Document, list[str]]:
    """Give the document without its `number`-th rank, and the places of what goes with it.

    held: the ranks that must stay, as leaders may have them. Raises `LowestRankStays`, `RankHeld`, `RankInUse`.
    """
    rank, name = document["ranks"][number]["id"], document["ranks"][number]["en"]
    if number == 0:
        raise LowestRankStays("Everybody begins in the lowest rank. Give it other names, or take out the one above it.")
    if rank in held:
        raise RankHeld(
            f"Leaders may have the rank {name}. Take out the rule to rise to it: then nobody reaches it again."
        )
    if uses := list(_uses(document, rank)):
        raise RankInUse(name, uses)
    rules = {
        f"{kind}[{place}]"
        for kind, names in (("promotions", "to"), ("upkeep", "rank"))
        for place, rule in enumerate(document.get(kind, ()))
        if rule[names] == rank
    }
    gone = sorted(rules)
    made = without_parts(document, rules)
    for path, by_rank in _values(made):
        if by_rank.pop(rank, None) is not None:
            gone.append(place_of((*path, rank)))
    for path, inviters in _inviters(made):
        gone.extend(place_of((*path, place)) for place, one in enumerate(inviters) if one == rank)
        inviters[:] = [one for one in inviters if one != rank]
    del made["ranks"][number]
    return made, gone


def _uses(document: Document, rank: str) -> Iterator[str]:
    """Name where the rank is spoken of and something must stand: a choice, or the only one of several."""
    if document.get("head_rank") == rank:
        yield "head_rank"
    for number, reward in enumerate(document["rewards"]):
        if reward.get("from_rank") == rank:
            yield f"rewards[{number}].from_rank"
    for path, by_rank in _values(document):
        if list(by_rank) == [rank]:
            yield place_of((*path, rank))
    for path, inviters in _inviters(document):
        if set(inviters) == {rank}:
            yield place_of((*path, 0))
    for rule in conditions(document):
        own = at(document, rule[:2])
        if rank in (own.get("to"), own.get("rank")):
            continue  # goes with the rank
        for path in inside(document, rule):
            if at(document, path).get("rank") == rank:
                yield place_of((*path, "rank"))


def _values(document: Document) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give where each rank has a value of its own."""
    for number, reward in enumerate(document["rewards"]):
        for way in (("rebate_bp",), ("margin", "settlement_bp"), ("amount_minor",)):
            found = reward
            for step in way:
                found = found.get(step, {})
            if isinstance(found, dict) and found:
                yield ("rewards", number, *way), found


def _inviters(document: Document) -> Iterator[tuple[Path, list[str]]]:
    for number, reward in enumerate(document["rewards"]):
        if "inviter_ranks" in reward:
            yield ("rewards", number, "inviter_ranks"), reward["inviter_ranks"]


def _insert_after(by_rank: dict[str, Any], below: str, added: str) -> None:
    """Put a rank behind another one, in whose order the form shows them."""
    pairs = list(by_rank.items())
    by_rank.clear()
    for rank, value in pairs:
        by_rank[rank] = value
        if rank == below:
            by_rank[added] = value
