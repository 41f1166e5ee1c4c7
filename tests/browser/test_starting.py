"""From the start page to a shop's link and the first order, and a plan changed in its form, in Chromium."""

import pytest

from tests.browser.visitor import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("language", "screen", "script"),
    [pytest.param("zh", PHONE, True, id="Chinese, phone"), pytest.param("en", DESKTOP, False, id="no scripts")],
)
def test_a_newcomer_has_a_shop_after_two_forms_and_a_customer_orders_in_it(visitor, world, language, screen, script):
    owner = visitor(language=language, screen=screen, script=script)
    owner.open("/").follow("Open your brand")
    owner.send("/signup", "Go on", name="Green Village", email="mei@example.com")
    owner.types_code("/signup/code", "mei@example.com")
    owner.reads("Your shop is open")

    customer = visitor(language=language, screen=screen, script=script).open(owner.value("shop"))
    field = customer.page.locator('[name^="qty."]').first.get_attribute("name")
    customer.send("", "Order and pay", name="Li Na", phone="13800138000", **{field: "1"})
    customer.send("", "Pay 35.00" if language == "zh" else "Pay 8.00")  # in yuan a newcomer has a coupon
    customer.reads("Thank you! {name} will tell you when your goods are there.", name="Green Village")

    owner.open("/console/green-village/products").send("/examples", "Remove the examples")
    owner.reads("No products yet")
    world.days_pass(0.1)
    customer.page.reload()
    customer.reads("Refunded")


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no scripts"])
def test_an_owner_changes_a_number_and_sees_what_leaders_would_earn(visitor, world, script):
    owner = visitor(language="en", screen=PHONE, script=script).open("/signup")
    owner.send("/signup", "Go on", name="Green Village", email="mei@example.com")
    owner.types_code("/signup/code", "mei@example.com")
    owner.open("/console/green-village/plan/new")
    owner.send("/plan/new", "Calculate", **{"rewards[0].margin.rate_bp": "12.5"})
    assert owner.page.locator('[id="rewards[0].margin.rate_bp"]').input_value() == "12.5"
    assert "15.75%" in owner.text()
    owner.send("/plan/new", "Put in force")
    owner.reads("Saved.")
