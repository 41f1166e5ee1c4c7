"""Signing up and joining: codes, second thoughts, people who are known already."""


def test_a_second_leader_joins_under_the_first(site):
    brand = site.a_brand()
    first = site.a_leader(brand)
    newcomer = site.browser().open(f"/join/green-village/{first.invite_code}")
    assert "Wang invites you" in newcomer.page.text
    newcomer.send(name="Zhao", phone="13700001111", email="zhao@example.com")
    newcomer.send(code=site.mailbox.last_code("zhao@example.com"))
    assert "Hello, Zhao" in newcomer.page.text
    assert "Zhao" in site.signed_in("leader@example.com").open("/lead/green-village/team").page.text


def test_a_wrong_code_can_be_typed_again(site):
    brand = site.a_brand()
    newcomer = site.browser().open(f"/join/green-village/{site.a_leader(brand).invite_code}")
    newcomer.send(name="Zhao", phone="13700001111", email="zhao@example.com")
    newcomer.send(code="000000")
    assert newcomer.status == 400
    assert "This code is wrong" in newcomer.page.text
    newcomer.send(code=site.mailbox.last_code("zhao@example.com"))
    assert newcomer.address == "/api/lead/green-village"


def test_a_wrong_phone_is_named_before_a_code_is_sent(site):
    brand = site.a_brand()
    newcomer = site.browser().open(f"/join/green-village/{site.a_leader(brand).invite_code}")
    newcomer.send(name="Zhao", phone="x", email="zhao@example.com")
    assert 'id="phone-wrong"' in newcomer.page.html
    assert not site.mailbox.letters


def test_who_is_signed_in_joins_without_a_code_and_keeps_both_places(site):
    first = site.a_leader(site.a_brand())
    site.a_brand("red-hill", "other@example.com", name="Red Hill")
    other = site.signed_in("other@example.com").open(f"/join/green-village/{first.invite_code}")
    letters = len(site.mailbox.letters)
    other.send(name="Qian", phone="13700002222")
    assert other.address == "/api/lead/green-village"
    assert len(site.mailbox.letters) == letters
    other.open("/me")
    assert "Red Hill" in other.page.text
    assert "Green Village" in other.page.text


def test_an_address_taken_meanwhile_costs_no_second_code(site, clock):
    owner = site.browser().open("/signup")
    owner.send(name="Green Village", slug="green-village", email="mei@example.com", examples="")
    site.a_brand()
    owner.send(code=site.mailbox.last_code("mei@example.com"))
    assert owner.address.startswith("/api/signup")
    assert "another brand" in owner.page.text
    assert "signed in as mei@example.com" in owner.page.text
    owner.send(name="Greener Village", slug="greener-village", examples="")
    assert owner.address == "/api/console/greener-village"


def test_a_taken_or_impossible_address_is_named_at_once(site):
    site.a_brand()
    for slug in ("green-village", "admin", "No Such!", "x"):
        visitor = site.browser().open("/signup").send(name="X", slug=slug, email="mei@example.com")
        assert 'id="slug-wrong"' in visitor.page.html, slug
        assert visitor.page.forms[0]["fields"]["email"] == "mei@example.com"
    assert not site.mailbox.letters


def test_whether_an_address_has_an_account_shows_nowhere(site):
    site.a_brand()
    known = site.browser().open("/signin").send("signin", email="owner@example.com")
    unknown = site.browser().open("/signin").send("signin", email="nobody@example.com")
    assert known.page.text.replace("owner@", "x@") == unknown.page.text.replace("nobody@", "x@")


def test_no_address_ever_stands_in_a_web_address(site):
    visitor = site.browser().open("/signin").send("signin", email="mei@example.com")
    assert "mei" not in visitor.address
    visitor.send("code", code=site.mailbox.last_code("mei@example.com"))
    assert "mei" not in visitor.address
    assert "You do not work with a brand yet" in visitor.page.text
