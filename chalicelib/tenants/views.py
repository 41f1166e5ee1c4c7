"""What is shown of a brand."""

from datetime import datetime

from msgspec import Struct

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
    created_at: datetime

    @classmethod
    def of(cls, tenant: Tenant) -> "TenantView":
        """Show a record."""
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
            created_at=tenant.created_at,
        )
