"""How far settlement and payouts are: what is done, what is left, when it goes on, and the way to every posting."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from chalicelib.at_hand import Key
from chalicelib.leaders import destinations
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.ledger import book
from chalicelib.ledger.store import EntryRecord, brand_balance_keys, entry_key, entry_of
from chalicelib.payouts import payable
from chalicelib.payouts import store as payouts
from chalicelib.payouts.payable import PayableRecord
from chalicelib.reading import read_ahead
from chalicelib.settlement import store as settlement
from chalicelib.settlement.days import day_after, local_day, settles_at
from chalicelib.statements.places import id_of
from chalicelib.store import get
from chalicelib.web import words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import page

SHOWN = 50
"""Leaders who wait, and open payouts, that a page shows."""
DAYS = 14


@dataclass(frozen=True, slots=True)
class Released:
    """A settlement that is through: the cash of its days, and the entry that says so."""

    day: str
    amount_minor: int
    entry_id: str
    settled_on: str


@dataclass(frozen=True, slots=True)
class Waits:
    """A leader on the list of those to be paid: why it was not paid yet, and until when that holds."""

    leader_id: str
    name: str
    why: Literal["no_destination", "destination_changed", "account_refused", "came_back", "next_run"]
    until: datetime | None = None


@page("/console/{store}/settlement")
def runs(ask: Ask, store: str) -> Answer:
    """Show how far the settlement of days and the payouts are."""
    desk = ask.desk(store, "owner", "staff")
    tenant_id, today = desk.tenant_id, local_day(ask.now, desk.brand.timezone)

    ask.look_for(tenant_id)  # from here on nothing is written
    days = [(date.fromisoformat(today) - timedelta(days=number)).isoformat() for number in range(1, DAYS + 1)]
    read_ahead(
        [
            settlement.through_key(tenant_id),
            *brand_balance_keys(tenant_id, desk.brand.currency),
            *(_release_key(tenant_id, day) for day in days),
        ]
    )
    listed, open_now = payable.first(tenant_id, limit=SHOWN + 1), payouts.first_open(tenant_id, limit=SHOWN + 1)
    people = {*(one.sk for one in listed), *(one.leader_id for one in open_now)}
    found = leaders.get_many(tenant_id, tuple(sorted(people))) if people else {}
    through = settlement.through(tenant_id)
    next_day = day_after(through.closed) if through else local_day(desk.brand.created_at, desk.brand.timezone)
    return ask.show(
        "console/settlement.html",
        through=through,
        running=through is not None and through.closed != through.settled,
        next_day=next_day,
        next_at=settles_at(next_day, desk.brand.timezone),
        released=[one for day in days if (one := _released(tenant_id, day, desk.brand.timezone)) is not None],
        balances=book.brand_balances(tenant_id, desk.brand.currency),
        waits=[_waits(one, found.get(one.sk), ask.now) for one in listed[:SHOWN]],
        more_wait=len(listed) > SHOWN,
        open_payouts=open_now[:SHOWN],
        more_open=len(open_now) > SHOWN,
        steps=Counter(one.state for one in open_now),
        states=words.PAYOUT_STATES,
        names={leader_id: one.name for leader_id, one in found.items()},
    )


def _release_key(tenant_id: str, day: str) -> Key:
    return entry_key(tenant_id, settlement.brand_book(day), 0)


def _released(tenant_id: str, day: str, timezone: str) -> Released | None:
    record = get(EntryRecord, *_release_key(tenant_id, day))
    if record is None:
        return None
    entry = entry_of(record)
    amount_minor = sum(leg.amount_minor for leg in entry.postings if leg.account == "brand:funds")
    return Released(day, amount_minor, id_of(entry), local_day(entry.at, timezone))


def _waits(record: PayableRecord, leader: Leader | None, now: datetime) -> Waits:
    """Say why somebody is not paid yet, by what is known without trying: the next run decides for itself."""
    name = leader.name if leader else record.sk
    if leader is None or destinations.given(leader) is None:
        return Waits(record.sk, name, "no_destination")
    if (until := destinations.held_until(leader, now)) is not None:
        return Waits(record.sk, name, "destination_changed", until)
    if leader.payout_rail == "stripe" and leader.payout_refused is not None:
        return Waits(record.sk, name, "account_refused")
    if record.not_before > now.isoformat():
        return Waits(record.sk, name, "came_back", datetime.fromisoformat(record.not_before))
    return Waits(record.sk, name, "next_run")
