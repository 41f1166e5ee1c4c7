"""A month's dividend: weigh who shares, then post the shares; in chunks that go on where they were cut, once each.

What was weighed is kept before the first share is posted: whatever changes meanwhile, a run that goes on posts the same
amounts. Shares are held for the plan's return window, like every earning (infra/decisions/0002).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from chalicelib import store
from chalicelib.commissions import month_steps
from chalicelib.commissions.month_steps import Month, MonthStep, label
from chalicelib.commissions.rules.language import Dividend
from chalicelib.commissions.rules.periodic import dividend, sales_without_sharers_below, shares_in_dividend
from chalicelib.commissions.rules.reward import Reward
from chalicelib.commissions.rules.sale import Standing
from chalicelib.commissions.store import PlanVersion
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry, leader_account, postings
from chalicelib.settlement import days
from chalicelib.settlement import store as due_books
from chalicelib.store import Record

LEADERS_AN_ENTRY = 40
"""With the entry and the brand's account well below the 100 items of a transaction, and its facts near 10 KB."""

KeepGoing = Callable[[], bool]


class ShareRecord(Record, discriminator="dividend-share"):
    """Somebody who shares in a month's dividend, as weighed: `{tenant}#dividend#2026-11` / `{leader}`.

    `uplines` (ids with a space between) are kept where the plan leaves out the sharers below.
    """

    rank = UnicodeAttribute()
    team_sales_minor = NumberAttribute()
    uplines = UnicodeAttribute(null=True)


@dataclass(frozen=True, slots=True)
class Member:
    """A leader as it stood at the month's end, with its team sales of the month and the ids above it, nearest first."""

    standing: Standing
    team_sales_minor: int
    uplines: tuple[str, ...]


class Books(Protocol):
    """Where the people and the sales of a month are known."""

    def members(self, ranks: Sequence[str], month: Month, after: str) -> Iterator[tuple[Sequence[Member], str]]:
        """Page through those who may have had one of the ranks at the month's end, with the cursor after each page."""

    def brand_sales_minor(self, month: Month) -> int:
        """Give what the whole brand sold in the month, refunds taken off."""


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """A month that is over: when it ended, the plan in force just before, the brand's currency and time zone."""

    month: Month
    at: datetime
    version: PlanVersion
    currency: str
    timezone: str


def pay(tenant_id: str, end: MonthEnd, books: Books, *, keep_going: KeepGoing = lambda: True) -> bool:
    """Share the month's dividend, once, whatever is cut or done twice; gives whether all of it is done.

    OPERATING_MODELS.md, `three_tier`: nothing is paid where nobody is there, nobody sold, or the brand sold nothing.
    """
    rule = end.version.plan.rule(Dividend)
    if rule is None:
        return True
    weighed = month_steps.step(tenant_id, end.month, "dividend-weighed")
    if not weighed.done:
        if not _weigh(tenant_id, end, rule, books, weighed, keep_going):
            return False
        weighed = month_steps.finish(weighed, found=str(books.brand_sales_minor(end.month)))
    posted = month_steps.step(tenant_id, end.month, "dividend-posted")
    return posted.done or _post_all(tenant_id, end, int(weighed.found or 0), posted, keep_going)


def _weigh(tenant_id: str, end: MonthEnd, rule: Dividend, books: Books, step: MonthStep, keep_going: KeepGoing) -> bool:
    plan = end.version.plan
    ranks = [rank.id for rank in plan.ranks[plan.rank_no[rule.from_rank] :]]
    for members, cursor in books.members(ranks, end.month, step.cursor):
        if not keep_going():
            return False
        for member in members:
            if shares_in_dividend(plan, member.standing):
                _keep(tenant_id, end, rule, member)
        month_steps.remember(step, cursor)
    return True


def _keep(tenant_id: str, end: MonthEnd, rule: Dividend, member: Member) -> None:
    """Keep what somebody weighs; what was kept first counts, for shares may have been posted by it."""
    share = ShareRecord(
        f"{tenant_id}#dividend#{label(end.month)}",
        member.standing.leader_id,
        rank=member.standing.rank,
        team_sales_minor=member.team_sales_minor,
        uplines=" ".join(member.uplines) if rule.sharers_below == "left_out" else None,
    )
    try:
        store.put(share, condition=ShareRecord.pk.does_not_exist())
    except PutError as error:
        if not store.condition_failed(error):
            raise


def _post_all(tenant_id: str, end: MonthEnd, brand_sales_minor: int, step: MonthStep, keep_going: KeepGoing) -> bool:
    rewards = dividend(end.version.plan, brand_sales_minor, _weights(tenant_id, end))
    done = int(step.cursor or 0)
    for number, first in enumerate(range(0, len(rewards), LEADERS_AN_ENTRY)):
        if number < done:
            continue
        if not keep_going():
            return False
        _post(tenant_id, end, number, rewards[first : first + LEADERS_AN_ENTRY])
        month_steps.remember(step, str(number + 1))
    month_steps.finish(step)
    return True


def _weights(tenant_id: str, end: MonthEnd) -> list[tuple[Standing, int]]:
    """Read what was weighed. It was all kept before, so every run finds the same."""
    kept = list(store.query(ShareRecord, f"{tenant_id}#dividend#{label(end.month)}"))
    weights = {share.sk: int(share.team_sales_minor) for share in kept}
    if any(share.uplines is not None for share in kept):
        weights = sales_without_sharers_below(weights, _nearest_above(kept))
    return [(Standing(share.sk, share.rank, "confirmed"), weights[share.sk]) for share in kept]


def _nearest_above(kept: Sequence[ShareRecord]) -> Mapping[str, str]:
    sharers = {share.sk for share in kept}
    above = {share.sk: next((up for up in (share.uplines or "").split() if up in sharers), None) for share in kept}
    return {low: high for low, high in above.items() if high is not None}


def _post(tenant_id: str, end: MonthEnd, number: int, rewards: Sequence[Reward]) -> None:
    amounts = {leader_account(reward.leader_id, "held"): reward.amount_minor for reward in rewards}
    amounts["brand:commission"] = -sum(amounts.values())
    month = label(end.month)
    entry = Entry(
        book=f"dividend#{month}#{number}",
        number=0,
        entry_id=f"dividend-{month}-{number}",
        kind="dividend",
        at=end.at,
        currency=end.currency,
        postings=postings(amounts),
        facts={
            "month": month,
            "plan_version": end.version.number,
            "rewards": [msgspec.to_builtins(reward) for reward in rewards],
        },
    )
    book.post(tenant_id, entry)
    released = days.release_day(end.at, end.version.plan.return_window_days, end.timezone)
    due_books.fall_due(tenant_id, entry.book, released)
