"""What becomes of a coupon: issued, used, given back, ended. Each move once, with its entry in the ledger.

Called from the stream (at least once) and from the sweep: a move that was made before finds nothing to do.

| move | leader's coupons | `brand:coupons` | `brand:redeemed` |
|---|---|---|---|
| issued (by the invitation's own entry) | + face | − face | |
| used; what the goods did not need is no cost | − face | + the rest | + discount |
| given back | + face | − the rest | − discount |
| expired | − face | + face | |
| a newcomer's, used (given back: the other way) | | − discount | + discount |
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.coupons import rules
from chalicelib.coupons.store import Coupon, ended_by, ends_listing, key_of, leader_coupon_key
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry, leader_account, postings, reverse


@dataclass(frozen=True, slots=True)
class OnOrder:
    """A coupon as an order names it, with the order's leader and its customer's phone."""

    coupon_id: str
    order_id: str
    leader_id: str
    phone: str


def issue(tenant_id: str, entry: Entry) -> None:
    """Make the coupons that an invitation's entry gave; making them again changes nothing."""
    for reward in entry.facts.get("rewards", []):
        if reward["kind"] == "invite_coupon":
            _put_once(_issued(tenant_id, entry, reward["leader_id"], reward["amount_minor"]))


def _issued(tenant_id: str, entry: Entry, leader_id: str, amount_minor: int) -> Coupon:
    coupon_id, ends_at = rules.coupon_id_of("invite", f"{tenant_id}#{entry.entry_id}"), entry.at + rules.KEPT
    coupon = Coupon(
        *leader_coupon_key(tenant_id, leader_id, coupon_id),
        coupon_id=coupon_id,
        coupon_kind="invite",
        holder_id=leader_id,
        source_id=entry.facts.get("newcomer"),
        amount_minor=amount_minor,
        currency=entry.currency,
        issued_at=entry.at,
        expires_at=ends_at,
    )
    coupon.gsi1pk, coupon.gsi1sk = ends_listing(tenant_id), store.position(ends_at, coupon_id)
    return coupon


def _put_once(coupon: Coupon) -> None:
    try:
        store.put(coupon, Coupon.pk.does_not_exist())
    except PutError as error:
        if not store.condition_failed(error):
            raise


def use(tenant_id: str, on_order: OnOrder, *, at: datetime) -> None:
    """Note that the order of a coupon was paid: its value becomes goods."""
    coupon = _of(tenant_id, on_order)
    if coupon is None or (coupon.state, coupon.order_id) != ("reserved", on_order.order_id):
        return
    discount_minor = int(coupon.discount_minor or 0)
    amounts = {"brand:redeemed": discount_minor, "brand:coupons": -discount_minor}
    if coupon.holder_id:
        face_minor = int(coupon.amount_minor)
        amounts[leader_account(coupon.holder_id, "coupons")] = -face_minor
        amounts["brand:coupons"] = face_minor - discount_minor
    entry = _entry(
        coupon,
        amounts,
        kind="coupon_used",
        at=at,
        facts={"order": on_order.order_id},
    )

    actions = [Coupon.state.set("used"), Coupon.gsi1pk.remove(), Coupon.gsi1sk.remove()]
    _post_and_move(tenant_id, coupon, entry, actions)


def give_back(tenant_id: str, on_order: OnOrder, *, at: datetime) -> None:
    """Give a coupon back whose order was not paid in the end, or was refunded whole."""
    coupon = _of(tenant_id, on_order)
    if coupon is None or coupon.order_id != on_order.order_id or coupon.state not in ("reserved", "used"):
        return
    if coupon.state == "reserved":
        _move(coupon, _opened(tenant_id, coupon, at))
        return
    used = book.entries_in(tenant_id, coupon.book)[int(coupon.moves) - 1]
    entry = reverse(
        used,
        number=int(coupon.moves),
        entry_id=_entry_id(coupon, "coupon_returned"),
        kind="coupon_returned",
        at=at,
        facts={"coupon": coupon.coupon_id, "order": on_order.order_id},
    )
    _post_and_move(tenant_id, coupon, entry, _opened(tenant_id, coupon, at))


def _opened(tenant_id: str, coupon: Coupon, at: datetime) -> list[Action]:
    actions: list[Action] = [Coupon.state.set("open"), Coupon.order_id.remove(), Coupon.discount_minor.remove()]
    ends_at = rules.expiry_after_return(coupon.expires_at, at)
    if ends_at is not None:
        actions += [
            Coupon.expires_at.set(ends_at),
            Coupon.gsi1pk.set(ends_listing(tenant_id)),
            Coupon.gsi1sk.set(store.position(ends_at, coupon.coupon_id)),
        ]
    return actions


def expire_due(tenant_id: str, *, now: datetime) -> int:
    """End every coupon whose time is over and that is on no order; gives how many were ended."""
    ended = 0
    for coupon in ended_by(tenant_id, now):
        if coupon.state != "open" or coupon.expires_at is None or coupon.expires_at > now:
            continue  # on an order: it is used, or comes back with a later end
        face_minor = int(coupon.amount_minor)
        amounts = {leader_account(str(coupon.holder_id), "coupons"): -face_minor, "brand:coupons": face_minor}
        entry = _entry(
            coupon,
            amounts,
            kind="coupon_expired",
            at=now,
            facts={},
        )
        actions = [Coupon.state.set("expired"), Coupon.gsi1pk.remove(), Coupon.gsi1sk.remove()]
        ended += _post_and_move(tenant_id, coupon, entry, actions)
    return ended


# ------------------------------------------------------------------------------------------------ write


def _of(tenant_id: str, on_order: OnOrder) -> Coupon | None:
    key = key_of(tenant_id, on_order.coupon_id, leader_id=on_order.leader_id, phone=on_order.phone)
    return store.get(Coupon, *key)


def _entry_id(coupon: Coupon, kind: str) -> str:
    # With the kind: a use and an expiry that race for the same place in the book are two facts.
    return f"{coupon.coupon_id}-{int(coupon.moves)}-{kind.removeprefix('coupon_')}"


def _entry(coupon: Coupon, amounts: Mapping[str, int], *, kind: str, at: datetime, facts: Mapping[str, str]) -> Entry:
    return Entry(
        book=coupon.book,
        number=int(coupon.moves),
        entry_id=_entry_id(coupon, kind),
        kind=kind,
        at=at,
        currency=coupon.currency,
        postings=postings(amounts),
        facts={"coupon": coupon.coupon_id, **facts},
    )


def _post_and_move(tenant_id: str, coupon: Coupon, entry: Entry, actions: Sequence[Action]) -> bool:
    """Write the entry and the coupon's move in one; False when somebody moved the coupon since it was read."""

    def move(write: TransactWrite) -> None:
        write.update(
            Coupon(coupon.pk, coupon.sk),
            actions=[*actions, Coupon.moves.set(entry.number + 1)],
            condition=_unmoved(coupon),
        )

    try:
        return book.post(tenant_id, entry, beside=move)
    except TransactWriteError as error:
        if not store.condition_failed(error):
            raise
        return False


def _move(coupon: Coupon, actions: Sequence[Action]) -> None:
    store.written(lambda: coupon.update(actions=list(actions), condition=_unmoved(coupon)))


def _unmoved(coupon: Coupon) -> Condition:
    unmoved: Condition = (Coupon.state == coupon.state) & (Coupon.moves == coupon.moves)
    return unmoved & (Coupon.order_id == coupon.order_id) if coupon.order_id else unmoved
