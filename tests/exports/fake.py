"""Exports kept in a dict, by the same names and behind the same fence as in S3."""

from collections.abc import Iterable

from chalicelib.exports.files import key_of


class FakeFiles:
    """What `wiring.Tools.files` is in tests; `kept` shows what was stored, by key."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, tenant_id: str, name: str, content: bytes) -> None:
        """Keep a piece."""
        self.kept[key_of(tenant_id, name)] = content

    def get(self, tenant_id: str, name: str) -> bytes:
        """Give a piece."""
        return self.kept[key_of(tenant_id, name)]

    def join(self, tenant_id: str, name: str, pieces: Iterable[bytes]) -> int:
        """Keep a file made of pieces."""
        whole = self.kept[key_of(tenant_id, name)] = b"".join(pieces)
        return len(whole)

    def link(self, tenant_id: str, name: str, *, save_as: str) -> str:
        """Give an address."""
        return f"https://files.example/{key_of(tenant_id, name)}?as={save_as}"
