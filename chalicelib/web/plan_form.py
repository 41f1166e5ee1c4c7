"""A plan as a form: its fields by part, what was typed in them, what is wrong and what was found at each.

The form carries the document that it was made of; what is typed is written into it. So form and document are two views
of one thing, and everything behind them (check, trial, putting in force) takes the document.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.plan import PlanRefused, decode_plan
from chalicelib.commissions.rules.plan_form import problems_of_form
from chalicelib.errors import Refusal
from chalicelib.planning import plan_fields
from chalicelib.planning.plan_buttons import Button, Change, pressed
from chalicelib.planning.plan_fields import Document, Field, Path
from chalicelib.planning.plan_ranks import LowestRankStays, RankHeld, RankInUse
from chalicelib.web.forms import Form, FormInvalid


@dataclass(frozen=True, slots=True)
class Draft:
    """What was sent: the document with what was typed in it, or as it was where something could not be read.

    wrong: sentences by the name of the field that could not be read. button: the one that puts in or takes out, if it
    was one of these; then what it made is in `change`, or `refused` says why nothing was made.
    """

    document: str
    wrong: Mapping[str, Refusal]
    button: Button | None = None
    change: Change | None = None
    refused: RankInUse | RankHeld | LowestRankStays | None = None


def name_of(field_: Field, document: Document) -> str:
    """Name a field of the form: its place, with a rank's number for the rank, which may have any letters."""
    ranks = [rank["id"] for rank in document["ranks"]]
    if not field_.rank:
        return field_.place
    return f"{plan_fields.place_of(field_.path[:-1])}.{ranks.index(field_.rank) if field_.rank in ranks else 99}"


def read(form: Form, currency: str, *, held: Callable[[], frozenset[str]] = frozenset) -> Draft:
    """Write what was typed into the form's document, then do what its button says.

    held: asked for the ranks that must stay, when one is to be taken out. What is typed in a part that is taken out
    need not be readable. Raises `PlanRefused` when the document that the form carries has not the shape of a plan: that
    is for the other view. A plan with a value that cannot be (a rate of 200 %) has its shape; its problems are told.
    """
    base, fields = fields_in(form["document"])
    button = _button(form)
    going = button.place if button and button.do == "take" else None
    values, wrong = _values(form, fields, base, currency)
    wrong = {one: refusal for one, refusal in wrong.items() if not _is_in(one, going)}
    if wrong:
        return Draft(form["document"], wrong, button)
    made = plan_fields.edited(base, values)
    if button is None:
        return Draft(plan_fields.write(made), {})
    try:
        change = pressed(made, button, held=held() if going and going.startswith("ranks[") else frozenset())
    except (RankInUse, RankHeld, LowestRankStays) as refused:
        return Draft(plan_fields.write(made), {}, button, refused=refused)
    return Draft(plan_fields.write(change.after), {}, button, change)


def _button(form: Form) -> Button | None:
    """Read which button was pressed, if it is one that puts in or takes out."""
    do, _, place = form["do"].partition(" ")
    if do == "add":
        return Button("add", place or form["add"], form[f"more.{place}"] if place else "")
    return Button("take", place) if do == "take" else None


def _is_in(name: str, place: str | None) -> bool:
    """Say whether a field is in what stands at a place (`rewards[10].rate_bp` is not in `rewards[1]`)."""
    return place is not None and name.startswith((f"{place}.", f"{place}["))


def _values(
    form: Form, fields: list[Field], document: Document, currency: str
) -> tuple[dict[Path, Any], dict[str, Refusal]]:
    """Read the fields that were sent: what is not as it was, by path, and refusals, by name."""
    values: dict[Path, Any] = {}
    wrong: dict[str, Refusal] = {}
    for one in fields:
        name = name_of(one, document)
        if name not in form:
            continue
        try:
            value = _typed(form, name, one, currency)
        except Refusal as refusal:
            wrong[name] = refusal
        else:
            if value != one.value:
                values[one.path] = value
    return values, wrong


def fields_in(text: str) -> tuple[Document, list[Field]]:
    """Decode a document and find its fields. Raises `PlanRefused` for what has not the shape of a plan.

    It has when all that is wrong with it are values of fields: these the form can show, and have changed.
    """
    try:
        document = plan_fields.read(text)
        fields = plan_fields.fields_of(document)
        places = {one.place for one in fields if not isinstance(one.value, dict | list)}
        elsewhere = [problem for problem in problems_of_form(document, Plan) if problem.place not in places]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        decode_plan(text.encode())  # says what is wrong with it
        raise
    if elsewhere:
        raise PlanRefused(elsewhere)
    return document, fields


def _typed(form: Form, name: str, one: Field, currency: str) -> int | str | None:
    if one.is_optional and not form[name].strip():
        return None
    match one.kind:
        case "percent":
            rate_bp = form.percent_bp(name)
            if rate_bp is None:
                raise FormInvalid("Write a percentage here, like 12.5.", param=name)
            return rate_bp
        case "money":
            return form.money(name, currency)
        case "count":
            return form.integer(name)
        case "choice" | "rank":
            if form[name] not in one.options:
                raise FormInvalid("Choose one of these.", param=name)
            return form[name]
        case _:
            return form.text(name, longest=64)
