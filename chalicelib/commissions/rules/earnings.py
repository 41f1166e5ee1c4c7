"""What the events of a simulation earn: added up by leader, and noted one by one where that is wanted."""

from collections.abc import Iterable, Mapping, Sequence

from chalicelib.commissions.rules.earning import Earning
from chalicelib.commissions.rules.network import Earners, Leader
from chalicelib.commissions.rules.reward import Change, Reward


class Earnings:
    """What leaders earn, from event to event (`event_no`)."""

    def __init__(self, leaders: Mapping[str, Leader], *, notes: bool) -> None:
        """`notes`: False where only the sums that leaders have at the end are wanted."""
        self.event_no = 0
        self._leaders = leaders
        self._notes = notes
        self._noted: list[Earning] = []

    def fetch(self) -> list[Earning]:
        """Give the earnings since the last time, in the order they came."""
        noted, self._noted = self._noted, []
        return noted

    def post(self, order_id: str, earners: Earners, amounts_minor: Sequence[int]) -> None:
        """Post what an order earns, or a refund changes; `earners` in the order of the amounts."""
        note = self._noted.append if self._notes else None
        for (leader, leader_id, kind), amount_minor in zip(earners, amounts_minor, strict=True):
            if amount_minor:
                leader.earned += amount_minor
                if note is not None:
                    note(Earning(self.event_no, order_id, leader_id, kind, amount_minor))

    def give(self, order_id: str | None, earned: Iterable[Reward | Change]) -> None:
        """Post rewards of any kind; a coupon is no cash."""
        for reward in earned:
            if reward.kind != "invite_coupon":
                self._leaders[reward.leader_id].earned += reward.amount_minor
            if self._notes:
                earning = Earning(self.event_no, order_id, reward.leader_id, reward.kind, reward.amount_minor)
                self._noted.append(earning)
