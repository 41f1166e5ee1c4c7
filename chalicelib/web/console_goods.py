"""The console's products and campaigns."""

from datetime import timedelta

from chalicelib.campaigns import actions as campaign_actions
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.campaigns.rules import MOST_ITEMS
from chalicelib.campaigns.views import CampaignView
from chalicelib.catalog import actions as catalog_actions
from chalicelib.catalog import store as catalog
from chalicelib.catalog.commands import AdjustStock, CreateProduct, UpdateProduct
from chalicelib.catalog.store import Product, Stock
from chalicelib.delivery.ways import WAYS
from chalicelib.store import decode_cursor, encode_cursor, get_all
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import action, form, page

PAGE = 50


@page("/console/{store}/products")
def products(ask: Ask, store: str) -> Answer:
    """List products, newest first."""
    desk = ask.desk(store, "owner", "staff")
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    found = catalog.newest(desk.tenant_id, limit=PAGE, after=after)
    left = _stocks_left(desk.tenant_id, found)
    cursor = encode_cursor(found[-1].product_id) if len(found) == PAGE else ""
    older = ask.links.path("console", store, "products", after=cursor) if cursor else ""
    return ask.show("console/products.html", products=found, left=left, older=older)


@form("/console/{store}/products/new")
def new_product(ask: Ask, store: str) -> Answer:
    """Add a product with its first stock."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            typed, currency = ask.form, desk.brand.currency
            catalog_actions.create(
                desk.tenant_id,
                CreateProduct(
                    title=typed["title"],
                    description=typed["description"],
                    unit=typed["unit"],
                    list_price_minor=typed.money("list_price_minor", currency),
                    sale_price_minor=typed.money("sale_price_minor", currency),
                    rate_bp=typed.percent_bp("rate_bp"),
                    stock=typed.integer("stock", empty=0),
                ),
                now=ask.now,
                randbits=ask.tools.randbits,
            )
            return ask.go("console", store, "products", done="1")
    return ask.show("console/product.html", product=None, left=0)


@form("/console/{store}/products/{product_id}")
def product(ask: Ask, store: str, product_id: str) -> Answer:
    """Change a product."""
    desk = ask.desk(store, "owner", "staff")
    shown = catalog.get(desk.tenant_id, product_id)
    if ask.posted:
        with ask.keeping_problem():
            typed, currency = ask.form, desk.brand.currency
            command = UpdateProduct(
                title=typed["title"],
                description=typed["description"],
                unit=typed["unit"],
                list_price_minor=typed.money("list_price_minor", currency),
                sale_price_minor=typed.money("sale_price_minor", currency),
                rate_bp=typed.percent_bp("rate_bp"),
                active=typed["active"] == "1",
            )
            catalog_actions.update(desk.tenant_id, product_id, command)
            return ask.go("console", store, "products", product_id, done="1")
    return _product_page(ask, desk.tenant_id, shown)


@action("/console/{store}/products/{product_id}/stock")
def adjust_stock(ask: Ask, store: str, product_id: str) -> Answer:
    """Add to a product's stock, or take from it."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            command = AdjustStock(change=ask.form.integer("change"))
            catalog_actions.adjust_stock(desk.tenant_id, product_id, command, nonce=ask.nonce())
            return ask.go("console", store, "products", product_id, done="1")
    return _product_page(ask, desk.tenant_id, catalog.get(desk.tenant_id, product_id))


def _stocks_left(tenant_id: str, found: list[Product]) -> dict[str, int]:
    """Give how many units of each product are not promised to a campaign, in one request."""
    stocks = {catalog.stock_key(tenant_id, one.product_id): one.product_id for one in found}
    records = get_all(list(stocks))
    return {stocks[one.pk, one.sk]: int(one.left) for one in records if isinstance(one, Stock)}


def _product_page(ask: Ask, tenant_id: str, shown: Product) -> Answer:
    return ask.show("console/product.html", product=shown, left=catalog.stock_left(tenant_id, shown.product_id))


# ------------------------------------------------------------------------------------------------ campaigns


@page("/console/{store}/campaigns")
def campaign_list(ask: Ask, store: str) -> Answer:
    """List campaigns, the one that closes last first."""
    desk = ask.desk(store, "owner", "staff")
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    found = campaigns.closing_latest_first(desk.tenant_id, limit=PAGE, after=after)
    cursor = encode_cursor(str(found[-1].gsi1sk)) if len(found) == PAGE else ""
    older = ask.links.path("console", store, "campaigns", after=cursor) if cursor else ""
    return ask.show("console/campaigns.html", campaigns=[CampaignView.of(one, ask.now) for one in found], older=older)


@form("/console/{store}/campaigns/new")
def new_campaign(ask: Ask, store: str) -> Answer:
    """Open a campaign: its quantities leave the products' stock."""
    desk = ask.desk(store, "owner", "staff")
    found = [one for one in catalog.newest(desk.tenant_id, limit=PAGE) if one.active]
    if ask.posted:
        with ask.keeping_problem():
            campaign_actions.create(
                desk.tenant_id,
                CreateCampaign(
                    title=ask.form["title"],
                    opens_at=ask.form.moment("opens_at", desk.brand.timezone),
                    closes_at=ask.form.moment("closes_at", desk.brand.timezone),
                    items=_offers(ask, desk.brand.currency),
                    delivery=[way for way in WAYS if ask.form[f"way.{way}"]] or None,
                ),
                now=ask.now,
                randbits=ask.tools.randbits,
            )
            return ask.go("console", store, "campaigns", done="1")
    return ask.show(
        "console/campaign_new.html",
        products=found,
        left=_stocks_left(desk.tenant_id, found),
        most=MOST_ITEMS,
        tomorrow=ask.now + timedelta(days=1),
        wrong_field=_field_of(ask, ask.problem.param) if ask.problem and ask.problem.param else "",
    )


@page("/console/{store}/campaigns/{campaign_id}")
def campaign(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Show a campaign with what is left of it."""
    desk = ask.desk(store, "owner", "staff")
    found = campaigns.get(desk.tenant_id, campaign_id)
    left = campaigns.stock_left(desk.tenant_id, found)
    titles = catalog.get_many(desk.tenant_id, [item.product_id for item in found.items])
    return ask.show("console/campaign.html", campaign=CampaignView.of(found, ask.now, left), products=titles)


def _chosen(ask: Ask) -> list[str]:
    """List the products whose quantity is filled, in the order of the page."""
    return [
        name.removeprefix("quantity.")
        for name in ask.form
        if name.startswith("quantity.") and ask.form[name].strip() not in ("", "0")
    ]


def _offers(ask: Ask, currency: str) -> list[Offer]:
    chosen = _chosen(ask)
    if not chosen:
        raise FormInvalid("Give at least one product a quantity.", param="items")
    return [
        Offer(
            product_id=product_id,
            quantity=ask.form.integer(f"quantity.{product_id}"),
            price_minor=ask.form.money(f"price.{product_id}", currency) if ask.form[f"price.{product_id}"] else None,
        )
        for product_id in chosen
    ]


def _field_of(ask: Ask, param: str) -> str:
    """Name the page's field that a refusal is about (`items.1.quantity` is the second product chosen)."""
    first, _, rest = param.partition(".")
    number, _, what = rest.partition(".")
    chosen = _chosen(ask)
    if first != "items" or not number.isdigit() or int(number) >= len(chosen):
        return param
    return f"{'price' if what == 'price_minor' else 'quantity'}.{chosen[int(number)]}"
