"""What a leader knows of a product: its own words about it, and when its buyers come back."""

from chalicelib.campaigns import repeats
from chalicelib.catalog import store as catalog
from chalicelib.reviews import experiences
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import form


@form("/lead/{store}/products/{product_id}")
def say_how_it_was(ask: Ask, store: str, product_id: str) -> Answer:
    """Write, change or take away what the leader says of a product; shows when to run it again."""
    desk, me = ask.leading(store)
    product = catalog.get(desk.tenant_id, product_id)
    if ask.posted:
        with ask.keeping_problem():
            experiences.write(desk.tenant_id, product_id, me.leader_id, ask.form["text"], now=ask.now)
            return ask.go("s", store, me.leader_id, "p", product_id, done="1")
    said = experiences.of_leader(desk.tenant_id, product_id, me.leader_id)
    return ask.show(
        "workspace/words.html",
        me=me,
        product=product,
        said=said,
        repeats=repeats.repeats_of(desk.tenant_id, product_id, now=ask.now),
    )
