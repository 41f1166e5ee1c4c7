"""The people who run a brand beside its owner: invited by e-mail, and sent away again."""

from datetime import datetime

from chalicelib import store
from chalicelib.chinese import Language
from chalicelib.errors import Conflict
from chalicelib.ids import RandomBits
from chalicelib.mail import Mailer
from chalicelib.people import letters, memberships, persons
from chalicelib.people import store as people
from chalicelib.people.store import Person, TeamMember

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
) -> Person:
    """Make somebody staff by their e-mail and tell them; they sign in with a code to that address.

    Only an owner can. Inviting somebody twice changes nothing and sends nothing. Raises `RoleMissing`,
    `NotYourBrand`, `Invalid`, `TeamFull`.
    """
    memberships.require_role(tenant_id, by_person_id, "owner")
    if sum(1 for _ in store.query(TeamMember, people.team_key(tenant_id))) >= LARGEST_TEAM:
        raise TeamFull(f"A brand has at most {LARGEST_TEAM} people. Remove somebody first.", param="email")
    invited = persons.ensure(email, now=now, randbits=randbits, language=language)

    if _write(tenant_id, invited.person_id, by_person_id, now):
        mailer.send(letters.staff_invitation(invited.email, brand_name, sign_in_url, language))
    return invited


def remove_staff(tenant_id: str, person_id: str, *, by_person_id: str) -> None:
    """Take the staff role from somebody; owners stay. Doing it again changes nothing.

    Only an owner can. Raises `RoleMissing`, `NotYourBrand`.
    """
    memberships.require_role(tenant_id, by_person_id, "owner")

    def write_both() -> None:
        with store.transaction() as write:
            write.delete(people.Membership(people.person_key(person_id), f"member#{tenant_id}#staff"))
            write.delete(TeamMember(people.team_key(tenant_id), f"{person_id}#staff"))

    store.again_when_crossed(write_both)


def _write(tenant_id: str, person_id: str, by_person_id: str, now: datetime) -> bool:
    """Write the membership; False when it was there already."""

    def write_both() -> None:
        with store.transaction() as write:
            memberships.grant(write, tenant_id, person_id, "staff", now, invited_by=by_person_id)

    return store.written(write_both)
