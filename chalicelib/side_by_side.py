"""Requests to the table that do not wait for each other, sent from a few threads at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 8
"""How many at a time: the client keeps ten connections open."""


def each(do: Callable[[T], R], of: Sequence[T]) -> list[R]:
    """Do the same with each, several at a time; gives what came of them in their order, or raises what the first
    that failed raised.

    Each acts for the brand as we do, and looks into the hand that is open: `acting_for` and `looking` do not reach
    other threads by themselves.
    """
    if len(of) < 2:
        return [do(one) for one in of]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(copy_context().run, do, one) for one in of]
    return [job.result() for job in jobs]
