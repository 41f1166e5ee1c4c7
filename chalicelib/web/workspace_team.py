"""The leader's team in the workspace: whom it invited, level by level, how each one does, and the link to invite.

A leader sees itself and those below it, nobody else: whoever is not below it does not exist on these pages.
"""

from chalicelib.commissions import store as plans
from chalicelib.leaders import profiles, rules, tree
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.web import looking, network, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import page

PAGE = 30
MOST_LOOKED_AT, MOST_FOUND = 100, 20
"""How many leaders of the brand whose name begins as asked are looked at, and how many of one's own are shown."""


@page("/lead/{store}/team")
def team(ask: Ask, store: str) -> Answer:
    """Show whom a leader invited: this one, or somebody of its team (`open`); find somebody by name (`name`)."""
    desk, me = looking.lead(ask, store, lambda known: plans.keys_of_page(known.tenant_id))
    opened = ask.query("open")
    top = profiles.get_in_team(desk.tenant_id, me.leader_id, opened) if opened else me
    after = leaders.get(desk.tenant_id, ask.query("after")) if ask.query("after") else None
    directs = leaders.directs(desk.tenant_id, top.leader_id, limit=PAGE + 1, after=after)
    shown, more = directs[:PAGE], len(directs) > PAGE
    plan = plans.in_force_on_page(desk.tenant_id, on=ask.now).plan
    known = network.members(ask, desk.brand, plan, [top, *shown])
    found, found_more = _found(desk.tenant_id, me, ask.query("name"))
    way = ("lead", store, "team")
    older = ask.links.path(*way, open=opened or None, after=shown[-1].leader_id) if more else ""
    return ask.show(
        "workspace/team.html",
        me=me,
        top=known[top.leader_id],
        between=_between(desk.tenant_id, me, top),
        directs=[known[one.leader_id] for one in shown],
        older=older,
        found=found,
        found_more=found_more,
        invitation=ask.links.full("join", store, me.invite_code),
        ranks=words.rank_names(plan, ask.language),
        statuses=words.LEADER_STATUSES,
    )


def _between(tenant_id: str, me: Leader, top: Leader) -> list[Leader]:
    """Give the leaders between me and one of my team, from the top down."""
    if top.leader_id == me.leader_id:
        return []
    above: list[Leader] = []
    for one in tree.uplines_at(tenant_id, top):
        if one.leader_id == me.leader_id:
            break
        above.append(one)
    return above[::-1]


def _found(tenant_id: str, me: Leader, name: str) -> tuple[list[Leader], bool]:
    """Find those of my team whose name begins like this, and whether there may be more."""
    if not name.strip():
        return [], False
    candidates, more = leaders.named(tenant_id, name, limit=MOST_LOOKED_AT)
    resting = tree.at_rest(tenant_id)
    mine = [
        one
        for one in candidates
        if one.leader_id != me.leader_id
        and rules.may_see(me.leader_id, one.leader_id, tree.path_at(tenant_id, one, resting=resting))
    ]
    return mine[:MOST_FOUND], more or len(mine) > MOST_FOUND
