"""From a brand's sign-up to the first order handed out, as people click through it."""

from datetime import timedelta
from zoneinfo import ZoneInfo


def local(moment):
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")


def test_from_sign_up_to_the_first_order(site, clock):
    owner = site.browser()
    owner.open("/").follow("Open your brand")
    owner.send(
        name="Green Village", slug="green-village", owner_name="Mei", email="mei@example.com", currency="CNY",
        plan_preset="simple_referral", examples="",
    )  # fmt: skip
    assert "Look into your mailbox" in owner.page.text
    owner.send(code=site.mailbox.last_code("mei@example.com"))
    assert owner.address == "/api/console/green-village"
    assert "Add your first product" in owner.page.text

    owner.follow("Add your first product").send(
        title="Pears", unit="box", sale_price_minor="18", list_price_minor="25.00", stock="20"
    )
    assert "¥18.00" in owner.page.text
    owner.follow("Campaigns").follow("Open a campaign")
    quantity = next(name for name in owner.page.forms[-1]["names"] if name.startswith("quantity."))
    owner.send(
        "new", title="Pears of the week", opens_at=local(clock()), closes_at=local(clock() + timedelta(days=2)),
        **{quantity: "5"},
    )  # fmt: skip
    assert "Running" in owner.page.text

    owner.follow("Leaders").send("leaders")
    invitation = next(field for field in owner.page.html.split('"') if "/join/" in field)
    leader = site.browser().open(invitation)
    assert "The brand invites you" in leader.page.text
    leader.send(name="Wang", phone="139 1111 2222", email="wang@example.com")
    leader.send(code=site.mailbox.last_code("wang@example.com"))
    assert leader.address == "/api/lead/green-village"
    assert "Hello, Wang" in leader.page.text

    shop = leader.page.links["Open my shop"]
    customer = site.browser().open(shop)
    assert not customer.cookie
    assert "Pears of the week" in customer.page.text
    assert "New here? ¥5.00 is taken off your first order of ¥25.00 or more." in customer.page.text
    assert "¥18.00" in customer.page.text
    assert "¥25.00" in customer.page.text
    assert "Only 5 left" in customer.page.text
    quantity = next(name for name in customer.page.forms[0]["names"] if name.startswith("qty."))
    customer.send(name="Li Na", phone="13800138000", pickup="after six", **{quantity: "2"})
    assert customer.status == 303
    assert customer.address == "https://pay.example/cs_test_1"

    session = site.stripe.sessions["cs_test_1"]
    assert session["amount_total"] == 3100  # 36.00, and the newcomer coupon of 5.00 that this preset begins with
    brand = site.brand_of("green-village")
    site.pay(brand, "cs_test_1")
    customer.open(site.order_link(brand, session))
    assert "Thank you! Wang will tell you" in customer.page.text
    assert "¥31.00" in customer.page.text
    assert "Pears × 2¥36.00 Coupon−¥5.00 Total¥31.00" in customer.page.flat
    assert not customer.cookie

    leader.open("/lead/green-village")
    assert "after six" in leader.page.text
    leader.send("deliver")
    assert "Nothing to hand out" in leader.page.text
    customer.open(site.order_link(brand, session))
    assert "Handed out" in customer.page.text

    owner.follow("Orders").follow("Li Na")
    assert "Handed out" in owner.page.text
    owner.send("refund", amount_minor="5.50", reason="two were soft")
    assert "Refunded" in owner.page.text
    assert "¥5.50" in owner.page.text
