"""Photos kept in a dict, by the same names and behind the same fence as in S3."""

from chalicelib.media.rules import Photo
from chalicelib.media.store import key_of, name_of, type_of


class FakePhotos:
    """What `wiring.Tools.photos` is in tests; `kept` shows what was stored, by key."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, tenant_id: str, folder: str, photo: Photo) -> str:
        """Keep a photo; gives its name."""
        name = name_of(folder, photo)
        key = key_of(tenant_id, name)
        assert key is not None
        self.kept[key] = photo.content
        return name

    def get(self, tenant_id: str, name: str) -> tuple[bytes, str] | None:
        """Give a photo's bytes and content type, or None."""
        content = self.kept.get(key_of(tenant_id, name) or "")
        return (content, type_of(name)) if content is not None else None
