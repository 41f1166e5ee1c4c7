"""What the rules would do next with a leader: what it still needs, by when, and what it stands to lose."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.commissions.rules.conditions import Figures
from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.rules.promotion import Need, Progress, probation_progress, progress
from chalicelib.leaders import life
from chalicelib.leaders.life import TimeLeft
from chalicelib.leaders.store import Leader


@dataclass(frozen=True, slots=True)
class Outlook:
    """`status` and `time_left` of a trial as of now, what is needed to be confirmed or for the next rank.

    `falls_at_end_of`: the month (`2026-11`) at whose end the leader was told that it loses its rank.
    """

    status: str
    time_left: TimeLeft | None = None
    trial: Need | None = None
    next_rank: Progress | None = None
    falls_at_end_of: str | None = None


def outlook_of(leader: Leader, plan: Plan, figures: Figures, now: datetime) -> Outlook:
    """Put the plan's rules to a leader's figures, without doing anything."""
    status = life.status_at(leader, now)
    if status == "probation":
        return Outlook(status, life.time_left(leader, now), probation_progress(plan, figures))
    if status != "confirmed" or leader.rank not in plan.rank_no:
        return Outlook(status)
    falls = falls_at_end_of(leader, now)
    return Outlook(status, next_rank=progress(plan, leader.rank, figures), falls_at_end_of=falls)


def falls_at_end_of(leader: Leader, now: datetime) -> str | None:
    """Give the month (`2026-11`) at whose end a leader was told that it loses its rank; None when it was not."""
    rank, _, month = (leader.noticed or "").partition("#")
    return month if rank == leader.rank and month >= f"{now:%Y-%m}" else None
