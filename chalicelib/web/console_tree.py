"""The console's picture of the tree of leaders: from anybody down, as far as it is fit to be read, and as a list."""

from chalicelib.commissions import store as plans
from chalicelib.leaders import branches, profiles, tree
from chalicelib.leaders import store as leaders
from chalicelib.leaders.branches import Bounds, Branch
from chalicelib.web import network, tree_picture, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.frame import page
from chalicelib.web.network import Member
from chalicelib.web.rendering import money
from chalicelib.web.tree_picture import Spot

BOUNDS = Bounds(most=200, queries=60)
MOST_FOUND = 30


@page("/console/{store}/leaders/tree")
def leader_tree(ask: Ask, store: str) -> Answer:
    """Show the tree below a leader (`from`; else below the brand), on from one of its direct ones (`after`)."""
    desk = ask.desk(store, "owner", "staff")
    top = profiles.get(desk.tenant_id, ask.query("from")) if ask.query("from") else None
    after = leaders.get(desk.tenant_id, ask.query("after")) if ask.query("after") else None
    plan = plans.in_force(desk.tenant_id, on=ask.now).plan
    root = branches.below(desk.tenant_id, top, BOUNDS, after=after)
    shown = [one.leader for one in root.all() if one.leader is not None]
    known = network.members(ask, desk.brand, plan, shown)
    found, has_more = _found(ask, desk)
    spot = _Drawing(ask, desk, known).spot_of(root)
    return ask.show(
        "console/tree.html",
        top=known[top.leader_id] if top else None,
        uplines=list(tree.uplines_at(desk.tenant_id, top))[::-1] if top else [],
        picture=tree_picture.draw(spot, ask.say("Tree of leaders")) if spot.below else "",
        spot=spot,
        count=len(shown),
        is_later=after is not None,
        ranks=words.rank_names(plan, ask.language),
        found=found,
        found_more=has_more,
    )


def _found(ask: Ask, desk: Desk) -> tuple[list[leaders.Leader], bool]:
    return leaders.named(desk.tenant_id, ask.query("name"), limit=MOST_FOUND)


class _Drawing:
    """Makes the spots of a picture; the largest is whoever's team sold most of those shown below the first."""

    def __init__(self, ask: Ask, desk: Desk, known: dict[str, Member]) -> None:
        self._ask, self._desk, self._known = ask, desk, known
        self._most = 0

    def spot_of(self, root: Branch) -> Spot:
        """Give the spot of the first one with all below it."""
        self._most = max(
            (self._known[one.leader_id or ""].team_minor for one in root.all() if one is not root), default=0
        )
        return self._spot(root)

    def _spot(self, branch: Branch) -> Spot:
        spot = self._of_leader(self._known[branch.leader_id]) if branch.leader_id else self._of_brand()
        spot.below = [self._spot(one) for one in branch.below]
        if branch.left_out and branch.below:
            count = f"{branch.left_out}+" if branch.has_more else str(branch.left_out)
            spot.below.append(self._more(count, self._link(branch.leader_id, after=branch.below[-1].leader_id)))
        elif not branch.is_open and branch.leader_id and (directs := self._known[branch.leader_id].directs):
            spot.below.append(self._more(str(directs), spot.link))
        return spot

    def _of_brand(self) -> Spot:
        name = self._desk.brand.name
        return Spot(name, "", name, self._link(None), share=1.0, kind="brand")

    def _of_leader(self, one: Member) -> Spot:
        leader, sold = one.leader, money(one.team_minor, self._desk.brand.currency)
        said = f"{one.rank} · {sold}" if one.team_minor else one.rank
        told = self._ask.say("{name}: {rank}, team sales this month {sold}", name=leader.name, rank=one.rank, sold=sold)
        return Spot(
            leader.name,
            said,
            told,
            self._link(leader.leader_id),
            share=one.team_minor / self._most if self._most > 0 else 0.0,
            tone=one.rank_no,
            is_quiet=one.is_quiet or one.status == "removed",
        )

    def _more(self, count: str, link: str) -> Spot:
        text = self._ask.say("{count} more", count=count)
        return Spot(text, "", text, link, kind="more")

    def _link(self, leader_id: str | None, **more: str | None) -> str:
        way = ("console", self._desk.brand.slug, "leaders", "tree")
        return self._ask.links.path(*way, **{"from": leader_id}, **more)
