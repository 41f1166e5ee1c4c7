"""Running things at once, and catching the moment between a read and a write."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier
from typing import TypeVar

from chalicelib.errors import Refusal

T = TypeVar("T")


def at_once(*calls: Callable[[], T]) -> list[T | Refusal]:
    """Start all calls at the same moment, each in a thread acting for the same tenant; refusals are results too."""
    gate = Barrier(len(calls))

    def one(call: Callable[[], T]) -> T | Refusal:
        gate.wait(timeout=10)
        try:
            return call()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        futures = [pool.submit(copy_context().run, one, call) for call in calls]
        return [future.result(timeout=30) for future in futures]


def refusals(results: list[object]) -> list[Refusal]:
    """Those that were refused."""
    return [result for result in results if isinstance(result, Refusal)]
