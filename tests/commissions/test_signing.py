"""An owner signs for what blocks a version that is there already: the plan of the sign-up, above all."""

from datetime import timedelta

import pytest

from chalicelib import store
from chalicelib.commissions import proposals, signing, version_history, versions
from chalicelib.commissions.lint.setting import setting_of
from chalicelib.commissions.proposals import Proposal, Signature
from chalicelib.commissions.version_history import PlanVersionUnknown
from tests.builders import START
from tests.people.at_once import at_once, refusals

CHINA = setting_of(["CN"], ["wechat"], "CNY")
NOWHERE = setting_of([], [], "CNY")


@pytest.fixture
def brand(tenant):
    """A brand that signed up with a preset that pays for heads."""
    store.put(versions.first(tenant, "breakaway", setting=CHINA, now=START))
    return tenant


def sign(tenant_id, *rules, reason="Our lawyer agrees.", by="per_mei", at=START, setting=CHINA):
    signatures = [Signature(rule, reason) for rule in rules]
    return signing.sign(tenant_id, 1, signatures, setting=setting, by=by, now=at)


def test_the_first_version_keeps_what_was_found_in_it(brand):
    found = version_history.get(brand, 1, now=START).findings

    assert found["cn-pay-per-head"] == found["game-fake-leaders"] == "block"
    assert "note" in found.values()


def test_what_is_found_depends_on_where_the_brand_works(tenant):
    store.put(versions.first(tenant, "breakaway", setting=NOWHERE, now=START))

    found = version_history.get(tenant, 1, now=START).findings

    assert "game-fake-leaders" in found
    assert "cn-pay-per-head" not in found


def test_every_later_version_keeps_its_findings_too(brand):
    document = (
        b'{"format":1,"zh":"z","en":"e","ranks":[{"id":"owner","zh":"z","en":"e"},{"id":"gold","zh":"z","en":"e"},'
    )
    document += b'{"id":"senior_gold","zh":"z","en":"e"}],"rewards":[],"return_window_days":7}'

    made = versions.propose(
        brand, Proposal(document=document), setting=CHINA, anybody_leads=True, by="per_mei", now=START, nonce="n2"
    )

    assert made.findings == version_history.get(brand, 2, now=START).findings
    assert "block" not in made.findings.values()


def test_a_signature_is_kept_with_who_when_and_why(brand):
    (override,) = sign(brand, "cn-pay-per-head", reason="  We stop it in May. ").overrides

    assert (override.rule_id, override.by, override.at) == ("cn-pay-per-head", "per_mei", START)
    assert override.reason == "We stop it in May."


def test_signatures_add_up_and_what_was_signed_stays_as_it_was(brand):
    sign(brand, "cn-pay-per-head")
    later = sign(brand, "cn-pay-per-head", "wechat-levels", by="per_an", at=START + timedelta(days=1), reason="Me too.")

    assert [(one.rule_id, one.by) for one in later.overrides] == [
        ("cn-pay-per-head", "per_mei"),
        ("wechat-levels", "per_an"),
    ]


def test_a_signature_for_what_blocks_nothing_is_not_kept(brand):
    assert sign(brand, "game-own-purchases", "no-such-rule").overrides == ()
    assert sign(brand, "cn-pay-per-head", setting=NOWHERE).overrides == ()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001])
def test_a_signature_without_words_that_fit_is_refused(brand, reason):
    with pytest.raises(proposals.OverrideWithoutReason):
        sign(brand, "cn-pay-per-head", reason=reason)
    assert version_history.get(brand, 1, now=START).overrides == ()


def test_no_signature_at_all_is_refused(brand):
    with pytest.raises(proposals.OverrideWithoutReason):
        sign(brand)


def test_a_version_that_is_not_there_cannot_be_signed(tenant):
    with pytest.raises(PlanVersionUnknown):
        sign(tenant, "cn-pay-per-head")


def test_of_two_owners_at_once_nobodys_signature_is_lost(brand):
    rules = ("cn-pay-per-head", "wechat-levels", "cn-team-pay")
    results = at_once(*[lambda rule=rule: sign(brand, rule) for rule in rules])

    kept = {one.rule_id for one in version_history.get(brand, 1, now=START).overrides}
    turned_away = refusals(results)
    assert {type(one) for one in turned_away} <= {proposals.PlanSignedMeanwhile}
    assert len(kept) == len(rules) - len(turned_away) > 0
    for rule in rules:
        sign(brand, rule)
    assert {one.rule_id for one in version_history.get(brand, 1, now=START).overrides} == set(rules)
