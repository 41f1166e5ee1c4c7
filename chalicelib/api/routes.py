"""The one table of `/v1`: chalice's routes and the OpenAPI document are both made of it."""

from typing import Any

from chalicelib.aftersales.commands import ApproveCase, AskCase, DeclineCase
from chalicelib.aftersales.rules import CaseDecided, CaseInvalid, CaseTooLate, NotClaimable
from chalicelib.aftersales.store import CaseUnknown
from chalicelib.api.answers import ListOf
from chalicelib.api.calls import CursorUnknown, NoBody, PageQuery
from chalicelib.api.resources import (
    api_keys,
    boards,
    brand,
    campaigns,
    cases,
    coupons,
    deliveries,
    disputes,
    documents,
    imports,
    invitations,
    leader_lives,
    leaders,
    ledger,
    notices,
    orders,
    payouts,
    plans,
    products,
    reviews,
    statements,
    targets,
)
from chalicelib.api.resources.ledger import LedgerQuery, ReasonQuery
from chalicelib.api.route import Route
from chalicelib.boards.actions import BoardKindUnknown
from chalicelib.boards.prizes import (
    BoardStillOpen,
    OfferPrize,
    PrizeAwarded,
    PrizeInvalid,
    PrizeShort,
    PrizeUnknown,
)
from chalicelib.boards.rules import BoardUnknown
from chalicelib.campaigns.buyers import GroupFull, PersonLimit
from chalicelib.campaigns.closing import CampaignBusy, CampaignStillOpen
from chalicelib.campaigns.commands import CancelCampaign, CloneCampaign, CreateCampaign
from chalicelib.campaigns.rules import CampaignInvalid, CampaignNotOpen
from chalicelib.campaigns.showing import NotForTaking
from chalicelib.campaigns.store import CampaignNotFound
from chalicelib.catalog.actions import StockTooLow
from chalicelib.catalog.commands import AdjustStock, CreateProduct, UpdateProduct
from chalicelib.catalog.rules import ProductInvalid
from chalicelib.catalog.store import ProductNotFound
from chalicelib.commissions.live import PlanNotLive
from chalicelib.commissions.presets import PresetUnknown
from chalicelib.commissions.proposals import (
    LaterVersionPlanned,
    MomentUnusable,
    OverrideWithoutReason,
    PlanBlocked,
    PlanEditedMeanwhile,
    PlanInEffect,
    PlanTooLarge,
)
from chalicelib.commissions.rules.plan import PlanRefused
from chalicelib.commissions.rules.refund import RefundRefused
from chalicelib.commissions.version_history import PlanVersionUnknown
from chalicelib.coupons.rules import CouponNotUsable, CouponUnknown, SpendTooLow
from chalicelib.delivery.points import AddPoint, ChangePoint, PointInvalid, TooManyPoints
from chalicelib.delivery.store import PointUnknown
from chalicelib.delivery.ways import PointClosed, WayNotOffered
from chalicelib.disputes.rules import OrderDisputed
from chalicelib.disputes.store import DisputeNotFound
from chalicelib.errors import Conflict, Invalid, Refusal
from chalicelib.imports.actions import ImportNotReady
from chalicelib.imports.files import FileUnreadable
from chalicelib.imports.store import ImportUnknown
from chalicelib.leaders.commands import PayByBank, Register, UpdateLeader
from chalicelib.leaders.groups import GroupsInvalid
from chalicelib.leaders.joining import AlreadyLeads, InvitationUnknown
from chalicelib.leaders.moves import InviterClosed, MovedBelowItself
from chalicelib.leaders.onboarding import OnboardingUnavailable
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.rules import LinkClosed, NotAdmitted, RankUnknown, TreeTooDeep
from chalicelib.leaders.standing import NotConfirmed, NotRemoved
from chalicelib.notices.sending import NoticeNotWaiting
from chalicelib.notices.store import NoticeUnknown
from chalicelib.orders.commands import Enter, Place
from chalicelib.orders.commands import Refund as AskForRefund
from chalicelib.orders.failed_refunds import RefundNotFailed
from chalicelib.orders.pasted import TextTooLong
from chalicelib.orders.pay_page import CheckoutUnreachable, OrderLapsed
from chalicelib.orders.reserving import SoldOut
from chalicelib.orders.rules import BasketInvalid, NotDeliverable, NotRefundable
from chalicelib.orders.steps import OrderBusy
from chalicelib.orders.store import OrderNotFound, RefundNotFound
from chalicelib.payouts.batches import NothingToExport
from chalicelib.payouts.store import PayoutNotFound
from chalicelib.people.api_keys import ApiKeyUnknown, TooManyApiKeys
from chalicelib.reviews.commands import Moderate, Reply
from chalicelib.reviews.rules import AlreadyReplied, ReviewChanged, ReviewInvalid
from chalicelib.reviews.store import ReviewNotFound
from chalicelib.statements.places import EntryUnknown
from chalicelib.targets.actions import SetTarget
from chalicelib.targets.rules import MonthOver, TargetInvalid
from chalicelib.tenants.commands import UpdateSettings
from chalicelib.tenants.rules import TenantSuspended


