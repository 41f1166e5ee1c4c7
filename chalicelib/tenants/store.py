"""The records of a brand: its profile, its address, its place in the list that schedules go through."""

from datetime import datetime

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.store import Record
from chalicelib.tenancy import PLATFORM


class Tenant(Record, discriminator="tenant"):
    """A brand. Currency and address stay what they are; other settings can change.

    `jurisdictions` and `channels` are where it works, as `CN,EU`; none while it has not said (`rules.works_in`).
    `newcomer_coupon_minor` is what comes off a new customer's first order, from `newcomer_minimum_minor` on; none or 0:
    no such coupon. `auto_refund_minor`: up to which sum an order's after-sales refunds need nobody's yes; none or 0:
    all do. `leader_campaigns`: leaders open campaigns of their own, out of the stock (`campaigns.own`).
    `accent` is the brand's colour as `#rrggbb` (none: ours), `logo` the name of a public photo.
    """

    tenant_id = UnicodeAttribute()
    name = UnicodeAttribute()
    slug = UnicodeAttribute()
    currency = UnicodeAttribute()
    timezone = UnicodeAttribute()
    plan_preset = UnicodeAttribute()
    return_window_days = NumberAttribute()
    status = UnicodeAttribute(default="active")
    contact_email = UnicodeAttribute()
    jurisdictions = UnicodeAttribute(null=True)
    channels = UnicodeAttribute(null=True)
    newcomer_coupon_minor = NumberAttribute(null=True)
    newcomer_minimum_minor = NumberAttribute(null=True)
    auto_refund_minor = NumberAttribute(null=True)
    auto_deliver_days = NumberAttribute(null=True)
    leader_campaigns = BooleanAttribute(null=True)
    accent = UnicodeAttribute(null=True)
    logo = UnicodeAttribute(null=True)
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute(null=True)


class SlugTaken(Record, discriminator="slug"):
    """Whose an address is. Its key makes sure that two brands never have the same."""

    tenant_id = UnicodeAttribute()


class ListedTenant(Record, discriminator="listed-tenant"):
    """A brand in the list of all brands, for schedules."""


_ALL = f"{PLATFORM}#tenants"


def tenant_key(tenant_id: str) -> tuple[str, str]:
    """Where a brand's profile is."""
    return f"{tenant_id}#tenant", "profile"


def slug_key(slug: str) -> tuple[str, str]:
    """Where it says whose an address is."""
    return f"{PLATFORM}#slug#{slug}", "slug"


def get(tenant_id: str) -> Tenant | None:
    """Read a brand's profile."""
    return store.get(Tenant, *tenant_key(tenant_id))


def by_slug(slug: str) -> str | None:
    """Say which brand has an address: its id. Its profile can be read once acting for it."""
    taken = store.get(SlugTaken, *slug_key(slug))
    return taken.tenant_id if taken else None


def all_ids() -> list[str]:
    """List the ids of all brands, in the order of the ids."""
    return [listed.sk for listed in store.query(ListedTenant, _ALL)]


def new_tenant(
    tenant_id: str,
    *,
    name: str,
    slug: str,
    currency: str,
    timezone: str,
    plan_preset: str,
    return_window_days: int,
    contact_email: str,
    created_at: datetime,
) -> Tenant:
    """Make a brand's profile; write it with `claim_of(tenant)` and `listing_of(tenant)` in one transaction."""
    return Tenant(
        *tenant_key(tenant_id),
        tenant_id=tenant_id,
        name=name,
        slug=slug,
        currency=currency,
        timezone=timezone,
        plan_preset=plan_preset,
        return_window_days=return_window_days,
        contact_email=contact_email,
        created_at=created_at,
    )


def claim_of(tenant: Tenant) -> SlugTaken:
    """Make the record that gives an address to a brand; write it if there is none."""
    return SlugTaken(*slug_key(tenant.slug), tenant_id=tenant.tenant_id)


def listing_of(tenant: Tenant) -> ListedTenant:
    """Make a brand's place in the list of all brands."""
    return ListedTenant(_ALL, tenant.tenant_id)
