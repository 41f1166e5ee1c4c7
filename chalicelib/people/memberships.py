"""Roles: what a person may do for a brand. A brand that is not yours does not exist for you."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Literal

from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.errors import Forbidden, NotFound
from chalicelib.people import store as people
from chalicelib.people.rules import Role, StaffRole
from chalicelib.people.store import Membership, Person, TeamMember


class NotYourBrand(NotFound):
    """The person has no role in this brand, or there is no such brand: the answer is the same."""

    code = "brand_unknown"


class RoleMissing(Forbidden):
    """The person works with this brand, but in another role."""

    code = "role_missing"

    def __init__(self, message: str, *, held: Collection[str]) -> None:
        super().__init__(message)
        self.held = held


def of(person_id: str) -> list[Membership]:
    """List what a person may do, over all brands: `role`, `tenant_id`, and `leader_id` for leaders."""
    return people.memberships(person_id)


def require_role(tenant_id: str, person_id: str, *roles: Role) -> Membership:
    """Give the person's membership in the first of `roles` that they have.

    Raises `NotYourBrand` when they have nothing to do with the brand, or lead for it and ask for what is its team's;
    `RoleMissing` when it needs another role.
    """
    held = {membership.role: membership for membership in people.memberships(person_id, tenant_id)}
    if not held or (held.keys() == {"leader"} and "leader" not in roles):
        raise NotYourBrand("There is no such brand, or you do not work with it. Sign in with another e-mail?")
    for role in roles:
        if role in held:
            return held[role]
    raise RoleMissing(f"Only {' or '.join(roles)} of this brand can do this. Ask its owner.", held=tuple(held))


def team(tenant_id: str) -> Iterator[tuple[Person, str]]:
    """List the owners and staff of a brand with their role."""
    listed = list(store.query(TeamMember, people.team_key(tenant_id)))
    persons = people.persons([member.person_id for member in listed])
    for member in listed:
        yield persons[member.person_id], member.role


def owner_of(tenant_id: str) -> Person | None:
    """Give who owns a brand."""
    return next((person for person, role in team(tenant_id) if role == "owner"), None)


def grant(
    write: TransactWrite,
    tenant_id: str,
    person_id: str,
    role: Literal["owner"] | StaffRole,
    since: datetime,
    *,
    invited_by: str | None = None,
) -> None:
    """Add a membership with the brand's mirror of it to a transaction, which fails when the person has it already."""
    membership = people.membership_of(tenant_id, person_id, role, since, invited_by=invited_by)
    write.save(membership, condition=Membership.pk.does_not_exist())
    write.save(people.team_member_of(tenant_id, person_id, role))