def _get(path: str, summary: str, act: Any, gives: Any, *refuses: type[Refusal], **more: Any) -> Route:
    return Route(method="GET", path=path, act=act, gives=gives, summary=summary, refuses=refuses, **more)


def _list(path: str, summary: str, act: Any, gives: Any, *refuses: type[Refusal], query: Any = PageQuery) -> Route:
    return _get(path, summary, act, ListOf[gives], CursorUnknown, *refuses, query=query)


def _post(path: str, summary: str, act: Any, body: Any, gives: Any, *refuses: type[Refusal], **more: Any) -> Route:
    return Route(method="POST", path=path, act=act, body=body, gives=gives, summary=summary, refuses=refuses, **more)


_BRAND = (
    _get("/v1/openapi.json", "This document", documents.openapi, dict[str, Any], public=True),
    _get("/v1/brand", "Show the brand", brand.retrieve, brand.Brand),
    _post("/v1/brand", "Change the brand's settings", brand.update, UpdateSettings, brand.Brand, Invalid),
    _list("/v1/api_keys", "List API keys", api_keys.oldest, api_keys.ApiKey),
    _post("/v1/api_keys", "Make an API key", api_keys.create, api_keys.CreateApiKey, api_keys.ApiKey,
          Invalid, TooManyApiKeys, shown_once="secret"),
    _post("/v1/api_keys/{api_key_id}/revoke", "End an API key", api_keys.revoke, NoBody, api_keys.ApiKey,
          ApiKeyUnknown),
)  # fmt: skip

