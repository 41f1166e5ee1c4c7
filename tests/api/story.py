"""Two brands: one to which everything has happened that leaves an id, and one that would like to see it."""

import json
from base64 import b64encode
from typing import Any

from chalicelib.api.route import Route
from chalicelib.boards import actions as boards
from chalicelib.commissions import presets
from chalicelib.orders import store as orders
from chalicelib.reviews import actions as reviews
from chalicelib.reviews import experiences
from chalicelib.reviews.commands import WriteReview
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants
from tests.api.world import System, World
from tests.disputes.builders import told
from tests.media.pictures import PNG

COMPLAINT = {"wish": "refund", "reason": "spoilt", "amount_minor": 100}
BODIES: dict[str, dict[str, Any]] = {
    "/v1/campaigns/{campaign_id}/read_lines": {"text": "1. Mrs Li apples x2"},
    "/v1/campaigns/{campaign_id}/arrivals": {"leader_id": "ld_0000000000"},
    "/v1/orders/{order_id}/ship": {"carrier": "SF", "number": "SF12345"},
    "/v1/leaders/{leader_id}/points": {"name": "Gate", "address": "1 Renmin Road"},
    "/v1/products/{product_id}/stock": {"change": 1},
    "/v1/products/{product_id}/photos": {"content": b64encode(PNG).decode()},
    "/v1/products/{product_id}/photos/arrange": {"photos": []},
    "/v1/leaders/{leader_id}/rank": {"rank": "gold", "reason": "asked for"},
    "/v1/leaders/{leader_id}/move": {"inviter_id": "ld_0000000000", "reason": "asked for"},
    "/v1/leaders/{leader_id}/groups": {"groups": 2},
    "/v1/leaders/{leader_id}/bank_account": {"bank_details": "ICBC"},
    "/v1/leaders/{leader_id}/stripe_onboarding": {
        "return_url": "https://shop.example/",
        "refresh_url": "https://shop.example/",
    },
    "/v1/orders/{order_id}/refunds": {"amount_minor": 1},
    "/v1/orders/{order_id}/cases": COMPLAINT,
    "/v1/orders/{order_id}/cases/{case_id}/decline": {"note": "It was fine."},
    "/v1/leaders/{leader_id}/target": {"members": 3, "customers": 1},
    "/v1/boards/{board_id}/prizes": {"product_id": "pr_00000000000000000000"},
    "/v1/campaigns/{campaign_id}/clone": {
        "opens_at": "2026-03-02T08:00:00+08:00",
        "closes_at": "2026-03-09T08:00:00+08:00",
    },
    "/v1/campaigns/{campaign_id}/take_over": {"leader_id": "ld_0000000000"},
    "/v1/campaigns/{campaign_id}/give_up": {"leader_id": "ld_0000000000"},
    "/v1/leaders/{leader_id}": {"name": "Mallory"},
    "/v1/products/{product_id}": {"title": "Mine now"},
    "/v1/reviews/{review_id}/moderate": {"verdict": "shown", "version": 1},
    "/v1/reviews/{review_id}/reply": {"text": "Thank you!"},
    "/v1/products/{product_id}/experiences/{leader_id}/moderate": {"verdict": "hidden", "version": 1},
}


def harmless_plan() -> dict[str, Any]:
    """The plan that the brands began with, without anything for which an owner must sign."""
    document: dict[str, Any] = json.loads(presets.read("breakaway"))
    return document | {"rewards": document["rewards"][:1]}


def review_of(theirs: System, order_id: str, product_id: str) -> str:
    """What the order's buyer says of the product."""
    with acting_for(theirs.tenant_id):
        said = WriteReview(stars=5, text="Sweet.")
        return reviews.write(theirs.tenant_id, order_id, product_id, said, now=theirs.world.now).review_id


def said_by(theirs: System, leader_id: str, product_id: str) -> str:
    """A leader says how it found the product; gives its id."""
    with acting_for(theirs.tenant_id):
        experiences.write(theirs.tenant_id, product_id, leader_id, "We like it.", now=theirs.world.now)
    return leader_id


