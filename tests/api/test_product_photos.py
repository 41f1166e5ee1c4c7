"""Photos of products over the API: sent in base 64, named in the answer, arranged by their names."""

import base64
from io import BytesIO
from typing import Any

from PIL import Image

from tests.api.world import System, World
from tests.media.pictures import PNG, SECRET, jpeg_from_a_phone


def sent(content: bytes) -> dict[str, str]:
    """The body that brings a photo."""
    return {"content": base64.b64encode(content).decode()}


def photo(colour: str) -> bytes:
    """A picture of one colour, larger than pages need."""
    into = BytesIO()
    Image.new("RGB", (1700, 850), colour).save(into, "JPEG")
    return into.getvalue()


def kept(world: World, brand: System, one: dict[str, Any], size: str) -> bytes:
    return world.photos.kept[f"{brand.tenant_id}/{one[size]}"]


def test_a_photo_is_added_in_two_sizes_and_named(world: World, brand: System) -> None:
    product = brand.product()
    assert product["photos"] == []

    (shown,) = brand.done(f"/v1/products/{product['id']}/photos", **sent(photo("tomato")))["photos"]

    assert (shown["width"], shown["height"]) == (1600, 800)
    assert Image.open(BytesIO(kept(world, brand, shown, "name"))).size == (1600, 800)
    assert Image.open(BytesIO(kept(world, brand, shown, "thumbnail"))).size == (400, 200)
    assert brand.get(f"/v1/products/{product['id']}").body["photos"] == [shown]
    assert brand.get("/v1/products").body["data"][0]["photos"] == [shown]


def test_photos_are_arranged_and_taken_off(brand: System) -> None:
    way = f"/v1/products/{brand.product()['id']}/photos"
    brand.done(way, **sent(photo("red")))
    names = [one["name"] for one in brand.done(way, **sent(photo("blue")))["photos"]]

    assert [one["name"] for one in brand.done(f"{way}/arrange", photos=names[::-1])["photos"]] == names[::-1]
    assert [one["name"] for one in brand.done(f"{way}/arrange", photos=names[1:])["photos"]] == names[1:]
    refused = brand.post(f"{way}/arrange", photos=names)
    assert (refused.status, refused.error["code"], refused.error["param"]) == (400, "product_invalid", "photos")


def test_what_a_phone_notes_is_kept_nowhere(world: World, brand: System) -> None:
    brand.done(f"/v1/products/{brand.product()['id']}/photos", **sent(jpeg_from_a_phone()))
    assert len(world.photos.kept) == 2
    assert not any(SECRET in content for content in world.photos.kept.values())


def test_what_is_no_photo_is_refused_by_its_field_and_nothing_is_kept(world: World, brand: System) -> None:
    way = f"/v1/products/{brand.product()['id']}/photos"
    refused = brand.post(way, **sent(b"GIF89a" + b"\0" * 50))
    assert (refused.status, refused.error["code"], refused.error["param"]) == (400, "photo_invalid", "photo")
    refused = brand.post(way, content="not base 64!")
    assert (refused.status, refused.error["param"]) == (400, "content")
    assert world.photos.kept == {}


def test_another_brands_product_takes_no_photo(world: World, brand: System) -> None:
    other = world.brand("blue-lake")
    refused = other.post(f"/v1/products/{brand.product()['id']}/photos", **sent(PNG))
    assert (refused.status, refused.error["code"]) == (404, "product_missing")
    assert world.photos.kept == {}
