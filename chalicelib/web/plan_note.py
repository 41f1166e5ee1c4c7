"""What a button of a plan's form did, or why it did nothing: told at the place where it was, which the page goes to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.errors import Refusal
from chalicelib.planning import plan_conditions
from chalicelib.planning.plan_buttons import Button, Change
from chalicelib.planning.plan_fields import Document, fields_of, kind_and_number, place_of
from chalicelib.planning.plan_ranks import RankInUse
from chalicelib.web import languages
from chalicelib.web.plan_form import Draft, fields_in, name_of
from chalicelib.web.plan_labels import Names
from chalicelib.web.plan_sheet import Sheet, part_of

if TYPE_CHECKING:
    from chalicelib.web.ask import Ask


@dataclass(frozen=True, slots=True)
class Note:
    """What is told: `at` is the place of a part or a condition, or the key of a section; empty above all.

    more: further sentences. links: what to look at, by the id of its field.
    """

    at: str
    text: str
    more: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    is_bad: bool = False


def note_of(ask: "Ask", draft: Draft, sheet: Sheet) -> Note | None:
    """Say what the draft's button did on the form that was laid out; None where there is nothing to say."""
    if draft.refused is not None and draft.button is not None:
        return _refused(ask, draft, draft.button, draft.refused)
    change = draft.change
    if change is None:
        return None
    if change.added:
        return _added(ask, change)
    if change.taken:
        return _taken(ask, change, sheet)
    return Note("more", ask.say("Nothing was changed: choose what to add, or look at the plan again."))


def _refused(ask: "Ask", draft: Draft, button: Button, refused: Refusal) -> Note:
    document, fields = fields_in(draft.document)
    names = Names(ask, document, "")
    places = refused.places if isinstance(refused, RankInUse) else []
    by_place = {one.place: one for one in fields}
    links = [
        (name_of(one, document), f"{names.part(part_of(one.path))} · {names.label(one)}")
        for one in (by_place[place] for place in places)
    ]
    return Note(button.place, languages.explain(ask.language, refused), links=links, is_bad=True)


def _added(ask: "Ask", change: Change) -> Note:
    names = Names(ask, change.after, "")
    path = plan_conditions.path_at(change.after, change.added)
    if path is not None:
        return Note(change.added, ask.say("Added: {what}. Change its values as you like.", what=names.threshold(path)))
    text = ask.say("Added: {what}. Change its values as you like.", what=names.part(change.added))
    return Note(change.added, text)


def _taken(ask: "Ask", change: Change, sheet: Sheet) -> Note:
    names = Names(ask, change.before, "")
    path = plan_conditions.path_at(change.before, change.taken)
    if path is not None:
        return Note(place_of(path[:-2]), ask.say("Taken out: {what}.", what=names.threshold(path)))
    kind, _ = kind_and_number(change.taken)
    section = kind if kind == "rewards" else "ranks" if "[" in change.taken else "joining"
    at = section if any(one.key == section for one in sheet.sections) else "more"
    more = list(_after_rank(ask, change, names)) if kind == "ranks" else []
    return Note(at, ask.say("Taken out: {what}.", what=names.part(change.taken)), more)


def _after_rank(ask: "Ask", change: Change, names: Names) -> Iterator[str]:
    """Say what went with a rank, and what its going means for the one above."""
    if gone := [_named(change.before, place, names) for place in change.gone]:
        yield ask.say("With it went: {what}.", what=(", " if ask.language == "en" else "、").join(gone))
    number = int(change.taken[6:-1])
    ranks = [rank["id"] for rank in change.before["ranks"]]
    if number + 1 == len(ranks):
        return
    below, above = names.rank(ranks[number - 1]), names.rank(ranks[number + 1])
    if any(rule["to"] == ranks[number + 1] for rule in change.after.get("promotions", ())):
        yield ask.say("Leaders now rise to {above} from {below}.", above=above, below=below)
    if any(rule["rank"] == ranks[number + 1] for rule in change.after.get("upkeep", ())):
        yield ask.say("Who does not keep {above} now falls to {below}.", above=above, below=below)


def _named(document: Document, place: str, names: Names) -> str:
    """Name what stood at a place: a rule by its title, a value with the part that it was in."""
    if "." not in place:
        return names.part(place)
    one = next(one for one in fields_of(document) if one.place == place)
    return f"{names.part(part_of(one.path))} · {names.label(one)}"