def dispute_of(theirs: System, order_id: str) -> str:
    """What the order's bank says of it."""
    with acting_for(theirs.tenant_id):
        payment = str(orders.get(theirs.tenant_id, order_id).payment_intent_id)
    assert theirs.world.webhook(told(payment, at=theirs.world.now)).status == 200
    theirs.world.pump()
    return "du_1"


def boards_of(theirs: System, product_id: str) -> dict[str, str]:
    """A board of the month as the schedule keeps it, with a prize."""
    theirs.done("/v1/board_settings", kinds=["sales-month"])
    theirs.done("/v1/target", members=3, customers=1)
    with acting_for(theirs.tenant_id):
        boards.keep_up(tenants.get(theirs.tenant_id), now=theirs.world.now)
    board_id = f"sales-{theirs.world.now:%Y-%m}"
    prize = theirs.done(f"/v1/boards/{board_id}/prizes", product_id=product_id)
    return {"board_id": board_id, "prize_id": prize["id"]}


class Story:
    """A brand to which everything has happened that leaves an id, and one that would like to see it."""

    def __init__(self, world: World) -> None:
        self.ours, self.theirs = world.brand("green-village"), world.brand("blue-lake")
        theirs = self.theirs
        self.product = theirs.product()
        self.campaign = theirs.campaign(self.product["id"])
        leader = theirs.leader("A")
        invitee = theirs.leader("B", leader["id"])
        theirs.done(f"/v1/leaders/{invitee['id']}/bank_account", bank_details="ICBC 1")
        order = theirs.bought(invitee["id"], self.campaign)
        refund = theirs.done(f"/v1/orders/{order['id']}/refunds", amount_minor=1_000)
        told = theirs.basket(invitee["id"], self.campaign)
        told["customer"]["email"] = "li.na@example.com"
        told_order = theirs.done("/v1/orders", **told)
        world.pay(told_order["checkout_url"])
        theirs.done(f"/v1/orders/{order['id']}/deliver")
        world.pump()
        world.clock.advance(days=9)
        world.settle()
        theirs.done("/v1/payout_runs")
        self.ids = {
            "product_id": self.product["id"],
            "campaign_id": self.campaign["id"],
            "point_id": theirs.done(f"/v1/leaders/{leader['id']}/points", name="Gate", address="7 Lake Road")["id"],
            "code": leader["invite_code"],
            "coupon_id": theirs.get(f"/v1/leaders/{leader['id']}/coupons").body["data"][0]["id"],
            "order_id": order["id"],
            "refund_id": refund["id"],
            "case_id": theirs.done(f"/v1/orders/{order['id']}/cases", **COMPLAINT)["id"],
            "dispute_id": dispute_of(theirs, order["id"]),
            "notice_id": f"{told_order['id']}.order-paid.email",
            "payout_id": theirs.get("/v1/payouts").body["data"][0]["id"],
            "entry_id": theirs.get("/v1/ledger_entries").body["data"][0]["id"],
            "line_id": theirs.get(f"/v1/leaders/{leader['id']}/statement").body["lines"]["data"][0]["id"],
            "export_id": theirs.done("/v1/exports", what="products")["id"],
            "import_id": theirs.done("/v1/imports", what="leaders", content="bmFtZQ==")["id"],
            "leader_id": said_by(theirs, leader["id"], self.product["id"]),
            "review_id": review_of(theirs, order["id"], self.product["id"]),
            **boards_of(theirs, self.product["id"]),
            "number": str(theirs.done("/v1/plans", document=harmless_plan())["number"]),
            "api_key_id": theirs.done("/v1/api_keys", name="spare")["id"],
        }

    def ask(self, system: System, route: Route, path: str) -> Any:
        if route.method == "GET":
            return system.get(path)
        return system.post(path, **BODIES.get(route.path, {}))
