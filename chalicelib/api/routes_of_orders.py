"""Ways into `/v1`: orders, what comes after them, and the money."""

from chalicelib.aftersales.commands import ApproveCase, AskCase, DeclineCase
from chalicelib.aftersales.rules import CaseDecided, CaseInvalid, CaseTooLate, NotClaimable
from chalicelib.aftersales.store import CaseUnknown
from chalicelib.api.calls import CursorUnknown, NoBody
from chalicelib.api.resources import (
    cases,
    deliveries,
    disputes,
    figures,
    ledger,
    notices,
    orders,
    payouts,
    statements,
)
from chalicelib.api.resources.ledger import LedgerQuery, ReasonQuery
from chalicelib.api.route import Route, get, listing, post
from chalicelib.campaigns.buyers import GroupFull, PersonLimit
from chalicelib.campaigns.rules import CampaignNotOpen
from chalicelib.campaigns.store import CampaignNotFound
from chalicelib.commissions.rules.refund import RefundRefused
from chalicelib.coupons.rules import CouponNotUsable, CouponUnknown, SpendTooLow
from chalicelib.delivery.points import AddPoint, ChangePoint, PointInvalid, TooManyPoints
from chalicelib.delivery.store import PointUnknown
from chalicelib.delivery.ways import PointClosed, WayNotOffered
from chalicelib.disputes.rules import OrderDisputed
from chalicelib.disputes.store import DisputeNotFound
from chalicelib.errors import Invalid
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.rules import LinkClosed
from chalicelib.notices.sending import NoticeNotWaiting
from chalicelib.notices.store import NoticeUnknown
from chalicelib.orders.calling_off import NotCallable
from chalicelib.orders.commands import Enter, Place
from chalicelib.orders.commands import Refund as AskForRefund
from chalicelib.orders.failed_refunds import RefundNotFailed
from chalicelib.orders.pay_page import CheckoutUnreachable, OrderLapsed
from chalicelib.orders.reserving import SoldOut
from chalicelib.orders.rules import BasketInvalid, NotDeliverable, NotRefundable
from chalicelib.orders.steps import OrderBusy
from chalicelib.orders.store import OrderNotFound, RefundNotFound
from chalicelib.payouts.batches import NothingToExport
from chalicelib.payouts.store import PayoutNotFound
from chalicelib.statements.places import EntryUnknown
from chalicelib.tenants.rules import TenantSuspended

_LEADER = "/v1/leaders/{leader_id}"
_EXPLANATION = "chalicelib.statements.explanations:Explanation"
_ORDER = "/v1/orders/{order_id}"
_ORDERS = (
    listing("/v1/orders", "List orders, newest first", orders.newest, orders.Order, Invalid, query=orders.OrderQuery),
    post("/v1/orders", "Place an order on a leader's storefront", orders.place, Place, orders.Order,
          BasketInvalid, Invalid, WayNotOffered, PointClosed, LeaderUnknown, LinkClosed, CampaignNotFound,
          CampaignNotOpen, SoldOut, PersonLimit, GroupFull, CouponUnknown, CouponNotUsable, SpendTooLow, OrderLapsed,
          TenantSuspended, CheckoutUnreachable),
    post("/v1/leader_orders", "Enter a leader's orders for its customers, paid at once", orders.enter, Enter,
          orders.Order, BasketInvalid, Invalid, LeaderUnknown, LinkClosed, CampaignNotFound, CampaignNotOpen, SoldOut,
          PersonLimit, GroupFull,
          OrderLapsed, TenantSuspended, CheckoutUnreachable),
    get(_ORDER, "Show an order", orders.retrieve, orders.Order, OrderNotFound),
    post(_ORDER + "/deliver", "Note that the buyer has the goods", orders.deliver, NoBody, orders.Order,
          OrderNotFound, NotDeliverable, OrderBusy),
    post(_ORDER + "/call_off", "Call off an order that a coupon paid whole, before the hand-out", orders.call_off,
          NoBody, orders.Order, OrderNotFound, NotCallable, OrderBusy),
    listing(_ORDER + "/notices", "List what the buyer of an order was told", notices.about_order, notices.Notice,
          OrderNotFound),
    listing("/v1/notices", "List messages that wait or could not be sent", notices.unsent, notices.Notice),
    post("/v1/notices/{notice_id}/send_again", "Send a message again", notices.send_again, NoBody, notices.Notice,
          NoticeUnknown, NoticeNotWaiting),
    listing(_ORDER + "/refunds", "List an order's refunds", orders.refunds_of, orders.OrderRefund, OrderNotFound),
    post(_ORDER + "/refunds", "Give money back", orders.refund, AskForRefund, orders.OrderRefund,
          OrderNotFound, NotRefundable, OrderDisputed, RefundRefused, OrderBusy),
    get(_ORDER + "/refunds/{refund_id}", "Show a refund", orders.retrieve_refund, orders.OrderRefund,
         OrderNotFound, RefundNotFound),
    listing("/v1/disputes", "List disputes of banks, newest first", disputes.newest, disputes.Dispute),
    listing(_ORDER + "/disputes", "List an order's disputes", disputes.of_order, disputes.Dispute, OrderNotFound),
    get(_ORDER + "/disputes/{dispute_id}", "Show a dispute", disputes.retrieve, disputes.Dispute,
         OrderNotFound, DisputeNotFound),
)  # fmt: skip

