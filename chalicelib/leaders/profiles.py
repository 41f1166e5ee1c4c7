"""A leader's own data: found, shown to those who may see it, changed."""

from datetime import datetime

from msgspec import UNSET
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib import store
from chalicelib.errors import Invalid, NotFound
from chalicelib.leaders import destinations, rules, tree
from chalicelib.leaders import store as leaders
from chalicelib.leaders.commands import PayByBank, UpdateLeader
from chalicelib.leaders.store import Child, Leader
from chalicelib.people.rules import clean_name, clean_phone

BANK_DETAILS_LENGTH = 500


class LeaderUnknown(NotFound):
    """The brand has no such leader, or the one who asks may not see it: the answer is the same."""

    code = "leader_unknown"


def get(tenant_id: str, leader_id: str, *, param: str = "leader_id") -> Leader:
    """Read a leader. Raises `LeaderUnknown`, naming the field that the id came in."""
    leader = leaders.get(tenant_id, leader_id)
    if leader is None:
        raise LeaderUnknown("There is no such leader.", param=param)
    return leader


def get_selling(tenant_id: str, leader_id: str, *, now: datetime) -> Leader:
    """Read the leader of a link that takes orders. Raises `LeaderUnknown`, `LinkClosed` (removed or frozen)."""
    leader = get(tenant_id, leader_id)
    rules.check_link(leader.status, frozen=leader.frozen, until=leader.probation_until, now=now)
    return leader


def get_in_team(tenant_id: str, viewer_id: str, leader_id: str) -> Leader:
    """Read a leader for another one: itself or somebody of its downline. Raises `LeaderUnknown` for all others."""
    leader = get(tenant_id, leader_id)
    if not rules.may_see(viewer_id, leader.leader_id, tree.path_at(tenant_id, leader)):
        raise LeaderUnknown("There is no such leader.", param="leader_id")
    return leader


def update_profile(tenant_id: str, leader_id: str, command: UpdateLeader) -> Leader:
    """Change what is given of name, phone and language. Raises `LeaderUnknown`, `Invalid`."""
    actions: list[Action] = []
    if command.name is not UNSET:
        actions.append(Leader.name.set(clean_name(command.name)))
    if command.phone is not UNSET:
        actions.append(Leader.phone.set(clean_phone(command.phone)))
    if command.language is not UNSET:
        actions.append(Leader.language.set(command.language))

    changed = _update(tenant_id, leader_id, actions) if actions else get(tenant_id, leader_id)
    if command.name is not UNSET:
        _list_by_name(tenant_id, changed)
    return changed


def _list_by_name(tenant_id: str, leader: Leader) -> None:
    """Let a leader be found by its new name; one that is just being moved gets its place in the list by that."""
    place = leaders.child_of(tenant_id, leader)
    actions: list[Action] = [Child.gsi1pk.set(place.gsi1pk), Child.gsi1sk.set(place.gsi1sk)]
    store.written(lambda: place.update(actions=actions, condition=Child.pk.exists()))


def clean_bank_details(text: str) -> str:
    """Give a bank account's description, tidied. Raises `Invalid`."""
    details = text.strip()
    if not 1 <= len(details) <= BANK_DETAILS_LENGTH or not all(c.isprintable() or c == "\n" for c in details):
        raise Invalid(f"Describe the account in 1 to {BANK_DETAILS_LENGTH} characters.", param="bank_details")
    return details


def pay_by_bank(tenant_id: str, leader_id: str, command: PayByBank, *, now: datetime, by: str = "") -> Leader:
    """Pay a leader by the brand's batch file from now on (`destinations.change`). by: whose hand it was.

    Raises `LeaderUnknown`, `Invalid`.
    """
    details = clean_bank_details(command.bank_details)
    leader = get(tenant_id, leader_id)

    actions: list[Action] = [Leader.payout_rail.set("manual"), Leader.bank_details.set(details)]
    return destinations.change(tenant_id, leader, "manual", details, actions, by=by or leader_id, now=now)


def pay_by_stripe(tenant_id: str, leader_id: str, *, stripe_account_id: str, now: datetime, by: str = "") -> Leader:
    """Pay a leader by Stripe transfer from now on (`destinations.change`). by: whose hand it was.

    The account is the one that we made at Stripe for this leader; it never comes from a form or a request body.
    """
    leader = get(tenant_id, leader_id)

    actions: list[Action] = [Leader.payout_rail.set("stripe"), Leader.stripe_account_id.set(stripe_account_id)]
    return destinations.change(tenant_id, leader, "stripe", stripe_account_id, actions, by=by or leader_id, now=now)


def _update(tenant_id: str, leader_id: str, actions: list[Action]) -> Leader:
    leader = get(tenant_id, leader_id)
    try:
        # Somebody joining by this leader's link holds its item for a moment.
        store.again_when_crossed(lambda: leader.update(actions=actions, condition=Leader.pk.exists()))
    except UpdateError as error:
        if store.condition_failed(error):
            raise LeaderUnknown("There is no such leader.", param="leader_id") from error
        raise
    return leader
