"""From an order handed out to money in the bank, as owner and leader see it."""


def test_a_leader_reads_why_it_earned_what(site, earned):
    lead = site.signed_in("leader@example.com").open("/lead/green-village")
    assert "Money is waiting for you." in lead.page.text
    lead.follow("Statement")
    assert "You sold 36.00; your margin (20%) is 7.20." in lead.page.text
    assert "is now available" in lead.page.text
    csv = lead.open(lead.page.links["CSV"])
    assert csv.answer.headers["Content-Type"].startswith("text/csv")
    assert "7.20" in csv.answer.body.decode("utf-8-sig")
    assert "销售佣金" in site.signed_in("leader@example.com").open("/lead/green-village/statement?lang=zh").page.text


def test_the_brand_pays_by_bank_and_confirms_line_by_line(site, earned, clock):
    lead = site.signed_in("leader@example.com").open("/lead/green-village/payout")
    lead.send("payout", bank_details="王, ICBC, 6222 0000")
    owner = site.signed_in("owner@example.com").open("/console/green-village/payouts")
    owner.send("run")
    assert "Waiting to be sent" in owner.page.text
    page = owner.page
    owner.send("export")
    assert owner.answer.headers["Content-Disposition"] == 'attachment; filename="payouts.csv"'
    assert "6222 0000" in owner.answer.body.decode("utf-8-sig")
    owner.page = page
    owner.send("export")
    assert owner.status == 409  # each payout is in one file

    owner.open("/console/green-village/payouts")
    assert "Did the bank pay these?" in owner.page.text
    owner.send("confirm", button="paid", reference="ICBC-1")
    assert "Did the bank pay these?" not in owner.page.text
    assert "Paid out" in owner.page.text
    site.stream(earned.brand)
    assert "was paid to you" in lead.open("/lead/green-village/statement").page.text


def test_a_payout_that_came_back_is_available_again(site, earned):
    site.signed_in("leader@example.com").open("/lead/green-village/payout").send("payout", bank_details="ICBC 6222")
    owner = site.signed_in("owner@example.com").open("/console/green-village/payouts").send("run")
    owner.send("export")
    owner.open("/console/green-village/payouts").send("confirm", button="failed", reference="no such account")
    assert "Came back" in owner.page.text
    assert "no such account" in owner.page.text
    assert "¥7.20" in owner.open(f"/console/green-village/leaders/{earned.leader.leader_id}").page.text


def test_the_trial_balance_is_zero_and_the_journal_explains_itself(site, earned):
    owner = site.signed_in("owner@example.com").open("/console/green-village/ledger")
    assert "was paid: 36.00; the leaders earn 7.20 on it." in owner.page.text
    owner.follow("Trial balance")
    assert "add up to zero" in owner.page.text
    assert "Paid by buyers" in owner.page.text
    owner.open("/console/green-village/ledger").follow("Export").send("exports", format="csv")
    assert "Ready" in owner.page.text
    assert "brand:commission" in list(site.files.kept.values())[-1].decode("utf-8-sig")


def test_a_leaders_page_freezes_promotes_and_keeps_the_reason(site, earned):
    leader = earned.leader
    owner = site.signed_in("owner@example.com").open(f"/console/green-village/leaders/{leader.leader_id}")
    owner.send("standing", button="freeze", reason="")
    assert owner.status == 400
    assert "Say why" in owner.page.text
    owner.send("standing", button="freeze", reason="asked to pause")
    assert "Frozen" in owner.page.text
    assert "asked to pause" in owner.page.text
    owner.send("standing", button="unfreeze", reason="back again")
    options = [part.split('"')[1] for part in owner.page.html.split("<option value=")[1:] if part.startswith('"')]
    highest = options[-1]
    owner.send("rank", rank=highest, reason="knows everybody")
    assert "knows everybody" in owner.page.text
    owner.send("payout", bank_details="ICBC 6222 0000")
    assert "ICBC 6222 0000" in owner.page.text


def test_an_api_key_is_shown_once(site):
    site.a_brand()
    owner = site.signed_in("owner@example.com").open("/console/green-village/keys")
    owner.send("keys", name="warehouse")
    secret = owner.page.html.split('value="ty_live_')[1].split('"')[0]
    assert len(secret) == 40
    owner.open("/console/green-village/keys")
    assert secret not in owner.page.html
    assert secret[-4:] in owner.page.text
    owner.send("revoke")
    assert "Revoked" in owner.page.text


def test_settings_are_kept_and_wrong_ones_named(site):
    site.a_brand()
    owner = site.signed_in("owner@example.com").open("/console/green-village/settings")
    owner.send("settings", return_window_days="400")
    assert owner.status == 400
    assert 'id="return_window_days-wrong"' in owner.page.html
    owner.send("settings", return_window_days="14", name="Greener Village")
    assert "Saved." in owner.page.text
    assert owner.page.forms[0]["fields"]["return_window_days"] == "14"
    assert "Greener Village" in owner.page.text


def test_a_brand_ticks_where_it_works(site):
    site.a_brand()
    owner = site.signed_in("owner@example.com").open("/console/green-village/settings")
    assert owner.page.forms[0]["fields"]["jurisdiction.CN"] == "1"
    owner.send("settings", jurisdiction__US="1", channel__wechat="")
    ticked = {name for name in owner.page.forms[0]["fields"] if name.startswith(("jurisdiction.", "channel."))}
    assert ticked == {"jurisdiction.CN", "jurisdiction.US"}


def test_a_product_changes_and_its_stock_moves_once_a_form(site):
    brand = site.a_brand()
    product_id = site.a_campaign(brand, quantity=5).product_id
    owner = site.signed_in("owner@example.com").open(f"/console/green-village/products/{product_id}")
    assert "15 not promised" in owner.page.text
    page = owner.page
    owner.send("stock", change="5")
    owner.page = page
    owner.send("stock", change="5")  # pressed twice
    assert "20 not promised" in owner.page.text
    owner.send("stock", change="-21")
    assert owner.status == 409
    owner.send(product_id, title="Autumn pears", sale_price_minor="19.5", rate_bp="12.5")
    assert owner.page.forms[0]["fields"]["sale_price_minor"] == "19.50"
    assert owner.page.forms[0]["fields"]["rate_bp"] == "12.5"
    assert "Autumn pears" in owner.page.title


def test_a_campaign_that_wants_more_than_is_there_names_the_product(site):
    brand = site.a_brand()
    product_id = site.a_campaign(brand, quantity=5).product_id
    owner = site.signed_in("owner@example.com").open("/console/green-village/campaigns/new")
    owner.send("new", title="Too much", **{f"quantity.{product_id}": "16"})
    assert owner.status == 409
    assert f'id="quantity.{product_id}-wrong"' in owner.page.html
    assert owner.page.forms[0]["fields"]["title"] == "Too much"
    owner.send("new", title="")
    assert 'id="title-wrong"' in owner.page.html
