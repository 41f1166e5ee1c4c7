"""The console's plan as a form: numbers changed, parts put in and taken out by buttons, refusals at their fields."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commissions.lint.plans import document_of
from tests.web.test_plan_pages import CONSOLE, again, edit, signed_in_staff


@pytest.fixture
def owner(site):
    """The owner of a brand with one level, at the plan."""
    site.a_brand(plan_preset="simple_referral")
    return site.signed_in("owner@example.com").open(CONSOLE)


@pytest.fixture
def at_form(owner):
    """The owner at the form of the plan."""
    return owner.open(f"{CONSOLE}/new")


def drafted(browser):
    """The document that the form carries."""
    return json.loads(browser.page.forms[0]["fields"]["document"])


def told(browser):
    """What is told of the button that was pressed, in one line; the page's address leads to it."""
    assert browser.page.html.count('id="told"') == 1
    place = browser.page.html.split('id="told" tabindex="-1">')[1].split("</div>")[0]
    return re.sub(r"<[^>]+>", " ", place)


def presses(browser):
    """What the form's buttons send that put in or take out."""
    return [value for _, value in browser.page.forms[0]["buttons"] if value.startswith(("add", "take"))]


def month_of(browser):
    """The sample month's last row: paid out in force and by the draft."""
    row = browser.page.text.split("Paid out, of the sales")[1]
    return tuple(re.findall(r"[0-9.]+%", row)[:2])


def test_a_number_changed_in_the_form_is_calculated_and_put_in_force(at_form):
    assert month_of(at_form) == ("13.25%", "13.25%")
    again(at_form, "calc", **{"rewards[0].margin.rate_bp": "12.5"})
    assert at_form.status == 200
    assert month_of(at_form) == ("13.25%", "15.75%")
    assert at_form.page.forms[0]["fields"]["rewards[0].margin.rate_bp"] == "12.5"
    again(at_form, "put")

    assert "Saved." in at_form.page.text
    at_form.open(f"{CONSOLE}/2")
    assert "rewards[0].margin.rate_bp" in at_form.page.text
    assert "1000 → 1250" in at_form.page.flat


def test_what_cannot_be_read_is_kept_as_typed_and_marked_at_its_field(at_form):
    again(at_form, "put", **{"rewards[1].rate_bp": "a lot", "rewards[2].amount_minor": "7.50"})

    assert at_form.status == 400
    assert 'id="rewards[1].rate_bp-wrong"' in at_form.page.html
    fields = at_form.page.forms[0]["fields"]
    assert (fields["rewards[1].rate_bp"], fields["rewards[2].amount_minor"]) == ("a lot", "7.50")
    again(at_form, "calc", **{"rewards[1].rate_bp": "4"})
    assert at_form.page.forms[0]["fields"]["rewards[2].amount_minor"] == "7.50"
    assert at_form.status == 200


def test_what_no_plan_can_have_is_said_at_its_field(at_form):
    again(at_form, "calc", **{"rewards[1].rate_bp": "200"})
    assert 'id="rewards[1].rate_bp-wrong"' in at_form.page.html
    again(at_form, "put")
    assert at_form.status == 400
    assert at_form.page.forms[0]["fields"]["rewards[1].rate_bp"] == "200"
    assert at_form.open(f"{CONSOLE}/2").status == 404


def test_a_finding_stands_at_the_part_that_it_is_about(at_form):
    at_form.open(f"{CONSOLE}/new?preset=breakaway")
    bonus = at_form.page.html.split('id="rewards[3]"')[1].split("</fieldset>")[0]
    assert "#finding-cn-pay-per-head" in bonus
    assert 'id="finding-cn-pay-per-head"' in at_form.page.html


