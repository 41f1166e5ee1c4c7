"""The brand itself: its settings."""

from chalicelib.api.calls import Call, NoBody
from chalicelib.tenants import actions as tenants
from chalicelib.tenants.commands import UpdateSettings
from chalicelib.tenants.views import TenantView


class Brand(TenantView, frozen=True, kw_only=True, tag_field="object", tag="brand"):
    """The brand that the API key belongs to."""


def retrieve(call: Call[NoBody]) -> TenantView:
    """Show the brand."""
    return Brand.of(tenants.get(call.tenant_id))


def update(call: Call[UpdateSettings]) -> TenantView:
    """Change what is given of its settings."""
    return Brand.of(tenants.update_settings(call.tenant_id, call.body, now=call.now))