_GOODS = (
    _list("/v1/products", "List products, newest first", products.newest, products.Product),
    _post("/v1/products", "Add a product", products.create, CreateProduct, products.Product, ProductInvalid),
    _get("/v1/products/{product_id}", "Show a product", products.retrieve, products.Product, ProductNotFound),
    _post("/v1/products/{product_id}", "Change a product", products.update, UpdateProduct, products.Product,
          ProductNotFound, ProductInvalid),
    _get("/v1/products/{product_id}/stock", "Show a product's stock", products.stock, products.Stock,
         ProductNotFound),
    _post("/v1/products/{product_id}/stock", "Add to or take from a product's stock", products.adjust_stock,
          AdjustStock, products.Stock, ProductNotFound, ProductInvalid, StockTooLow),
    _list("/v1/campaigns", "List campaigns, the last to close first", campaigns.latest, campaigns.Campaign),
    _post("/v1/campaigns", "Open a campaign", campaigns.create, CreateCampaign, campaigns.Campaign,
          CampaignInvalid, LeaderUnknown, StockTooLow),
    _post("/v1/campaigns/{campaign_id}/read_lines", "Read pasted chat text into lines; orders nothing",
          campaigns.read_lines, campaigns.ReadLines, "chalicelib.api.resources.pasted:ReadText", CampaignNotFound,
          TextTooLong),
    _get("/v1/campaigns/{campaign_id}", "Show a campaign", campaigns.retrieve, campaigns.Campaign, CampaignNotFound),
    _post("/v1/campaigns/{campaign_id}/cancel", "End a campaign now", campaigns.cancel, CancelCampaign,
          campaigns.Campaign, CampaignNotFound, CampaignBusy, Conflict),
    _post("/v1/campaigns/{campaign_id}/close", "Close a campaign whose time is over", campaigns.close, NoBody,
          campaigns.Campaign, CampaignNotFound, CampaignBusy, CampaignStillOpen),
    _post("/v1/campaigns/{campaign_id}/clone", "Run a campaign again", campaigns.clone, CloneCampaign,
          campaigns.Campaign, CampaignNotFound, CampaignInvalid, StockTooLow),
    _get("/v1/campaigns/{campaign_id}/group", "Show a campaign's group and what its end did", campaigns.group,
         campaigns.CampaignGroup, CampaignNotFound),
    _post("/v1/campaigns/{campaign_id}/take_over", "Put a campaign on a leader's page", campaigns.take_over,
          campaigns.TakeOver, campaigns.Campaign, CampaignNotFound, LeaderUnknown, NotForTaking),
    _post("/v1/campaigns/{campaign_id}/give_up", "Take a campaign off a leader's page", campaigns.give_up,
          campaigns.TakeOver, campaigns.Campaign, CampaignNotFound, NotForTaking),
)  # fmt: skip

_REVIEW = "/v1/reviews/{review_id}"
_REVIEWS = (
    _get("/v1/products/{product_id}/rating", "Show a product's stars", reviews.rating, reviews.Rating,
         ProductNotFound),
    _list("/v1/products/{product_id}/reviews", "List the reviews shown of a product, newest first",
          reviews.of_product, reviews.Review, ProductNotFound),
    _list("/v1/reviews", "List reviews that wait for the brand, or that it hides", reviews.in_state, reviews.Review,
          query=reviews.ReviewQuery),
    _get(_REVIEW, "Show a review", reviews.retrieve, reviews.Review, ReviewNotFound),
    _post(_REVIEW + "/moderate", "Show or hide a review", reviews.moderate, Moderate, reviews.Review,
          ReviewNotFound, ReviewChanged, ReviewInvalid),
    _post(_REVIEW + "/reply", "Answer a review, once", reviews.reply, Reply, reviews.Review,
          ReviewNotFound, AlreadyReplied, ReviewInvalid),
)  # fmt: skip

_IMPORT = "/v1/imports/{import_id}"
_IMPORTS = (
    _list("/v1/imports", "List imports, newest first", imports.newest, imports.Import),
    _post("/v1/imports", "Send a file of leaders, products or tracking numbers", imports.send, imports.SendFile,
          imports.Import, Invalid, FileUnreadable, largest_body=imports.LARGEST_BODY_BYTES),
    _get(_IMPORT, "Show an import and how far it is", imports.retrieve, imports.Import, ImportUnknown),
    _list(_IMPORT + "/problems", "List what is wrong with a file, by row", imports.problems, imports.ImportProblem,
          ImportUnknown),
    _post(_IMPORT + "/commit", "Write a checked import, all of it", imports.commit, NoBody, imports.Import,
          ImportUnknown, ImportNotReady),
    _post(_IMPORT + "/withdraw", "Give up an import", imports.withdraw, NoBody, imports.Import,
          ImportUnknown, ImportNotReady),
)  # fmt: skip

