"""The console's leaders: the list, the invitation of a root, one leader's page and what a brand can do there."""

from collections.abc import Iterable

from chalicelib.commissions import store as plans
from chalicelib.figures.store import figures_key
from chalicelib.leaders import destinations, groups, joining, moves, profiles, standing, tree
from chalicelib.leaders import store as leaders
from chalicelib.leaders.called import called
from chalicelib.leaders.commands import PayByBank
from chalicelib.leaders.store import Leader, StandingChange
from chalicelib.ledger import book
from chalicelib.ledger.store import leader_balance_key
from chalicelib.reading import read_ahead
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.tenants.store import tenant_key
from chalicelib.web import lives, network, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.confirming import ask_for_code
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import action, form, page

PAGE = 50
MOST_DIRECTS = 100


@form("/console/{store}/leaders")
def leader_list(ask: Ask, store: str) -> Answer:
    """List leaders, latest joined first, or those called as asked, with what they and their teams sold.

    The posted form makes a root's invitation, whose link is then shown.
    """
    desk = ask.desk(store, "owner", "staff")
    invitation = ""
    if ask.posted:
        with ask.keeping_problem():
            made = joining.invite_root(desk.tenant_id, now=ask.now, randbits=ask.tools.randbits)
            invitation = ask.links.full("join", store, made.pk.rpartition("#")[2])
    name = ask.query("name").strip()
    found, older, looked = _called(ask, desk, name) if name else _newest(ask, desk)
    reports = groups.waiting(desk.tenant_id, limit=PAGE)
    plan = plans.in_force(desk.tenant_id, on=ask.now).plan
    return ask.show(
        "console/leaders.html",
        members=list(network.members(ask, desk.brand, plan, found).values()),
        name=name,
        looked=looked,
        statuses=words.LEADER_STATUSES,
        invitation=invitation,
        older=older,
        reports=reports,
        names=_names_of(desk, [report.leader_id for report in reports]),
    )


def _newest(ask: Ask, desk: Desk) -> tuple[list[Leader], str, int]:
    """Give the leaders of a page, and the address of the next one."""
    after = leaders.get(desk.tenant_id, ask.query("after")) if ask.query("after") else None
    found = leaders.newest(desk.tenant_id, limit=PAGE, after=after)
    is_full = len(found) == PAGE
    older = ask.links.path("console", desk.brand.slug, "leaders", after=found[-1].leader_id) if is_full else ""
    return found, older, 0


def _called(ask: Ask, desk: Desk, name: str) -> tuple[list[Leader], str, int]:
    """Give those whose names begin like this, then those that have it in them; and how many names were looked through.

    The first ones are found wherever they are in the list, the others as far as a page looks.
    """
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    begin = [] if after else leaders.named(desk.tenant_id, name, limit=PAGE)[0]
    inside = called(desk.tenant_id, name, limit=PAGE, after=after)
    found = {one.leader_id: one for one in [*begin, *inside.leaders]}
    cursor = encode_cursor(inside.next) if inside.next else None
    older = ask.links.path("console", desk.brand.slug, "leaders", name=name, after=cursor) if cursor else ""
    return list(found.values()), older, inside.looked


@page("/console/{store}/leaders/{leader_id}")
def leader(ask: Ask, store: str, leader_id: str) -> Answer:
    """Show one leader."""
    desk = ask.desk(store, "owner", "staff")
    ask.look_for(desk.tenant_id)  # from here on nothing is written
    profile, balance = leaders.leader_key(desk.tenant_id, leader_id), (desk.tenant_id, leader_id, desk.brand.currency)
    figures = [tenant_key(desk.tenant_id), figures_key(desk.tenant_id, leader_id)]
    more = [leader_balance_key(*balance), groups.report_key(desk.tenant_id, leader_id)]
    read_ahead([profile, *figures, *more], consistent=True)
    return _leader_page(ask, desk, profiles.get(desk.tenant_id, leader_id))