def test_form_and_document_are_two_views_of_the_same_draft(at_form):
    again(at_form, "document", **{"rewards[0].margin.rate_bp": "11"})
    assert json.loads(at_form.page.forms[0]["fields"]["document"])["rewards"][0]["margin"]["rate_bp"] == 1100
    again(at_form, "form", document=at_form.page.forms[0]["fields"]["document"].replace("1100", "900"))
    assert at_form.page.forms[0]["fields"]["rewards[0].margin.rate_bp"] == "9"
    again(at_form, "document")
    again(at_form, "form", document="{")
    assert "It is not JSON" in at_form.page.text or "it is not JSON" in at_form.page.text
    assert at_form.page.forms[0]["fields"]["document"].strip() == "{"


@pytest.mark.parametrize("document", ["", "[]", "{}", '{"ranks": 1, "rewards": []}', "[" * 30_000, '{"ranks": [{}]}'])
def test_a_form_with_a_document_that_was_tampered_with_is_no_mistake_of_ours(at_form, document):
    again(at_form, "calc", document=document)
    assert at_form.status in (200, 400)


def test_every_preset_is_a_form_in_both_languages(at_form):
    from chalicelib.commissions import presets

    for preset in presets.NAMES:
        for language in ("en", "zh"):
            at_form.open(f"{CONSOLE}/new?preset={preset}&lang={language}")
            assert at_form.status == 200
            assert "rewards[0]" in at_form.page.html
            assert again(at_form, "calc").status == 200, preset


def test_a_rank_with_any_name_has_a_field_that_a_browser_can_send(at_form):
    odd = json.loads(json.dumps(document_of("three_tier")).replace('"team"', '"团队 \\"x\\""'))
    edit(at_form, document=json.dumps(odd))
    again(at_form, "form")
    again(at_form, "calc", **{"rewards[1].rebate_bp.1": "2.5"})
    assert at_form.page.forms[0]["fields"]["rewards[1].rebate_bp.1"] == "2.5"


def test_staff_calculate_but_do_not_put(site, owner):
    staff = signed_in_staff(site, owner).open(f"{CONSOLE}/new")
    again(staff, "calc", **{"rewards[0].margin.rate_bp": "11"})
    assert staff.status == 200
    assert "Put in force" not in staff.page.text


def test_what_blocks_leads_to_the_reasons_that_are_missing(at_form):
    at_form.open(f"{CONSOLE}/new?preset=breakaway")
    again(at_form, "put")
    assert at_form.status == 409
    missing = [name for name in at_form.page.forms[0]["names"] if name.startswith("reason.")]
    assert missing
    for name in missing:
        assert f'<li><a href="#{name}">' in at_form.page.html
        assert f'aria-describedby="{name}-hint" aria-invalid="true"' in at_form.page.html
    again(at_form, "put", **{missing[0]: "Our lawyer agrees."})
    assert f'<li><a href="#{missing[0]}">' not in at_form.page.html


# ---------------------------------------------------------------------------------------- put in, taken out


def test_a_reward_is_put_in_with_usual_values_and_taken_out_and_what_was_typed_stays(at_form):
    again(at_form, "add", add="rewards.dividend", **{"rewards[0].margin.rate_bp": "12.5"})
    fields = at_form.page.forms[0]["fields"]
    assert (fields["rewards[3].rate_bp"], fields["rewards[0].margin.rate_bp"]) == ("1", "12.5")
    assert fields["add"] == ""
    assert "Added: Dividend." in told(at_form)

    again(at_form, "take rewards[2]", **{"rewards[3].rate_bp": "2"})
    assert at_form.page.forms[0]["fields"]["rewards[2].rate_bp"] == "2"
    assert "Taken out: New-customer reward." in told(at_form)
    assert [reward["kind"] for reward in drafted(at_form)["rewards"]] == ["retail", "direct_referral", "dividend"]


def test_what_is_chosen_to_be_added_comes_by_its_own_button_alone(at_form):
    again(at_form, "calc", add="rewards.dividend")
    assert len(drafted(at_form)["rewards"]) == 3
    assert at_form.page.forms[0]["fields"]["add"] == "rewards.dividend"
    again(at_form, "put")
    assert "Dividend" not in at_form.open(CONSOLE).page.text


