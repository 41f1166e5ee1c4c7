"""A leader's own data: who may see it, what they may change."""

import msgspec
import pytest

from chalicelib.errors import Invalid
from chalicelib.leaders import actions
from chalicelib.leaders.commands import PayByBank, UpdateLeader
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.views import LeaderView


def test_a_leader_sees_itself_and_its_downline_and_nobody_else(tree):
    a = tree.root("A")
    b, sibling = tree.join("B", under=a), tree.join("S", under=a)
    c = tree.join("C", under=b)

    for seen in (b, c):
        assert actions.get_in_team(tree.tenant_id, b.leader_id, seen.leader_id).name == seen.name
    for hidden in (a, sibling):
        with pytest.raises(LeaderUnknown):
            actions.get_in_team(tree.tenant_id, b.leader_id, hidden.leader_id)


def test_a_record_in_a_log_shows_no_phone_number_and_no_name(tree):
    leader = tree.root("梅", phone="13800138000")

    assert "13800138000" not in repr(leader)
    assert "梅" not in f"{leader}"


def test_what_is_not_given_stays(tree):
    before = LeaderView.of(tree.root("A"))

    after = LeaderView.of(actions.update_profile(tree.tenant_id, before.id, UpdateLeader(phone="+86 139 0000 0000")))

    assert after == msgspec.structs.replace(before, phone="+8613900000000")
    assert LeaderView.of(actions.update_profile(tree.tenant_id, before.id, UpdateLeader())) == after


def test_a_profile_change_never_undoes_a_change_of_standing(tree):
    a = tree.root("A")
    tree.change(actions.set_rank, a, "gold")

    actions.update_profile(tree.tenant_id, a.leader_id, UpdateLeader(name="Anna", language="en"))

    assert (tree.now(a).rank, tree.now(a).name, tree.now(a).language) == ("gold", "Anna", "en")


@pytest.mark.parametrize("field", ["rank", "status", "inviter_id", "stripe_account_id", "frozen"])
def test_standing_and_payout_account_cannot_even_be_asked_for(field):
    for command in (UpdateLeader, PayByBank):
        with pytest.raises(msgspec.ValidationError, match=field):
            msgspec.json.decode(msgspec.json.encode({"bank_details": "ICBC 6222", field: "x"} if command is PayByBank
                                                    else {field: "x"}), type=command)  # fmt: skip


def test_the_way_of_payout_changes_with_its_moment(tree, clock):
    a = tree.root("A")
    assert (a.payout_rail, a.payout_changed_at) == ("manual", None)

    by_bank = actions.pay_by_bank(tree.tenant_id, a.leader_id, PayByBank(bank_details=" 工商银行\n6222 "), now=clock())
    assert (by_bank.bank_details, by_bank.payout_changed_at) == ("工商银行\n6222", clock())

    later = clock.advance(days=1)
    by_stripe = actions.pay_by_stripe(tree.tenant_id, a.leader_id, stripe_account_id="acct_1", now=later)
    assert (by_stripe.payout_rail, by_stripe.stripe_account_id) == ("stripe", "acct_1")
    assert by_stripe.payout_changed_at == later


@pytest.mark.parametrize("details", ["", "   ", "x" * 501, "a\x00b"])
def test_bank_details_that_cannot_be_read_are_refused(tree, details):
    a = tree.root("A")

    with pytest.raises(Invalid) as refused:
        actions.pay_by_bank(tree.tenant_id, a.leader_id, PayByBank(bank_details=details), now=tree.clock())
    assert refused.value.param == "bank_details"
