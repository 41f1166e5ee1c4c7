"""What is shown of a brand."""

from datetime import datetime

from msgspec import Struct

from chalicelib.commissions.lint.setting import Channel, Jurisdiction
from chalicelib.tenants import rules
from chalicelib.tenants.store import Tenant


class TenantView(Struct, frozen=True, kw_only=True):
    """A brand as its owner and staff see it."""

    id: str
    name: str
    slug: str
    currency: str
    timezone: str
    plan_preset: str
    return_window_days: int
    status: str
    contact_email: str
    jurisdictions: tuple[Jurisdiction, ...]
    channels: tuple[Channel, ...]
    newcomer_coupon_minor: int
    newcomer_minimum_minor: int
    auto_refund_minor: int
    auto_deliver_days: int
    leader_campaigns: bool
    accent: str | None
    logo: str | None
    created_at: datetime

    @classmethod
    def of(cls, tenant: Tenant) -> "TenantView":
        """Show a record."""
        setting = rules.works_in(tenant.currency, tenant.jurisdictions, tenant.channels)
        return cls(
            id=tenant.tenant_id,
            name=tenant.name,
            slug=tenant.slug,
            currency=tenant.currency,
            timezone=tenant.timezone,
            plan_preset=tenant.plan_preset,
            return_window_days=int(tenant.return_window_days),
            status=tenant.status,
            contact_email=tenant.contact_email,
            jurisdictions=setting.jurisdictions,
            channels=setting.channels,
            newcomer_coupon_minor=int(tenant.newcomer_coupon_minor or 0),
            newcomer_minimum_minor=int(tenant.newcomer_minimum_minor or 0),
            auto_refund_minor=int(tenant.auto_refund_minor or 0),
            auto_deliver_days=rules.auto_deliver_days_of(tenant.auto_deliver_days),
            leader_campaigns=bool(tenant.leader_campaigns),
            accent=tenant.accent,
            logo=tenant.logo,
            created_at=tenant.created_at,
        )
