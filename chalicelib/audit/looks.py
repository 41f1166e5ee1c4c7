"""What a brand's settings look like, before and after they are changed. No secrets, nobody's phone or address."""

from collections.abc import Callable, Mapping
from datetime import datetime
from numbers import Number
from typing import Any

from msgspec import structs

from chalicelib.audit.kinds import Look
from chalicelib.audit.store import Changes
from chalicelib.boards import store as boards
from chalicelib.campaigns import store as campaigns
from chalicelib.catalog import store as catalog
from chalicelib.errors import NotFound
from chalicelib.leaders import store as leaders
from chalicelib.store import Record, get
from chalicelib.tenants import store as tenants
from chalicelib.tenants.views import TenantView

_NEVER = ("secret", "token", "password", "packed", "fingerprint", "stripe", "phone", "bank")
"""What in an attribute's name keeps it out of the log: secrets, people's data, and what is no single value."""
_FRAME = frozenset({"pk", "sk", "kind", "gsi1pk", "gsi1sk", "ttl", "version", "created_at", "updated_at"})
_OF_LEADER = ("name", "rank", "status", "frozen", "inviter_id", "groups", "probation_until")
_LONGEST = 120

Seen = Mapping[str, Any]


def look(what: Look | None, tenant_id: str, parts: Mapping[str, str]) -> Seen:
    """Read what a change is about, by the ids in its address; empty where there is nothing (yet)."""
    if what is None:
        return {}
    try:
        return _LOOKS[what](tenant_id, parts)
    except NotFound:
        return {}


def changes(before: Seen, after: Seen) -> Changes:
    """Give what has another value than before, by name."""
    names = sorted({*before, *after})
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}


def shown(record: Record | None) -> dict[str, Any]:
    """Give the attributes of a record that may be kept in the log, as JSON takes them."""
    if record is None:
        return {}
    names = [name for name in record.get_attributes() if name not in _FRAME]
    kept = [name for name in names if not any(part in name for part in _NEVER)]
    return {name: _plain(value) for name in kept if (value := getattr(record, name)) is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, Number):
        return int(value)  # type: ignore[call-overload]
    if isinstance(value, datetime):
        return value.isoformat()
    return (", ".join(value) if isinstance(value, tuple) else str(value))[:_LONGEST]


def _settings(brand: tenants.Tenant | None) -> Seen:
    """Give the settings in force: also those that nobody has chosen."""
    chosen = structs.asdict(TenantView.of(brand)) if brand else {}
    return shown(brand) | {name: _plain(value) for name, value in chosen.items() if name not in _FRAME}


def _leader(tenant_id: str, parts: Mapping[str, str]) -> Seen:
    known = shown(leaders.get(tenant_id, parts.get("leader_id", "")))
    return {name: known[name] for name in _OF_LEADER if name in known}


_LOOKS: Mapping[Look, Callable[[str, Mapping[str, str]], Seen]] = {
    "settings": lambda tenant_id, parts: _settings(tenants.get(tenant_id)),
    "product": lambda tenant_id, parts: shown(catalog.get(tenant_id, parts.get("product_id", ""))),
    "campaign": lambda tenant_id, parts: shown(campaigns.get(tenant_id, parts.get("campaign_id", ""))),
    "boards": lambda tenant_id, parts: shown(get(boards.BoardSettings, boards.boards_key(tenant_id), "settings")),
    "leader": _leader,
}
