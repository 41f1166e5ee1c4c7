"""Histories that can happen to a running brand: those of the simulator's tests, less what no shop lets happen.

A discount on a whole order, a price above the list's, a moment shared by two events: the rules are tested with them,
the live system never meets them (a change by the rules is always later than its cause). An order without a customer
gets one of its own. Events that the plan refuses are left out; that the live system refuses them too is tested where
each is refused.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from tests.commissions.second.brand import Brand
from tests.commissions.second.facts import Refused
from tests.commissions.second.histories import EDGES, Event, History, a_history
from tests.commissions.second.presets import PRESETS

MOMENT = timedelta(milliseconds=20)
MOST_MINOR = max(amount for amount in EDGES if amount <= 100_000_00)


def a_live_history(preset: str, seed: int, length: int) -> History:
    """Write a history of about `length` events that can be played, a month and more of waiting at its end."""
    written = a_history(preset, seed, length)
    brand, events, now = PRESETS[preset](written.zone), list[Event](), None
    for event in [part for whole in written.events for part in _parts(whole)]:
        at = datetime.fromisoformat(event["at"])
        now = at if now is None else max(at, now + MOMENT)
        event = _possible(event, brand) | {"at": now.astimezone(at.tzinfo).isoformat()}
        with suppress(Refused):
            brand.feed(len(events) + 1, event)
            events.append(event)
    return History(preset, written.zone, events)


def _parts(event: Event) -> list[Event]:
    """A leader joins first, and has its groups approved a moment later."""
    if event["type"] != "leader.joined" or "groups" not in event:
        return [event]
    joined = {name: value for name, value in event.items() if name != "groups"}
    return [
        joined,
        {"type": "leader.groups", "leader": event["leader"], "groups": event["groups"], "at": event["at"]},
    ]


def _possible(event: Event, brand: Brand) -> Event:
    if event["type"] == "leader.groups":
        return event | {"groups": max(event["groups"], 1)}
    if event["type"] != "order.paid":
        return event
    event = {name: value for name, value in event.items() if name != "discount"}
    event["lines"] = [_line(line) for line in event["lines"]]
    if event.get("self_purchase"):
        event["customer"] = event["leader"]
    else:
        event.setdefault("customer", event["order"])
    return event


def _line(line: dict[str, Any]) -> dict[str, Any]:
    price = min(max(line["unit_price"], 1), MOST_MINOR)
    listed = min(max(line.get("list_price", price), price), 2 * MOST_MINOR)
    return line | {"unit_price": price, "list_price": listed}