_CASES = _ORDER + "/cases"
_CASE = _CASES + "/{case_id}"
_AFTERSALES = (
    listing("/v1/cases", "List after-sales cases by state, newest first", cases.by_state, cases.Case,
          query=cases.CaseQuery),
    listing(_CASES, "List an order's cases", cases.of_order, cases.Case, OrderNotFound),
    post(_CASES, "Say what is wrong with an order", cases.ask, AskCase, cases.Case, OrderNotFound, NotClaimable,
          CaseTooLate, CaseInvalid, RefundRefused, OrderBusy),
    get(_CASE, "Show a case", cases.retrieve, cases.Case, CaseUnknown),
    post(_CASE + "/approve", "Approve a case", cases.approve, ApproveCase, cases.Case, OrderNotFound, CaseUnknown,
          CaseDecided, CaseInvalid, NotRefundable, OrderDisputed, RefundRefused, OrderBusy),
    post(_CASE + "/decline", "Decline a case", cases.decline, DeclineCase, cases.Case, CaseUnknown, CaseDecided,
          CaseInvalid, OrderBusy),
    post(_CASE + "/hand_over", "Note that a replacement was handed over", cases.hand_over, NoBody, cases.Case,
          CaseUnknown, CaseDecided, OrderBusy),
    listing("/v1/failed_refunds", "List refunds that failed and that nobody has seen to", cases.failed,
          orders.OrderRefund),
    post(_ORDER + "/refunds/{refund_id}/repeat", "Ask again for a refund that failed", cases.repeat, NoBody,
          orders.OrderRefund, OrderNotFound, RefundNotFound, RefundNotFailed, NotRefundable, OrderDisputed,
          RefundRefused, OrderBusy),
    post(_ORDER + "/refunds/{refund_id}/dismiss", "Put a refund that failed away", cases.dismiss, NoBody,
          orders.OrderRefund, RefundNotFound, RefundNotFailed),
)  # fmt: skip

_POINTS = _LEADER + "/points"
_DELIVERIES = (
    get("/v1/campaigns/{campaign_id}/delivery", "Show what a campaign needs picked and handed out",
         deliveries.of_campaign, deliveries.Delivery, CampaignNotFound),
    post("/v1/campaigns/{campaign_id}/arrivals", "Say that a campaign's goods are at a leader", deliveries.arrive,
          deliveries.Arrive, deliveries.Arrival, CampaignNotFound, LeaderUnknown, NotDeliverable),
    post("/v1/deliveries", "Note that several buyers have their goods", deliveries.deliver, deliveries.Deliver,
          deliveries.Deliveries, Invalid),
    post(_ORDER + "/ship", "Keep an order's tracking number", deliveries.ship, deliveries.Ship, orders.Order,
          OrderNotFound, NotDeliverable, Invalid),
    listing(_POINTS, "List a leader's pick-up points", deliveries.points_of, deliveries.PickupPoint, LeaderUnknown),
    post(_POINTS, "Add a pick-up point", deliveries.add_point, AddPoint, deliveries.PickupPoint, LeaderUnknown,
          PointInvalid, TooManyPoints),
    get(_POINTS + "/{point_id}", "Show a pick-up point", deliveries.retrieve_point, deliveries.PickupPoint,
         PointUnknown),
    post(_POINTS + "/{point_id}", "Change a pick-up point, or close it", deliveries.change_point, ChangePoint,
          deliveries.PickupPoint, PointUnknown, PointInvalid),
)  # fmt: skip

_MONEY = (
    listing("/v1/payouts", "List payouts, newest first", payouts.newest, payouts.Payout),
    get("/v1/payouts/{payout_id}", "Show a payout", payouts.retrieve, payouts.Payout, PayoutNotFound),
    post("/v1/payout_runs", "Pay out now what leaders have available", payouts.run, NoBody, payouts.PayoutRun),
    listing("/v1/payout_batches", "List files for the bank that wait to be confirmed", payouts.open_batches,
          payouts.PayoutBatch),
    post("/v1/payout_batches", "Put what is to be paid by bank into a file", payouts.export, NoBody,
          payouts.PayoutBatch, NothingToExport),
    post("/v1/payout_batches/confirm", "Say what the bank did, line by line", payouts.confirm,
          payouts.ConfirmBatch, payouts.PayoutConfirmation),
    get("/v1/figures", "Show the brand's days, what waits, and who and what sells", figures.of_days,
         figures.BrandFigures, figures.FiguresUnreadable, query=figures.FiguresQuery),
    listing("/v1/ledger_entries", "List the ledger's entries, newest first", ledger.newest, ledger.LedgerEntry,
          query=LedgerQuery),
    listing(_ORDER + "/ledger_entries", "List what was written in the ledger for an order, the oldest first",
            ledger.of_order, ledger.LedgerEntry, OrderNotFound, query=LedgerQuery),
    get("/v1/ledger_entries/{entry_id}", "Show an entry", ledger.retrieve, ledger.LedgerEntry,
         EntryUnknown, query=ReasonQuery),
    get("/v1/ledger_entries/{entry_id}/explanation", "Show the calculation behind an entry", ledger.explanation,
         _EXPLANATION, EntryUnknown, query=ReasonQuery),
    get("/v1/statement", "Show the brand's statement", statements.of_brand, statements.Statement,
         CursorUnknown, query=LedgerQuery),
    get("/v1/trial_balance", "Add up all balances by currency", ledger.trial_balance, ledger.TrialBalance),
)  # fmt: skip

ROUTES: tuple[Route, ...] = (*_ORDERS, *_AFTERSALES, *_DELIVERIES, *_MONEY)
