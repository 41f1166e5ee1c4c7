"""A brand can begin with any of the five presets."""

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions import store as plans
from chalicelib.tenancy import acting_for


@pytest.mark.parametrize("preset", presets.NAMES)
def test_a_brand_signs_up_with_each_of_the_five_presets_and_its_pages_open(site, preset):
    owner = site.browser().open("/signup")
    owner.send(
        name="Green Village", slug="green-village", email="mei@example.com", currency="CNY", timezone="Asia/Shanghai",
        plan_preset=preset, owner_name="Mei", examples="",
    )  # fmt: skip
    owner.send(code=site.mailbox.last_code("mei@example.com"))
    brand = site.brand_of("green-village")
    with acting_for(brand.tenant_id):
        assert plans.in_force(brand.tenant_id, on=site.clock()).plan == presets.load(preset)
    for page in ("", "/leaders", "/plan"):
        assert owner.open(f"/console/green-village{page}").status == 200
