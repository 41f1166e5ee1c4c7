"""The records of people. They belong to the platform, not to a brand: one person may lead for several brands.

Only what a brand lists of its own (its team, its API keys) has a mirror under the brand's key.
"""

from datetime import datetime
from typing import get_args

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.people.rules import Role
from chalicelib.people.seals import fingerprint
from chalicelib.store import Record
from chalicelib.tenancy import PLATFORM


class Person(Record, discriminator="person"):
    """Somebody who has shown that an e-mail address is theirs, or was put down by it by a brand."""

    person_id = UnicodeAttribute()
    email = UnicodeAttribute()
    name = UnicodeAttribute(null=True)
    language = UnicodeAttribute(default="zh")
    created_at = UTCDateTimeAttribute()


class EmailTaken(Record, discriminator="email"):
    """Whose an e-mail address is. Its key makes sure that two people never have the same."""

    person_id = UnicodeAttribute()


class LoginCode(Record, discriminator="login-code"):
    """The one code that works for an e-mail address right now; only its seal is kept."""

    code_seal = UnicodeAttribute()
    tries_left = NumberAttribute()
    expires_at = UTCDateTimeAttribute()
    sent_at = UTCDateTimeAttribute()
    day_began_at = UTCDateTimeAttribute()
    sent_that_day = NumberAttribute()


class SessionRecord(Record, discriminator="session"):
    """A signed-in browser. It is revoked by deleting it; of the token only the fingerprint is kept."""

    person_id = UnicodeAttribute()
    opened_at = UTCDateTimeAttribute()
    expires_at = UTCDateTimeAttribute()


class PersonsSession(Record, discriminator="person-session"):
    """That a person has a session, so that all of them can be closed."""


class Membership(Record, discriminator="membership"):
    """What a person may do for a brand. Its key allows one leader per person and brand."""

    person_id = UnicodeAttribute()
    tenant_id = UnicodeAttribute()
    role = UnicodeAttribute()
    leader_id = UnicodeAttribute(null=True)
    since = UTCDateTimeAttribute()
    invited_by = UnicodeAttribute(null=True)


class TeamMember(Record, discriminator="team-member"):
    """An owner or staff member as the brand lists them; leaders are listed by `leaders.store`."""

    person_id = UnicodeAttribute()
    role = UnicodeAttribute()


class ApiKeyRecord(Record, discriminator="api-key"):
    """Which brand an API key speaks for; found by the key's fingerprint."""

    tenant_id = UnicodeAttribute()
    key_id = UnicodeAttribute()
    revoked_at = UTCDateTimeAttribute(null=True)


class BrandsApiKey(Record, discriminator="brand-api-key"):
    """An API key as the brand sees it after it was shown once."""

    key_id = UnicodeAttribute()
    name = UnicodeAttribute()
    last_four = UnicodeAttribute()
    key_fingerprint = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    revoked_at = UTCDateTimeAttribute(null=True)


# ------------------------------------------------------------------------------------------------ keys


def person_key(person_id: str) -> str:
    """The partition of a person: profile, memberships, sessions."""
    return f"{PLATFORM}#person#{person_id}"


def email_key(email: str) -> str:
    """The partition that says whose an e-mail address is."""
    return f"{PLATFORM}#email#{fingerprint(email)}"


def code_key(email: str) -> str:
    """The partition of an e-mail address' login code."""
    return f"{PLATFORM}#code#{fingerprint(email)}"


def session_key(token_fingerprint: str) -> str:
    """The partition of a session."""
    return f"{PLATFORM}#session#{token_fingerprint}"


def api_key_key(key_fingerprint: str) -> str:
    """The partition of an API key."""
    return f"{PLATFORM}#apikey#{key_fingerprint}"


def membership_key(tenant_id: str, person_id: str, role: Role) -> tuple[str, str]:
    """Where a person's role in a brand is kept."""
    return person_key(person_id), f"member#{tenant_id}#{role}"


def team_key(tenant_id: str) -> str:
    """The partition that lists a brand's owners and staff."""
    return f"{tenant_id}#members"


def api_keys_key(tenant_id: str) -> str:
    """The partition that lists a brand's API keys."""
    return f"{tenant_id}#apikeys"


# ------------------------------------------------------------------------------------------------ reads


def person(person_id: str) -> Person | None:
    """Read a person."""
    return store.get(Person, person_key(person_id), "profile")


def persons(person_ids: list[str]) -> dict[str, Person]:
    """Read many persons at once, by id."""
    found = store.get_all([(person_key(person_id), "profile") for person_id in person_ids])
    return {record.person_id: record for record in found if isinstance(record, Person)}


def person_id_of(email: str) -> str | None:
    """Say whose an e-mail address (in lower case) is."""
    taken = store.get(EmailTaken, email_key(email), "email")
    return taken.person_id if taken else None


def memberships(person_id: str, tenant_id: str | None = None) -> list[Membership]:
    """Read what a person may do, for one brand (in one request) or for all of them, by role."""
    if tenant_id is None:
        return list(store.query(Membership, person_key(person_id), Membership.sk.startswith("member#")))
    found = store.get_all([membership_key(tenant_id, person_id, role) for role in get_args(Role)])
    return sorted((one for one in found if isinstance(one, Membership)), key=lambda one: one.sk)


def membership_of(
    tenant_id: str,
    person_id: str,
    role: Role,
    since: datetime,
    *,
    leader_id: str | None = None,
    invited_by: str | None = None,
) -> Membership:
    """Make the record of a membership; it is written with the condition that there is none yet."""
    return Membership(
        *membership_key(tenant_id, person_id, role),
        person_id=person_id,
        tenant_id=tenant_id,
        role=role,
        since=since,
        leader_id=leader_id,
        invited_by=invited_by,
    )


def team_member_of(tenant_id: str, person_id: str, role: Role) -> TeamMember:
    """Make the brand's mirror of an owner's or staff member's membership."""
    return TeamMember(team_key(tenant_id), f"{person_id}#{role}", person_id=person_id, role=role)
