"""What is due: settle, pay out, sweep, audit. For every brand, one brand's trouble stopping no other.

*Now* is the time in the schedule's own event, so that a late tick knows when it was meant, and a day can be let pass.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from chalicelib.audit import store as log_of
from chalicelib.billing import actions as billing
from chalicelib.boards import actions as boards
from chalicelib.boards import prizes, spread
from chalicelib.commissions import acquisition
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.sale import Standing
from chalicelib.coupons import actions as coupons
from chalicelib.delivery import ready, tracking
from chalicelib.events import months
from chalicelib.exports import actions as exports
from chalicelib.figures.check import check
from chalicelib.imports import actions as imports
from chalicelib.leaders import destinations, places, profiles, standing, sweeping
from chalicelib.leaders import store as leaders
from chalicelib.ledger import book
from chalicelib.money import MINOR_DIGITS
from chalicelib.notices.sending import send_due
from chalicelib.orders import expiry
from chalicelib.payouts import actions as payouts
from chalicelib.payouts.actions import PayoutTerms
from chalicelib.payouts.rails import Destination, Held
from chalicelib.payouts.stripe_rail import StripeRail
from chalicelib.settlement import days
from chalicelib.settlement.actions import Calendar
from chalicelib.settlement.actions import settle as settle_tenant
from chalicelib.tenancy import acting_for
from chalicelib.tenants import store as tenants
from chalicelib.tenants.store import Tenant
from chalicelib.wiring import Tools

log = logging.getLogger(__name__)

KeepGoing = Callable[[], bool]
LEFT_TO_FINISH_MS = 20_000


class SomeBrandsFailed(RuntimeError):
    """The work failed for some brands, and was done for all others. Raised at the end, so that the alarm goes off."""


class OffBalance(RuntimeError):
    """A trial balance is not zero: a cent was lost or invented."""


def time_left(remaining_ms: Callable[[], int]) -> KeepGoing:
    """Make the question that long work asks between two steps from a Lambda context's remaining time."""
    return lambda: remaining_ms() > LEFT_TO_FINISH_MS


def settle(now: datetime, keep_going: KeepGoing) -> None:
    """Close the days that are over and make what was held on them available; count new customers."""

    def work(tenant: Tenant) -> None:
        settle_tenant(tenant.tenant_id, calendar_of(tenant), now=now, keep_going=keep_going)
        acquisition.count_due(
            tenant.tenant_id,
            standing_at=lambda leader_id, at: _standing_at(tenant.tenant_id, leader_id, at),
            now=now,
            keep_going=keep_going,
        )

    _for_each_brand("settle", tenants.all_ids(), work, keep_going)


def _standing_at(tenant_id: str, leader_id: str, at: datetime) -> Standing:
    return standing.standing_of(tenant_id, profiles.get(tenant_id, leader_id), at)


def pay_out(now: datetime, tools: Tools, keep_going: KeepGoing) -> None:
    """Reserve and send what leaders have available."""

    def work(tenant: Tenant) -> None:
        done = pay_brand(tenant, tools, now=now, keep_going=keep_going)
        if done.reserved or done.sent:
            counted = {"count": (None, done.reserved)}
            once, who = f"pay_out#{now.isoformat()}", log_of.SCHEDULE
            log_of.note(
                tenant.tenant_id, who=who, what="payouts-run", about="payouts", changes=counted, once=once, now=now
            )

    _for_each_brand("pay_out", tenants.all_ids(), work, keep_going)


def pay_brand(
    tenant: Tenant, tools: Tools, *, now: datetime, keep_going: KeepGoing = lambda: True
) -> payouts.RunResult:
    """Run the payouts of one brand."""
    return payouts.run(
        tenant.tenant_id,
        PayoutTerms(tenant.currency, 10 ** MINOR_DIGITS[tenant.currency]),
        destination_of=lambda leader_id: destination_of(tenant.tenant_id, leader_id, now=now),
        rail=StripeRail(tools.stripe),
        now=now,
        keep_going=keep_going,
        account_refused=lambda payout: destinations.note_refused(
            tenant.tenant_id, payout.leader_id, payout.account, str(payout.reason)
        ),
    )


def destination_of(tenant_id: str, leader_id: str, *, now: datetime) -> Destination | Held | None:
    """Say where a leader's money goes; None while it has not said so, `Held` while it has to wait."""
    leader = leaders.get(tenant_id, leader_id)
    given = destinations.given(leader) if leader is not None else None
    if leader is None or given is None:
        return None
    if destinations.held_until(leader, now) is not None:
        return Held("destination_changed")
    if given[0] == "stripe" and leader.payout_refused is not None:
        return Held("account_refused")
    return Destination(*given)


