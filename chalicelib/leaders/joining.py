"""Joining: an invitation's link, and becoming a leader under whoever's link it is. Once per person and brand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.chinese import Language
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.plan import Plan
from chalicelib.errors import Conflict, Invalid, NotFound
from chalicelib.ids import RandomBits
from chalicelib.leaders import places, profiles, rules, trials
from chalicelib.leaders import store as leaders
from chalicelib.leaders.commands import Register
from chalicelib.leaders.store import Invitation, Leader
from chalicelib.people import persons
from chalicelib.people import store as people
from chalicelib.people.rules import clean_email, clean_name, clean_phone
from chalicelib.people.store import Membership
from chalicelib.tenants import store as tenants
from chalicelib.tenants.rules import require_active
from chalicelib.tenants.store import Tenant

_ATTEMPTS = 4


class InvitationUnknown(NotFound):
    """No invitation has this code, or it was for one leader and is used or too old."""

    code = "invitation_unknown"


class AlreadyLeads(Conflict):
    """The person leads for this brand already; nobody is in the tree twice, nor below themselves."""

    code = "already_leads"


class Crowded(Conflict):
    """Others kept changing the same records while we tried."""

    code = "try_again"


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that can be taken: by whom (None: by the brand), the smallest chat group the plan asks for, until
    when (None: for good)."""

    code: str
    inviter: Leader | None
    min_group_size: int | None
    expires_at: datetime | None = None


def invite_root(tenant_id: str, *, now: datetime, randbits: RandomBits) -> Invitation:
    """Make the brand's invitation for one leader without an inviter; it works once, for 30 days.

    The caller has seen that an owner or staff member asks.
    """
    expires_at = now + rules.ROOT_INVITATION_LASTS
    invitation = Invitation(
        *leaders.invitation_key(tenant_id, rules.new_code(randbits)),
        expires_at=expires_at,
        ttl=int(expires_at.timestamp()),
    )
    store.put(invitation, condition=Invitation.pk.does_not_exist())
    return invitation


def invitation(tenant_id: str, code: str, *, now: datetime) -> OpenInvitation:
    """Say whose invitation a code is, for the page that it opens.

    Raises `InvitationUnknown`, `LinkClosed` (inviter removed or frozen), `TenantSuspended`.
    """
    asked = _read(tenant_id, code, None)
    inviter = _open_to(tenant_id, asked.invitation, now)
    admission = plans.in_force(tenant_id, on=now).plan.admission
    min_group_size = admission.min_group_size if admission else None
    return OpenInvitation(code, inviter, min_group_size, asked.invitation.expires_at)


def register(
    tenant_id: str, command: Register, person_id: str | None, *, now: datetime, randbits: RandomBits
) -> Leader:
    """Make a person a leader under the inviter of the code, in the plan's first rank.

    person_id: who is signed in; None when a brand's own system registers somebody by `command.email`. A repetition
    gives the leader of the first time. Raises `InvitationUnknown`, `AlreadyLeads`, `LinkClosed`, `NotAdmitted`,
    `TreeTooDeep`, `TenantSuspended`, `Invalid`.
    """
    name, phone = clean_name(command.name), clean_phone(command.phone)
    person_id = person_id or _person_by_email(command, name, now, randbits)
    for _ in range(_ATTEMPTS):
        asked = _read(tenant_id, command.code, person_id)
        if asked.membership is not None:
            return _joined_before(tenant_id, asked.membership, asked.invitation)
        inviter = _open_to(tenant_id, asked.invitation, now)
        plan = plans.in_force(tenant_id, on=now).plan

        rules.check_admission(plan, command.group_size)
        leader_id = rules.new_leader_id(randbits)
        place = _place_below(inviter, leader_id, plan, now)
        leader = _newcomer(tenant_id, command, leader_id, place, randbits, name=name, phone=phone, person_id=person_id)

        if _write(tenant_id, leader, asked.invitation, inviter):
            return leader
    raise Crowded("Many people are joining at this moment. Please try again.")


