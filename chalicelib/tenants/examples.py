"""Examples for a brand that has just signed up: three products, a week's campaign, its owner as the first leader.

With them the shop's link works at once. What is an example is known by its id alone, which is made of the brand's; so
filling twice makes nothing twice, and taking away finds what was made.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.campaigns import actions as campaigns
from chalicelib.campaigns import closing
from chalicelib.campaigns import store as campaign_store
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.catalog import actions as catalog
from chalicelib.catalog import photos as product_photos
from chalicelib.catalog import store as products
from chalicelib.catalog.commands import CreateProduct
from chalicelib.chinese import Language, written
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.language import Plan, ProductRate, Retail
from chalicelib.ids import RandomBits, new_id
from chalicelib.leaders import joining
from chalicelib.leaders.store import Leader
from chalicelib.tenants.store import Tenant

if TYPE_CHECKING:
    from chalicelib.media.store import Photos

LASTS = timedelta(days=7)
STOCK, OFFERED = 100, 50
_MINOR_A_YUAN = {
    "CNY": 100, "HKD": 100, "TWD": 500, "SGD": 20, "MYR": 60, "USD": 20, "EUR": 20, "GBP": 15, "AUD": 25, "CAD": 20,
    "NZD": 30, "JPY": 20, "KRW": 200, "VND": 4000,
}  # fmt: skip
"""Minor units in place of a yuan. About right is right enough: no money rests on it."""


class Example(NamedTuple):
    """A product to begin with. Prices are yuan; texts are Chinese and English. `about` is read by customers too."""

    name: str
    title: tuple[str, str]
    about: tuple[str, str]
    unit: tuple[str, str]
    sale_price: int
    list_price: int


EXAMPLES = (
    Example(
        "pears",
        ("皇冠梨（示例）", "Crown pears (example)"),
        (
            "皮薄汁多，脆甜少渣，一箱 5 斤。这是示例商品。",
            "Thin-skinned, crisp and juicy; 2.5 kg a box. This is an example.",
        ),
        ("箱", "box"),
        40,
        50,
    ),
    Example(
        "eggs",
        ("散养土鸡蛋（示例）", "Free-range eggs (example)"),
        (
            "林下散养，当天捡当天发，一盘 30 枚。这是示例商品。",
            "Laid in the woods, sent the same day; 30 a tray. This is an example.",
        ),
        ("盘", "tray"),
        35,
        45,
    ),
    Example(
        "tea",
        ("明前绿茶（示例）", "Spring green tea (example)"),
        (
            "清明前手采嫩芽，一罐 100 克。这是示例商品。",
            "Buds picked by hand in early spring; 100 g a tin. This is an example.",
        ),
        ("罐", "tin"),
        60,
        80,
    ),
)
_CAMPAIGN = ("本周团购（示例）", "Offers of the week (example)")


def product_ids(tenant: Tenant) -> tuple[str, ...]:
    """Give the ids that a brand's example products have, whether they are there or not."""
    return tuple(_id(tenant, "pr", one.name) for one in EXAMPLES)


def campaign_id(tenant: Tenant) -> str:
    """Give the id that a brand's example campaign has, whether it is there or not."""
    return _id(tenant, "cp", "campaign")


def there(tenant: Tenant, listed: Sequence[products.Product]) -> bool:
    """Say whether there are examples among products that are listed."""
    return not {one.product_id for one in listed}.isdisjoint(product_ids(tenant))


def offered(tenant: Tenant) -> bool:
    """Say whether a brand can still be filled with examples: it never was."""
    return campaign_store.find(tenant.tenant_id, campaign_id(tenant)) is None


def fill(
    tenant: Tenant,
    person_id: str,
    name: str,
    *,
    language: Language,
    now: datetime,
    randbits: RandomBits,
    photos: "Photos",
) -> Leader:
    """Make the examples, and the person the brand's first leader, whose shop shows them. Again: what is missing.

    The caller has seen that the person owns the brand. Raises what joining and opening a campaign raise.
    """
    from chalicelib.media.resizing import resized
    from chalicelib.tenants.example_pictures import picture

    tenant_id = tenant.tenant_id
    leader = joining.enroll_owner(tenant_id, person_id, name, language=language, now=now, randbits=randbits)
    plan = plans.in_force(tenant_id, on=now).plan
    for example, product_id in zip(EXAMPLES, product_ids(tenant), strict=True):
        command = _product(tenant, plan, example, language)
        catalog.create(tenant_id, command, now=tenant.created_at, randbits=randbits, product_id=product_id)
    campaigns.create(
        tenant_id,
        CreateCampaign(
            title=_said(_CAMPAIGN, language),
            opens_at=now,
            closes_at=now + LASTS,
            items=[Offer(product_id=product_id, quantity=OFFERED) for product_id in product_ids(tenant)],
        ),
        now=now,
        randbits=randbits,
        campaign_id=campaign_id(tenant),
    )
    for example, product_id in zip(EXAMPLES, product_ids(tenant), strict=True):  # last: a shop works without pictures
        product_photos.add(tenant_id, product_id, [resized(picture(example.name))], photos)
    return leader


def take_away(tenant: Tenant, *, now: datetime) -> None:
    """End the example campaign, giving back what was paid in it, and take its products off every list; once."""
    campaign = campaign_store.find(tenant.tenant_id, campaign_id(tenant))
    if campaign is not None and campaign.status == "open":
        closing.cancel(tenant.tenant_id, campaign.campaign_id, now=now, refund_paid=True)
    for product_id in products.get_many(tenant.tenant_id, list(product_ids(tenant))):
        catalog.take_off(tenant.tenant_id, product_id)


def _product(tenant: Tenant, plan: Plan, example: Example, language: Language) -> CreateProduct:
    retail, unit = plan.rule(Retail), _MINOR_A_YUAN[tenant.currency]
    margin = retail.margin if retail else None
    rate_bp = (margin.min_bp + margin.max_bp) // 2 if isinstance(margin, ProductRate) else None
    return CreateProduct(
        title=_said(example.title, language),
        description=_said(example.about, language),
        unit=_said(example.unit, language),
        list_price_minor=example.list_price * unit,
        sale_price_minor=example.sale_price * unit,
        rate_bp=rate_bp,
        stock=STOCK,
    )


def _said(text: tuple[str, str], language: Language) -> str:
    chinese, english = text
    return english if language == "en" else written(chinese, language)


def _id(tenant: Tenant, prefix: str, name: str) -> str:
    number = int.from_bytes(sha256(f"{tenant.tenant_id}#example#{name}".encode()).digest()[:7]) >> 1
    return new_id(prefix, tenant.created_at, lambda _: number)
