"""A campaign's goods have arrived at a leader: marked once, and every buyer who waits there is told.

Telling thousands takes longer than a request may: what one does not reach, the schedule goes on with.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib import store
from chalicelib.campaigns import store as campaigns
from chalicelib.delivery.sheets import orders_of, shares_of
from chalicelib.delivery.store import ReadyMark, ToBeTold, ready_key, to_be_told, to_be_told_key
from chalicelib.delivery.tracking import check_decided
from chalicelib.leaders import profiles
from chalicelib.notices import outbox
from chalicelib.notices.outbox import EMAIL_ONLY
from chalicelib.notices.rules import ChannelName

KeepGoing = Callable[[], bool]


def mark(tenant_id: str, campaign_id: str, leader_id: str, *, by: str, now: datetime) -> ReadyMark:
    """Mark that a campaign's goods have arrived at a leader; the first moment stays, and nobody is told twice.

    `tell_all` has to follow. Raises `CampaignNotFound`, `LeaderUnknown`, `NotDeliverable` (its group is undecided).
    """
    check_decided(campaigns.get(tenant_id, campaign_id), param="campaign_id")
    profiles.get(tenant_id, leader_id)
    arrived = ReadyMark(*ready_key(tenant_id, campaign_id, leader_id), leader_id=leader_id, at=now, by=by)
    waiting = ToBeTold(*to_be_told_key(tenant_id, campaign_id, leader_id), campaign_id=campaign_id, leader_id=leader_id)

    def together() -> None:
        with store.transaction() as write:
            write.save(arrived, condition=ReadyMark.pk.does_not_exist())
            write.save(waiting)

    if store.written(together):
        return arrived
    return store.get(ReadyMark, arrived.pk, arrived.sk) or arrived


def tell_all(
    tenant_id: str,
    *,
    now: datetime,
    keep_going: KeepGoing,
    through: Sequence[ChannelName] = EMAIL_ONLY,
    at_a_time: int = 100,
) -> int:
    """Queue the notices of all marks that are not told to the end; gives how many marks were looked at."""
    waiting = to_be_told(tenant_id)
    for one in waiting:
        if keep_going():
            _tell(tenant_id, one, now, keep_going, through, at_a_time)
    return len(waiting)


def _tell(
    tenant_id: str,
    waiting: ToBeTold,
    now: datetime,
    keep_going: KeepGoing,
    through: Sequence[ChannelName],
    at_a_time: int,
) -> None:
    """Queue a notice for each order that is picked up at a leader, on from where the last run stopped.

    The chain, those who left included, only ever grows at its end: the number of those already told stays right.
    """
    shares = shares_of(tenant_id, waiting.campaign_id, leader_id=waiting.leader_id, with_left=True)
    order_ids = shares.get(waiting.leader_id, [])
    told = int(waiting.told)
    while told < len(order_ids):
        if not keep_going():
            return
        for order in orders_of(tenant_id, order_ids[told : told + at_a_time]):
            if order.state == "paid" and order.customer.address is None:
                outbox.queue_ready(tenant_id, order, now=now, through=through)
        told += at_a_time
        reached = ToBeTold.told.set(told)
        # Not written: another run has finished meanwhile, and a notice is queued once anyway.
        if not store.written(lambda: waiting.update(actions=[reached], condition=ToBeTold.pk.exists())):  # noqa: B023
            return
    store.again_when_crossed(waiting.delete)
