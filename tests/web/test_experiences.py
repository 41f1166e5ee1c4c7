"""Where a product comes from, and how the leader found it, on the product's page."""

import pytest

from chalicelib.web.languages import say


@pytest.fixture
def shop(site):
    """A brand with a leader and a campaign; the address of the product on the leader's page."""
    brand = site.a_brand()
    leader, campaign = site.a_leader(brand), site.a_campaign(brand)
    site.product_way = f"/s/green-village/{leader.leader_id}/p/{campaign.product_id}"
    site.words_way = f"/lead/green-village/products/{campaign.product_id}"
    site.edit_way = f"/console/green-village/products/{campaign.product_id}"
    return site


def test_a_product_says_where_it_comes_from_once_the_brand_has_said_it(shop):
    customer = shop.browser()
    assert "Where it comes from" not in customer.open(shop.product_way).page.text
    owner = shop.signed_in("owner@example.com").open(shop.edit_way)
    fields = owner.page.forms[0]["fields"] | {"origin": "Yantai, the orchard of the Wang family"}
    owner.post(shop.edit_way, fields)
    assert "Saved." in owner.page.text
    text = customer.open(shop.product_way).page.text
    assert "Where it comes from" in text
    assert "Yantai, the orchard of the Wang family" in text


def test_saved_as_it_stands_a_product_without_an_origin_or_a_description_gets_none(shop):
    owner = shop.signed_in("owner@example.com").open(shop.edit_way)
    assert {owner.page.forms[0]["fields"][name] for name in ("origin", "description")} == {""}
    owner.post(shop.edit_way, owner.page.forms[0]["fields"])
    assert "Where it comes from" not in shop.browser().open(shop.product_way).page.text


def test_a_leaders_words_stand_on_its_own_page_alone(shop):
    sibling = shop.a_leader(shop.brand_of("green-village"), "sibling@example.com", "Zhao")
    leader = shop.signed_in("leader@example.com").open(shop.product_way)
    assert "Say how it was" in leader.page.text

    leader.open(shop.words_way).send(shop.words_way.rpartition("/")[2], text="  Sweet as honey.\nMy son ate three. ")

    assert leader.address.endswith(f"{shop.product_way}?done=1")
    customer = shop.browser()
    assert "Sweet as honey." in customer.open(shop.product_way).page.text
    assert "Say how it was" not in customer.page.text
    assert customer.cookie == ""
    elsewhere = shop.product_way.replace(shop.product_way.split("/")[3], sibling.leader_id)
    assert "honey" not in customer.open(elsewhere).page.text


def test_words_left_empty_are_taken_away_and_too_many_are_refused_and_kept_in_the_form(shop):
    leader = shop.signed_in("leader@example.com").open(shop.words_way)
    name = shop.words_way.rpartition("/")[2]
    leader.send(name, text="x" * 1001)
    assert "1000" in leader.page.text
    assert "x" * 1001 in leader.page.forms[0]["fields"]["text"]
    leader.send(name, text="Good.")
    assert "Good." in shop.browser().open(shop.product_way).page.text
    leader.open(shop.words_way).send(name, text=" ")
    assert "has tried it" not in shop.browser().open(shop.product_way).page.text
    assert say("zh", "Say how it was") == "写下我的体验"


# ------------------------------------------------------------------------------------------------ the brand's word


@pytest.fixture
def said(shop):
    """The leader has said something that the brand would rather not have said; gives the leader's browser."""
    leader = shop.signed_in("leader@example.com").open(shop.words_way)
    return leader.send(shop.words_way.rpartition("/")[2], text="It cures the flu.")


def ticked(shop, reader):
    """All words on the product's page, ticked as they stand there: the fields of the form below them."""
    reader.open(shop.edit_way)
    form = next(one for one in reader.page.forms if one["action"].endswith("/words"))
    (name,) = {name for one in reader.page.forms for name in one["names"] if name.startswith("chosen.")}
    version = reader.page.html.split(f'name="{name}" value="')[1].partition('"')[0]
    return form["action"], form["fields"] | {name: version}


def decides(shop, verdict, reason="", email="owner@example.com"):
    """Somebody of the brand ticks all words and decides."""
    reader = shop.signed_in(email)
    action, fields = ticked(shop, reader)
    return reader.post(action, fields | {"verdict": verdict, "reason": reason})


