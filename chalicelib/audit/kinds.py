"""What is noted: the closed list of kinds, and which way in means which. Pure.

A way in that is in no table here is noted as `other`; what is not to be noted says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal[
    "settings-changed", "staff-invited", "staff-removed", "key-made", "key-revoked", "product-added", "product-changed",
    "stock-changed", "photos-changed", "campaign-opened", "campaign-closed", "campaign-cancelled",
    "plan-version-made", "plan-version-withdrawn", "plan-version-signed",
    "order-called-off", "refund-asked", "refund-repeated", "refund-dismissed", "case-approved", "case-declined",
    "case-handed-over",
    "payouts-run", "payouts-exported", "payouts-confirmed", "leader-invited", "leader-frozen", "leader-unfrozen",
    "leader-trial", "leader-ranked", "leader-moved", "leader-groups", "leader-account", "leader-changed",
    "import-sent", "import-committed", "import-withdrawn", "export-asked", "boards-chosen", "target-set",
    "prize-offered", "prize-given", "prize-withdrawn", "review-shown", "review-hidden", "review-answered",
    "experience-shown", "experience-hidden",
    "goods-arrived", "orders-handed-out", "buyers-reminded", "subscription-changed",
    "examples-added", "examples-removed", "other",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

Look = Literal["settings", "product", "leader", "boards", "campaign"]
"""Whose settings are read before and after (`looks`)."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What the log says of a way in.

    look: what is compared before and after. by, kinds: a field of the form whose value tells which kind it is (`"*"` is
    any that is not empty). on_page: it answers with a page where it succeeds, not by leading on to another.
    """

    what: Kind
    look: Look | None = None
    by: str = ""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    on_page: bool = False

    def kind_of(self, said: Mapping[str, str]) -> Kind:
        """Say which kind it is, from what the form said."""
        value = said.get(self.by, "") if self.by else ""
        return self.kinds.get(value, self.kinds.get("*", self.what) if value else self.what)


OTHER = Noted("other")

_DECISION: Mapping[str, Kind] = {
    "approve": "case-approved",
    "decline": "case-declined",
    "hand_over": "case-handed-over",
}
_ORDERS: Mapping[str, Kind] = {"remind": "buyers-reminded", "export": "export-asked"}
_FAILED: Mapping[str, Kind] = {"dismiss": "refund-dismissed"}
_IMPORT: Mapping[str, Kind] = {"commit": "import-committed", "withdraw": "import-withdrawn"}

CONSOLE: Mapping[str, Noted] = {
    "settings": Noted("settings-changed", "settings"),
    "look": Noted("settings-changed", "settings"),
    "team": Noted("staff-invited", by="remove", kinds={"*": "staff-removed"}),
    "keys": Noted("key-made", on_page=True),
    "keys/{key_id}/revoke": Noted("key-revoked"),
    "products/new": Noted("product-added"),
    "products/{product_id}": Noted("product-changed", "product"),
    "products/{product_id}/stock": Noted("stock-changed"),
    "products/{product_id}/photos": Noted("photos-changed"),
    "products/{product_id}/words": Noted("experience-shown", by="verdict", kinds={"hidden": "experience-hidden"}),
    "examples": Noted("examples-added", by="do", kinds={"remove": "examples-removed"}),
    "campaigns/new": Noted("campaign-opened"),
    "campaigns/{campaign_id}/again": Noted("campaign-opened"),
    "campaigns/{campaign_id}/close": Noted("campaign-closed", "campaign"),
    "campaigns/{campaign_id}/cancel": Noted("campaign-cancelled", "campaign"),
    "campaigns/{campaign_id}/arrived": Noted("goods-arrived"),
    "plan/new": Noted("plan-version-made"),
    "plan/{number}/withdraw": Noted("plan-version-withdrawn"),
    "plan/{number}/sign": Noted("plan-version-signed"),
    "orders/file": Noted("export-asked"),
    "orders/several": Noted("orders-handed-out", by="several", kinds=_ORDERS, on_page=True),
    "leaders/several": Noted("leader-frozen", by="several", kinds={"unfreeze": "leader-unfrozen"}, on_page=True),
    "orders/{order_id}/call_off": Noted("order-called-off"),
    "orders/{order_id}/refund": Noted("refund-asked"),
    "orders/{order_id}/refunds/{refund_id}": Noted("refund-repeated", by="change", kinds=_FAILED),
    "cases": Noted("case-approved", by="decision", kinds=_DECISION, on_page=True),
    "cases/file": Noted("export-asked"),
    "cases/{order_id}/{case_id}": Noted("case-approved", by="decision", kinds=_DECISION),
    "payouts/run": Noted("payouts-run"),
    "payouts/export": Noted("payouts-exported", on_page=True),
    "payouts/confirm": Noted("payouts-confirmed", on_page=True),
    "leaders": Noted("leader-invited", on_page=True),
    "leaders/{leader_id}/standing": Noted(
        "other", "leader", by="change",
        kinds={"freeze": "leader-frozen", "unfreeze": "leader-unfrozen", "start_trial": "leader-trial"},
    ),
    "leaders/{leader_id}/rank": Noted("leader-ranked", "leader"),
    "leaders/{leader_id}/move": Noted("leader-moved", "leader"),
    "leaders/{leader_id}/groups": Noted("leader-groups", "leader"),
    "leaders/{leader_id}/payout": Noted("leader-account"),
    "imports": Noted("import-sent"),
    "imports/{import_id}": Noted("import-committed", by="change", kinds=_IMPORT),
    "tracking": Noted("import-sent"),
    "tracking/{import_id}": Noted("import-committed", by="change", kinds=_IMPORT),
    "exports": Noted("export-asked"),
    "boards": Noted("boards-chosen", "boards"),
    "boards/target": Noted("target-set"),
    "boards/{board_id}/prizes": Noted("prize-offered"),
    "boards/{board_id}/prizes/{prize_id}": Noted("prize-given", by="change", kinds={"withdraw": "prize-withdrawn"}),
    "reviews": Noted("review-shown", by="verdict", kinds={"hidden": "review-hidden"}),
    "reviews/{review_id}/reply": Noted("review-answered"),
    "words": Noted("experience-shown", by="verdict", kinds={"hidden": "experience-hidden"}),
    "billing": Noted("subscription-changed"),
}  # fmt: skip
"""What is noted of each form of the console, by its address below `/console/{store}/`."""

CONSOLE_NOT_NOTED: Mapping[str, str] = {
    "campaigns/{campaign_id}/handout": "each order says who handed it out, and when",
    "orders/{order_id}/deliver": "the order says who handed it out, and when",
    "notices/{notice_id}/again": "sends what was to be sent anyway",
    "billing/portal": "leads on to Stripe's page, changes nothing here",
}
"""Forms of the console that are not noted, and why."""

_LEADER = "leaders/{leader_id}"
API: Mapping[str, Noted] = {
    "brand": Noted("settings-changed", "settings"),
    "api_keys": Noted("key-made"),
    "api_keys/{api_key_id}/revoke": Noted("key-revoked"),
    "products": Noted("product-added"),
    "products/{product_id}": Noted("product-changed", "product"),
    "products/{product_id}/photos": Noted("photos-changed"),
    "products/{product_id}/photos/arrange": Noted("photos-changed"),
    "products/{product_id}/stock": Noted("stock-changed"),
    "products/{product_id}/experiences/{leader_id}/moderate": Noted(
        "experience-shown", by="verdict", kinds={"hidden": "experience-hidden"}
    ),
    "campaigns": Noted("campaign-opened"),
    "campaigns/{campaign_id}/clone": Noted("campaign-opened"),
    "campaigns/{campaign_id}/cancel": Noted("campaign-cancelled", "campaign"),
    "campaigns/{campaign_id}/close": Noted("campaign-closed", "campaign"),
    "campaigns/{campaign_id}/arrivals": Noted("goods-arrived"),
    "reviews/{review_id}/moderate": Noted("review-shown", by="verdict", kinds={"hidden": "review-hidden"}),
    "reviews/{review_id}/reply": Noted("review-answered"),
    "imports": Noted("import-sent"),
    "imports/{import_id}/commit": Noted("import-committed"),
    "imports/{import_id}/withdraw": Noted("import-withdrawn"),
    "exports": Noted("export-asked"),
    "plans": Noted("plan-version-made"),
    "plans/{number}/withdraw": Noted("plan-version-withdrawn"),
    "invitations": Noted("leader-invited"),
    _LEADER: Noted("leader-changed"),
    _LEADER + "/freeze": Noted("leader-frozen", "leader"),
    _LEADER + "/unfreeze": Noted("leader-unfrozen", "leader"),
    _LEADER + "/rank": Noted("leader-ranked", "leader"),
    _LEADER + "/move": Noted("leader-moved", "leader"),
    _LEADER + "/groups": Noted("leader-groups", "leader"),
    _LEADER + "/start_trial": Noted("leader-trial", "leader"),
    _LEADER + "/bank_account": Noted("leader-account"),
    _LEADER + "/target": Noted("target-set"),
    "target": Noted("target-set"),
    "board_settings": Noted("boards-chosen", "boards"),
    "boards/{board_id}/prizes": Noted("prize-offered"),
    "boards/{board_id}/prizes/{prize_id}/withdraw": Noted("prize-withdrawn"),
    "boards/{board_id}/prizes/{prize_id}/award": Noted("prize-given"),
    "orders/{order_id}/call_off": Noted("order-called-off"),
    "orders/{order_id}/refunds": Noted("refund-asked"),
    "orders/{order_id}/refunds/{refund_id}/repeat": Noted("refund-repeated"),
    "orders/{order_id}/refunds/{refund_id}/dismiss": Noted("refund-dismissed"),
    "orders/{order_id}/cases/{case_id}/approve": Noted("case-approved"),
    "orders/{order_id}/cases/{case_id}/decline": Noted("case-declined"),
    "orders/{order_id}/cases/{case_id}/hand_over": Noted("case-handed-over"),
    "payout_runs": Noted("payouts-run"),
    "payout_batches": Noted("payouts-exported"),
    "payout_batches/confirm": Noted("payouts-confirmed"),
}
"""What is noted of each POST of `/v1`, by its address below it."""

API_NOT_NOTED: Mapping[str, str] = {
    "campaigns/{campaign_id}/read_lines": "reads text, writes nothing",
    "plans/lint": "checks a document, writes nothing",
    "plans/compare": "tries a document, writes nothing",
    "campaigns/{campaign_id}/take_over": "the leader's own choice, by the brand's own shop",
    "campaigns/{campaign_id}/give_up": "the leader's own choice, by the brand's own shop",
    "leaders": "a leader joins; its profile says when and by whose invitation",
    _LEADER + "/stripe_onboarding": "gives a link; what Stripe is told there is the leader's",
    _LEADER + "/points": "the leader's own place",
    _LEADER + "/points/{point_id}": "the leader's own place",
    "orders": "a buyer orders; the order says when",
    "leader_orders": "a leader orders for its customers; the order says so",
    "orders/{order_id}/cases": "a buyer complains; the case says when",
    "orders/{order_id}/deliver": "the order says who handed it out, and when",
    "orders/{order_id}/ship": "the order keeps its parcel; whole shops send thousands a day",
    "deliveries": "each order says who handed it out, and when",
    "notices/{notice_id}/send_again": "sends what was to be sent anyway",
}
"""POSTs of `/v1` that are not noted, and why."""


def of_console(path: str) -> Noted | None:
    """Say what is noted of a form of the console by its route (`/console/{store}/team`); None where nothing is."""
    return _of(path.removeprefix("/console/{store}").strip("/"), CONSOLE, CONSOLE_NOT_NOTED)


def of_api(path: str) -> Noted | None:
    """Say what is noted of a POST of `/v1` by its route; None where nothing is."""
    return _of(path.removeprefix("/v1/"), API, API_NOT_NOTED)


_PAGES = {
    "brand": "settings",
    "api_keys": "keys",
    "plans": "plan",
    "invitations": "leaders",
    "target": "boards",
    "board_settings": "boards",
    "payout_runs": "payouts",
    "payout_batches": "payouts",
}
"""Where the console shows what `/v1` calls otherwise."""


def about_of(path: str, ids: Mapping[str, str], made: str) -> str:
    """Give the page of the console that shows what a request was about; `made`: the id of what it answered with."""
    parts = path.removeprefix("/v1/").split("/")
    last = max((place for place, part in enumerate(parts) if part.startswith("{")), default=0)
    named = [ids[part[1:-1]] if part.startswith("{") else part for part in parts[: last + 1]]
    head = _PAGES.get(named[0], named[0])
    if head in ("keys", "settings", "boards", "payouts") or (head == "leaders" and named[0] == "invitations"):
        return head
    return "/".join([head, *named[1:], *([made] if last == 0 and made else [])])[:200]


def _of(way: str, noted: Mapping[str, Noted], not_noted: Mapping[str, str]) -> Noted | None:
    return None if way in not_noted else noted.get(way, OTHER)
