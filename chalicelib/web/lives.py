"""A leader's life as pages tell it: what is left of a trial, what the rules ask for next, and all that has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.conditions import Groups, thresholds_of
from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.rules.promotion import Need
from chalicelib.figures import store as figures
from chalicelib.leaders import outlook
from chalicelib.leaders.life import TimeLeft
from chalicelib.leaders.store import Leader
from chalicelib.money import decimal_text
from chalicelib.web import words
from chalicelib.web.ask import Ask

_MONEY = ("own_sales", "team_sales", "own_and_direct_sales")


@dataclass(frozen=True, slots=True)
class Told:
    """A condition in a sentence with how far the leader is; of several, `text` says how they go together.

    `have` of `need` is for a bar beside the sentence; `need` is 0 where there is none. `missing` says what is to go.
    """

    text: str
    met: bool
    parts: Sequence["Told"] = ()
    have: int = 0
    need: int = 0
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """What a page shows of where a leader stands and what comes next."""

    status: str
    time_left: str = ""
    needs: Told | None = None
    next_rank: str = ""
    falls_at_end_of: str = ""


def life_of(
    ask: Ask, tenant_id: str, leader: Leader, plan: Plan | None = None, tally: figures.Tally | None = None
) -> Life:
    """Put the plan in force to a leader's figures and tell it in the page's language; reads what is not given."""
    plan = plan or plans.in_force(tenant_id, on=ask.now).plan
    found = outlook.outlook_of(leader, plan, figures.rules_figures(tenant_id, leader, plan, ask.now, tally), ask.now)
    needs = found.next_rank.needs if found.next_rank else found.trial
    ranks = words.rank_names(plan, ask.language)
    return Life(
        found.status,
        time_left_text(ask, found.time_left) if found.time_left else "",
        told(ask, needs, ranks) if needs else None,
        ranks.get(found.next_rank.to, found.next_rank.to) if found.next_rank else "",
        found.falls_at_end_of or "",
    )


def time_left_text(ask: Ask, left: TimeLeft) -> str:
    """Say how much of a trial is left: days and hours."""
    if left.days:
        return ask.say("{days} days and {hours} hours left", days=left.days, hours=left.hours)
    return ask.say("{hours} hours left", hours=left.hours) if left.hours else ask.say("less than an hour left")


def told(ask: Ask, need: Need, ranks: Mapping[str, str]) -> Told:
    """Say a condition: “2 of 3 orders”, “own sales 120.00 of 199.00”."""
    if need.of:
        text = ask.say("All of these:") if need.kind == "all" else ask.say("One of these is enough:")
        return Told(text, need.met, [told(ask, part, ranks) for part in need.of])
    currency = ask.brand.currency if ask.brand else ""
    amounts = (need.have, need.need, need.need - need.have)
    shown = [decimal_text(one, currency) if need.kind in _MONEY else str(one) for one in amounts]
    text = ask.say(words.NEEDS[need.kind], have=shown[0], need=shown[1], rank=ranks.get(need.rank or "", need.rank))
    period = words.PERIODS.get(need.over)
    sentence = f"{text} ({ask.say(period, days=need.days)})" if period else text
    missing = "" if need.met else ask.say("{missing} to go", missing=shown[2])
    return Told(sentence, need.met, have=min(max(need.have, 0), need.need), need=need.need, missing=missing)


def groups_matter(plan: Plan) -> bool:
    """Say whether a plan asks how many chat groups a leader runs."""
    return any(isinstance(one, Groups) for condition in plan.conditions for one in thresholds_of(condition))