def test_the_brand_reads_who_wrote_what_and_hides_it_and_its_leader_reads_why(shop, said):
    owner = shop.signed_in("owner@example.com").open(shop.edit_way)
    for told in ("What leaders say of it", "Wang", "It cures the flu."):
        assert told in owner.page.text

    assert decides(shop, "hidden", "Food cures nothing.").status == 200

    assert "flu" not in shop.browser().open(shop.product_way).page.text
    assert "The brand has hidden your words." in said.open(shop.product_way).page.text
    assert "Why: Food cures nothing." in said.open(shop.words_way).page.text
    assert said.page.forms[0]["fields"]["text"] == "It cures the flu.", "it can be mended"
    log = owner.open("/console/green-village/audit").page
    assert log.links["Leader's words hidden"].endswith(shop.edit_way)


def test_what_is_hidden_stays_away_however_its_leader_changes_it_until_the_brand_shows_it(shop, said):
    decides(shop, "hidden")
    name = shop.words_way.rpartition("/")[2]
    for text in ("", "My mother likes it."):
        shop.clock.advance(minutes=1)
        said.open(shop.words_way).send(name, text=text)
        assert "has tried it" not in shop.browser().open(shop.product_way).page.text
    owner = shop.signed_in("owner@example.com").open(shop.edit_way)
    assert "Changed since" in owner.page.text

    decides(shop, "shown")

    assert "My mother likes it." in shop.browser().open(shop.product_way).page.text
    assert "hidden" not in said.open(shop.words_way).page.text
    said.send(name, text="All of us like it.")
    assert "All of us like it." in shop.browser().open(shop.product_way).page.text


def test_words_changed_after_the_brand_read_them_are_not_decided_on_unread(shop, said):
    decides(shop, "hidden")
    owner = shop.signed_in("owner@example.com")
    action, fields = ticked(shop, owner)
    said.open(shop.words_way).send(shop.words_way.rpartition("/")[2], text="It cures everything.")

    owner.post(action, fields | {"verdict": "shown"})

    assert owner.status == 409
    assert "changed after you read them" in owner.page.text
    assert "everything" not in shop.browser().open(shop.product_way).page.text


def test_new_words_wait_on_a_page_of_their_own_until_they_are_looked_at(shop, said):
    owner = shop.signed_in("owner@example.com").open("/console/green-village/words")
    for told in ("It cures the flu.", "Wang", "Pears"):
        assert told in owner.page.text
    (name,) = {name for one in owner.page.forms for name in one["names"] if name.startswith("chosen.")}
    fields = next(one for one in owner.page.forms if one["action"].endswith("/words"))["fields"]
    owner.post("/console/green-village/words", fields | {name: "1", "verdict": "shown"})
    assert "Nothing new" in owner.page.text
    assert "flu" in shop.browser().open(shop.product_way).page.text, "looked at, and shown as before"

    said.open(shop.words_way).send(shop.words_way.rpartition("/")[2], text="It cures everything.")
    owner.open("/console/green-village/words").post(
        "/console/green-village/words", fields | {name: "1", "verdict": "hidden"}
    )
    assert owner.status == 409, "it was changed since"
    assert "It cures everything." in owner.page.text
    log = owner.open("/console/green-village/audit").page
    assert log.links["Leader's words shown"].endswith("/words")


def test_staff_decide_too_nothing_ticked_is_refused_and_a_script_is_text(shop, said):
    said.open(shop.words_way).send(shop.words_way.rpartition("/")[2], text="<script>alert(1)</script>")
    owner = shop.signed_in("owner@example.com").open("/console/green-village/team")
    owner.send("team", email="sun@example.com", role="staff")
    owner.open(shop.edit_way).send("words", reason="x")
    assert (owner.status, "Tick at least one." in owner.page.text) == (400, True)
    assert "<script>alert" not in owner.page.html
    assert decides(shop, "hidden", email="sun@example.com").status == 200
    assert "alert" not in shop.browser().open(shop.product_way).page.text


def test_words_that_turn_text_round_are_refused(shop, said):
    said.open(shop.words_way).send(shop.words_way.rpartition("/")[2], text="good\u202ebad")
    assert said.status == 400