def enroll(tenant_id: str, leader: Leader, inviter: Leader | None) -> bool:
    """Write a leader whom the brand brings along, without an invitation, below an inviter as it was read just now.

    False when the inviter was moved or has risen since, the person leads for the brand already, or the leader is there.
    """
    return _write(tenant_id, leader, None, inviter)


def enroll_owner(
    tenant_id: str, person_id: str, name: str, *, language: Language, now: datetime, randbits: RandomBits
) -> Leader:
    """Make one of the brand's own people a leader at the top, in the plan's first rank, without an invitation.

    The caller has seen that the person works for the brand. No phone is known: it is told by e-mail until it gives one.
    Who leads for the brand already stays the leader it is. Raises `Crowded`.
    """
    if (before := _leading(tenant_id, person_id)) is not None:
        return before
    plan = plans.in_force(tenant_id, on=now).plan
    leader_id = rules.new_leader_id(randbits)
    command = Register(code="", name=clean_name(name), phone="", language=language)
    leader = _newcomer(
        tenant_id,
        command,
        leader_id,
        _place_below(None, leader_id, plan, now),
        randbits,
        name=command.name,
        phone="",
        person_id=person_id,
    )
    if _write(tenant_id, leader, None, None):
        return leader
    if (meanwhile := _leading(tenant_id, person_id)) is not None:
        return meanwhile
    raise Crowded("Many people are joining at this moment. Please try again.")


def _leading(tenant_id: str, person_id: str) -> Leader | None:
    memberships = people.memberships(person_id, tenant_id)
    leads = next((one for one in memberships if one.role == "leader"), None)
    return profiles.get(tenant_id, leads.leader_id or "") if leads else None


@dataclass(frozen=True, slots=True)
class _Asked:
    invitation: Invitation
    membership: Membership | None


def _read(tenant_id: str, code: str, person_id: str | None) -> _Asked:
    """Read brand, invitation and the person's place in the brand in one request."""
    if not rules.is_code(code):
        raise _unknown_invitation()
    keys = [tenants.tenant_key(tenant_id), leaders.invitation_key(tenant_id, code)]
    if person_id is not None:
        keys.append((people.person_key(person_id), f"member#{tenant_id}#leader"))
    found = store.get_all(keys)
    tenant = next((record for record in found if isinstance(record, Tenant)), None)
    kept = next((record for record in found if isinstance(record, Invitation)), None)
    if tenant is None or kept is None:
        raise _unknown_invitation()
    require_active(tenant.status)
    return _Asked(kept, next((record for record in found if isinstance(record, Membership)), None))


def _unknown_invitation() -> InvitationUnknown:
    return InvitationUnknown("This invitation does not exist, or was used already. Ask for a new link.", param="code")


def _open_to(tenant_id: str, invitation: Invitation, now: datetime) -> Leader | None:
    """Give the inviter of an invitation that can be taken now (None: the brand)."""
    if invitation.inviter_id is not None:
        inviter = profiles.get(tenant_id, invitation.inviter_id)
        rules.check_link(inviter.status, frozen=inviter.frozen, until=inviter.probation_until, now=now)
        return inviter
    if invitation.used_by is not None or (invitation.expires_at is not None and invitation.expires_at <= now):
        raise _unknown_invitation()
    return None


def _joined_before(tenant_id: str, membership: Membership, invitation: Invitation) -> Leader:
    """Answer a repeated registration (a second press, a lost answer); refuse one under somebody else, or oneself."""
    leader = profiles.get(tenant_id, membership.leader_id or "")
    if leader.inviter_id == invitation.inviter_id:
        return leader
    raise AlreadyLeads("You lead for this brand already. An invitation is for somebody new.", param="code")


