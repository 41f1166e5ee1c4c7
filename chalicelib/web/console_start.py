"""The console's beginning: after signing up, the shop's link; examples to fill the brand with, and taken away."""

from chalicelib.catalog import finding
from chalicelib.leaders import store as leaders
from chalicelib.people import store as people
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.console_goods import PAGE, show_products
from chalicelib.web.delivery_pages import drawn
from chalicelib.web.frame import action, page


@page("/console/{store}/ready")
def ready(ask: Ask, store: str) -> Answer:
    """Show the link of one's own shop, to be opened, scanned and shared; and what to do first."""
    desk = ask.desk(store, "owner", "staff")
    own = next((one for one in people.memberships(desk.person.person_id, desk.tenant_id) if one.role == "leader"), None)
    leader = leaders.get(desk.tenant_id, own.leader_id) if own and own.leader_id else None
    link = ask.links.full("s", store, leader.leader_id) if leader else ""
    return ask.show("console/ready.html", leader=leader, link=link, qr=drawn(link) if link else "")


@action("/console/{store}/examples")
def change_examples(ask: Ask, store: str) -> Answer:
    """Fill the brand with examples, or take them all away. Owners only."""
    from chalicelib.tenants import examples

    desk = ask.desk(store, "owner")
    if ask.posted:
        with ask.keeping_problem():
            if ask.form["do"] == "remove":
                examples.take_away(desk.brand, now=ask.now)
                return ask.go("console", store, "products", done="1")
            name = desk.person.name or desk.brand.name
            examples.fill(
                desk.brand, desk.person.person_id, name, language=ask.language, now=ask.now,
                randbits=ask.tools.randbits, photos=ask.tools.photos,
            )  # fmt: skip
            return ask.go("console", store, "ready")
    return show_products(ask, desk, finding.newest(desk.tenant_id, "", limit=PAGE))
