"""A brand living through its events under one plan, with the same rules that the live system calls.

What an event costs depends on the path up and on who earns, never on the size of the tree.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from chalicelib.commissions.rules.agenda import Calendar, Queue
from chalicelib.commissions.rules.earning import Earning
from chalicelib.commissions.rules.earnings import Earnings
from chalicelib.commissions.rules.events import (
    Event,
    LeaderGroups,
    LeaderJoined,
    OrderPaid,
    OrderRefunded,
    RankSet,
    TrialStarted,
)
from chalicelib.commissions.rules.invite_bonuses import InviteBonuses
from chalicelib.commissions.rules.language import Plan, Upkeep
from chalicelib.commissions.rules.network import Network
from chalicelib.commissions.rules.orders import Orders
from chalicelib.commissions.rules.people import People
from chalicelib.commissions.rules.performance import Performance
from chalicelib.commissions.rules.periodic import dividend
from chalicelib.commissions.rules.time import ends_quarter
from chalicelib.commissions.rules.upkeep import Notice, assessed_at_end_of, notices_in


class Simulation:
    """A brand under one plan, from its first event on. `take` each event, and `fetch` what was earned."""

    def __init__(self, plan: Plan, zone: tzinfo, *, notes_earnings: bool = True) -> None:
        """`notes_earnings`: False where only the sums that leaders have at the end are wanted."""
        self.plan = plan
        self.network = Network(plan)
        self.notices: list[Notice] = []
        self._zone = zone
        self._performance = Performance(plan, self.network)
        self._earnings = Earnings(self.network.leaders, notes=notes_earnings)
        self._calendar = Calendar(zone, counts_months=self._performance.tracks_months)
        bonuses = InviteBonuses(plan)
        # In the order in which they come at one instant: deadlines, releases, month ends, notices, return windows.
        self._people = People(plan, zone, self.network, self._performance, bonuses, self._earnings, self._calendar)
        self._orders = Orders(plan, zone, self.network, self._performance, bonuses, self._earnings, self._calendar,
                              self._people)  # fmt: skip
        self._calendar.on(self._calendar.months, self._end_month)
        self._notices: Queue[Upkeep] = Queue()
        self._calendar.on(self._notices, self._give_notice)
        self._calendar.on(self._orders.windows, self._orders.end_window)

    def take(self, event_no: int, event: Event) -> None:
        """Let time pass to an event, and live through it. Raises a `Refusal` when it makes no sense.

        A refused event changes nothing but the time.
        """
        self._earnings.event_no = event_no
        self._calendar.pass_to(event.at)
        if isinstance(event, OrderPaid):
            self._orders.paid(event)
        elif isinstance(event, OrderRefunded):
            self._orders.refunded(event)
        elif isinstance(event, LeaderJoined):
            self._people.joined(event)
        elif isinstance(event, LeaderGroups):
            self._people.has_groups(event)
        elif isinstance(event, RankSet):
            self._people.rank_set(event)
        elif isinstance(event, TrialStarted):
            self._people.trial_started(event)

    def advance(self, to: datetime) -> None:
        """Let time pass without an event. Raises `EventRefused` where it would run backwards."""
        self._calendar.pass_to(to)

    @property
    def promotions(self) -> Mapping[str, int]:
        """How often the rules have raised a leader to each rank."""
        return self._performance.promotions

    def fetch(self) -> list[Earning]:
        """Give the earnings since the last time, in the order they came."""
        return self._earnings.fetch()

    def _end_month(self, at: datetime) -> None:
        months = self._calendar.months
        month_sales_minor = self._orders.end_month()
        self._earnings.give(None, dividend(self.plan, month_sales_minor, self._performance.sharers()))
        if self.network.assessments is not None:
            self._performance.add_up_all()
            rules = assessed_at_end_of(self.plan, months.month)
            for leader in self.network.assessments.falling(rules):
                self.network.fall(leader)
                self._performance.look_out(leader)
            self.network.assessments.begin_period(rules)
        self._performance.begin_month(begins_quarter=ends_quarter(months.month))
        months.end()
        for notice_at, rule in notices_in(self.plan, months.month, self._zone):
            self._notices.push(notice_at, rule)

    def _give_notice(self, at: datetime) -> None:
        rule = self._notices.pop()
        if self.network.assessments is not None:
            self._performance.add_up_all()
            told = self.network.assessments.give_notice(rule)
            self.notices += [Notice(at, leader.standing.leader_id, rule.rank) for leader in told]