def _person_by_email(command: Register, name: str, now: datetime, randbits: RandomBits) -> str:
    if command.email is None:
        raise Invalid("Give the e-mail address with which the leader will sign in.", param="email")
    person = persons.ensure(
        clean_email(command.email), now=now, randbits=randbits, name=name, language=command.language
    )
    return person.person_id


def _place_below(inviter: Leader | None, leader_id: str, plan: Plan, now: datetime) -> dict[str, Any]:
    """Give the attributes that say where and how a newcomer stands; none of them is the newcomer's to choose."""
    status = rules.first_status(plan, is_root=inviter is None)
    if inviter is not None:
        place = places.below(inviter.place, leader_id, plan.first_rank)
    else:
        place = places.at_the_top(leader_id, plan.first_rank, places.kept_ranks(plan))
    return {
        **leaders.place_attributes(place),
        "inviter_id": inviter.leader_id if inviter else None,
        "rank": plan.first_rank,
        "rank_since": now,
        "status": status,
        "status_since": now,
        "standing_since": now,
        "joined_at": now,
        "confirmed_at": now if status == "confirmed" else None,
        **(trials.first_trial(plan, now) if status == "probation" else {}),
    }


def _newcomer(
    tenant_id: str,
    command: Register,
    leader_id: str,
    place: dict[str, Any],
    randbits: RandomBits,
    *,
    name: str,
    phone: str,
    person_id: str,
) -> Leader:
    leader = Leader(
        *leaders.leader_key(tenant_id, leader_id),
        leader_id=leader_id,
        person_id=person_id,
        name=name,
        phone=phone,
        language=command.language,
        group_size=command.group_size,
        invite_code=rules.new_code(randbits),
        **place,
    )
    leader.gsi1pk = leaders.listing_key(tenant_id, store.shard_of(leader_id))
    leader.gsi1sk = leaders.position(leader)
    return leader


def _write(tenant_id: str, leader: Leader, invitation: Invitation | None, inviter: Leader | None) -> bool:
    """Write a newcomer with its place and its own link; False when something that was decided on has changed."""

    def write_all() -> None:
        with store.transaction() as write:
            _hold_invitation(write, leader, invitation, inviter)
            membership = people.membership_of(
                tenant_id, leader.person_id, "leader", leader.joined_at, leader_id=leader.leader_id
            )
            write.save(membership, condition=Membership.pk.does_not_exist())
            write.save(leader, condition=Leader.pk.does_not_exist())
            write.save(leaders.child_of(tenant_id, leader))
            if leader.probation_until is not None:
                write.save(trials.due_record(tenant_id, leader.leader_id, 1, leader.probation_until))
            own_link = Invitation(*leaders.invitation_key(tenant_id, leader.invite_code), inviter_id=leader.leader_id)
            write.save(own_link, condition=Invitation.pk.does_not_exist())

    return store.written(write_all)


def _hold_invitation(
    write: TransactWrite, leader: Leader, invitation: Invitation | None, inviter: Leader | None
) -> None:
    """Let the transaction fail if the inviter was frozen, removed, moved or risen since, or the brand's link was used.

    A sweep that passed between our reading the inviter and this would never come by the newcomer again. Whom the brand
    brings along comes by no invitation: only the place counts.
    """
    if inviter is not None and invitation is None:
        write.condition_check(Leader, inviter.pk, inviter.sk, condition=leaders.place_as_read(inviter))
    elif inviter is not None:
        write.condition_check(
            Leader,
            inviter.pk,
            inviter.sk,
            condition=(Leader.frozen == False)  # noqa: E712 - an expression
            & (Leader.status != "removed")
            & leaders.place_as_read(inviter),
        )
    elif invitation is not None:
        write.update(
            Invitation(invitation.pk, invitation.sk),
            actions=[Invitation.used_by.set(leader.leader_id)],
            condition=Invitation.pk.exists() & Invitation.used_by.does_not_exist(),
        )