def test_a_rank_is_put_in_named_given_a_rule_and_taken_out_with_it(at_form):
    again(at_form, "add ranks[0]")
    assert "Added: Rank 2." in told(at_form)
    again(at_form, "add", add="promotions.rank2", **{"ranks[1].en": "Gold"})
    assert at_form.page.forms[0]["fields"]["promotions[0].when.at_least_minor"] == "10000.00"
    assert "Take out the rank Gold" in at_form.page.text

    again(at_form, "take ranks[1]")
    assert "Taken out: Gold. With it went: To become Gold." in " ".join(told(at_form).split())
    assert drafted(at_form)["ranks"] == document_of("simple_referral")["ranks"]


def test_a_rank_that_others_name_stays_and_the_page_leads_to_where_it_is_named(at_form):
    at_form.open(f"{CONSOLE}/new?preset=breakaway")
    again(at_form, "take ranks[1]", **{"ranks[1].en": "Golden"})

    assert at_form.status == 409
    assert "Other parts of the plan name the rank Golden." in told(at_form)
    assert at_form.page.links["Every order and leader · Heads a community from this rank on"] == "#head_rank"
    where = at_form.page.links["To become Senior gold · Rank"]
    assert f'id="{where[1:]}"' in at_form.page.html
    assert drafted(at_form)["ranks"][1]["en"] == "Golden"

    elsewhere = {"head_rank": "senior_gold", where[1:]: "owner"}
    again(at_form, "take ranks[1]", **elsewhere)
    assert at_form.status == 200
    assert "Leaders now rise to Senior gold from Owner." in told(at_form)
    chinese = again(at_form.open(f"{CONSOLE}/new?preset=breakaway&lang=zh"), "take ranks[1]")
    assert "方案的其他部分还用到这个等级" in told(chinese)


def test_who_fell_to_a_rank_that_goes_is_said_to_fall_further(at_form):
    at_form.open(f"{CONSOLE}/new?preset=three_tier")
    again(at_form, "add", add="upkeep.partner")
    again(at_form, "take ranks[1]")
    assert "Who does not keep Partner now falls to Group owner." in told(at_form)
    assert "Tier rebate · Rebate · Team leader" in told(at_form)


def test_a_rank_that_leaders_may_have_stays(site):
    site.a_leader(site.a_brand(plan_preset="assessed"))
    browser = site.signed_in("owner@example.com").open(f"{CONSOLE}/new")
    again(browser, "take ranks[1]")

    assert browser.status == 409
    assert "Leaders may have the rank Senior leader." in told(browser)
    again(browser, "add ranks[1]")
    again(browser, "take ranks[2]")
    assert "Taken out: Rank 3." in told(browser)
    again(browser, "take promotions[0]")
    assert "promotions" not in drafted(browser)
    assert "Given by the brand by hand." in browser.page.text


def test_a_threshold_is_put_in_joined_and_taken_out(at_form):
    at_form.open(f"{CONSOLE}/new?preset=three_tier")
    again(at_form, "add promotions[1].when", **{"more.promotions[1].when": "groups"})
    assert "Added: Chat groups." in told(at_form)
    fields = at_form.page.forms[0]["fields"]
    assert (fields["promotions[1].when.of[1].at_least"], fields["promotions[1].when.kind"]) == ("3", "all")

    again(at_form, "calc", **{"promotions[1].when.kind": "any", "promotions[1].when.of[1].at_least": "9"})
    assert "300,000.00 CNY in a calendar month or" in " ".join(at_form.page.text.split()).replace("team sales of ", "")
    again(at_form, "take promotions[1].when.of[0]", **{"promotions[1].when.of[0].at_least_minor": "a lot"})
    assert "Taken out: Team sales." in told(at_form)
    assert drafted(at_form)["promotions"][1]["when"] == {"kind": "groups", "at_least": 9}
    assert "take promotions[1].when" not in presses(at_form)


