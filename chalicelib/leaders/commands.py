"""What can be asked about leaders; also the request bodies of `/v1`. None of them names an inviter, rank or tenant."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from chalicelib.chinese import Language


class Register(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Become a leader by an invitation's `code`; the inviter is whoever's code it is.

    `email` is for a brand's own systems, which register people who are not signed in; a signed-in person's own
    address counts otherwise.
    """

    code: str
    name: str
    phone: str
    email: str | None = None
    group_size: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    language: Language = "zh"


class UpdateLeader(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a leader can change about itself; what is not given stays."""

    name: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    language: Language | UnsetType = UNSET


class PayByBank(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pay out by the brand's batch file, to an account described in the leader's words."""

    bank_details: str