@action("/console/{store}/leaders/{leader_id}/standing")
def change_standing(ask: Ask, store: str, leader_id: str) -> Answer:
    """Freeze, let go on, or start a new trial; each with a reason that is kept."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            _change_standing(ask, desk, leader_id)
            return ask.go("console", store, "leaders", leader_id, done="1")
    return _leader_page(ask, desk, profiles.get(desk.tenant_id, leader_id))


def _change_standing(ask: Ask, desk: Desk, leader_id: str) -> None:
    changes = {"freeze": standing.freeze, "unfreeze": standing.unfreeze, "start_trial": standing.start_trial}
    change = changes.get(ask.form["change"])
    if change is None:
        raise FormInvalid("Choose what is to change.", param="change")
    change(desk.tenant_id, leader_id, by=desk.person.person_id, reason=_reason(ask), now=ask.now)


@action("/console/{store}/leaders/{leader_id}/rank")
def set_rank(ask: Ask, store: str, leader_id: str) -> Answer:
    """Give a leader a rank by hand."""
    desk = ask.desk(store, "owner")
    if ask.posted:
        with ask.keeping_problem():
            standing.set_rank(
                desk.tenant_id,
                leader_id,
                ask.form["rank"],
                by=desk.person.person_id,
                reason=_reason(ask),
                now=ask.now,
            )
            return ask.go("console", store, "leaders", leader_id, done="1")
    return _leader_page(ask, desk, profiles.get(desk.tenant_id, leader_id))


@action("/console/{store}/leaders/{leader_id}/move")
def move(ask: Ask, store: str, leader_id: str) -> Answer:
    """Put a leader, with all below it, under another inviter: given by id, or by any address that ends in it."""
    desk = ask.desk(store, "owner")
    if ask.posted:
        with ask.keeping_problem():
            inviter_id = ask.form["inviter_id"].strip().rstrip("/").rpartition("/")[2]
            moves.move(
                desk.tenant_id, leader_id, inviter_id, by=desk.person.person_id, reason=_reason(ask), now=ask.now
            )
            return ask.go("console", store, "leaders", leader_id, done="1")
    return _leader_page(ask, desk, profiles.get(desk.tenant_id, leader_id))


@action("/console/{store}/leaders/{leader_id}/groups")
def answer_groups(ask: Ask, store: str, leader_id: str) -> Answer:
    """Approve the number of chat groups that the page showed, or decline it."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            count = ask.form.integer("groups")
            if ask.form["answer"] == "decline":
                groups.decline(desk.tenant_id, leader_id, count)
            else:
                by = desk.person.person_id
                groups.approve(desk.tenant_id, leader_id, count, by=by, reason=ask.form["reason"], now=ask.now)
            return ask.go("console", store, "leaders", leader_id, done="1")
    return _leader_page(ask, desk, profiles.get(desk.tenant_id, leader_id))


@action("/console/{store}/leaders/{leader_id}/payout")
def set_destination(ask: Ask, store: str, leader_id: str) -> Answer:
    """Write down a leader's bank account for it."""
    desk = ask.desk(store, "owner")
    if ask.posted:
        with ask.keeping_problem():
            shown = profiles.get(desk.tenant_id, leader_id)
            details = profiles.clean_bank_details(ask.form["bank_details"])
            if destinations.given(shown) not in (None, ("manual", details)):
                way, about = ["console", store, "leaders", leader_id, "payout"], f"{leader_id} bank {details}"
                if asked := ask_for_code(ask, desk.person, about, to=way, keep=("bank_details",)):
                    return asked
            command, by = PayByBank(bank_details=details), desk.person.person_id
            profiles.pay_by_bank(desk.tenant_id, leader_id, command, now=ask.now, by=by)
            return ask.go("console", store, "leaders", leader_id, done="1")
    return _leader_page(ask, desk, profiles.get(desk.tenant_id, leader_id))


def _reason(ask: Ask) -> str:
    reason = ask.form.text("reason")
    if not reason:
        raise FormInvalid("Say why; it is kept with the change.", param="reason")
    return reason


def _leader_page(ask: Ask, desk: Desk, shown: Leader) -> Answer:
    changes = leaders.changes(desk.tenant_id, shown.leader_id)[::-1][:20]
    plan = plans.in_force(desk.tenant_id, on=ask.now).plan
    return ask.show(
        "console/leader.html",
        leader=shown,
        held_until=destinations.held_until(shown, ask.now),
        destination_changes=destinations.changes_of(desk.tenant_id, shown.leader_id),
        ways=words.PAYOUT_WAYS,
        life=lives.life_of(ask, desk.tenant_id, shown, plan),
        member=network.members(ask, desk.brand, plan, [shown])[shown.leader_id],
        reported=groups.reported(desk.tenant_id, shown.leader_id),
        uplines=list(tree.uplines_at(desk.tenant_id, shown)),
        directs=leaders.directs(desk.tenant_id, shown.leader_id, limit=MOST_DIRECTS),
        changes=changes,
        inviters=_names_of_inviters(desk, changes),
        change_names=words.CHANGES,
        balance=book.leader_balance(desk.tenant_id, shown.leader_id, desk.brand.currency),
        ranks=words.rank_names(plan, ask.language),
        statuses=words.LEADER_STATUSES,
        role=desk.membership.role,
    )


def _names_of_inviters(desk: Desk, changes: list[StandingChange]) -> dict[str, str]:
    """Give the names of those between whom a leader was moved."""
    moved = [change for change in changes if change.what == "inviter"]
    return _names_of(desk, {leader_id for change in moved for leader_id in (change.before, change.value)})


def _names_of(desk: Desk, ids: Iterable[str]) -> dict[str, str]:
    found = leaders.get_many(desk.tenant_id, tuple(sorted(ids)))
    return {leader_id: leader.name for leader_id, leader in found.items()}
