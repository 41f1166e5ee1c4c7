"""The plug, pulled between a change and its note."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.store import connection

_MOMENT = "before-call.dynamodb.TransactWriteItems"


class PlugPulled(BaseException):
    """The process is gone: nothing of ours gets to handle it."""


@contextmanager
def pulled_before_the_note() -> Iterator[None]:
    """Pull it as soon as an entry of the log is about to be written."""
    events = connection().client.meta.events

    def pull(params: dict[str, Any], **_: Any) -> None:
        if b"audit-once" in params["body"]:
            raise PlugPulled

    events.register(_MOMENT, pull)
    try:
        yield
    finally:
        events.unregister(_MOMENT, pull)
