"""The leader's own life in the workspace: trial, next rank, chat groups, history."""

from chalicelib.commissions import store as plans
from chalicelib.leaders import groups
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.web import lives, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import action, page


@page("/lead/{store}/life")
def mine(ask: Ask, store: str) -> Answer:
    """Show where the leader stands, what the rules ask for next, and everything that has changed."""
    desk, me = ask.leading(store)
    return _life_page(ask, desk.tenant_id, me)


@action("/lead/{store}/life/groups")
def report_groups(ask: Ask, store: str) -> Answer:
    """Tell the brand how many chat groups the leader runs."""
    desk, me = ask.leading(store)
    if ask.posted:
        with ask.keeping_problem():
            groups.report(desk.tenant_id, me.leader_id, ask.form.integer("groups"), now=ask.now)
            return ask.go("lead", store, "life", done="1")
    return _life_page(ask, desk.tenant_id, me)


def _life_page(ask: Ask, tenant_id: str, me: Leader) -> Answer:
    plan = plans.in_force(tenant_id, on=ask.now).plan
    return ask.show(
        "workspace/life.html",
        me=me,
        life=lives.life_of(ask, tenant_id, me, plan),
        with_groups=lives.groups_matter(plan),
        reported=groups.reported(tenant_id, me.leader_id),
        changes=[one for one in leaders.changes(tenant_id, me.leader_id)[::-1] if one.what != "inviter"],
        ranks=words.rank_names(plan, ask.language),
        statuses=words.LEADER_STATUSES,
        change_names=words.CHANGES,
    )
