"""Doing the same to several things: ticked in a table, looked at once more, done each for itself, told one by one.

A form sends what was ticked and what is to be done; the answer is a page that lists both and asks. Its form is sure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from chalicelib.errors import Refusal
from chalicelib.web import languages
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.forms import FormInvalid

T = TypeVar("T")
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class One:
    """One of those ticked. key: the end of its field's name. says: what it is. refusal: why it is left out."""

    key: str
    name: str
    says: str
    way: tuple[str, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """What is to be done to all of them.

    kind: what fields of ticked things begin with. title, button: what is asked, what the button says. text: what will
    happen. to: where the form is sent, below the console's address; back: the page with the table. carried: fields of
    the form that are sent along. danger: it cannot be undone. reason: the label of a reason that has to be given.
    asked: what the list's address asked for, so that the way back leads to the same list.
    """

    kind: str
    title: str
    text: str
    button: str
    to: str
    back: str
    tab: str
    carried: tuple[str, ...] = ()
    danger: bool = False
    reason: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)


def ticked(ask: Ask, kind: str, *, most: int = MOST_AT_ONCE) -> list[str]:
    """Give what was ticked. Raises `FormInvalid` for none, or too many."""
    chosen = [key for key, tick in ask.form.below(kind).items() if tick]
    if not 1 <= len(chosen) <= most:
        raise FormInvalid(f"Choose 1 to {most} at a time.", param="chosen")
    return chosen


def is_sure(ask: Ask) -> bool:
    """Tell whether the form comes from the page that asked."""
    return ask.form["sure"] == "1"


def question(ask: Ask, bulk: Bulk, listed: Sequence[One]) -> Answer:
    """List what will be done, and what will be left out and why; ask for a yes."""
    ask.nothing_done = True
    return _show(ask, bulk, [one for one in listed if not one.refusal], [one for one in listed if one.refusal])


def done(ask: Ask, bulk: Bulk, listed: Sequence[One], act: Callable[[One], object]) -> Answer:
    """Do it to each, whatever the others come to; say what was done and what was not."""
    refusals = {one.key: one.refusal or refusal_of(ask, act, one) for one in listed}
    failed = [One(one.key, one.name, one.says, one.way, refusals[one.key]) for one in listed if refusals[one.key]]
    succeeded = [one for one in listed if not refusals[one.key]]
    ask.noted = {**ask.noted, "count": (None, len(succeeded))} | ({"failed": (None, len(failed))} if failed else {})
    return _show(ask, bulk, succeeded, failed, over=True, status=200 if succeeded else 409)


def refusal_of(ask: Ask, act: Callable[[T], object], to: T) -> str:
    """Do something to one; say why it was refused, in the reader's language, and nothing if it was not."""
    try:
        act(to)
    except Refusal as refusal:
        return languages.explain(ask.language, refusal)
    return ""


def _show(
    ask: Ask, bulk: Bulk, good: Sequence[One], bad: Sequence[One], *, over: bool = False, status: int = 200
) -> Answer:
    return ask.show("console/several.html", status=status, bulk=bulk, good=good, bad=bad, over=over)