def sweep(now: datetime, tools: Tools, keep_going: KeepGoing) -> None:
    """Expire what was not paid, drive on refunds that got stuck, close campaigns and coupons that are over; let time
    pass; look at what brands use of their tiers."""

    def work(tenant: Tenant) -> None:
        through = tuple(tools.post.channels)
        expiry.sweep(tenant.tenant_id, now=now, stripe=tools.stripe, keep_going=keep_going, through=through)
        coupons.expire_due(tenant.tenant_id, now=now)
        imports.drive_all(tenant.tenant_id, now=now, keep_going=keep_going)
        tracking.deliver_due(tenant, now=now, keep_going=keep_going)
        ready.tell_all(tenant.tenant_id, now=now, keep_going=keep_going, through=through)

    def time_passes(tenant: Tenant) -> None:
        months.let_time_pass(tenant, now=now, keep_going=keep_going)

    # A brand whose payments are stuck has deadlines and month ends, and a tree, all the same.
    works = {
        "sweep": work,
        "months": time_passes,
        "tree": lambda tenant: sweep_tree(tenant, now, keep_going),
        "billing": lambda tenant: billing.look(tenant, stripe=lambda: tools.stripe, now=now),
        "boards": lambda tenant: keep_boards(tenant, tools, max(now, tools.now()), keep_going),
        "notices": lambda tenant: send_due(
            tenant.tenant_id, tools.post, now=max(now, tools.now()), keep_going=keep_going
        ),
        "exports": lambda tenant: exports.drive_all(  # last: they may take what time is left
            tenant.tenant_id, files=tools.files, now=now, keep_going=keep_going
        ),
    }
    brands = tenants.all_ids()
    failed = [str(error) for name, each in works.items() for error in _trouble_of(name, brands, each, keep_going)]
    if failed:
        raise SomeBrandsFailed("; ".join(failed))


def sweep_tree(tenant: Tenant, now: datetime, keep_going: KeepGoing) -> None:
    """Go on with what promotions, moves and plans with other ranks have left to be done in the tree."""
    plan = plans.in_force(tenant.tenant_id, on=now).plan
    sweeping.keep_heads_by(tenant.tenant_id, places.kept_ranks(plan), now=now)
    sweeping.sweep(tenant.tenant_id, now=now, keep_going=keep_going)


def keep_boards(tenant: Tenant, tools: Tools, now: datetime, keep_going: KeepGoing) -> None:
    """Close boards that are over, show how the open ones stand, go on with prizes.

    `now`: not before this very moment. A tick that comes late must not look for days where they no longer are.
    """
    boards.keep_up(tenant, now=now, keep_going=keep_going)
    spread.keep_up(tenant, now=now, keep_going=keep_going)
    prizes.award_due(tenant, now=now, randbits=tools.randbits, keep_going=keep_going)


def audit(now: datetime, keep_going: KeepGoing, pause: Callable[[float], None] = time.sleep) -> None:
    """Add up every brand's balances, and compare leaders' figures with what they are made of.

    Raises `SomeBrandsFailed` when a balance is not zero or a figure differs; the log names it.
    """

    def work(tenant: Tenant) -> None:
        # Orders go on while we read, and the list of balances comes from an index that may be a moment behind.
        for wait_s in (0, 2, 10):
            pause(wait_s)
            off = {c: total for c, total in book.trial_balance(book.all_balances(tenant.tenant_id)).items() if total}
            if not off:
                return
        raise OffBalance(f"{tenant.tenant_id} is off balance: {off}")

    def check_figures(tenant: Tenant) -> None:
        check(tenant, now=now, keep_going=keep_going, pause=pause)

    brands = tenants.all_ids()
    try:
        _for_each_brand("audit", brands, work, keep_going)
    finally:  # balances are looked at first in all brands: figures of a large one may take the rest of the time
        _for_each_brand("check", brands, check_figures, keep_going)


def calendar_of(tenant: Tenant) -> Calendar:
    """Give what settlement needs to know of a brand."""
    return Calendar(tenant.timezone, days.local_day(tenant.created_at, tenant.timezone), tenant.currency)


def _trouble_of(
    name: str, brands: Sequence[str], work: Callable[[Tenant], object], keep_going: KeepGoing
) -> Iterator["SomeBrandsFailed"]:
    """Do some work for each brand; yields what it could not be done for, so that other work comes first."""
    try:
        _for_each_brand(name, brands, work, keep_going)
    except SomeBrandsFailed as error:
        yield error


def _for_each_brand(name: str, brands: Sequence[str], work: Callable[[Tenant], object], keep_going: KeepGoing) -> None:
    failed = []
    for tenant_id in brands:
        if not keep_going():
            break  # the next tick goes on: everything done is not done again
        with acting_for(tenant_id):
            try:
                tenant = tenants.get(tenant_id)
                if tenant is not None:
                    work(tenant)
            except Exception:
                # Whatever it is, the other brands' leaders are paid; the alarm tells of this one.
                log.exception("%s failed for brand %s", name, tenant_id)
                failed.append(tenant_id)
    if failed:
        raise SomeBrandsFailed(f"{name} failed for {', '.join(failed)}")
