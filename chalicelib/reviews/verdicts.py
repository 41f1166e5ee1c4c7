"""The brand's verdict on what others wrote for everybody to read, kept in the same way whatever was written."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.expressions.update import Action

from chalicelib.reviews.commands import Moderate
from chalicelib.reviews.rules import REASON_LENGTH, check_words
from chalicelib.store import Record


class Moderated(Record):
    """A text that the brand shows or hides.

    `version` moves with the text and with a verdict: nothing is decided that was not read.
    """

    state = UnicodeAttribute()
    version = NumberAttribute(default=1)
    moderated_at = UTCDateTimeAttribute(null=True)
    moderated_by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)


def verdict_of(command: Moderate, *, by: str, now: datetime) -> list[Action]:
    """Give what a verdict writes into the text's item. Raises `ReviewInvalid` (param `reason`)."""
    reason = check_words(command.reason, REASON_LENGTH, param="reason")
    return [
        Moderated.state.set(command.verdict),
        Moderated.version.set(command.version + 1),
        Moderated.moderated_at.set(now),
        Moderated.moderated_by.set(by),
        Moderated.reason.set(reason) if reason else Moderated.reason.remove(),
    ]
