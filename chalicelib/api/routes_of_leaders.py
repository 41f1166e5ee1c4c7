"""Ways into `/v1`: leaders, leaderboards, targets."""

from chalicelib.api.calls import CursorUnknown, NoBody
from chalicelib.api.resources import (
    boards,
    coupons,
    invitations,
    leader_lives,
    leaders,
    statements,
    targets,
)
from chalicelib.api.resources.ledger import LedgerQuery, ReasonQuery
from chalicelib.api.route import Route, get, listing, post
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
from chalicelib.catalog.store import ProductNotFound
from chalicelib.coupons.rules import CouponUnknown
from chalicelib.errors import Invalid
from chalicelib.leaders.commands import PayByBank, Register, UpdateLeader
from chalicelib.leaders.groups import GroupsInvalid
from chalicelib.leaders.joining import AlreadyLeads, InvitationUnknown
from chalicelib.leaders.moves import InviterClosed, MovedBelowItself
from chalicelib.leaders.onboarding import OnboardingUnavailable
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.rules import LinkClosed, NotAdmitted, RankUnknown, TreeTooDeep
from chalicelib.leaders.standing import NotConfirmed, NotRemoved
from chalicelib.statements.places import EntryUnknown
from chalicelib.targets.actions import SetTarget
from chalicelib.targets.rules import MonthOver, TargetInvalid
from chalicelib.tenants.rules import TenantSuspended

_LEADER = "/v1/leaders/{leader_id}"
_EXPLANATION = "chalicelib.statements.explanations:Explanation"
_LEADERS = (
    post("/v1/invitations", "Give a leader's invitation, or make one of the brand's", invitations.create,
          invitations.CreateInvitation, invitations.Invitation, LeaderUnknown, LinkClosed, TenantSuspended),
    get("/v1/invitations/{code}", "Show an invitation that can be taken", invitations.retrieve,
         invitations.Invitation, InvitationUnknown, LinkClosed, TenantSuspended),
    listing("/v1/leaders", "List leaders, the latest joined first", leaders.newest, leaders.Leader),
    post("/v1/leaders", "Register a leader by an invitation's code", leaders.register, Register, leaders.Leader,
          Invalid, InvitationUnknown, AlreadyLeads, LinkClosed, NotAdmitted, TreeTooDeep, TenantSuspended),
    get(_LEADER, "Show a leader", leaders.retrieve, leaders.Leader, LeaderUnknown),
    post(_LEADER, "Change a leader's own data", leaders.update, UpdateLeader, leaders.Leader,
          LeaderUnknown, Invalid),
    listing(_LEADER + "/uplines", "List a leader's uplines, nearest first", leaders.uplines, leaders.Upline,
          LeaderUnknown),
    listing(_LEADER + "/directs", "List whom a leader invited", leaders.directs, leaders.Leader, LeaderUnknown),
    post(_LEADER + "/freeze", "Freeze a leader", leaders.freeze, leaders.Because, leaders.Leader, LeaderUnknown),
    post(_LEADER + "/unfreeze", "Let a frozen leader go on", leaders.unfreeze, leaders.Because, leaders.Leader,
          LeaderUnknown),
    post(_LEADER + "/rank", "Give a leader a rank", leaders.set_rank, leaders.SetRank, leaders.Leader,
          LeaderUnknown, RankUnknown, NotConfirmed),
    post(_LEADER + "/move", "Move a leader to another inviter", leaders.move, leaders.Move, leaders.Leader,
          LeaderUnknown, InviterClosed, MovedBelowItself, TreeTooDeep),
    post(_LEADER + "/groups", "Approve how many chat groups a leader runs", leader_lives.approve_groups,
          leader_lives.ApproveGroups, leaders.Leader, LeaderUnknown, GroupsInvalid),
    post(_LEADER + "/start_trial", "Put a removed leader on probation again", leaders.start_trial, leaders.Because,
          leaders.Leader, LeaderUnknown, NotRemoved),
    post(_LEADER + "/bank_account", "Pay a leader by bank", leaders.pay_by_bank, PayByBank, leaders.Leader,
          LeaderUnknown, Invalid),
    post(_LEADER + "/stripe_onboarding", "Let a leader set up a Stripe account", leaders.onboard, leaders.Onboard,
          leaders.AccountLink, LeaderUnknown, OnboardingUnavailable),
    get(_LEADER + "/progress", "Show what a leader needs next, and by when", leader_lives.progress_of,
         leader_lives.LeaderProgress, LeaderUnknown),
    listing(_LEADER + "/changes", "List a leader's life, latest first", leader_lives.changes_of,
          leader_lives.LeaderChange, LeaderUnknown),
    listing(_LEADER + "/coupons", "List a leader's coupons", coupons.of_leader, coupons.Coupon, LeaderUnknown),
    get(_LEADER + "/coupons/{coupon_id}", "Show a leader's coupon", coupons.retrieve, coupons.Coupon,
         LeaderUnknown, CouponUnknown),
    get(_LEADER + "/balance", "Show what a leader's accounts hold", leaders.balance, leaders.Balance,
         LeaderUnknown),
    get(_LEADER + "/statement", "Show a leader's statement", statements.of_leader, statements.LeaderStatement,
         LeaderUnknown, CursorUnknown, query=LedgerQuery),
    get(_LEADER + "/statement/{line_id}/explanation", "Explain a line of a leader's statement",
         statements.explanation, _EXPLANATION, LeaderUnknown, EntryUnknown, query=ReasonQuery),
)  # fmt: skip

