"""Photos as pages need them: small enough, upright, without notes; and what no picture may do to us."""

import random
import struct
from io import BytesIO
from zlib import compress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from chalicelib.media.resizing import MOST_PIXELS, SMALL_BYTES, resized
from chalicelib.media.rules import PhotoInvalid
from tests.media.pictures import (
    JPEG,
    PNG,
    SECRET,
    WEBP,
    WEBP_LOSSLESS,
    jpeg_from_a_phone,
    png_chunk,
    png_from_a_phone,
    webp_from_a_phone,
)


def written(picture, kind="JPEG", **how):
    into = BytesIO()
    picture.save(into, kind, **how)
    return into.getvalue()


def opened(photo):
    picture = Image.open(BytesIO(photo.content))
    picture.load()
    assert picture.size == (photo.width, photo.height)
    return picture


def refused(content):
    with pytest.raises(PhotoInvalid) as refusal:
        resized(content)
    return refusal.value.message


def claims(width, height):
    """A PNG of a few hundred bytes that says it is this large."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return PNG[:8] + header + png_chunk(b"IDAT", compress(b"\0" * 5000)) + png_chunk(b"IEND", b"")


def test_a_photo_is_kept_in_two_sizes_that_look_the_same():
    made = resized(written(Image.new("RGB", (2000, 1000), "tomato")))

    assert [(one.kind, one.width, one.height) for one in (made.large, made.small)] == [
        ("image/jpeg", 1600, 800),
        ("image/jpeg", 400, 200),
    ]
    assert all(opened(one).info["progressive"] for one in (made.large, made.small))
    assert made.large.content != made.small.content


def test_a_small_photo_is_not_blown_up():
    made = resized(PNG)
    assert (made.large.width, made.large.height, made.small.width, made.small.height) == (9, 6, 9, 6)


def test_even_noise_becomes_a_thumbnail_of_30_kilobytes():
    noise = Image.frombytes("RGB", (400, 400), random.Random(1).randbytes(480_000))

    made = resized(written(noise, "PNG"))

    assert len(made.small.content) <= SMALL_BYTES
    assert 200 <= made.small.width < 400
    assert (made.large.width, made.large.height) == (400, 400)


def test_a_portrait_that_a_phone_stored_on_its_side_stands_upright():
    picture = Image.new("RGB", (40, 20), "red")
    picture.paste("blue", (0, 0, 20, 20))
    notes = Image.Exif()
    notes[0x0112] = 6  # to be turned a quarter clockwise

    shown = opened(resized(written(picture, exif=notes, quality=95)).large)

    assert shown.size == (20, 40)
    (red, _, blue), (red_below, _, blue_below) = shown.getpixel((10, 5)), shown.getpixel((10, 35))
    assert blue > 200 > 60 > red
    assert red_below > 200 > 60 > blue_below
    assert not shown.getexif()


@pytest.mark.parametrize(
    "content",
    [JPEG, PNG, WEBP, WEBP_LOSSLESS, jpeg_from_a_phone(), png_from_a_phone(), webp_from_a_phone()],
    ids=["jpeg", "png", "webp", "lossless", "phone-jpeg", "phone-png", "phone-webp"],
)
def test_nothing_of_what_a_camera_notes_is_in_either_size(content):
    made = resized(content)
    for photo in (made.large, made.small):
        assert SECRET not in photo.content
        assert not set(opened(photo).info) & {"exif", "icc_profile", "comment", "xmp", "photoshop"}


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16"])
def test_every_kind_of_png_becomes_a_photo(mode):
    source = (
        Image.new("I;16", (30, 20), 65_535) if mode == "I;16" else Image.new("RGBA", (30, 20), "white").convert(mode)
    )
    assert opened(resized(written(source, "PNG")).large).getpixel((15, 10)) == (255, 255, 255)


def test_what_is_see_through_is_white_not_black():
    made = resized(written(Image.new("RGBA", (30, 20), (0, 0, 0, 0)), "PNG"))
    assert opened(made.small).getpixel((15, 10)) == (255, 255, 255)


def test_a_picture_for_printing_and_one_with_a_broken_colour_profile_are_taken():
    assert resized(written(Image.new("CMYK", (30, 20)))).large.width == 30
    assert resized(written(Image.new("RGB", (30, 20)), icc_profile=b"no profile")).large.width == 30


def test_colours_come_over_from_the_profile_of_the_picture():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = opened(resized(written(Image.new("RGB", (30, 20), (200, 80, 40)), quality=95, icc_profile=srgb)).large)
    assert all(abs(got - sent) <= 6 for got, sent in zip(kept.getpixel((9, 9)), (200, 80, 40), strict=True))


@pytest.mark.parametrize(("width", "height"), [(20_000, 10), (10, 20_000), (100_000, 100_000), (8_000, 5_001)])
def test_a_picture_that_would_unpack_to_gigabytes_is_refused_in_words(width, height):
    assert width > 16_383 or height > 16_383 or width * height > MOST_PIXELS
    assert "too many pixels" in refused(claims(width, height))


def test_what_has_the_frame_of_a_picture_and_no_picture_in_it_is_refused():
    assert "damaged" in refused(claims(100, 100))
    assert "JPEG, PNG or WebP" in refused(b"GIF89a" + b"\0" * 40)
    assert "3 MB" in refused(b"\xff\xd8\xff" + b"\0" * 3_000_000)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([jpeg_from_a_phone(), PNG, WEBP, WEBP_LOSSLESS]), st.data())
def test_any_byte_may_be_wrong_and_it_is_a_photo_or_refused(content, data):
    at = data.draw(st.integers(0, len(content) - 1))
    broken = content[:at] + bytes([data.draw(st.integers(0, 255))]) + content[at + 1 :]
    try:
        made = resized(broken)
    except PhotoInvalid:
        return
    assert len(made.small.content) <= SMALL_BYTES
