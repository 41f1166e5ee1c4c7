"""Pieces and files of exports in S3: in the bucket of photos, below `exports/{tenant}/`, gone after a week by a rule of
the bucket. Nobody is given an address of one but through a page that knows whose it is, and then for a minute.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Protocol

from chalicelib.tenancy import TenantBreach, active_tenant

LINK_LASTS_S = 60
_PART_BYTES = 8_000_000  # of all parts but the last, S3 takes none below 5 MiB
_NAME = re.compile(r"exp_[0-9a-z]{20}/(file|[0-9]{5})")


class Files(Protocol):
    """Wherever exports are kept."""

    def put(self, tenant_id: str, name: str, content: bytes) -> None:
        """Keep a piece; kept again, it is replaced."""

    def get(self, tenant_id: str, name: str) -> bytes:
        """Give a piece that was kept."""

    def join(self, tenant_id: str, name: str, pieces: Iterable[bytes]) -> int:
        """Keep a file made of pieces, however large; gives its bytes."""

    def link(self, tenant_id: str, name: str, *, save_as: str) -> str:
        """Give an address under which a file can be fetched for a minute, to be saved by a name."""


def key_of(tenant_id: str, name: str) -> str:
    """Give where something is kept. Raises `TenantBreach` for another brand's, `ValueError` for what is no name."""
    if tenant_id != active_tenant():
        raise TenantBreach(f"an export of {tenant_id} while acting for {active_tenant()}")
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of an export")
    return f"exports/{tenant_id}/{name}"


class S3Files:
    """Exports in a private bucket; the client is made when first used."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    @cached_property
    def _client(self) -> Any:
        import botocore.session
        from botocore.config import Config

        # By path: a local endpoint has no name for each bucket. Links of the old kind are refused by newer regions.
        how = Config(s3={"addressing_style": "path"}, signature_version="s3v4", connect_timeout=3, read_timeout=30)
        return botocore.session.get_session().create_client("s3", config=how)

    def put(self, tenant_id: str, name: str, content: bytes) -> None:
        """Keep a piece; kept again, it is replaced."""
        self._client.put_object(Bucket=self._bucket, Key=key_of(tenant_id, name), Body=content)

    def get(self, tenant_id: str, name: str) -> bytes:
        """Give a piece that was kept."""
        found = self._client.get_object(Bucket=self._bucket, Key=key_of(tenant_id, name))
        content: bytes = found["Body"].read()
        return content

    def join(self, tenant_id: str, name: str, pieces: Iterable[bytes]) -> int:
        """Keep a file made of pieces, however large; gives its bytes. Cut, it is begun anew: the bucket tidies up."""
        where = {"Bucket": self._bucket, "Key": key_of(tenant_id, name)}
        held, total, upload = bytearray(), 0, None
        parts: list[dict[str, Any]] = []
        for piece in pieces:
            held += piece
            total += len(piece)
            if len(held) >= _PART_BYTES:
                upload = upload or self._client.create_multipart_upload(**where)["UploadId"]
                parts.append(self._part(where, upload, len(parts) + 1, held))
                held = bytearray()
        if upload is None:
            self._client.put_object(**where, Body=bytes(held))
            return total
        if held:
            parts.append(self._part(where, upload, len(parts) + 1, held))
        self._client.complete_multipart_upload(**where, UploadId=upload, MultipartUpload={"Parts": parts})
        return total

    def _part(self, where: dict[str, str], upload: str, number: int, content: bytearray) -> dict[str, Any]:
        kept = self._client.upload_part(**where, UploadId=upload, PartNumber=number, Body=bytes(content))
        return {"ETag": kept["ETag"], "PartNumber": number}

    def link(self, tenant_id: str, name: str, *, save_as: str) -> str:
        """Give an address under which a file can be fetched for a minute, to be saved by a name."""
        asked = {
            "Bucket": self._bucket,
            "Key": key_of(tenant_id, name),
            "ResponseContentDisposition": f'attachment; filename="{save_as}"',
            "ResponseContentType": "application/octet-stream",
        }
        return str(self._client.generate_presigned_url("get_object", Params=asked, ExpiresIn=LINK_LASTS_S))
