"""The sandbox clock: the real one plus an offset that only grows. Webhook signatures keep to the real one."""

import time
from collections.abc import Callable
from sqlite3 import Connection

from infra.local.stripe_sandbox.refusals import BadParameter
from infra.local.stripe_sandbox.store import set_setting, setting

RealTime = Callable[[], float]
_OFFSET = "clock_offset_s"


def now(tables: Connection, real_time: RealTime = time.time) -> int:
    """Seconds since the epoch as the sandbox has them."""
    return int(real_time()) + int(setting(tables, _OFFSET, 0))


def advance(tables: Connection, seconds: int) -> None:
    """Move the clock forward. Backwards is refused: objects would have been created in the future."""
    if seconds < 0:
        raise BadParameter("The clock only moves forward.", param="advance_seconds")
    set_setting(tables, _OFFSET, int(setting(tables, _OFFSET, 0)) + seconds)
