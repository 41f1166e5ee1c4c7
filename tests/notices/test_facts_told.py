"""Which facts are told, to whom, in which language; each once however often it is told."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from chalicelib.leaders import profiles
from chalicelib.leaders.commands import UpdateLeader
from chalicelib.notices import outbox
from chalicelib.notices.rules import Outcome
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order
from chalicelib.payouts import batches
from chalicelib.payouts.batches import ConfirmedLine
from chalicelib.tenancy import acting_for
from tests.events.world import SETTINGS
from tests.notices.conftest import BUYER, Village


def of_now(village: Village, order: Order) -> Order:
    with acting_for(village.tenant_id):
        return orders.get(village.tenant_id, order.order_id)


def test_a_chinese_buyer_reads_chinese(village: Village) -> None:
    village.paid_for(language="zh")
    village.paid_for(language=None)  # ordered by a system that did not say

    assert village.post_office.subjects() == ["「Green Village」订单已付款"] * 2


def test_a_refund_is_told_when_it_went_through_a_part_as_such(village: Village) -> None:
    order = village.paid_for()
    village.refunds(order, 10_00)
    village.refunds(of_now(village, order), 26_00)
    village.replay()

    mails = village.post_office.letters[1:]
    assert [mail.subject for mail in mails] == ["Green Village: ¥10.00 refunded", "Green Village: ¥26.00 refunded"]
    assert all("A part of the payment" in mail.text for mail in mails)


def test_a_whole_refund_is_told_as_one(village: Village) -> None:
    order = village.paid_for()
    village.refunds(order, 36_00)

    assert "The whole payment for your order was refunded: ¥36.00" in village.post_office.letters[1].text


def test_who_paid_too_late_is_told_that_the_money_goes_back(village: Village) -> None:
    order = village.ordered()
    village.clock.advance(hours=2)
    village.sweep()
    village.stripe.sessions[order.session_id]["status"] = "open"
    village.pays(order)
    village.pump()
    village.clock.advance(minutes=10)
    village.sweep()

    assert of_now(village, order).state == "expired"
    assert village.post_office.subjects() == ["Green Village: ¥36.00 refunded"]


@pytest.mark.parametrize(
    ("outcome", "subject"),
    [
        ("succeeded", "Green Village: the group is complete"),
        ("failed", "Green Village: the group did not come together"),
        ("extended", "Green Village: the group has more time"),
    ],
)
def test_how_a_group_ended_is_told_once(village: Village, outcome: Outcome, subject: str) -> None:
    order = village.paid_for()
    for _ in range(2):
        with acting_for(village.tenant_id):
            outbox.queue_group_outcome(village.tenant_id, order, outcome, now=village.clock())
        village.pump(twice=True)

    assert village.post_office.subjects()[1:] == [subject]


def test_a_group_that_got_more_time_and_then_failed_is_two_facts(village: Village) -> None:
    order = village.paid_for()
    with acting_for(village.tenant_id):
        outbox.queue_group_outcome(village.tenant_id, order, "extended", now=village.clock())
        outbox.queue_group_outcome(village.tenant_id, order, "failed", now=village.clock())
    village.pump()

    assert len(village.post_office.letters) == 3


def test_who_picks_up_is_told_where(village: Village) -> None:
    first, second = village.paid_for(), village.paid_for()
    with acting_for(village.tenant_id):
        outbox.queue_ready(village.tenant_id, first, now=village.clock())
        outbox.queue_ready(village.tenant_id, second, now=village.clock(), place="Market hall, stall 4")
    village.pump(twice=True)

    as_ordered, elsewhere = village.post_office.letters[2:]
    assert "Pick-up: Gate 3" in as_ordered.text
    assert "Pick-up: Market hall, stall 4" in elsewhere.text
    assert village.page_of(second) in elsewhere.text


def test_an_address_is_not_repeated_in_a_mail(village: Village) -> None:
    village.paid_for(pickup=None, address="Nanjing Road 1")

    assert "Nanjing" not in village.post_office.letters[0].text
    assert "Pick-up" not in village.post_office.letters[0].text


@pytest.mark.parametrize(("language", "subject"), [("en", "paid out to you"), ("zh", "已向您付款")])
def test_a_leader_is_told_of_its_payout_in_its_language(village: Village, language: str, subject: str) -> None:
    with acting_for(village.tenant_id):
        command = UpdateLeader(language=language)  # type: ignore[arg-type]
        profiles.update_profile(village.tenant_id, village.seller, command)
    village.delivers(village.paid_for(email=None))
    village.clock.advance(days=10)
    village.settle()
    village.pay_out()
    with acting_for(village.tenant_id):
        (line,) = batches.export(village.tenant_id, now=village.clock())
        paid = ConfirmedLine(batch=line.batch, payout=line.payout, amount=line.amount, result="paid")
        batches.confirm(village.tenant_id, [paid], now=village.clock())
    assert village.post_office.letters == []
    village.pump(twice=True)
    village.replay()

    (mail,) = village.post_office.letters
    assert mail.to == "wang@example.com"
    assert subject in mail.subject
    assert f"{SETTINGS.public_url}/lead/{village.tenant.slug}/statement" in mail.text


def test_a_changed_payout_account_is_told_once_for_each_change(village: Village) -> None:
    at = village.clock()
    with acting_for(village.tenant_id):
        leader = profiles.get(village.tenant_id, village.seller)
        for changed_at in (at, at, at + timedelta(minutes=1)):
            outbox.queue_payout_changed(village.tenant_id, leader, changed_at=changed_at, now=at)
    village.pump()

    assert [mail.to for mail in village.post_office.letters] == ["wang@example.com"] * 2
    assert "收款账户已变更" in village.post_office.letters[0].subject


def test_text_messages_are_queued_only_where_they_are_turned_on(village: Village) -> None:
    village.paid_for(email=None)
    texts: list[str] = []
    village.tools.post.channels |= {  # type: ignore[operator]
        "sms": SimpleNamespace(send=lambda message: texts.append(f"{message.to} {message.short}"))
    }
    order = village.paid_for()
    village.replay()

    assert texts == [f"13800138000 Green Village: your order is paid {village.page_of(order)}"]
    assert village.post_office.subjects(BUYER) == ["Green Village: your order is paid"]


def test_a_buyer_is_told_on_wechat_by_the_openid_that_came_with_the_order(village: Village) -> None:
    told: list[str] = []
    village.tools.post.channels |= {  # type: ignore[operator]
        "wechat": SimpleNamespace(send=lambda message: told.append(message.to))
    }
    village.paid_for(email=None)
    village.paid_for(email=None, wechat_openid="oABC-123_def")

    assert told == ["oABC-123_def"]


def test_a_way_that_was_turned_off_meanwhile_is_given_up(village: Village) -> None:
    order = village.paid_for(email=None)
    with acting_for(village.tenant_id):
        outbox.queue_ready(village.tenant_id, order, now=village.clock(), through=("sms",))
    village.pump()

    assert village.notice_of(order.order_id).reason == "channel_off"
