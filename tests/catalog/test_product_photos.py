"""Photos of products: kept once each, in an order, six at most, whoever else changes them at the same time."""

import itertools

import pytest

from chalicelib.catalog import actions, photos
from chalicelib.catalog import store as catalog
from chalicelib.catalog.commands import CreateProduct, UpdateProduct
from chalicelib.catalog.photos import ArrangePhotos, ProductBusy
from chalicelib.catalog.rules import ProductInvalid
from chalicelib.catalog.store import ProductNotFound, ProductPhoto
from chalicelib.catalog.views import ProductView
from chalicelib.media.resizing import Sized
from chalicelib.media.rules import Photo
from chalicelib.tenancy import acting_for
from tests.media.fake import FakePhotos


def picture(number):
    """A photo in two sizes; what is in it does not matter here."""
    small = Photo("image/jpeg", b"\xff\xd8\xffsmall" + bytes([number]), 40, 30)
    return Sized(Photo("image/jpeg", b"\xff\xd8\xfflarge" + bytes([number]), 160, 120), small)


@pytest.fixture
def bucket():
    return FakePhotos()


@pytest.fixture
def product_id(tenant, clock):
    bits = itertools.count(1)
    command = CreateProduct(title="Pears", unit="box", list_price_minor=2500, sale_price_minor=2000)
    return actions.create(tenant, command, now=clock(), randbits=lambda _: next(bits)).product_id


def names(tenant, product_id):
    return [one.name for one in catalog.get(tenant, product_id).photos]


def test_photos_are_shown_in_the_order_in_which_they_came(tenant, product_id, bucket):
    photos.add(tenant, product_id, [picture(1), picture(2)], bucket)
    shown = ProductView.of(photos.add(tenant, product_id, [picture(3)], bucket)).photos

    assert [bucket.get(tenant, one.name)[0][-1] for one in shown] == [1, 2, 3]
    assert bucket.get(tenant, shown[0].thumbnail)[0].endswith(b"small\x01")
    assert {(one.width, one.height) for one in shown} == {(160, 120)}
    assert names(tenant, product_id) == [one.name for one in shown]


def test_the_same_photo_sent_twice_is_one_and_stays_where_it_is(tenant, product_id, bucket):
    photos.add(tenant, product_id, [picture(1), picture(2)], bucket)
    before = names(tenant, product_id)

    photos.add(tenant, product_id, [picture(1)], bucket)

    assert names(tenant, product_id) == before


def test_a_seventh_photo_is_refused_and_the_six_stay(tenant, product_id, bucket):
    photos.add(tenant, product_id, [picture(number) for number in range(6)], bucket)
    before = names(tenant, product_id)

    with pytest.raises(ProductInvalid, match="at most 6") as refusal:
        photos.add(tenant, product_id, [picture(7)], bucket)

    assert refusal.value.param == "photos"
    assert names(tenant, product_id) == before


def test_photos_are_put_in_another_order_and_those_left_out_are_taken_off(tenant, product_id, bucket):
    photos.add(tenant, product_id, [picture(number) for number in (1, 2, 3)], bucket)
    first, second, third = names(tenant, product_id)

    photos.arrange(tenant, product_id, ArrangePhotos(photos=(third, first, third)))
    assert names(tenant, product_id) == [third, first]
    with pytest.raises(ProductInvalid, match="has no photo"):
        photos.arrange(tenant, product_id, ArrangePhotos(photos=(second,)))
    photos.arrange(tenant, product_id, ArrangePhotos(photos=()))
    assert names(tenant, product_id) == []
    assert bucket.get(tenant, second) is not None  # kept: an address that was shared still shows its picture


def test_two_who_add_at_the_same_time_both_find_their_photos(tenant, product_id, bucket):
    others = iter([[picture(2)], [picture(3)]])

    def decide(before):
        for more in itertools.islice(others, 1):  # somebody is quicker, twice
            photos.add(tenant, product_id, more, bucket)
        return photos.with_added(before, [ProductPhoto(name="p/x", thumbnail="p/y", width=1, height=1)])

    photos._change(tenant, product_id, decide)

    assert len(names(tenant, product_id)) == 3
    assert names(tenant, product_id)[-1] == "p/x"


def test_who_is_never_quick_enough_is_told(tenant, product_id, bucket):
    numbers = itertools.count(1)

    def decide(before):
        photos.arrange(tenant, product_id, ArrangePhotos(photos=()))
        photos.add(tenant, product_id, [picture(next(numbers))], bucket)
        return [ProductPhoto(name="p/x", thumbnail="p/y", width=1, height=1)]

    with pytest.raises(ProductBusy, match="Look again"):
        photos._change(tenant, product_id, decide)


def test_another_brands_product_gets_no_photo_and_its_photos_are_not_found(tenant, product_id, bucket):
    photos.add(tenant, product_id, [picture(1)], bucket)
    (name,) = names(tenant, product_id)
    with acting_for("t00000000other00"):
        with pytest.raises(ProductNotFound):
            photos.add("t00000000other00", product_id, [picture(2)], bucket)
        assert bucket.get("t00000000other00", name) is None
    assert len(bucket.kept) == 2


def test_other_changes_of_a_product_leave_its_photos(tenant, product_id, bucket):
    photos.add(tenant, product_id, [picture(1)], bucket)
    actions.update(tenant, product_id, UpdateProduct(title="Sweet pears"))
    assert len(catalog.get(tenant, product_id).photos) == 1


def test_a_product_without_photos_is_as_it_was_before_there_were_any(tenant, product_id):
    assert catalog.get(tenant, product_id).photos == ()
    photos.arrange(tenant, product_id, ArrangePhotos(photos=()))
    assert catalog.get(tenant, product_id).photos_packed is None