_PLAN = "/v1/plans/{number}"
_CHECKS = "chalicelib.api.resources.plan_checks"
_PLANS = (
    _list("/v1/plans", "List the plan's versions, newest first", plans.newest, plans.Plan),
    _post("/v1/plans", "Make a new version of the plan", plans.propose, plans.ProposePlan, plans.Plan,
          PlanRefused, PlanNotLive, PlanTooLarge, PlanBlocked, OverrideWithoutReason, MomentUnusable,
          LaterVersionPlanned, PlanEditedMeanwhile),
    _get("/v1/plans/schema", "Give the JSON Schema of plan documents", plans.schema, dict[str, Any]),
    _post("/v1/plans/lint", "Check a document against the law and against cheats", plans.check, plans.LintPlan,
          f"{_CHECKS}:PlanLint", PlanTooLarge),
    _post("/v1/plans/compare", "Try two plans on one history", plans.compare, plans.ComparePlans,
          f"{_CHECKS}:PlanComparison", PlanRefused, PlanTooLarge, PlanVersionUnknown, PresetUnknown, Invalid),
    _get(_PLAN, "Show a version", plans.retrieve, plans.Plan, PlanVersionUnknown),
    _get(_PLAN + "/changes", "Say what a version has otherwise than another", plans.changes, plans.PlanChanges,
         PlanVersionUnknown, query=plans.ChangesQuery),
    _post(_PLAN + "/withdraw", "Take back a version that is not in effect yet", plans.withdraw, NoBody, plans.Plan,
          PlanVersionUnknown, PlanInEffect),
)  # fmt: skip

_LEADER = "/v1/leaders/{leader_id}"
_EXPLANATION = "chalicelib.statements.explanations:Explanation"
_LEADERS = (
    _post("/v1/invitations", "Give a leader's invitation, or make one of the brand's", invitations.create,
          invitations.CreateInvitation, invitations.Invitation, LeaderUnknown, LinkClosed, TenantSuspended),
    _get("/v1/invitations/{code}", "Show an invitation that can be taken", invitations.retrieve,
         invitations.Invitation, InvitationUnknown, LinkClosed, TenantSuspended),
    _list("/v1/leaders", "List leaders, the latest joined first", leaders.newest, leaders.Leader),
    _post("/v1/leaders", "Register a leader by an invitation's code", leaders.register, Register, leaders.Leader,
          Invalid, InvitationUnknown, AlreadyLeads, LinkClosed, NotAdmitted, TreeTooDeep, TenantSuspended),
    _get(_LEADER, "Show a leader", leaders.retrieve, leaders.Leader, LeaderUnknown),
    _post(_LEADER, "Change a leader's own data", leaders.update, UpdateLeader, leaders.Leader,
          LeaderUnknown, Invalid),
    _list(_LEADER + "/uplines", "List a leader's uplines, nearest first", leaders.uplines, leaders.Upline,
          LeaderUnknown),
    _list(_LEADER + "/directs", "List whom a leader invited", leaders.directs, leaders.Leader, LeaderUnknown),
    _post(_LEADER + "/freeze", "Freeze a leader", leaders.freeze, leaders.Because, leaders.Leader, LeaderUnknown),
    _post(_LEADER + "/unfreeze", "Let a frozen leader go on", leaders.unfreeze, leaders.Because, leaders.Leader,
          LeaderUnknown),
    _post(_LEADER + "/rank", "Give a leader a rank", leaders.set_rank, leaders.SetRank, leaders.Leader,
          LeaderUnknown, RankUnknown, NotConfirmed),
    _post(_LEADER + "/move", "Move a leader to another inviter", leaders.move, leaders.Move, leaders.Leader,
          LeaderUnknown, InviterClosed, MovedBelowItself, TreeTooDeep),
    _post(_LEADER + "/groups", "Approve how many chat groups a leader runs", leader_lives.approve_groups,
          leader_lives.ApproveGroups, leaders.Leader, LeaderUnknown, GroupsInvalid),
    _post(_LEADER + "/start_trial", "Put a removed leader on probation again", leaders.start_trial, leaders.Because,
          leaders.Leader, LeaderUnknown, NotRemoved),
    _post(_LEADER + "/bank_account", "Pay a leader by bank", leaders.pay_by_bank, PayByBank, leaders.Leader,
          LeaderUnknown, Invalid),
    _post(_LEADER + "/stripe_onboarding", "Let a leader set up a Stripe account", leaders.onboard, leaders.Onboard,
          leaders.AccountLink, LeaderUnknown, OnboardingUnavailable),
    _get(_LEADER + "/progress", "Show what a leader needs next, and by when", leader_lives.progress_of,
         leader_lives.LeaderProgress, LeaderUnknown),
    _list(_LEADER + "/changes", "List a leader's life, latest first", leader_lives.changes_of,
          leader_lives.LeaderChange, LeaderUnknown),
    _list(_LEADER + "/coupons", "List a leader's coupons", coupons.of_leader, coupons.Coupon, LeaderUnknown),
    _get(_LEADER + "/coupons/{coupon_id}", "Show a leader's coupon", coupons.retrieve, coupons.Coupon,
         LeaderUnknown, CouponUnknown),
    _get(_LEADER + "/balance", "Show what a leader's accounts hold", leaders.balance, leaders.Balance,
         LeaderUnknown),
    _get(_LEADER + "/statement", "Show a leader's statement", statements.of_leader, statements.LeaderStatement,
         LeaderUnknown, CursorUnknown, query=LedgerQuery),
    _get(_LEADER + "/statement/{line_id}/explanation", "Explain a line of a leader's statement",
         statements.explanation, _EXPLANATION, LeaderUnknown, EntryUnknown, query=ReasonQuery),
)  # fmt: skip

