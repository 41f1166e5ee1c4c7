"""The console's plan: read in plain words, edited, checked, tried, signed for, put in force, withdrawn."""

import json

import pytest

from tests.commissions.lint.plans import document_of, with_reward

CONSOLE = "/console/green-village/plan"
CHEAPER = json.dumps(with_reward("simple_referral", "direct_referral", rate_bp=200), indent=2)


@pytest.fixture
def owner(site):
    """The owner of a brand with one level, at the plan."""
    site.a_brand(plan_preset="simple_referral")
    return site.signed_in("owner@example.com").open(CONSOLE)


def edit(browser, **typed):
    browser.open(f"{CONSOLE}/new?as=document")
    return browser.send("new", **typed)


def again(browser, button, **typed):
    """Send the editor as it stands, by another of its buttons."""
    return browser.send("new", button=button, **typed)


def signed_in_staff(site, owner):
    owner.open("/console/green-village/team").send("team", email="staff@example.com")
    staff = site.signed_in("staff@example.com")
    staff.open("/me?stay=1").send("me", name="Sun", language="en")
    return staff


def test_the_plan_in_force_is_told_in_plain_words_in_both_languages(owner):
    assert "Everybody begins here." in owner.page.text
    assert "The seller's inviter earns 3% of the sales." in owner.page.text
    assert "Version 1, in force since 2 Mar 2026 16:00" in owner.page.text
    assert "卖家的邀请人得销售额的 3%。" in owner.open(f"{CONSOLE}?lang=zh").page.text


def test_a_new_version_is_planned_for_a_moment_on_the_brands_clock(owner, clock):
    edit(owner, document=CHEAPER)
    again(owner, "put", effective_from="2026-03-05T08:00")

    assert "Saved." in owner.page.text
    assert "Planned" in owner.page.text
    assert "5 Mar 2026 08:00" in owner.page.text
    owner.open(f"{CONSOLE}/2")
    assert "rewards[1].rate_bp" in owner.page.text
    clock.advance(days=3)
    assert "Version 2, in force since 5 Mar 2026 08:00" in owner.open(CONSOLE).page.text


def test_a_planned_version_is_withdrawn_by_a_button(owner):
    edit(owner, document=CHEAPER)
    again(owner, "put", effective_from="2026-03-05T08:00")
    owner.open(f"{CONSOLE}/2").send("withdraw")

    assert "Withdrawn" in owner.page.text
    owner.open(f"{CONSOLE}/2")
    assert "Withdrawn by" in owner.page.text
    assert not any(form["action"].endswith("withdraw") for form in owner.page.forms)


def test_what_is_in_effect_is_not_withdrawn(owner):
    token = owner.open(f"{CONSOLE}/new").page.forms[0]["fields"]
    owner.post(f"{CONSOLE}/1/withdraw", {"csrf": token["csrf"], "nonce": token["nonce"]})

    assert owner.status == 409
    assert "Make a new version instead" in owner.page.text


def test_a_wrong_document_lists_every_reason_with_its_place_and_keeps_what_was_typed(owner):
    wrong = CHEAPER.replace("200", "20000").replace("{", '{"surprise": 1,', 1)

    edit(owner, document=wrong)
    assert owner.status == 200
    again(owner, "put")

    assert owner.status == 400
    assert "surprise: there is no such field here" in owner.page.text
    assert 'aria-invalid="true" aria-describedby="document-problems document-hint"' in owner.page.html
    assert "rewards[1].rate_bp: Expected `int` <= 10000" in owner.page.text
    assert owner.page.forms[0]["fields"]["document"].strip() == wrong
    chinese = again(owner.open(f"{CONSOLE}/new?as=document&lang=zh"), "put", document=wrong).page.text
    assert "方案有误" in chinese
    assert "surprise: 此处没有这个字段" in chinese
    assert "rewards[1].rate_bp: 应为整数，不大于 10000" in chinese
    assert "Expected" not in chinese


def test_a_rank_that_leaders_hold_is_missed_by_name_in_both_languages(site, owner):
    site.a_leader(site.brand_of("green-village"))
    renamed = json.loads(CHEAPER) | {"ranks": [{"id": "seller", "zh": "卖家", "en": "seller"}]}
    edit(owner, document=json.dumps(renamed))
    again(owner, "put")

    assert owner.status == 400
    assert "rank leader is missing, which leaders hold" in owner.page.text
    chinese = again(owner.open(f"{CONSOLE}/new?as=document&lang=zh"), "put", document=json.dumps(renamed)).page.text
    assert "缺少等级 leader，已有团长是这个等级" in chinese


