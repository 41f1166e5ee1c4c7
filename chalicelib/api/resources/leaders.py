"""Leaders: registered by an invitation, looked at, frozen, ranked, told where their money goes."""

from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import copied, currency_of
from chalicelib.leaders import actions, onboarding, store
from chalicelib.leaders.commands import PayByBank, Register, UpdateLeader
from chalicelib.leaders.views import LeaderView
from chalicelib.ledger import book

Reason = Annotated[str, Meta(max_length=200)]
Address = Annotated[str, Meta(pattern=r"^https?://[^\s/]+(/\S*)?$", max_length=2000)]


class Leader(LeaderView, frozen=True, kw_only=True, tag_field="object", tag="leader"):
    """A leader. `depth` is the number of its uplines; `invite_code` is the code of its own invitation."""


class Upline(Struct, frozen=True, kw_only=True, tag_field="object", tag="upline"):
    """A leader above another: `level` 1 is the inviter. `status` says whether it earns."""

    id: str
    level: int
    rank: str
    status: str


class Balance(Struct, frozen=True, kw_only=True, tag_field="object", tag="balance"):
    """What a leader's accounts hold. `held`: return window not over; `frozen`: disputed by a bank;
    `available` below zero is a debt."""

    leader_id: str
    currency: str
    held_minor: int
    frozen_minor: int
    available_minor: int
    reserved_minor: int
    paid_minor: int
    coupons_minor: int


class AccountLink(Struct, frozen=True, kw_only=True, tag_field="object", tag="account_link"):
    """Where a leader tells Stripe who it is and where its money goes: for minutes, once, for this leader only."""

    leader_id: str
    url: str


class Because(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why it is done; kept with the change."""

    reason: Reason = ""


class SetRank(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rank of the brand's plan, and why; kept with the change. Orders paid before keep the old rank."""

    rank: str
    reason: Reason


class Move(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another inviter for a leader and all below it, and why; kept with the change. Orders paid before keep the old
    path."""

    inviter_id: str
    reason: Reason


class Onboard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where Stripe sends the leader back to when it is done, and where when the link is too old."""

    return_url: Address
    refresh_url: Address


def register(call: Call[Register]) -> LeaderView:
    """Make somebody a leader under whoever's code it is."""
    return Leader.of(actions.register(call.tenant_id, call.body, None, now=call.now, randbits=call.tools.randbits))


def retrieve(call: Call[NoBody]) -> LeaderView:
    """Show a leader."""
    return Leader.of(_leader(call))


def newest(call: Call[NoBody]) -> ListOf[LeaderView]:
    """List leaders, latest joined first."""
    last = call.last_seen(lambda leader_id: actions.get(call.tenant_id, leader_id))
    return call.page([Leader.of(one) for one in store.newest(call.tenant_id, limit=call.one_more, after=last)])


def directs(call: Call[NoBody]) -> ListOf[LeaderView]:
    """List those whom a leader invited, first joined first."""
    inviter_id = _leader(call).leader_id
    last = call.last_seen(lambda leader_id: actions.get(call.tenant_id, leader_id))
    found = store.directs(call.tenant_id, inviter_id, limit=call.one_more, after=last)
    return call.page([Leader.of(one) for one in found])


def uplines(call: Call[NoBody]) -> ListOf[Upline]:
    """List the leaders above a leader, its inviter first, as they stand now."""
    standings = actions.uplines(call.tenant_id, _leader(call))
    shown = [
        Upline(id=one.leader_id, level=level, rank=one.rank, status=one.status)
        for level, one in enumerate(standings, start=1)
    ]
    return call.page_of_all(shown, lambda one: one.id)


def update(call: Call[UpdateLeader]) -> LeaderView:
    """Change what is given of a leader's name, phone and language."""
    return Leader.of(actions.update_profile(call.tenant_id, call.ids["leader_id"], call.body))


def freeze(call: Call[Because]) -> LeaderView:
    """Stop a leader: its link closes and it earns nothing new."""
    leader_id, why = call.ids["leader_id"], call.body.reason
    return Leader.of(actions.freeze(call.tenant_id, leader_id, by=call.by, reason=why, now=call.now))


def unfreeze(call: Call[Because]) -> LeaderView:
    """Let a frozen leader go on."""
    leader_id, why = call.ids["leader_id"], call.body.reason
    return Leader.of(actions.unfreeze(call.tenant_id, leader_id, by=call.by, reason=why, now=call.now))


def start_trial(call: Call[Because]) -> LeaderView:
    """Put a removed leader on probation again."""
    leader_id, why = call.ids["leader_id"], call.body.reason
    return Leader.of(actions.start_trial(call.tenant_id, leader_id, by=call.by, reason=why, now=call.now))


def set_rank(call: Call[SetRank]) -> LeaderView:
    """Give a leader a rank from this moment on."""
    leader_id, body = call.ids["leader_id"], call.body
    return Leader.of(
        actions.set_rank(call.tenant_id, leader_id, body.rank, by=call.by, reason=body.reason, now=call.now)
    )


def move(call: Call[Move]) -> LeaderView:
    """Put a leader, with all below it, under another inviter from this moment on."""
    leader_id, body = call.ids["leader_id"], call.body
    return Leader.of(
        actions.move(call.tenant_id, leader_id, body.inviter_id, by=call.by, reason=body.reason, now=call.now)
    )


def pay_by_bank(call: Call[PayByBank]) -> LeaderView:
    """Pay a leader by the brand's batch file from now on."""
    return Leader.of(actions.pay_by_bank(call.tenant_id, call.ids["leader_id"], call.body, now=call.now, by=call.by))


def onboard(call: Call[Onboard]) -> AccountLink:
    """Make the link by which a leader sets its Stripe account up; it is paid by transfer from now on."""
    leader_id = call.ids["leader_id"]
    url = onboarding.start(
        call.tenant_id,
        leader_id,
        stripe=call.tools.stripe,
        return_url=call.body.return_url,
        refresh_url=call.body.refresh_url,
        now=call.now,
        by=call.by,
    )
    return AccountLink(leader_id=leader_id, url=url)


def balance(call: Call[NoBody]) -> Balance:
    """Show what a leader's accounts hold."""
    leader_id = _leader(call).leader_id
    held = book.leader_balance(call.tenant_id, leader_id, currency_of(call.tenant_id))
    return copied(Balance, held, leader_id=leader_id)


def _leader(call: Call[NoBody]) -> store.Leader:
    return actions.get(call.tenant_id, call.ids["leader_id"])
