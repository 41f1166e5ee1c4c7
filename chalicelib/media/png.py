"""PNG without its notes (W3C PNG, third edition, chapter 11). Pure."""

import struct
from zlib import crc32

from chalicelib.media.rules import damaged

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs"})


def stripped(content: bytes) -> tuple[bytes, tuple[int, int]]:
    """Give the picture without texts, times, Exif and what follows its end; and its size. Raises `PhotoInvalid`."""
    kept, at, kind, has_pixels = [SIGNATURE], len(SIGNATURE), b"", False
    size = (0, 0)
    while kind != b"IEND":
        length = int.from_bytes(content[at : at + 4], "big")
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if len(content) < end or int.from_bytes(content[end - 4 : end], "big") != crc32(content[at + 4 : end - 4]):
            raise damaged()
        if (kind == b"IHDR") != (len(kept) == 1):  # it comes first, and once
            raise damaged()
        if kind == b"IHDR":
            size = _size(content[at + 8 : end - 4])
        elif kind not in _KEPT and kind[:1].isupper():  # a critical chunk that nobody knows
            raise damaged()
        has_pixels = has_pixels or kind == b"IDAT"
        if kind in _KEPT:
            kept.append(content[at:end])
        at = end
    if not has_pixels:
        raise damaged()
    return b"".join(kept), size


def _size(header: bytes) -> tuple[int, int]:
    if len(header) != 13:
        raise damaged()
    width, height = struct.unpack_from(">II", header)
    return width, height
