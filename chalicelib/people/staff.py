"""The people who run a brand beside its owner: invited by e-mail, and sent away again."""

from datetime import datetime
from typing import get_args

from chalicelib import store
from chalicelib.chinese import Language
from chalicelib.errors import Conflict, Invalid
from chalicelib.ids import RandomBits
from chalicelib.mail import Mailer
from chalicelib.people import letters, memberships, persons
from chalicelib.people import store as people
from chalicelib.people.rules import StaffRole
from chalicelib.people.store import Person, TeamMember

STAFF_ROLES: tuple[StaffRole, ...] = get_args(StaffRole)
LARGEST_TEAM = 50


class TeamFull(Conflict):
    """A brand has as many staff as it can; this also keeps invitations from being used to send mail to strangers."""

    code = "team_full"


def invite_staff(
    tenant_id: str,
    email: str,
    *,
    by_person_id: str,
    brand_name: str,
    sign_in_url: str,
    now: datetime,
    randbits: RandomBits,
    mailer: Mailer,
    language: Language,
    role: str = "staff",
) -> Person:
    """Make somebody staff, accountant or packer by their e-mail and tell them; they sign in with a code sent to it.

    Only an owner can. Inviting somebody twice changes nothing and sends nothing. Raises `RoleMissing`,
    `NotYourBrand`, `Invalid`, `TeamFull`.
    """
    memberships.require_role(tenant_id, by_person_id, "owner")
    wanted = staff_role(role)
    if sum(1 for _ in store.query(TeamMember, people.team_key(tenant_id))) >= LARGEST_TEAM:
        raise TeamFull(f"A brand has at most {LARGEST_TEAM} people. Remove somebody first.", param="email")
    invited = persons.ensure(email, now=now, randbits=randbits, language=language)

    if _write(tenant_id, invited.person_id, wanted, by_person_id, now):
        mailer.send(letters.staff_invitation(invited.email, brand_name, sign_in_url, language))
    return invited


def staff_role(text: str) -> StaffRole:
    """Read a role that an owner can give. Raises `Invalid`."""
    for role in STAFF_ROLES:
        if text == role:
            return role
    raise Invalid("Choose what they do: staff, accountant or packer.", param="role")


def remove_staff(tenant_id: str, person_id: str, *, by_person_id: str, role: str = "staff") -> None:
    """Take a role from somebody; owners stay. Doing it again changes nothing.

    Only an owner can. Raises `RoleMissing`, `NotYourBrand`, `Invalid`.
    """
    memberships.require_role(tenant_id, by_person_id, "owner")
    taken = staff_role(role)

    def write_both() -> None:
        with store.transaction() as write:
            write.delete(people.Membership(people.person_key(person_id), f"member#{tenant_id}#{taken}"))
            write.delete(TeamMember(people.team_key(tenant_id), f"{person_id}#{taken}"))

    store.again_when_crossed(write_both)


def _write(tenant_id: str, person_id: str, role: StaffRole, by_person_id: str, now: datetime) -> bool:
    """Write the membership; False when it was there already."""

    def write_both() -> None:
        with store.transaction() as write:
            memberships.grant(write, tenant_id, person_id, role, now, invited_by=by_person_id)

    return store.written(write_both)
