"""Run a history of JSON-like events through the second implementation."""

from typing import Any, NamedTuple

from tests.commissions.second.facts import Refused
from tests.commissions.second.presets import PRESETS


class Outcome(NamedTuple):
    earnings: list[dict[str, Any]]
    summary: list[dict[str, Any]]
    refused_at: int | None


def run(preset: str, zone: str, history: list[dict[str, Any] | None]) -> Outcome:
    """Earnings and summary of a history, up to the first event that makes no sense; None is a blank line."""
    brand = PRESETS[preset](zone)
    for event_no, event in enumerate(history, start=1):
        if event is None:
            continue
        try:
            brand.feed(event_no, event)
        except Refused:
            earlier = [earning for earning in brand.earnings if earning["event"] < event_no]
            return Outcome(earlier, [], event_no)
    return Outcome(brand.earnings, brand.summary(), None)
