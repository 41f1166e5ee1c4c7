"""What a brand sees of its messages, in the console and by `/v1`."""

from typing import Any

import pytest

from chalicelib.events.telling import tell
from chalicelib.notices import sending, store
from chalicelib.orders import store as orders
from chalicelib.tenancy import acting_for
from tests.api.conftest import world
from tests.api.world import System, World
from tests.notices.conftest import PostOffice
from tests.web.conftest import Site, randbits, site

__all__ = ["randbits", "site", "world"]


class Console:
    """The console of a brand with an order whose buyer is told by e-mail."""

    def __init__(self, site: Any) -> None:
        self.site, self.post_office = site, PostOffice()
        self.owner = site.signed_in("owner@example.com")
        site.tools.mailer = self.post_office
        self.brand = site.brand_of("green-village")
        leader, campaign = site.a_leader(self.brand), site.a_campaign(self.brand)
        customer = site.browser().open(f"/s/green-village/{leader.leader_id}")
        customer.send(
            name="Li Na", phone="13800138000", email="li.na@mail.example", **{f"qty.{campaign.product_id}": "1"}
        )
        site.pay(self.brand, "cs_test_1")
        self.order_id = site.stripe.sessions["cs_test_1"]["metadata"]["order_id"]

    def stream(self) -> None:
        """What the stream would do by now: tell of the order, send what is due."""
        site, tenant_id = self.site, self.brand.tenant_id
        with acting_for(tenant_id):
            order = orders.get(tenant_id, self.order_id)
            tell(tenant_id, None, order, through=("email",), now=site.clock())
            for notice in store.told_about(tenant_id, self.order_id):
                if notice.state == "queued" and notice.next_at <= site.clock():
                    sending.send(tenant_id, notice, site.tools.post, now=site.clock())

    def open(self, path: str) -> str:
        return str(self.owner.open(f"/console/green-village{path}").page.text)


@pytest.fixture
def console(site: Site) -> Console:
    site.a_brand()
    return Console(site)


def test_an_orders_page_shows_what_the_buyer_was_told_and_in_the_language_of_the_shop(console: Console) -> None:
    console.stream()

    shown = console.open(f"/orders/{console.order_id}")
    assert "What the buyer was told" in shown
    assert "Order paid" in shown
    assert "Sent" in shown
    assert console.post_office.letters[0].subject == "Green Village: your order is paid"
    assert "Everybody has been told" in console.open("/notices")
    assert "could not be sent" not in console.open("/orders")


def test_what_was_given_up_is_shown_with_its_reason_and_sent_again_by_a_button(console: Console) -> None:
    console.post_office.answer_next("MessageRejected")
    console.stream()
    assert "Some messages could not be sent." in console.open("/orders")
    shown = console.open("/notices")
    assert "This address is not written to" in shown
    assert "li.na@mail.example" not in shown

    console.owner.send("/again")
    assert "Waits to be sent" in console.owner.page.text
    console.stream()
    assert len(console.post_office.letters) == 1
    assert "Everybody has been told" in console.open("/notices")


def test_a_button_that_comes_too_late_says_that_it_was_sent(console: Console) -> None:
    console.post_office.answer_next("Throttling")
    console.stream()
    assert "The service that sends it answered: Throttling." in console.open("/notices")
    console.site.clock.advance(minutes=6)
    console.stream()

    console.owner.send("/again")
    assert console.owner.status == 409
    assert "was sent already" in console.owner.page.text
    assert len(console.post_office.letters) == 1


def test_messages_that_wait_are_shown_in_chinese_too(console: Console) -> None:
    console.post_office.answer_next("Throttling")
    console.stream()
    shown = console.owner.open("/console/green-village/notices?lang=zh").page.text
    assert "订单已付款" in shown
    assert "已尝试 1 次" in shown


