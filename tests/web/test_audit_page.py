"""The log in the console: every form of it is noted or says why not, and only the owner reads it."""

import re

import pytest

from chalicelib.api.routes import ROUTES as API_ROUTES
from chalicelib.audit import kinds, store
from chalicelib.delivery.codes import short_number
from chalicelib.events import schedules
from chalicelib.tenancy import acting_for
from chalicelib.web import audit_words, routes, things
from chalicelib.web.auditing import way_to
from chalicelib.web.frame import ROUTES
from tests.audit.plug import PlugPulled, pulled_before_the_note

assert routes.VIEWS
FORMS = {r.path.removeprefix("/console/{store}/") for r in ROUTES if r.method == "POST" and "/console/" in r.path}
POSTS = {route.path.removeprefix("/v1/") for route in API_ROUTES if route.method == "POST"}


@pytest.fixture
def brand(site):
    return site.a_brand()


def log_of(brand):
    with acting_for(brand.tenant_id):
        return store.newest(brand.tenant_id, limit=50)[0]


def whats(brand):
    return [entry.what for entry in log_of(brand)]


@pytest.mark.parametrize(
    ("ways", "noted", "not_noted"),
    [(FORMS, kinds.CONSOLE, kinds.CONSOLE_NOT_NOTED), (POSTS, kinds.API, kinds.API_NOT_NOTED)],
    ids=["console", "v1"],
)
def test_every_form_is_noted_or_says_why_not(ways, noted, not_noted):
    """One that is in neither table is noted as `other`: a new form cannot be forgotten, only be called by no name."""
    assert ways, "no routes"
    assert not set(noted) & set(not_noted)
    assert not {way for way in {*noted, *not_noted} if way not in ways}, "tables name ways in that are gone"
    assert all(reason for reason in not_noted.values())


def test_every_kind_has_a_sentence():
    assert set(audit_words.KINDS) == set(kinds.KINDS)


def test_an_entry_names_what_it_is_about(site, brand):
    leader, owner = site.a_leader(brand), site.signed_in("owner@example.com")
    owner.open(f"/console/green-village/leaders/{leader.leader_id}")
    owner.send("standing", button="freeze", reason="asked for")
    assert "Leader frozen Wang" in owner.open("/console/green-village/audit").page.flat


def test_things_are_called_by_their_titles_orders_by_their_number_and_what_is_gone_by_nothing(site, brand):
    offered = site.a_campaign(brand)
    campaign, product = ("campaigns", offered.campaign_id), ("products", offered.product_id)
    order, nobody = ("orders", "ord_0123456789abcdefghjk"), ("leaders", "ld_0000000000")
    with acting_for(brand.tenant_id):
        names = things.names_of(brand.tenant_id, [campaign, product, order, nobody, ("settings",), ()])
    assert names == {campaign: "Pears of the week", product: "Pears", order: short_number(order[1])}


def test_a_change_of_settings_says_what_was_and_what_is(site, brand):
    owner = site.signed_in("owner@example.com").open("/console/green-village/settings")
    owner.send("settings", name="Green Hill", return_window_days="9", auto_refund_minor="12.50")
    (entry,) = log_of(brand)
    assert entry.what == "settings-changed"
    assert entry.changes["name"] == ["Green Village", "Green Hill"]
    owner.open("/console/green-village/audit")
    for said in ("Settings changed", "Name: Green Village → Green Hill", "→ ¥12.50", "owner@example.com"):
        assert said in owner.page.text
    assert owner.follow("Settings changed").address.endswith("/settings")


def test_what_was_refused_or_only_asked_is_not_noted(site, brand):
    owner = site.signed_in("owner@example.com").open("/console/green-village/settings")
    owner.send("settings", name="")
    assert owner.status == 400
    owner.open("/console/green-village/keys").send("keys", name="")
    assert whats(brand) == []