_BOARD = "/v1/boards/{board_id}"
_PRIZE = _BOARD + "/prizes/{prize_id}"
_BOARDS = (
    get("/v1/board_settings", "Say which leaderboards there are", boards.settings, boards.BoardSettings),
    post("/v1/board_settings", "Choose leaderboards", boards.choose, boards.ChooseBoards, boards.BoardSettings,
          BoardKindUnknown),
    listing("/v1/boards", "List leaderboards, the latest period first", boards.newest, boards.Board),
    get(_BOARD, "Show a leaderboard", boards.retrieve, boards.Board, BoardUnknown),
    listing(_BOARD + "/places", "List a leaderboard's places, the best first", boards.places, boards.BoardPlace,
          BoardUnknown),
    get(_BOARD + "/standings/{leader_id}", "Say how a leader stands on a leaderboard", boards.standing,
         boards.BoardStanding, BoardUnknown, LeaderUnknown),
    listing(_BOARD + "/prizes", "List what is given for a leaderboard", boards.prizes_of, boards.Prize, BoardUnknown),
    post(_BOARD + "/prizes", "Give goods for places, or for the prize circle", boards.offer, OfferPrize,
          boards.Prize, BoardUnknown, ProductNotFound, PrizeInvalid),
    post(_PRIZE + "/withdraw", "Take a prize back", boards.withdraw, NoBody, boards.Prize,
          BoardUnknown, PrizeUnknown, PrizeAwarded),
    post(_PRIZE + "/award", "Give every winner its prize", boards.award, NoBody, boards.Prize,
          BoardUnknown, PrizeUnknown, BoardStillOpen, PrizeShort),
    get("/v1/target", "Show the target of all leaders", targets.for_all, targets.Target, TargetInvalid,
         query=targets.MonthQuery),
    post("/v1/target", "Ask something of all leaders each month", targets.set_for_all, SetTarget, targets.Target,
          TargetInvalid, MonthOver),
    get(_LEADER + "/target", "Show a leader's target and how far it has come", targets.of_leader,
         targets.TargetProgress, LeaderUnknown, TargetInvalid, query=targets.MonthQuery),
    post(_LEADER + "/target", "Ask something of a leader each month", targets.set_for_leader, SetTarget,
          targets.TargetProgress, LeaderUnknown, TargetInvalid, MonthOver),
)  # fmt: skip

ROUTES: tuple[Route, ...] = (*_LEADERS, *_BOARDS)
