"""Invitations: the links by which leaders join."""

from datetime import datetime

from msgspec import Struct

from chalicelib.api.calls import Call, NoBody
from chalicelib.leaders import actions
from chalicelib.tenants import actions as tenants
from chalicelib.web.links import Links


class Invitation(Struct, frozen=True, kw_only=True, tag_field="object", tag="invitation"):
    """A link to join by. A leader's own works for any number of newcomers; the brand's for one, until it expires.

    `min_group_size`: the smallest chat group that the brand's plan asks for, if it does.
    """

    code: str
    url: str
    inviter_id: str | None
    expires_at: datetime | None
    min_group_size: int | None


class CreateInvitation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose link: a leader's, or the brand's own for a leader without an inviter."""

    leader_id: str | None = None


def create(call: Call[CreateInvitation]) -> Invitation:
    """Give a leader's link, or make one of the brand's."""
    if call.body.leader_id is not None:
        return _open(call, actions.get(call.tenant_id, call.body.leader_id).invite_code)
    # A second one made by a repetition that was cut would harm nobody: nobody knows its code.
    made = actions.invite_root(call.tenant_id, now=call.now, randbits=call.tools.randbits)
    return _open(call, made.code)


def retrieve(call: Call[NoBody]) -> Invitation:
    """Show an invitation that can be taken."""
    return _open(call, call.ids["code"])


def _open(call: Call[CreateInvitation] | Call[NoBody], code: str) -> Invitation:
    found = actions.invitation(call.tenant_id, code, now=call.now)
    links = Links(call.tools.settings.public_url)
    return Invitation(
        code=code,
        url=links.full("join", tenants.get(call.tenant_id).slug, code),
        inviter_id=found.inviter.leader_id if found.inviter else None,
        expires_at=found.expires_at,
        min_group_size=found.min_group_size,
    )
