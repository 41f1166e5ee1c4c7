"""Photos as they come from phones, and what is no photo."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.media.rules import LARGEST_PHOTO_BYTES, PhotoInvalid, check_photo
from tests.media.pictures import (
    JPEG,
    PNG,
    SECRET,
    WEBP,
    WEBP_LOSSLESS,
    jpeg_from_a_phone,
    jpeg_segment,
    png_chunk,
    png_from_a_phone,
    webp_chunk,
    webp_from_a_phone,
)

PLAIN = [(JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp"), (WEBP_LOSSLESS, "image/webp")]


def refused(content):
    """The sentence with which a file is refused."""
    with pytest.raises(PhotoInvalid) as refusal:
        check_photo(content)
    assert refusal.value.param == "photo"
    return refusal.value.message


@pytest.mark.parametrize(("content", "kind"), PLAIN)
def test_a_photo_without_notes_stays_as_it_is(content, kind):
    photo = check_photo(content)

    assert (photo.kind, photo.content, photo.width, photo.height) == (kind, content, 9, 6)


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        (png_from_a_phone(), PNG),
        (webp_from_a_phone(), WEBP),
        (webp_from_a_phone(WEBP_LOSSLESS), WEBP_LOSSLESS),
        (jpeg_from_a_phone(turn=1), JPEG),
    ],
)
def test_where_and_by_whom_a_photo_was_taken_is_left_out(content, plain):
    photo = check_photo(content)

    assert photo.content == plain
    assert SECRET not in photo.content


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turn", [3, 6, 8])
def test_a_portrait_is_not_laid_on_its_side_with_its_notes_gone(order, turn):
    kept = check_photo(jpeg_from_a_phone(order=order, turn=turn)).content

    assert SECRET not in kept
    turned = b"Exif\x00\x00MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, turn, 0, 0)
    assert kept == JPEG[:2] + jpeg_segment(0xE1, turned) + JPEG[2:]
    assert check_photo(kept).content == kept


@pytest.mark.parametrize("how", [{"turn": 0}, {"turn": 99}, {"first": 4_000_000_000}, {"first": 60}])
def test_notes_that_make_no_sense_are_left_out_all_the_same(how):
    assert SECRET not in check_photo(jpeg_from_a_phone(**how)).content


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a" + b"\x00" * 50, b"<svg onload=alert(1)>", b"%PDF-1.7", b"RIFF\x00\x00\x00\x00WAVE", b"\x00" * 99],
)
def test_another_kind_of_file_is_refused_whatever_it_is_called(content):
    assert refused(content).startswith("A photo has to be")


@pytest.mark.parametrize("content", [content for content, _ in PLAIN])
def test_a_photo_cut_off_anywhere_is_refused(content):
    for length in range(12, len(content)):
        assert "cut off or damaged" in refused(content[:length]), length


def test_three_megabytes_are_enough():
    assert "3 MB" in refused(JPEG + b"\x00" * (LARGEST_PHOTO_BYTES - len(JPEG) + 1))
    assert check_photo(JPEG + b"\x00" * (LARGEST_PHOTO_BYTES - len(JPEG))).content == JPEG


@pytest.mark.parametrize(
    "content",
    [
        PNG[:-5] + b"\x00" + PNG[-4:],  # its end is damaged
        PNG[:40] + b"\xff" + PNG[41:],  # its sum is wrong
        PNG[:33] + png_chunk(b"EVIL", b"") + PNG[33:],  # critical, and nobody knows what it means
        PNG[:33] + PNG[8:],  # two heads
        PNG[:33] + PNG[-12:],  # no pixels
        JPEG[:2] + JPEG[-2:],  # nothing between start and end
        JPEG.replace(b"\xff\xc0", b"\xff\xc9"),  # a coding that no browser shows
        JPEG[:20] + b"\x00" + JPEG[20:],  # no marker where one has to be
        JPEG[:2] + b"\xff\xe1\x00\x00" + JPEG[2:],  # a segment shorter than its own length
        webp_from_a_phone()[:20] + b"\x02" + webp_from_a_phone()[21:],  # a film
        b"RIFF" + struct.pack("<I", 16) + b"WEBP" + webp_chunk(b"VP8 ", b"\x01\x00\x00\x00"),
        b"RIFF" + struct.pack("<I", 4) + b"WEBP",
    ],
)
def test_what_only_looks_like_a_photo_is_refused(content):
    assert "damaged" in refused(content)


def test_a_picture_that_claims_to_be_gigabytes_is_refused():
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 100_000, 100_000, 8, 6, 0, 0, 0))

    assert "too many pixels" in refused(PNG[:8] + head + PNG[33:])


@given(st.sampled_from([jpeg_from_a_phone(), png_from_a_phone(), webp_from_a_phone()]), st.data())
def test_any_byte_may_be_wrong_and_it_is_a_photo_or_refused(content, data):
    at = data.draw(st.integers(0, len(content) - 1))
    broken = content[:at] + bytes([data.draw(st.integers(0, 255))]) + content[at + 1 :]

    try:
        photo = check_photo(broken)
    except PhotoInvalid:
        return
    assert check_photo(photo.content) == photo


@given(st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\x00\x00\x00WEBP"]), st.binary(max_size=200))
@example(b"\xff\xd8\xff", b"\xe1\x00\x10Exif\x00\x00II*\x00\x08\x00\x00\x00")
def test_any_bytes_behind_a_photos_first_ones_are_read_or_refused(start, rest):
    try:
        check_photo(start + rest)
    except PhotoInvalid as refusal:
        assert refusal.param == "photo"
