"""JPEG without its notes (ITU-T T.81, annex B). Pure.

Kept are the segments that the picture needs, its colour profile, and how it is to be turned: phones store pictures as
the sensor saw them and note the turn in Exif, so leaving all of Exif out would lay portraits on their side.
"""

import struct
from collections.abc import Iterator

from chalicelib.media.rules import damaged

_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14 = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what browsers show
_TABLES = frozenset({0xC4, 0xDB, 0xDD})  # Huffman, quantization, restart interval
_RESTARTS = range(0xD0, 0xD8)
_EXIF, _PROFILE = b"Exif\x00\x00", b"ICC_PROFILE\x00"
_ORIENTATION, _SHORT = 0x0112, 3


def stripped(content: bytes) -> tuple[bytes, tuple[int, int]]:
    """Give the picture without its notes, and its width and height. Raises `PhotoInvalid`.

    What follows the end of the picture (a phone's film, a second picture with its own notes) is left out as well.
    """
    head: list[bytes] = []
    size, turn, scans = None, 1, 0
    for marker, payload, scan in _segments(content):
        if marker == _APP1 and payload.startswith(_EXIF):
            turn = _orientation(payload[len(_EXIF) :])
        elif marker in _FRAMES:
            size = _size(payload)
        scans += marker == _SOS
        if _is_kept(marker, payload):
            head.append(_segment(marker, payload) + scan)
    if size is None or not scans:
        raise damaged()
    notes = [_segment(_APP1, _EXIF + _only_turned(turn))] if turn != 1 else []
    return b"".join([b"\xff\xd8", *notes, *head, b"\xff\xd9"]), size


def _is_kept(marker: int, payload: bytes) -> bool:
    if marker == _APP2:
        return payload.startswith(_PROFILE)
    return marker in _FRAMES | _TABLES | {_SOS, _APP0, _APP14}


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield each segment: marker, payload, and the coded picture that follows it when it starts a scan."""
    at = 2
    while True:
        if content[at : at + 1] != b"\xff":
            raise damaged()
        while content[at + 1 : at + 2] == b"\xff":  # a marker may be preceded by fill bytes
            at += 1
        marker = content[at + 1] if at + 1 < len(content) else 0
        if marker == _EOI:
            return
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        end = at + 2 + length
        if marker < 0xC0 or marker in _RESTARTS or marker == _SOI or length < 2 or end > len(content):
            raise damaged()
        scan_end = _end_of_scan(content, end) if marker == _SOS else end
        yield marker, content[at + 4 : end], content[end:scan_end]
        at = scan_end


def _end_of_scan(content: bytes, at: int) -> int:
    """Find where the coded picture ends: at the first marker that is neither a stuffed 0xFF nor a restart."""
    while (at := content.find(b"\xff", at)) != -1 and at + 1 < len(content):
        if content[at + 1] not in _RESTARTS and content[at + 1] != 0:
            return at
        at += 2
    raise damaged()


def _size(payload: bytes) -> tuple[int, int]:
    if len(payload) < 6:
        raise damaged()
    height, width = struct.unpack_from(">HH", payload, 1)
    return width, height


def _orientation(tiff: bytes) -> int:
    """Read how the picture is to be turned (Exif 2.3, 4.6.4), 1 when it is not said, or not in a way one can read."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return 1
    first = struct.unpack_from(order + "I", tiff, 4)[0]
    if first + 2 > len(tiff):
        return 1
    (entries,) = struct.unpack_from(order + "H", tiff, first)
    for number in range(entries):
        at = first + 2 + 12 * number
        if at + 12 > len(tiff):
            break
        tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, at)
        if (tag, kind) == (_ORIENTATION, _SHORT):
            return int(value) if 1 <= value <= 8 else 1
    return 1


def _only_turned(turn: int) -> bytes:
    """Write Exif that says nothing but how to turn the picture."""
    return b"MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, _SHORT, 1, turn, 0, 0)
