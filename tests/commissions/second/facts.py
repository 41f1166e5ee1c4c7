"""What happened, as the second implementation remembers it, and the document's arithmetic."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from math import floor
from typing import Any


class Refused(Exception):
    """This line makes no sense."""


@dataclass
class Leader:
    leader_id: str
    inviter: str | None
    status: str
    rank: str
    trial_since: datetime
    groups: int


@dataclass
class Line:
    sku: str
    qty: int
    list_price: int
    rate_bp: int | None
    paid: int
    left: int


@dataclass
class Order:
    order_id: str
    seller: str
    seller_rank: str
    seller_status: str
    uplines: list[tuple[str, str, str]]  # id, rank, status: just before the order was paid
    paid_at: datetime
    lines: list[Line]
    self_purchase: bool
    acquires: bool
    posted: dict[tuple[str, str], int] = field(default_factory=dict)
    refunds: list[tuple[datetime, int]] = field(default_factory=list)

    @property
    def paid(self) -> int:
        return sum(line.paid for line in self.lines)

    @property
    def left(self) -> int:
        return sum(line.left for line in self.lines)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def share_of(amount: int, rate_bp: int) -> int:
    return floor(Fraction(amount * rate_bp, 10_000))


def split_by_weight(amount: int, weights: list[int]) -> list[int]:
    if not sum(weights):
        return [0 for _ in weights]
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    shares = [floor(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda at: (shares[at] - exact[at], at))
    for at in by_remainder[: amount - sum(shares)]:
        shares[at] += 1
    return shares


def read_lines(event: dict[str, Any]) -> list[Line]:
    """The lines of an `order.paid`, the discount spread over them."""
    given = event["lines"]
    if not given or len({line["sku"] for line in given}) < len(given) or any(line["qty"] < 1 for line in given):
        raise Refused("lines")
    goods = [line["qty"] * line["unit_price"] for line in given]
    discount = event.get("discount", 0)
    if discount > sum(goods):
        raise Refused("discount above the goods")
    paid = [a - b for a, b in zip(goods, split_by_weight(discount, goods), strict=True)]
    return [
        Line(line["sku"], line["qty"], line.get("list_price", line["unit_price"]), line.get("rate_bp"), kept, kept)
        for line, kept in zip(given, paid, strict=True)
    ]


def refund_by_line(order: Order, event: dict[str, Any]) -> list[int]:
    """What a refund takes from each line of its order."""
    if ("amount" in event) == ("lines" in event):
        raise Refused("either an amount or lines")
    if "amount" in event:
        taken = split_by_weight(event["amount"], [line.left for line in order.lines])
        if not 0 < event["amount"] <= order.left:
            raise Refused("amount")
        return taken
    by_sku = {line["sku"]: line["amount"] for line in event["lines"]}
    known = {line.sku for line in order.lines}
    if not by_sku or len(by_sku) < len(event["lines"]) or not set(by_sku) <= known or min(by_sku.values()) < 1:
        raise Refused("lines")
    taken = [by_sku.get(line.sku, 0) for line in order.lines]
    if any(amount > line.left for amount, line in zip(taken, order.lines, strict=True)):
        raise Refused("above what is left")
    return taken
