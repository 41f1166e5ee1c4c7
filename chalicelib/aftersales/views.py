"""Cases as the API shows them."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from chalicelib.aftersales.store import Case


class CaseView(Struct, frozen=True, kw_only=True):
    """A case for its brand. `units` by product, empty where it is about an amount, `asked_minor`.

    `expected_minor`: what it came to when it was asked; `amount_minor`: what was decided, none before.
    """

    case_id: str
    order_id: str
    leader_id: str
    asked_by: str
    wish: str
    reason: str
    text: str
    units: dict[str, int]
    asked_minor: int | None
    expected_minor: int
    photos: int
    state: str
    automatic: bool
    amount_minor: int | None
    refund_id: str | None
    goods: str | None
    note: str
    asked_at: datetime
    decided_at: datetime | None
    done_at: datetime | None

    @classmethod
    def of(cls, case: "Case") -> "CaseView":
        """Show a case's record."""
        return cls(
            case_id=case.case_id,
            order_id=case.order_id,
            leader_id=case.leader_id,
            asked_by=case.asked_by,
            wish=case.wish,
            reason=case.reason,
            text=case.text or "",
            units=case.units,
            asked_minor=None if case.asked_minor is None else int(case.asked_minor),
            expected_minor=int(case.expected_minor),
            photos=len(case.photos),
            state=case.state,
            automatic=bool(case.automatic),
            amount_minor=None if case.amount_minor is None else int(case.amount_minor),
            refund_id=case.refund_id,
            goods=case.goods,
            note=case.note or "",
            asked_at=case.asked_at,
            decided_at=case.decided_at,
            done_at=case.done_at,
        )
