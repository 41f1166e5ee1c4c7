"""Waiting for a state of another process: look, look again, and give up with a sentence."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class WaitedTooLong(TimeoutError):
    """The state did not come by its deadline; the message says which."""


def wait_until(look: Callable[[], Found], what: str, deadline_s: float, poll_s: float = 0.05) -> Found:
    """Call `look` until it gives something true, and give that back; raise `WaitedTooLong` after `deadline_s`."""
    give_up_at = time.monotonic() + deadline_s
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() >= give_up_at:
            raise WaitedTooLong(f"Waited {deadline_s:g} s for this: {what}.")
        time.sleep(poll_s)
