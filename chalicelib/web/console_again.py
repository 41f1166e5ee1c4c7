"""Running something again (复团): how a campaign went, a new run of it, and when a product's buyers come back."""

from datetime import timedelta

from chalicelib.campaigns import actions, repeats
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.commands import CloneCampaign
from chalicelib.catalog import store as catalog
from chalicelib.reviews import store as reviews
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import form, page


@form("/console/{store}/campaigns/{campaign_id}/again")
def run_again(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Show how a campaign and its earlier runs went, and open it anew with the same products, prices and terms."""
    desk = ask.desk(store, "owner", "staff")
    before = campaigns.get(desk.tenant_id, campaign_id)
    if ask.posted:
        with ask.keeping_problem():
            zone = desk.brand.timezone
            times = CloneCampaign(
                opens_at=ask.form.moment("opens_at", zone), closes_at=ask.form.moment("closes_at", zone)
            )
            made = actions.clone(
                desk.tenant_id,
                campaign_id,
                times,
                now=ask.now,
                randbits=ask.tools.randbits,
                new_campaign_id=ask.form_id("cp"),
            )
            return ask.go("console", store, "campaigns", made.campaign_id, done="1")
    return ask.show(
        "console/again.html",
        campaign=before,
        runs=repeats.earlier_runs(desk.tenant_id, before),
        closes_at=ask.now + (before.closes_at - before.opens_at if ask.now > before.opens_at else timedelta(days=1)),
    )


@page("/console/{store}/products/{product_id}/again")
def product_again(ask: Ask, store: str, product_id: str) -> Answer:
    """Show what buyers made of a product: when they came back for it, and its stars."""
    desk = ask.desk(store, "owner", "staff")
    product = catalog.get(desk.tenant_id, product_id)
    return ask.show(
        "console/product_again.html",
        product=product,
        repeats=repeats.repeats_of(desk.tenant_id, product_id, now=ask.now),
        rating=reviews.rating_of(desk.tenant_id, product_id),
    )