def test_more_than_a_page_of_them_is_turned_over(console: Console) -> None:
    tenant_id, now = console.brand.tenant_id, console.site.clock()
    with acting_for(tenant_id):
        for number in range(53):
            store.queue(
                tenant_id, console.order_id, f"fact-{number}", channel="email", template="ready", language="en",
                facts={}, now=now,
            )  # fmt: skip
    first = console.open("/notices").count("Ready to be picked up")
    console.owner.follow("Show older ones")
    assert (first, console.owner.page.text.count("Ready to be picked up")) == (50, 3)


# ------------------------------------------------------------------------------------------------ /v1


@pytest.fixture
def system(world: World) -> System:
    world.post_office = PostOffice()  # type: ignore[attr-defined]
    world.tools.mailer = world.post_office  # type: ignore[attr-defined]
    return world.brand()


def told_order(system: System, *codes: str, **fields: Any) -> Any:
    """Somebody with an e-mail address orders and pays, on a day with the given answers of SES."""
    system.world.post_office.answer_next(*codes)  # type: ignore[attr-defined]
    leader, campaign = system.leader(f"wang{len(codes)}"), system.campaign(system.product()["id"])
    basket = system.basket(leader["id"], campaign) | fields
    basket["customer"] |= {"email": "li.na@mail.example"}
    order = system.done("/v1/orders", **basket)
    system.world.pay(order["checkout_url"])
    system.world.pump()
    return order


def test_a_system_says_in_which_language_its_buyer_reads(system: System) -> None:
    order = told_order(system, language="en")

    assert system.get(f"/v1/orders/{order['id']}").body["language"] == "en"
    (told,) = system.get(f"/v1/orders/{order['id']}/notices").body["data"]
    assert (told["template"], told["language"], told["state"]) == ("order_paid", "en", "sent")
    assert system.world.post_office.letters[0].subject.endswith("your order is paid")  # type: ignore[attr-defined]
    refused = system.post("/v1/orders", language="fr")
    assert (refused.status, refused.error["param"]) == (400, "language")


def test_a_system_lists_what_was_not_sent_and_has_it_sent_again(system: System) -> None:
    order = told_order(system, "MessageRejected")
    (given_up,) = system.all_of("/v1/notices", limit=1)
    assert (given_up["about"], given_up["state"], given_up["reason"]) == (order["id"], "given_up", "MessageRejected")
    assert given_up["next_at"] is None

    again = system.done(f"/v1/notices/{given_up['id']}/send_again")
    assert again["state"] == "queued"
    system.world.pump()
    assert len(system.world.post_office.letters) == 1  # type: ignore[attr-defined]
    assert system.all_of("/v1/notices", limit=1) == []
    refused = system.post(f"/v1/notices/{given_up['id']}/send_again")
    assert (refused.status, refused.error["code"]) == (409, "notice_not_waiting")


def test_a_list_of_what_waits_is_paged_without_gaps(system: System) -> None:
    order = told_order(system)
    with acting_for(system.tenant_id):
        for number in range(5):
            store.queue(
                system.tenant_id, order["id"], f"fact-{number}", channel="email", template="ready", language="en",
                facts={}, now=system.world.now,
            )  # fmt: skip
    seen = system.all_of("/v1/notices", limit=2)
    assert len({one["id"] for one in seen}) == len(seen) == 5


def test_another_brands_messages_are_not_found(system: System) -> None:
    order = told_order(system, "MessageRejected")
    (theirs,) = system.all_of("/v1/notices", limit=9)
    other = system.world.brand("blue-lake")

    assert other.all_of("/v1/notices", limit=9) == []
    assert other.get(f"/v1/orders/{order['id']}/notices").status == 404
    assert other.post(f"/v1/notices/{theirs['id']}/send_again").status == 404
    assert other.get(f"/v1/notices?starting_after={theirs['id']}").status == 404
    for name in ("x", "..", "a.b.c", "ord_1..email", "%00.a.b"):
        assert other.post(f"/v1/notices/{name}/send_again").status == 404
