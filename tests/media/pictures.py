"""Small real pictures of 9 × 6 pixels, as a browser wrote them, and what cameras add to them."""

import struct
from base64 import b64decode
from zlib import crc32

SECRET = b"48.8584N 2.2945E, Li Na's phone"
"""What must be in no photo that is kept."""

JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAA"
    "ABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1"
    "AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAP"
    "KnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/"
    "2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK0"
    "6kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAGAAkDASIAAhEBAxEB/8QAFgABAQEA"
    "AAAAAAAAAAAAAAAAAAID/8QAGBAAAwEBAAAAAAAAAAAAAAAAAAECAxH/xAAVAQEBAAAAAAAAAAAAAAAAAAAEBf/EABcRAAMBAAAAAAAAAAAAAA"
    "AAAAACEQH/2gAMAwEAAhEDEQA/AMb1q1xpEAB5CmiKmRcP/9k="
)
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAkAAAAGCAYAAAARx7TFAAAAMUlEQVR4AYyMwQkAAAgCpZUcqpnaqZ3qG9JD4R6CXrA5SpNzCRjxRpWAonLPpK"
    "+vLwAAAP//Apq2NgAAAAZJREFUAwCrzhjGRyWx/AAAAABJRU5ErkJggg=="
)
WEBP = b64decode(
    "UklGRiICAABXRUJQVlA4WAoAAAAgAAAACAAABQAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAA"
    "ABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1"
    "AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAP"
    "KnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZW"
    "UDggNAAAANABAJ0BKgkABgAEAGglsAJ0ARY9XQcAAMsezf8nleBIHxg9gX43ezeD8+06m/uU/xT1AAA="
)
WEBP_LOSSLESS = b64decode(
    "UklGRg4CAABXRUJQVlA4WAoAAAAgAAAACAAABQAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAA"
    "ABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1"
    "AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAP"
    "KnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZW"
    "UDhMIAAAAC8IQAEAD/Az5s9kzsz8RwsUso0AZf6SZ/JKRPQ/xH0A"
)


def jpeg_segment(marker, payload):
    """Write a JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def exif(order="<", turn=6, first=8):
    """Write Exif as phones do: how the picture is to be turned, and a note."""
    head = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(order + "I", first)
    entries = struct.pack(order + "HHIHH", 0x0112, 3, 1, turn, 0) + struct.pack(order + "HHII", 0x010E, 2, 31, 38)
    return head + struct.pack(order + "H", 2) + entries + b"\x00" * 4 + SECRET


def jpeg_from_a_phone(**how):
    """A JPEG with everything that tells about its owner, in front of the picture and after it."""
    notes = [
        jpeg_segment(0xE1, b"Exif\x00\x00" + exif(**how)),
        jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + SECRET),
        jpeg_segment(0xE2, b"MPF\x00" + SECRET),
        jpeg_segment(0xED, b"Photoshop 3.0\x00" + SECRET),
        jpeg_segment(0xFE, SECRET),
    ]
    return JPEG[:2] + b"".join(notes) + JPEG[2:] + b"a film: " + SECRET


def png_chunk(kind, payload):
    """Write a PNG chunk."""
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", crc32(kind + payload))


def png_from_a_phone():
    """A PNG with texts and Exif, and something after its end."""
    notes = [png_chunk(kind, SECRET) for kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"prVt")]
    return PNG[:33] + b"".join(notes) + PNG[33:] + SECRET


def webp_chunk(kind, payload):
    """Write a WebP chunk."""
    return kind + struct.pack("<I", len(payload)) + payload + b"\x00" * (len(payload) % 2)


def webp_from_a_phone(picture=WEBP):
    """A WebP with Exif and XMP, and something after its end."""
    flags = bytes([picture[20] | 0x0C])
    notes = webp_chunk(b"EXIF", SECRET) + webp_chunk(b"XMP ", SECRET) + webp_chunk(b"what", SECRET)
    body = picture[8:20] + flags + picture[21:] + notes
    return b"RIFF" + struct.pack("<I", len(body)) + body + SECRET