def test_a_document_without_end_is_refused(owner):
    edit(owner, document="[" * 30_000)
    assert "nested too deeply" in owner.page.text
    assert edit(owner, document="[" * 33_000).status == 400


def test_the_check_says_what_it_found_where_why_and_by_which_law(owner):
    edit(owner, document=json.dumps(document_of("breakaway")))

    for said in (
        "You pay for heads, not for sales",
        "rewards[3]",
        "How it is gamed",
        "What to change",
        "art. 7",
        "not legal advice",
    ):
        assert said in owner.page.text
    assert "禁止传销条例" in again(owner.open(f"{CONSOLE}/new?as=document&preset=breakaway&lang=zh"), "check").page.text


def test_what_blocks_is_put_in_force_only_with_a_reason_for_each(owner):
    owner.open(f"{CONSOLE}/new?as=document&preset=breakaway")
    again(owner, "put")
    assert owner.status == 409
    reasons = sorted(name for name in owner.page.forms[0]["names"] if name.startswith("reason."))
    assert "reason.cn-pay-per-head" in reasons

    again(owner, "put", **dict.fromkeys(reasons[1:], "Our lawyer agrees."))
    assert owner.status == 409
    assert owner.page.forms[0]["fields"][reasons[1]] == "Our lawyer agrees."
    again(owner, "put", **{reasons[0]: "We stop it in May."})
    assert "Saved." in owner.page.text
    owner.open(f"{CONSOLE}/2")
    assert "Signed for in spite of a finding" in owner.page.text
    assert "We stop it in May." in owner.page.text
    assert "owner@example.com" in owner.page.text


@pytest.fixture
def heads(site):
    """The owner of a brand that signed up with a preset that pays for heads, at the plan."""
    site.a_brand()
    return site.signed_in("owner@example.com").open(CONSOLE)


def test_the_plan_of_the_sign_up_asks_its_owner_to_decide_on_what_blocks_it(heads):
    for said in ("An owner must decide on this", "You pay for heads", "What to change", "art. 7", "not legal advice"):
        assert said in heads.page.text
    assert "以下需要品牌主决定" in heads.open(f"{CONSOLE}?lang=zh").page.text


def test_each_reason_is_a_signature_and_those_left_are_asked_for_again(heads):
    reasons = sorted(name for name in heads.page.forms[0]["names"] if name.startswith("reason."))
    heads.send("sign", **{reasons[0]: "Our lawyer agrees."})

    assert "Saved." in heads.page.text
    assert "Signed for in spite of a finding" in heads.page.text
    heads.open(CONSOLE)
    assert sorted(name for name in heads.page.forms[0]["names"] if name.startswith("reason.")) == reasons[1:]
    heads.send("sign", **dict.fromkeys(reasons[1:], "So does the other one."))
    assert "An owner must decide on this" not in heads.open(CONSOLE).page.text
    assert heads.open(f"{CONSOLE}/1").page.text.count("So does the other one.") == len(reasons) - 1


def test_a_signature_needs_a_reason(heads):
    heads.send("sign")

    assert heads.status == 400
    assert "Give a reason for at least one of them." in heads.page.text


def test_staff_read_what_blocks_the_plan_and_do_not_sign(site, heads):
    staff = signed_in_staff(site, heads).open(CONSOLE)

    assert "You pay for heads" in staff.page.text
    assert not any(name.startswith("reason.") for form in staff.page.forms for name in form["names"])
    fields = staff.page.forms[0]["fields"] | {"reason.cn-pay-per-head": "I say so."}
    assert staff.post(f"{CONSOLE}/1/sign", fields).status == 403


def test_a_plan_that_nothing_blocks_asks_nobody(owner):
    assert "An owner must decide" not in owner.page.text


def test_the_same_form_sent_twice_is_one_version(owner):
    edit(owner, document=CHEAPER)
    page = owner.page
    again(owner, "put")
    owner.page = page
    again(owner, "put")

    assert "Saved." in owner.page.text
    assert owner.open(f"{CONSOLE}/3").status == 404