_ORDER = "/v1/orders/{order_id}"
_ORDERS = (
    _list("/v1/orders", "List orders, newest first", orders.newest, orders.Order),
    _post("/v1/orders", "Place an order on a leader's storefront", orders.place, Place, orders.Order,
          BasketInvalid, Invalid, WayNotOffered, PointClosed, LeaderUnknown, LinkClosed, CampaignNotFound,
          CampaignNotOpen, SoldOut, PersonLimit, GroupFull, CouponUnknown, CouponNotUsable, SpendTooLow, OrderLapsed,
          TenantSuspended, CheckoutUnreachable),
    _post("/v1/leader_orders", "Enter a leader's orders for its customers, paid at once", orders.enter, Enter,
          orders.Order, BasketInvalid, Invalid, LeaderUnknown, LinkClosed, CampaignNotFound, CampaignNotOpen, SoldOut,
          PersonLimit, GroupFull,
          OrderLapsed, TenantSuspended, CheckoutUnreachable),
    _get(_ORDER, "Show an order", orders.retrieve, orders.Order, OrderNotFound),
    _post(_ORDER + "/deliver", "Note that the buyer has the goods", orders.deliver, NoBody, orders.Order,
          OrderNotFound, NotDeliverable, OrderBusy),
    _list(_ORDER + "/notices", "List what the buyer of an order was told", notices.about_order, notices.Notice,
          OrderNotFound),
    _list("/v1/notices", "List messages that wait or could not be sent", notices.unsent, notices.Notice),
    _post("/v1/notices/{notice_id}/send_again", "Send a message again", notices.send_again, NoBody, notices.Notice,
          NoticeUnknown, NoticeNotWaiting),
    _list(_ORDER + "/refunds", "List an order's refunds", orders.refunds_of, orders.OrderRefund, OrderNotFound),
    _post(_ORDER + "/refunds", "Give money back", orders.refund, AskForRefund, orders.OrderRefund,
          OrderNotFound, NotRefundable, OrderDisputed, RefundRefused, OrderBusy),
    _get(_ORDER + "/refunds/{refund_id}", "Show a refund", orders.retrieve_refund, orders.OrderRefund,
         OrderNotFound, RefundNotFound),
    _list("/v1/disputes", "List disputes of banks, newest first", disputes.newest, disputes.Dispute),
    _list(_ORDER + "/disputes", "List an order's disputes", disputes.of_order, disputes.Dispute, OrderNotFound),
    _get(_ORDER + "/disputes/{dispute_id}", "Show a dispute", disputes.retrieve, disputes.Dispute,
         OrderNotFound, DisputeNotFound),
)  # fmt: skip

