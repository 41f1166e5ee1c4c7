"""A brand writes its plan anew: checked, signed for, put in force from a moment on, or withdrawn before it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import store
from chalicelib.commissions import actions as commissions
from chalicelib.commissions import presets, proposals, version_history, versions
from chalicelib.commissions import store as plans
from chalicelib.commissions.lint.setting import setting_of
from chalicelib.commissions.proposals import Proposal, Signature
from chalicelib.commissions.rules.plan import PlanRefused
from chalicelib.tenancy import acting_for
from tests.builders import START, an_order
from tests.commissions.lint.plans import changed, document_of, with_reward
from tests.people.at_once import at_once, refusals

BRAND = setting_of(["CN"], ["wechat"], "CNY")
QUIET = setting_of([], [], "CNY")
LATER = START + timedelta(days=3)


def written(document):
    return document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()


def propose(tenant_id, document, *, at=START, by="per_mei", nonce=None, setting=BRAND, leads=False, **asked):
    """Mei, who owns the brand, writes a plan."""
    proposal = Proposal(document=written(document), **asked)
    nonce = nonce or f"n{len(list(plans.newest_first(tenant_id)))}"
    return versions.propose(tenant_id, proposal, setting=setting, anybody_leads=leads, by=by, now=at, nonce=nonce)


@pytest.fixture
def brand(tenant):
    """A brand that began with one level."""
    store.put(plans.first_version(tenant, "simple_referral", START - timedelta(days=30)))
    return tenant


CHEAPER = with_reward("simple_referral", "direct_referral", rate_bp=200)


TWO_RANKS = document_of("assessed")
del TWO_RANKS["probation"]


def number_in_force(tenant_id, on):
    return plans.in_force(tenant_id, on=on).number


def test_an_edit_is_a_new_version_in_force_from_its_moment_on(brand):
    made = propose(brand, CHEAPER, effective_from=LATER)

    assert (made.number, made.state, made.created_by, made.created_at) == (2, "planned", "per_mei", START)
    assert number_in_force(brand, LATER - timedelta(seconds=1)) == 1
    assert number_in_force(brand, LATER) == 2
    assert version_history.get(brand, 1, now=LATER).state == "superseded"
    assert version_history.get(brand, 2, now=LATER).state == "in_force"


def test_without_a_moment_it_is_in_force_at_once(brand):
    assert propose(brand, CHEAPER).state == "in_force"
    assert number_in_force(brand, START) == 2


def test_an_order_keeps_the_version_it_was_paid_under(brand):
    propose(brand, CHEAPER, effective_from=LATER)

    before = commissions.accrue(brand, an_order("O1", at=LATER - timedelta(seconds=1)))
    after = commissions.accrue(brand, an_order("O2", at=LATER))

    assert [entry.facts["plan_version"] for entry in (before, after)] == [1, 2]


def test_the_document_is_kept_as_it_was_written(brand):
    text = json.dumps(CHEAPER, indent=4, ensure_ascii=False)

    assert propose(brand, text.encode()).document == text


def test_a_wrong_plan_is_refused_with_every_reason_and_its_place(brand):
    wrong = with_reward("simple_referral", "direct_referral", rate_bp=20_000) | {"surprise": 1}

    with pytest.raises(PlanRefused) as refused:
        propose(brand, wrong)

    assert {problem.place for problem in refused.value.problems} == {"surprise", "rewards[1].rate_bp"}
    assert "rewards[1].rate_bp" in refused.value.message
    assert number_in_force(brand, START) == 1


@pytest.mark.parametrize("document", [b"", b"{", b"\xff\xfe", b"[]", b'"breakaway"', b"[" * 5000])
def test_what_is_no_plan_at_all_is_refused(brand, document):
    with pytest.raises(PlanRefused):
        propose(brand, document)


def test_a_plan_as_long_as_a_book_is_refused(brand):
    with pytest.raises(proposals.PlanTooLarge):
        propose(brand, b" " * proposals.LARGEST_DOCUMENT_BYTES + written(CHEAPER))


# ------------------------------------------------------------------------------------------------ signatures


def signed(*rules, reason="Our lawyer has looked at it."):
    return tuple(Signature(rule, reason) for rule in rules)


def rules_that_block(refused):
    return {finding.rule_id for finding in refused.value.findings}


def test_a_plan_that_pays_for_heads_waits_for_an_owners_signature(brand):
    with pytest.raises(proposals.PlanBlocked) as refused:
        propose(brand, presets.read("breakaway"))

    assert {"cn-pay-per-head", "game-fake-leaders"} <= rules_that_block(refused)
    assert "rewards[3]" in refused.value.message
    assert number_in_force(brand, START) == 1


def test_each_finding_needs_its_own_signature_and_they_are_kept_with_who_when_and_why(brand):
    with pytest.raises(proposals.PlanBlocked) as refused:
        propose(brand, presets.read("breakaway"))
    needed = sorted(rules_that_block(refused))
    with pytest.raises(proposals.PlanBlocked) as refused:
        propose(brand, presets.read("breakaway"), signatures=signed(*needed[1:]))
    assert rules_that_block(refused) == {needed[0]}

    made = propose(brand, presets.read("breakaway"), signatures=signed(*needed, reason=" We know. "))

    assert [override.rule_id for override in made.overrides] == needed
    assert {(one.by, one.at, one.reason) for one in made.overrides} == {("per_mei", START, "We know.")}
    assert version_history.get(brand, made.number, now=START).overrides == made.overrides


def test_a_signature_without_a_reason_is_none(brand):
    with pytest.raises(proposals.OverrideWithoutReason) as refused:
        propose(brand, CHEAPER, signatures=signed("cn-pay-per-head", reason="  "))

    assert refused.value.param == "overrides[0].reason"


def test_a_signature_for_what_was_not_found_is_not_kept(brand):
    assert propose(brand, CHEAPER, signatures=signed("cn-pay-per-head")).overrides == ()


def test_only_the_rules_of_where_the_brand_works_are_asked(brand):
    with pytest.raises(proposals.PlanBlocked) as refused:
        propose(brand, presets.read("breakaway"), setting=QUIET)

    assert rules_that_block(refused) == {"game-fake-leaders"}


# ------------------------------------------------------------------------------------------------ moments


@pytest.mark.parametrize(
    "moment",
    [
        START - timedelta(seconds=1),
        START + timedelta(days=400),
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ],
)
def test_a_plan_takes_effect_now_or_within_a_year(brand, moment):
    with pytest.raises(proposals.MomentUnusable) as refused:
        propose(brand, CHEAPER, effective_from=moment)

    assert refused.value.param == "effective_from"


def test_versions_take_effect_in_the_order_of_their_numbers(brand):
    propose(brand, CHEAPER, effective_from=LATER)

    with pytest.raises(proposals.LaterVersionPlanned, match="Version 2"):
        propose(brand, document_of("simple_referral"))

    versions.withdraw(brand, 2, by="per_mei", now=START)
    assert propose(brand, document_of("simple_referral")).number == 3


# ------------------------------------------------------------------------------------------------ two at once, twice


def test_of_two_edits_at_once_one_wins_and_the_other_is_told(brand):
    results = at_once(
        lambda: propose(brand, CHEAPER, by="per_mei", nonce="mei"),
        lambda: propose(brand, changed("simple_referral", payout_cap_bp=3000), by="per_li", nonce="li"),
    )

    (told,) = refusals(results) or [None]
    if told is None:  # one came wholly after the other
        assert sorted(made.number for made in results) == [2, 3]
    else:
        assert isinstance(told, proposals.PlanEditedMeanwhile)
        assert number_in_force(brand, START) == 2


def test_an_edit_of_a_version_that_is_no_longer_the_newest_is_told_so(brand):
    propose(brand, CHEAPER, after=1, by="per_mei")

    with pytest.raises(proposals.PlanEditedMeanwhile, match="version 2"):
        propose(brand, changed("simple_referral", payout_cap_bp=3000), after=1, by="per_li")


def test_the_same_asking_sent_twice_is_one_version(brand):
    first = propose(brand, CHEAPER, after=1, nonce="form-1")
    again = propose(brand, CHEAPER, after=1, nonce="form-1", at=START + timedelta(minutes=5))

    assert again == first
    assert len(list(plans.newest_first(brand))) == 2


def test_the_same_asking_at_once_is_one_version(brand):
    results = at_once(*[lambda: propose(brand, CHEAPER, nonce="form-1")] * 3)

    assert {made.number for made in results} == {2}


# ------------------------------------------------------------------------------------------------ ranks


def test_leaders_find_their_ranks_again(brand):
    propose(brand, TWO_RANKS)  # nobody leads yet: any plan will do

    with pytest.raises(PlanRefused) as refused:
        propose(brand, document_of("simple_referral"), leads=True)

    assert [problem.place for problem in refused.value.problems] == ["ranks"]
    assert "senior" in refused.value.message
    leader, senior = TWO_RANKS["ranks"]
    renamed = TWO_RANKS | {"ranks": [leader, senior | {"zh": "店长", "en": "Manager"}]}
    assert propose(brand, renamed, leads=True).number == 3


def test_a_rank_of_a_withdrawn_version_was_nobodys(brand):
    propose(brand, TWO_RANKS, effective_from=LATER)
    versions.withdraw(brand, 2, by="per_mei", now=START)

    assert propose(brand, CHEAPER, leads=True).number == 3


# ------------------------------------------------------------------------------------------------ withdrawing


def test_a_planned_version_is_withdrawn_and_never_takes_effect(brand):
    propose(brand, CHEAPER, effective_from=LATER)

    gone = versions.withdraw(brand, 2, by="per_li", now=START)
    again = versions.withdraw(brand, 2, by="per_mei", now=LATER)

    assert (gone.state, gone.withdrawn_by, gone.withdrawn_at) == ("withdrawn", "per_li", START)
    assert again == gone
    assert number_in_force(brand, LATER) == 1
    assert propose(brand, CHEAPER, at=LATER).number == 3  # a number is never given twice


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_or_was_in_effect_stays(brand, number):
    propose(brand, CHEAPER)

    with pytest.raises(proposals.PlanInEffect):
        versions.withdraw(brand, number, by="per_mei", now=START)


def test_there_is_no_version_that_was_not_made(brand):
    with pytest.raises(version_history.PlanVersionUnknown):
        versions.withdraw(brand, 2, by="per_mei", now=START)
    with pytest.raises(version_history.PlanVersionUnknown):
        version_history.changes(brand, 2, since=1)


# ------------------------------------------------------------------------------------------------ looking


def test_versions_are_listed_newest_first_page_by_page(brand):
    for days in range(1, 4):
        propose(brand, CHEAPER, effective_from=START + timedelta(days=days))

    first = version_history.newest_first(brand, now=START, limit=3)
    rest = version_history.newest_first(brand, now=START, limit=3, after=first[-1].number)

    assert [(one.number, one.state) for one in first + rest] == [
        (4, "planned"), (3, "planned"), (2, "planned"), (1, "in_force"),
    ]  # fmt: skip


def test_what_two_versions_have_otherwise_is_said_place_by_place(brand):
    propose(brand, CHEAPER | {"self_purchase": "counted"})  # said or unsaid, it is the same

    (only,) = version_history.changes(brand, 2, since=1)

    assert (only.place, only.before, only.after) == ("rewards[1].rate_bp", 300, 200)


def test_a_brand_without_a_plan_gets_its_first(tenant):
    assert version_history.newest_first(tenant, now=START, limit=5) == []
    assert (propose(tenant, CHEAPER, leads=True).number, number_in_force(tenant, START)) == (1, 1)


def test_another_brands_versions_are_not_seen(brand):
    propose(brand, CHEAPER)

    other = "t0000000000other"
    with acting_for(other):
        store.put(plans.first_version(other, "simple_referral", START))
        with pytest.raises(version_history.PlanVersionUnknown):
            version_history.get(other, 2, now=START)