def test_keys_and_people_are_noted_by_name_and_never_by_secret(site, brand):
    owner = site.signed_in("owner@example.com").open("/console/green-village/keys")
    owner.send("keys", name="warehouse")
    secret = re.search(r"ty_live_\w+", owner.page.html)[0]
    site.clock.advance(seconds=1)
    owner.open("/console/green-village/team").send("team", email="sun@example.com", role="packer")
    site.clock.advance(seconds=1)
    owner.send("team", button=next(value for name, value in owner.page.forms[0]["buttons"] if name == "remove"))
    assert owner.status == 200, owner.page.text
    assert whats(brand) == ["staff-removed", "staff-invited", "key-made"]
    assert [entry.changes.get("role") for entry in log_of(brand)] == [["packer", None], [None, "packer"], None]
    text = owner.open("/console/green-village/audit").page.html
    assert f"warehouse …{secret[-4:]}" in text
    assert secret not in text


def test_the_log_is_shown_by_kind_and_by_person(site, brand):
    leader = site.a_leader(brand)
    owner = site.signed_in("owner@example.com").open("/console/green-village/team")
    owner.send("team", email="sun@example.com")
    staff = site.signed_in("sun@example.com")
    staff.open(f"/console/green-village/leaders/{leader.leader_id}").send("standing", button="freeze", reason="gone")
    owner.open("/console/green-village/audit?what=leader-frozen")
    assert "Frozen: No → Yes" in owner.page.text
    assert "Somebody invited to the team: " not in owner.page.text
    who = log_of(brand)[0].who
    assert "Leader frozen" in owner.open(f"/console/green-village/audit?who={who}").page.links
    assert "Leader frozen" not in owner.open("/console/green-village/audit?what=staff-invited").page.links
    assert "Nothing of this" in owner.open("/console/green-village/audit?what=refund-asked").page.text
    assert staff.open("/console/green-village/audit").status == 403


def test_what_the_clock_paid_is_noted_once_and_its_idle_rounds_are_not(site, earned):
    brand = earned.brand
    site.signed_in("leader@example.com").open("/lead/green-village/payout").send("payout", bank_details="ICBC 6222")
    for _ in range(2):
        schedules.pay_out(site.clock.advance(minutes=15), site.tools, lambda: True)
    assert [(entry.who, entry.what, entry.changes) for entry in log_of(brand)] == [
        ("schedule", "payouts-run", {"count": [None, 1]})
    ]
    assert "By itself" in site.signed_in("owner@example.com").open("/console/green-village/audit").page.text


def test_the_plug_pulled_between_a_change_and_its_note_the_log_says_what_was_begun_and_by_whom(site, brand):
    leader = site.a_leader(brand)
    owner = site.signed_in("owner@example.com").open(f"/console/green-village/leaders/{leader.leader_id}")
    form = next(one for one in owner.page.forms if one["action"].endswith("/standing"))
    fields = form["fields"] | {"change": "freeze", "reason": "gone"}
    with pulled_before_the_note(), pytest.raises(PlugPulled):
        owner.post(form["action"], fields)
    assert whats(brand) == []

    site.clock.advance(minutes=3)
    owner.open("/console/green-village/audit")
    assert "Begun, and not noted how it ended" in owner.page.text
    assert "owner@example.com" in owner.page.html.partition("Begun, and")[2].partition("</section>")[0]
    owner.follow("Leader frozen")
    assert owner.address.endswith(leader.leader_id), "the page that shows whether it was done"
    assert "Frozen" in owner.page.text

    owner.post(form["action"], fields)  # the same form again
    assert whats(brand) == ["leader-frozen"]
    site.clock.advance(minutes=3)
    assert "Begun, and" not in owner.open("/console/green-village/audit").page.text


def test_a_form_that_is_refused_or_asks_first_has_not_begun_anything(site, brand):
    leader = site.a_leader(brand)
    owner = site.signed_in("owner@example.com").open("/console/green-village/settings")
    owner.send("settings", name="")
    owner.open("/console/green-village/leaders")
    owner.send("leaders/several", button="freeze", **{f"leader.{leader.leader_id}": "1"})
    assert owner.status == 200
    site.clock.advance(minutes=3)
    assert "Begun, and" not in owner.open("/console/green-village/audit").page.text


def test_an_entry_leads_to_a_page_that_is_there():
    assert way_to("orders/ord_1") == ("orders", "ord_1")
    assert way_to("orders/ord_1/refunds/rf_1") == ("orders", "ord_1")
    assert way_to("keys") == ("keys",)
    assert way_to("nowhere/x") == ()
