"""A POST that is sent again is executed once."""

import threading
from datetime import timedelta
from typing import Any

from chalicelib.api import idempotency
from chalicelib.api.idempotency import LEASE, KeyedRequest, bits_of
from chalicelib.store import get
from chalicelib.tenancy import acting_for
from tests.api.world import APPLES, System, World


def test_a_product_that_is_sent_twice_with_one_key_is_added_once(brand: System) -> None:
    first, again = (brand.post("/v1/products", key="k1", **APPLES) for _ in range(2))
    assert (first.status, again.status) == (200, 200)
    assert again.text == first.text
    assert (first.replayed, again.replayed) == (False, True)
    assert brand.all_of("/v1/products", 10) == [first.body]


def test_without_a_key_or_with_another_one_it_is_another_product(brand: System) -> None:
    for key in (None, None, "k1", "k2"):
        assert not brand.post("/v1/products", key=key, **APPLES).replayed
    assert len(brand.all_of("/v1/products", 10)) == 4


def test_the_order_and_spacing_of_fields_do_not_make_another_request(brand: System) -> None:
    stock = f"/v1/products/{brand.product()['id']}/stock"
    first = brand.send(stock, b'{"change": 3}', key="k1")
    again = brand.send(stock, b'{ "change" : 3 }', key="k1")
    assert again.replayed
    assert again.text == first.text


def test_one_key_with_another_request_is_refused(brand: System) -> None:
    apples = brand.post("/v1/products", key="k1", **APPLES).body
    for path, fields in [
        ("/v1/products", APPLES | {"title": "Pears"}),
        (f"/v1/products/{apples['id']}", {"title": "Pears"}),
        ("/v1/brand", {"name": "Pears"}),
    ]:
        refused = brand.post(path, key="k1", **fields)
        assert (refused.status, refused.error["type"]) == (400, "idempotency_error")
        assert refused.error["code"] == "idempotency_key_reused"
    assert brand.all_of("/v1/products", 10) == [apples]


def test_a_refusal_is_replayed_as_well(brand: System) -> None:
    stock = f"/v1/products/{brand.product(stock=1)['id']}/stock"
    first = brand.post(stock, key="k1", change=-2)
    brand.post(stock, change=5)
    again = brand.post(stock, key="k1", change=-2)
    assert (again.status, again.text, again.replayed) == (409, first.text, True)


def test_what_was_not_even_read_takes_no_key(brand: System) -> None:
    assert brand.post("/v1/products", key="k1", title="Apples").status == 400
    made = brand.post("/v1/products", key="k1", **APPLES)
    assert (made.status, made.replayed) == (200, False)


def test_the_same_key_of_two_brands_is_two_keys(world: World) -> None:
    ours, theirs = world.brand("green-village"), world.brand("blue-lake")
    mine = ours.post("/v1/products", key="k1", **APPLES).body
    other = theirs.post("/v1/products", key="k1", **APPLES)
    assert not other.replayed
    assert other.body["id"] != mine["id"]


def test_after_a_day_a_key_is_forgotten(brand: System, clock: Any) -> None:
    brand.post("/v1/products", key="k1", **APPLES)
    clock.advance(hours=23, minutes=59)
    assert brand.post("/v1/products", key="k1", **APPLES).replayed
    clock.advance(minutes=1)
    assert not brand.post("/v1/products", key="k1", **APPLES).replayed
    assert len(brand.all_of("/v1/products", 10)) == 2


def test_a_key_that_is_none_is_refused(brand: System) -> None:
    for key in ("", "k" * 256, "é", "a\tb"):
        refused = brand.post("/v1/products", key=key, **APPLES)
        assert (refused.status, refused.error["param"]) == (400, "Idempotency-Key")


# ------------------------------------------------------------------------------------------------ at once, and cut


def held(brand: System, key: str) -> KeyedRequest:
    """The record of a key."""
    with acting_for(brand.tenant_id):
        found = get(
            KeyedRequest, f"{brand.tenant_id}#idempotency#{idempotency.sha256(key.encode()).hexdigest()}", "request"
        )
    assert found is not None
    return found


def died_in_the_middle(brand: System, key: str) -> None:
    """Forget the answer of a key, as if the function had been killed after the work and before writing it down."""
    with acting_for(brand.tenant_id):
        held(brand, key).update(actions=[KeyedRequest.status.remove(), KeyedRequest.body.remove()])


def test_while_one_is_at_work_the_other_is_told_to_wait(brand: System) -> None:
    brand.post("/v1/products", key="k1", **APPLES)
    died_in_the_middle(brand, "k1")
    waiting = brand.post("/v1/products", key="k1", **APPLES)
    assert (waiting.status, waiting.error["code"]) == (409, "idempotency_key_in_use")


def test_a_request_whose_worker_died_is_taken_up_and_finishes_the_same_product(brand: System, clock: Any) -> None:
    first = brand.post("/v1/products", key="k1", **APPLES)
    died_in_the_middle(brand, "k1")
    clock.advance(seconds=LEASE.total_seconds() + 1)
    taken_up = brand.post("/v1/products", key="k1", **APPLES)
    assert (taken_up.body, taken_up.replayed) == (first.body, False)
    assert brand.all_of("/v1/products", 10) == [first.body]
    assert brand.post("/v1/products", key="k1", **APPLES).replayed


def test_a_stock_change_whose_worker_died_is_not_made_again(brand: System, clock: Any) -> None:
    stock = f"/v1/products/{brand.product(stock=5)['id']}/stock"
    brand.post(stock, key="k1", change=3)
    died_in_the_middle(brand, "k1")
    clock.advance(hours=2)
    assert brand.post(stock, key="k1", change=3).body["left"] == 8


def test_a_request_that_broke_can_be_sent_again_at_once(brand: System) -> None:
    bits, brand.world.tools.settings = brand.world.tools.settings, None  # type: ignore[assignment]
    assert brand.post("/v1/products", key="k1", **APPLES).status == 500
    brand.world.tools.settings = bits
    made = brand.post("/v1/products", key="k1", **APPLES)
    assert (made.status, made.replayed) == (200, False)
    assert len(brand.all_of("/v1/products", 10)) == 1


def test_eight_at_once_with_one_key_add_one_product(brand: System) -> None:
    answers: list[Any] = []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait()
        answers.append(brand.elsewhere().post("/v1/products", key="k1", **APPLES))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} <= {200, 409}
    made = {answer.text for answer in answers if answer.status == 200}
    assert len(made) == 1
    assert len(brand.all_of("/v1/products", 10)) == 1


def test_bits_come_out_the_same_for_one_request_only(clock: Any) -> None:
    now = clock()
    one, same = (bits_of("secret", "t1", "k1", now) for _ in range(2))
    drawn = [one(55), one(80), one(300)]
    assert [same(55), same(80), same(300)] == drawn
    for other in (
        bits_of("other", "t1", "k1", now),
        bits_of("secret", "t2", "k1", now),
        bits_of("secret", "t1", "k2", now),
        bits_of("secret", "t1", "k1", now + timedelta(days=1)),
    ):
        assert other(55) != drawn[0]
    assert drawn[0] < 2**55
    assert 2**290 < drawn[2] < 2**300