def test_of_two_who_edit_one_is_told_and_may_go_on(site, owner):
    other = site.signed_in("owner@example.com").open(f"{CONSOLE}/new?as=document")
    edit(owner, document=CHEAPER)
    again(owner, "put")

    again(other, "put", document=CHEAPER.replace("200", "100"))
    assert other.status == 409
    assert "Somebody else made version 2" in other.page.text
    again(other, "put")
    assert "Version 3" in other.page.text


@pytest.mark.parametrize("moment", ["2026-03-01T08:00", "2028-01-01T00:00", "soon"])
def test_a_moment_that_cannot_be_is_marked_at_its_field(owner, moment):
    edit(owner, document=CHEAPER)
    again(owner, "put", effective_from=moment)

    assert owner.status == 400
    assert 'id="effective_from-wrong"' in owner.page.html
    assert owner.page.forms[0]["fields"]["document"].strip() == CHEAPER


def test_staff_check_and_try_but_do_not_put_or_sign(site, owner):
    staff = signed_in_staff(site, owner)
    edit(staff, document=json.dumps(document_of("breakaway")))

    assert "You pay for heads" in staff.page.text
    assert not any(name.startswith(("reason.", "effective")) for name in staff.page.forms[0]["names"])
    assert staff.post(f"{CONSOLE}/new", staff.page.forms[0]["fields"] | {"do": "put"}).status == 403
    assert staff.open(f"{CONSOLE}/2").status == 404


def pictures(browser):
    """What is drawn on the page itself, not in the bar that leads elsewhere."""
    return browser.page.html.partition("<main")[2].split("<svg ")[1:]


def test_a_draft_is_tried_on_a_network_made_up(owner):
    edit(owner, document=CHEAPER)
    again(owner, "made_up")

    assert "2000 orders, under the plan in force and under the draft." in owner.page.text
    assert "Commissions ÷ sales" in owner.page.text
    assert len(pictures(owner)) == 2
    assert "佣金占销售额" in pictures(again(owner.open(f"{CONSOLE}/new?as=document&lang=zh"), "made_up"))[0]


def test_a_draft_is_tried_on_a_network_with_cheats_in_it(owner):
    edit(owner, document=json.dumps(document_of("breakaway")))
    again(owner, "attacked")

    assert "One leader in twenty cheats" in owner.page.text
    assert "Cheats cost the brand" in owner.page.text
    assert "· invite bonus" in owner.page.text
    assert "Cheats cost the brand" in pictures(owner)[0]
    chinese = again(owner.open(f"{CONSOLE}/new?as=document&preset=breakaway&lang=zh"), "attacked").page.text
    assert "作弊让品牌多付" in chinese
    assert "· 邀请奖金" in chinese


def test_a_draft_is_tried_on_the_brands_own_past(site, owner):
    edit(owner, document=CHEAPER)
    again(owner, "own")
    assert owner.status == 400
    assert "no paid order yet" in owner.page.text

    brand = site.brand_of("green-village")
    top = site.a_leader(brand, name="<b>Wang</b>")
    low, campaign = site.a_leader(brand, "low@example.com", "Zhao", inviter=top), site.a_campaign(brand)
    customer = site.browser().open(f"/s/green-village/{low.leader_id}")
    customer.send(name="Li Na", phone="13800138000", **{f"qty.{campaign.product_id}": "1"})
    site.pay(brand, "cs_test_1")
    site.stream(brand)
    edit(owner, document=CHEAPER)
    again(owner, "own")

    assert "1 order, under the plan in force" in owner.page.text
    assert "0 leaders gain by the draft, 1 lose." in owner.page.text
    assert "−¥0.18" in owner.page.text
    assert "<b>Wang" not in owner.page.html


def test_a_script_in_a_plans_names_is_shown_as_text(owner):
    evil = "<script>alert(1)</script>"
    document = json.loads(CHEAPER) | {"en": evil, "zh": evil, "ranks": [{"id": "leader", "zh": evil, "en": evil}]}
    edit(owner, document=json.dumps(document))
    shown = [owner.page.html, again(owner, "made_up").page.html, again(owner, "put").page.html]
    shown.append(owner.open(f"{CONSOLE}/2").page.html)

    assert all("<script>" not in html for html in shown)
    assert "&lt;script&gt;" in shown[-1]


@pytest.mark.parametrize("number", ["9", "x", "1.0", "%D9%A2", "99999999"])
def test_a_version_that_is_not_there_is_a_page_that_says_so(owner, number):
    assert owner.open(f"{CONSOLE}/{number}").status == 404
    assert owner.open(f"{CONSOLE}/new?from={number}").status == 404
