"""What the control API is asked for, read into types; a wish that does not fit is refused in a sentence."""

from typing import Annotated, TypeVar

import msgspec

from infra.local.stripe_sandbox.refusals import BadParameter, Json

Wish = TypeVar("Wish")


class Settings(msgspec.Struct, forbid_unknown_fields=True):
    """How payments and refunds behave from now on."""

    available_after_seconds: Annotated[int, msgspec.Meta(ge=0)] = 0
    refunds_stay_pending: bool = False


class Manner(msgspec.Struct, forbid_unknown_fields=True):
    """How webhooks are delivered from now on."""

    copies: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    shuffle: bool = False
    paused: bool = False


class Passing(msgspec.Struct, forbid_unknown_fields=True):
    """How far the clock moves."""

    advance_seconds: int


class Funds(msgspec.Struct, forbid_unknown_fields=True):
    """An available balance (minor units) of the platform, or of a connected account."""

    available: int
    currency: str = "usd"
    account: str = ""


class Complaint(msgspec.Struct, forbid_unknown_fields=True):
    """A dispute over a charge, or over the charge of a PaymentIntent; `inquiry`: the bank only asks for now."""

    charge: str | None = None
    payment_intent: str | None = None
    amount: int | None = None
    reason: str = "fraudulent"
    inquiry: bool = False


class Verdict(msgspec.Struct, forbid_unknown_fields=True):
    """How a dispute ends: `won` or `lost`."""

    status: str


class Capability(msgspec.Struct, forbid_unknown_fields=True):
    """What is taken from an account."""

    capability: str = "transfers"


class Card(msgspec.Struct, forbid_unknown_fields=True):
    """Whether a customer's subscription payments succeed."""

    works: bool


class Buyer(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What a buyer types on the checkout page."""

    email: str = ""
    name: str = ""
    phone: str = ""


def read_wish(wanted: Json, kind: type[Wish]) -> Wish:
    """The request's JSON as `kind`; refuse with `BadParameter` what it does not know or take."""
    try:
        return msgspec.convert(wanted, kind)
    except msgspec.ValidationError as wrong:
        raise BadParameter(f"The control API cannot take this: {wrong}.") from wrong
