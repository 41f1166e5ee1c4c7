"""What is shown of API keys."""

from datetime import datetime

from msgspec import Struct

from chalicelib.people.store import BrandsApiKey


class ApiKeyView(Struct, frozen=True, kw_only=True):
    """An API key without its secret."""

    id: str
    name: str
    last_four: str
    created_at: datetime
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: BrandsApiKey) -> "ApiKeyView":
        """Show a record."""
        return cls(
            id=key.key_id,
            name=key.name,
            last_four=key.last_four,
            created_at=key.created_at,
            revoked_at=key.revoked_at,
        )
