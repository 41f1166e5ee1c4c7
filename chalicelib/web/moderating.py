"""The brand's verdict on several texts at once: those that are ticked on a page, each for itself."""

from collections.abc import Callable

from chalicelib.errors import Conflict
from chalicelib.reviews.commands import Moderate
from chalicelib.web.ask import Ask
from chalicelib.web.forms import FormInvalid

_CHOSEN = "chosen."


def moderate_chosen(ask: Ask, moderate: Callable[[str, Moderate], object]) -> None:
    """Decide on each ticked text. Raises `FormInvalid`; or, once all others are decided on, the refusal of the first
    that was changed after it was read.

    moderate: takes the text's id, as it stands in the field's name, and the verdict.
    """
    verdict, chosen = ask.form["verdict"], [name for name in ask.form if name.startswith(_CHOSEN)]
    if not chosen:
        raise FormInvalid("Tick at least one.", param="chosen")
    changed = []
    for name in chosen:
        command = Moderate(
            verdict="shown" if verdict == "shown" else "hidden",
            version=ask.form.integer(name),
            reason=ask.form["reason"],
        )
        try:
            moderate(name.removeprefix(_CHOSEN), command)
        except Conflict as refusal:
            changed.append(refusal)
    if changed:
        raise changed[0]
