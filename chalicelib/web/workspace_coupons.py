"""The leader's coupons in the workspace: what is in hand, on which order, until when."""

from chalicelib.coupons import store as coupons
from chalicelib.web import words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import page

MOST = 100


@page("/lead/{store}/coupons")
def mine(ask: Ask, store: str) -> Answer:
    """List the leader's coupons, those that can be used first, the ones that end soonest before."""
    desk, me = ask.leading(store)
    found = coupons.of_leader(desk.tenant_id, me.leader_id, limit=MOST)
    return ask.show(
        "workspace/coupons.html",
        me=me,
        coupons=sorted(found, key=lambda one: (one.state != "open", str(one.expires_at))),
        states=words.COUPON_STATES,
    )
