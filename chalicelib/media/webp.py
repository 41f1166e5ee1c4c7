"""WebP without its notes (RFC 9649). Pure. A film (`ANIM`) is no photo."""

import struct

from chalicelib.media.rules import damaged

_KEPT = frozenset({b"VP8X", b"ICCP", b"ALPH", b"VP8 ", b"VP8L"})
_HAS_EXIF, _HAS_XMP, _HAS_ANIMATION = 0x08, 0x04, 0x02
_SIGNATURE_VP8, _SIGNATURE_VP8L = b"\x9d\x01\x2a", 0x2F


def stripped(content: bytes) -> tuple[bytes, tuple[int, int]]:
    """Give the picture without Exif, XMP and what follows its end; and its size. Raises `PhotoInvalid`."""
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise damaged()
    kept: list[bytes] = []
    size, at = None, 12
    while at < end:
        kind, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        body, at = content[at + 8 : at + 8 + length], at + 8 + length + length % 2
        if len(kind) < 4 or at > end or (kind == b"VP8X" and (kept or length < 10)):
            raise damaged()
        if kind == b"VP8X":
            if body[0] & _HAS_ANIMATION:
                raise damaged()
            body = bytes([body[0] & ~(_HAS_EXIF | _HAS_XMP)]) + body[1:]
        elif kind in (b"VP8 ", b"VP8L"):
            if size is not None:
                raise damaged()
            size = _size_of_lossy(body) if kind == b"VP8 " else _size_of_lossless(body)
        if kind in _KEPT:
            kept.append(kind + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2))
    if size is None:
        raise damaged()
    chunks = b"".join(kept)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks, size


def _size_of_lossy(frame: bytes) -> tuple[int, int]:
    """Read a key frame's size (RFC 6386, 9.1): 14 bits each, the upper two are scaling."""
    if len(frame) < 10 or frame[0] & 1 or frame[3:6] != _SIGNATURE_VP8:
        raise damaged()
    width, height = struct.unpack_from("<HH", frame, 6)
    return width & 0x3FFF, height & 0x3FFF


def _size_of_lossless(frame: bytes) -> tuple[int, int]:
    if len(frame) < 5 or frame[0] != _SIGNATURE_VP8L:
        raise damaged()
    bits = int.from_bytes(frame[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
