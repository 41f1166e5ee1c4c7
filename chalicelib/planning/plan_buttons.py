"""The buttons of a plan's form that put something in or take it out: which there are, and what each makes. Pure.

A button is sent by what it does and where: `add ranks[1]` (a rank above that one), `add promotions[0].when` (a
threshold), `add rewards.dividend` (a part), `take rewards[2]`.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from chalicelib.planning import plan_conditions, plan_parts, plan_ranks
from chalicelib.planning.plan_fields import Document, kind_and_number, place_of


class Button(NamedTuple):
    """What a button does and where; `kind` is the threshold that is to come."""

    do: Literal["add", "take"]
    place: str
    kind: str = ""


class Change(NamedTuple):
    """What a button made of a document.

    added: a place in the document after. taken, gone: places before, of what was taken out and what went with it.
    """

    before: Document
    after: Document
    added: str = ""
    taken: str = ""
    gone: tuple[str, ...] = ()


def buttons_of(document: Document) -> Iterator[Button]:
    """Give every button that the form of a plan has."""
    ranks = range(len(document["ranks"]))
    yield from (Button("add", part) for part in plan_parts.addable(document))
    yield from (Button("take", place) for place in plan_parts.places_of_parts(document))
    yield from (Button("add", f"ranks[{number}]") for number in ranks if plan_ranks.may_have_more(document))
    yield from (Button("take", f"ranks[{number}]") for number in ranks[1:])
    for rule in plan_conditions.conditions(document):
        for path in plan_conditions.inside(document, rule):
            if plan_conditions.takes_more(document, path):
                yield from (Button("add", place_of(path), kind) for kind in plan_conditions.KINDS)
            if plan_conditions.can_go(document, path):
                yield Button("take", place_of(path))


def pressed(document: Document, button: Button, *, held: frozenset[str] = frozenset()) -> Change:
    """Do what a button says; nothing where the plan has no such button (an old page, or a made-up one).

    held: the ranks that must stay. Raises `LowestRankStays`, `RankHeld`, `RankInUse`.
    """
    if button.place == "ranks[0]" and button.do == "take":
        plan_ranks.without_rank(document, 0)  # has no button, and says why
    if button not in set(buttons_of(document)):
        return Change(document, document)
    return _add(document, button) if button.do == "add" else _take(document, button.place, held)


def _add(document: Document, button: Button) -> Change:
    if button.place.startswith("ranks["):
        _, number = kind_and_number(button.place)
        return Change(document, plan_ranks.with_rank_above(document, number), added=f"ranks[{number + 1}]")
    if (path := plan_conditions.path_at(document, button.place)) is not None:
        made, added = plan_conditions.with_threshold(document, path, button.kind)
        return Change(document, made, added=place_of(added))
    made = plan_parts.with_part(document, button.place)
    return Change(document, made, added=plan_parts.place_of_part(made, button.place))


def _take(document: Document, place: str, held: frozenset[str]) -> Change:
    if place.startswith("ranks["):
        _, number = kind_and_number(place)
        made, gone = plan_ranks.without_rank(document, number, held=held)
        return Change(document, made, taken=place, gone=tuple(gone))
    if (path := plan_conditions.path_at(document, place)) is not None:
        return Change(document, plan_conditions.without_condition(document, path), taken=place)
    return Change(document, plan_parts.without_parts(document, {place}), taken=place)
