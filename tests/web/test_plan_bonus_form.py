"""The invite bonus in the plan's form: when it is earned, and how many a month."""

from tests.web.test_plan_form import drafted
from tests.web.test_plan_pages import CONSOLE, again


def test_a_bonus_is_made_to_wait_and_limited_in_the_form_and_again_not(site):
    site.a_brand(plan_preset="breakaway")
    at_form = site.signed_in("owner@example.com").open(f"{CONSOLE}/new")
    assert "When it is earned" in at_form.page.text

    again(at_form, "calc", **{"rewards[3].due": "first_order", "rewards[3].max_per_month": "5"})
    assert at_form.status == 200
    bonus = drafted(at_form)["rewards"][3]
    assert (bonus["due"], bonus["max_per_month"]) == ("first_order", 5)
    assert "does not do it yet" not in at_form.page.text

    again(at_form, "calc", **{"rewards[3].due": "confirmed", "rewards[3].max_per_month": ""})
    bonus = drafted(at_form)["rewards"][3]
    assert bonus["due"] == "confirmed"
    assert "max_per_month" not in bonus