_CASES = _ORDER + "/cases"
_CASE = _CASES + "/{case_id}"
_AFTERSALES = (
    _list("/v1/cases", "List after-sales cases by state, newest first", cases.by_state, cases.Case,
          query=cases.CaseQuery),
    _list(_CASES, "List an order's cases", cases.of_order, cases.Case, OrderNotFound),
    _post(_CASES, "Say what is wrong with an order", cases.ask, AskCase, cases.Case, OrderNotFound, NotClaimable,
          CaseTooLate, CaseInvalid, RefundRefused, OrderBusy),
    _get(_CASE, "Show a case", cases.retrieve, cases.Case, CaseUnknown),
    _post(_CASE + "/approve", "Approve a case", cases.approve, ApproveCase, cases.Case, OrderNotFound, CaseUnknown,
          CaseDecided, CaseInvalid, NotRefundable, OrderDisputed, RefundRefused, OrderBusy),
    _post(_CASE + "/decline", "Decline a case", cases.decline, DeclineCase, cases.Case, CaseUnknown, CaseDecided,
          CaseInvalid, OrderBusy),
    _post(_CASE + "/hand_over", "Note that a replacement was handed over", cases.hand_over, NoBody, cases.Case,
          CaseUnknown, CaseDecided, OrderBusy),
    _list("/v1/failed_refunds", "List refunds that failed and that nobody has seen to", cases.failed,
          orders.OrderRefund),
    _post(_ORDER + "/refunds/{refund_id}/repeat", "Ask again for a refund that failed", cases.repeat, NoBody,
          orders.OrderRefund, OrderNotFound, RefundNotFound, RefundNotFailed, NotRefundable, OrderDisputed,
          RefundRefused, OrderBusy),
    _post(_ORDER + "/refunds/{refund_id}/dismiss", "Put a refund that failed away", cases.dismiss, NoBody,
          orders.OrderRefund, RefundNotFound, RefundNotFailed),
)  # fmt: skip

_POINTS = _LEADER + "/points"
_DELIVERIES = (
    _get("/v1/campaigns/{campaign_id}/delivery", "Show what a campaign needs picked and handed out",
         deliveries.of_campaign, deliveries.Delivery, CampaignNotFound),
    _post("/v1/campaigns/{campaign_id}/arrivals", "Say that a campaign's goods are at a leader", deliveries.arrive,
          deliveries.Arrive, deliveries.Arrival, CampaignNotFound, LeaderUnknown, NotDeliverable),
    _post("/v1/deliveries", "Note that several buyers have their goods", deliveries.deliver, deliveries.Deliver,
          deliveries.Deliveries, Invalid),
    _post(_ORDER + "/ship", "Keep an order's tracking number", deliveries.ship, deliveries.Ship, orders.Order,
          OrderNotFound, NotDeliverable, Invalid),
    _list(_POINTS, "List a leader's pick-up points", deliveries.points_of, deliveries.PickupPoint, LeaderUnknown),
    _post(_POINTS, "Add a pick-up point", deliveries.add_point, AddPoint, deliveries.PickupPoint, LeaderUnknown,
          PointInvalid, TooManyPoints),
    _get(_POINTS + "/{point_id}", "Show a pick-up point", deliveries.retrieve_point, deliveries.PickupPoint,
         PointUnknown),
    _post(_POINTS + "/{point_id}", "Change a pick-up point, or close it", deliveries.change_point, ChangePoint,
          deliveries.PickupPoint, PointUnknown, PointInvalid),
)  # fmt: skip

