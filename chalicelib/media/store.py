"""Photos in S3: one bucket, each brand's below its own id, named by what is in them.

A name is `{folder}/{hash}.{ending}`; it is never a path. Which folder somebody may read is for the page to say.
"""

import re
from functools import cached_property
from hashlib import sha256
from typing import Any, Protocol

from chalicelib.errors import NotFound
from chalicelib.media.rules import ENDINGS, Photo
from chalicelib.tenancy import TenantBreach, active_tenant

PUBLIC = "p"
"""The folder of what everybody may see: products, reviews."""
PRIVATE = "cases"
"""The folder of what only those concerned may see: what arrived spoilt."""

_NAME = re.compile(r"[a-z]{1,20}/[0-9a-f]{64}\.(jpg|png|webp)")
_TYPES = {ending: kind for kind, ending in ENDINGS.items()}


class PhotoUnknown(NotFound):
    """There is no such photo, or it is not for everybody."""

    code = "photo_unknown"


class Photos(Protocol):
    """Wherever photos are kept."""

    def put(self, tenant_id: str, folder: str, photo: Photo) -> str:
        """Keep a photo; gives its name, the same for the same picture."""

    def get(self, tenant_id: str, name: str) -> tuple[bytes, str] | None:
        """Give a photo's bytes and content type, or None."""


def name_of(folder: str, photo: Photo) -> str:
    """Name a photo by what is in it: sent twice, it is kept once; it can be cached for ever."""
    return f"{folder}/{sha256(photo.content).hexdigest()}.{ENDINGS[photo.kind]}"


def key_of(tenant_id: str, name: str) -> str | None:
    """Give where a photo is kept, None for what cannot be a name. Raises `TenantBreach` for another brand's."""
    if tenant_id != active_tenant():
        raise TenantBreach(f"a photo of {tenant_id} while acting for {active_tenant()}")
    return f"{tenant_id}/{name}" if _NAME.fullmatch(name) else None


def type_of(name: str) -> str:
    """Give the content type of a photo by its name's ending, which we wrote ourselves."""
    return _TYPES[name.rpartition(".")[2]]


class S3Photos:
    """Photos in a private bucket; the client is made when first used."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    @cached_property
    def _client(self) -> Any:
        import botocore.session
        from botocore.config import Config

        # By path: a local endpoint has no name for each bucket.
        patience = Config(s3={"addressing_style": "path"}, connect_timeout=3, read_timeout=8)
        return botocore.session.get_session().create_client("s3", config=patience)

    def put(self, tenant_id: str, folder: str, photo: Photo) -> str:
        """Keep a photo; gives its name, the same for the same picture."""
        name = name_of(folder, photo)
        key = key_of(tenant_id, name)
        self._client.put_object(Bucket=self._bucket, Key=key, Body=photo.content, ContentType=photo.kind)
        return name

    def get(self, tenant_id: str, name: str) -> tuple[bytes, str] | None:
        """Give a photo's bytes and content type, or None."""
        key = key_of(tenant_id, name)
        if key is None:
            return None
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=key)
        except self._client.exceptions.NoSuchKey:
            return None
        return found["Body"].read(), type_of(name)
