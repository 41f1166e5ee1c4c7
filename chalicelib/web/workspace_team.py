"""The leader's team in the workspace: whom it invited, level by level, how each one does, and the link to invite."""

from chalicelib.commissions import store as plans
from chalicelib.leaders import store as leaders
from chalicelib.web import words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import page


@page("/lead/{store}/team")
def team(ask: Ask, store: str) -> Answer:
    """Show whom the leader invited, and the link to invite more."""
    desk, me = ask.leading(store)
    return ask.show(
        "workspace/team.html",
        me=me,
        directs=leaders.directs(desk.tenant_id, me.leader_id, limit=100),
        invitation=ask.links.full("join", store, me.invite_code),
        ranks=words.rank_names(plans.in_force(desk.tenant_id, on=ask.now).plan, ask.language),
        statuses=words.LEADER_STATUSES,
    )