_MONEY = (
    _list("/v1/payouts", "List payouts, newest first", payouts.newest, payouts.Payout),
    _get("/v1/payouts/{payout_id}", "Show a payout", payouts.retrieve, payouts.Payout, PayoutNotFound),
    _post("/v1/payout_runs", "Pay out now what leaders have available", payouts.run, NoBody, payouts.PayoutRun),
    _list("/v1/payout_batches", "List files for the bank that wait to be confirmed", payouts.open_batches,
          payouts.PayoutBatch),
    _post("/v1/payout_batches", "Put what is to be paid by bank into a file", payouts.export, NoBody,
          payouts.PayoutBatch, NothingToExport),
    _post("/v1/payout_batches/confirm", "Say what the bank did, line by line", payouts.confirm,
          payouts.ConfirmBatch, payouts.PayoutConfirmation),
    _list("/v1/ledger_entries", "List the ledger's entries, newest first", ledger.newest, ledger.LedgerEntry,
          query=LedgerQuery),
    _get("/v1/ledger_entries/{entry_id}", "Show an entry", ledger.retrieve, ledger.LedgerEntry,
         EntryUnknown, query=ReasonQuery),
    _get("/v1/ledger_entries/{entry_id}/explanation", "Show the calculation behind an entry", ledger.explanation,
         _EXPLANATION, EntryUnknown, query=ReasonQuery),
    _get("/v1/statement", "Show the brand's statement", statements.of_brand, statements.Statement,
         CursorUnknown, query=LedgerQuery),
    _get("/v1/trial_balance", "Add up all balances by currency", ledger.trial_balance, ledger.TrialBalance),
)  # fmt: skip

_BOARD = "/v1/boards/{board_id}"
_PRIZE = _BOARD + "/prizes/{prize_id}"
_BOARDS = (
    _get("/v1/board_settings", "Say which leaderboards there are", boards.settings, boards.BoardSettings),
    _post("/v1/board_settings", "Choose leaderboards", boards.choose, boards.ChooseBoards, boards.BoardSettings,
          BoardKindUnknown),
    _list("/v1/boards", "List leaderboards, the latest period first", boards.newest, boards.Board),
    _get(_BOARD, "Show a leaderboard", boards.retrieve, boards.Board, BoardUnknown),
    _list(_BOARD + "/places", "List a leaderboard's places, the best first", boards.places, boards.BoardPlace,
          BoardUnknown),
    _get(_BOARD + "/standings/{leader_id}", "Say how a leader stands on a leaderboard", boards.standing,
         boards.BoardStanding, BoardUnknown, LeaderUnknown),
    _list(_BOARD + "/prizes", "List what is given for a leaderboard", boards.prizes_of, boards.Prize, BoardUnknown),
    _post(_BOARD + "/prizes", "Give goods for places, or for the prize circle", boards.offer, OfferPrize,
          boards.Prize, BoardUnknown, ProductNotFound, PrizeInvalid),
    _post(_PRIZE + "/withdraw", "Take a prize back", boards.withdraw, NoBody, boards.Prize,
          BoardUnknown, PrizeUnknown, PrizeAwarded),
    _post(_PRIZE + "/award", "Give every winner its prize", boards.award, NoBody, boards.Prize,
          BoardUnknown, PrizeUnknown, BoardStillOpen, PrizeShort),
    _get("/v1/target", "Show the target of all leaders", targets.for_all, targets.Target, TargetInvalid,
         query=targets.MonthQuery),
    _post("/v1/target", "Ask something of all leaders each month", targets.set_for_all, SetTarget, targets.Target,
          TargetInvalid, MonthOver),
    _get(_LEADER + "/target", "Show a leader's target and how far it has come", targets.of_leader,
         targets.TargetProgress, LeaderUnknown, TargetInvalid, query=targets.MonthQuery),
    _post(_LEADER + "/target", "Ask something of a leader each month", targets.set_for_leader, SetTarget,
          targets.TargetProgress, LeaderUnknown, TargetInvalid, MonthOver),
)  # fmt: skip

ROUTES: tuple[Route, ...] = (
    *_BRAND,
    *_GOODS,
    *_REVIEWS,
    *_IMPORTS,
    *_PLANS,
    *_LEADERS,
    *_ORDERS,
    *_AFTERSALES,
    *_DELIVERIES,
    *_MONEY,
    *_BOARDS,
)