def test_nothing_is_put_in_while_something_cannot_be_read_and_the_page_leads_to_it(at_form):
    again(at_form, "add ranks[0]", **{"rewards[1].rate_bp": "a lot", "rewards[2].amount_minor": "7.50"})

    assert at_form.status == 400
    assert len(drafted(at_form)["ranks"]) == 1
    assert at_form.page.links["Direct referral · Rate"] == "#rewards[1].rate_bp"
    assert at_form.page.forms[0]["fields"]["rewards[2].amount_minor"] == "7.50"
    again(at_form, "take rewards[1]", **{"rewards[1].rate_bp": "a lot"})
    assert "Taken out: Direct referral." in told(at_form)


def test_a_part_that_others_lean_on_is_missed_at_the_one_that_leans(at_form):
    again(at_form, "add", add="rewards.incubation")
    again(at_form, "take rewards[1]")
    leaning = at_form.page.html.split('id="rewards[2]"')[1].split("</fieldset>")[0]
    assert "incubation stands in place of direct_referral" in leaning
    assert 'aria-describedby="rewards[2]-wrong"' in at_form.page.html
    assert at_form.page.links["Incubation reward"] == "#rewards[2]"


def test_buttons_of_an_old_page_do_nothing_and_say_so(at_form):
    fields = at_form.page.forms[0]["fields"]
    for do in ("take rewards[9]", "take ranks[0]", "add ranks[5]", "take ", "add promotions[0].when", "take format"):
        at_form.post(f"{CONSOLE}/new", fields | {"do": do})
        assert at_form.status in (200, 409), do
        assert drafted(at_form) == document_of("simple_referral"), do


def test_every_button_says_what_it_does_and_leads_to_what_is_told(at_form):
    for language in ("en", "zh"):
        at_form.open(f"{CONSOLE}/new?preset=breakaway&lang={language}")
        buttons = re.findall(r'<button [^>]*value="((?:add|take)[^"]*)"([^>]*)>(.+?)</button>', at_form.page.html)
        names = [text for _, _, text in buttons]
        assert len(buttons) == len(set(names)) > 12
        assert all("#told" in attributes for _, attributes, _ in buttons)


ODD = st.sampled_from([None, -1, "", "gold", "x", [], {}, True, 1.5, 10**20, [1], {"a": 1}, {"kind": "all", "of": []}])
PRESSED = ["calc", "add", "take ranks[1]", "add ranks[0]", "take rewards[0]", "add promotions[0].when"]


def spoilt(data, document):
    """The document with a value somewhere that no plan has there, or with one missing."""
    inside = document
    while True:
        step = data.draw(st.sampled_from(list(inside) if isinstance(inside, dict) else range(len(inside))))
        if not isinstance(inside[step], dict | list) or not inside[step] or not data.draw(st.integers(0, 3)):
            break
        inside = inside[step]
    if data.draw(st.integers(0, 3)):
        inside[step] = data.draw(ODD)
    else:
        del inside[step]
    return document


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_document_that_somebody_spoilt_is_shown_or_refused_and_no_mistake_of_ours(at_form, data):
    if "csrf" not in at_form.page.forms[0]["fields"]:
        at_form.open(f"{CONSOLE}/new")
    kept = {name: at_form.page.forms[0]["fields"][name] for name in ("csrf", "nonce", "after")}
    document = spoilt(data, document_of(data.draw(st.sampled_from(["breakaway", "assessed", "simple_referral"]))))
    press = {"do": data.draw(st.sampled_from(PRESSED)), "add": "rewards.dividend", "more.promotions[0].when": "groups"}
    at_form.post(f"{CONSOLE}/new", kept | press | {"as": "form", "document": json.dumps(document)})
    assert at_form.status in (200, 400, 409)
