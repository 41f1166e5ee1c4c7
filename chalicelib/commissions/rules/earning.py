"""What a simulation prints of an event (OPERATING_MODELS.md, The simulator's files)."""

from msgspec import Struct

from chalicelib.commissions.rules.reward import Kind

_NAMES_IN_FILES = {"event_no": "event", "order_id": "order", "leader_id": "leader", "amount_minor": "amount"}


class Earning(Struct, frozen=True, gc=False, rename=_NAMES_IN_FILES):
    """What an event gave or took (minor units): `order_id` is None where no order is behind it."""

    event_no: int
    order_id: str | None
    leader_id: str
    kind: Kind
    amount_minor: int
