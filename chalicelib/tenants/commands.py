"""What can be asked of a brand; also the request bodies of `/v1`."""

from msgspec import UNSET, Struct, UnsetType

from chalicelib.commissions.lint.setting import Channel, Jurisdiction


class SignUp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new brand. `email` is its owner's, confirmed with a code before; `timezone` an IANA name."""

    name: str
    slug: str
    email: str
    currency: str
    timezone: str
    plan_preset: str
    owner_name: str = ""


class UpdateSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a brand can change about itself; what is not given stays.

    `newcomer_coupon_minor` is the coupon on a new customer's first order (0: none), `newcomer_minimum_minor` what the
    goods must cost at least. `jurisdictions` and `channels` say where it works, for the checks of its plan.
    `auto_refund_minor`: up to which sum an order's after-sales refunds need nobody's yes (0: all do).
    `auto_deliver_days` after it was shipped an order counts as delivered (0: never by itself).
    `leader_campaigns`: whether leaders may open campaigns of their own. `accent` is the brand's colour, `#rrggbb`;
    empty: ours.
    """

    name: str | UnsetType = UNSET
    contact_email: str | UnsetType = UNSET
    timezone: str | UnsetType = UNSET
    return_window_days: int | UnsetType = UNSET
    jurisdictions: list[Jurisdiction] | UnsetType = UNSET
    channels: list[Channel] | UnsetType = UNSET
    newcomer_coupon_minor: int | UnsetType = UNSET
    newcomer_minimum_minor: int | UnsetType = UNSET
    auto_refund_minor: int | UnsetType = UNSET
    auto_deliver_days: int | UnsetType = UNSET
    leader_campaigns: bool | UnsetType = UNSET
    accent: str | UnsetType = UNSET
