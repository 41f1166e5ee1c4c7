"""The outbox on good days and bad ones: each fact is told once, and the money never waits for a mail."""

import logging

import pytest

from chalicelib.events import stream
from chalicelib.notices import sending, store
from chalicelib.notices.rules import LEASE, MOST_TRIES, WAITS
from chalicelib.tenancy import acting_for
from tests.notices.conftest import BUYER, Killed, Village
from tests.people.at_once import at_once

PAID = "Green Village: your order is paid"


def test_a_buyer_is_told_at_once_that_the_order_is_paid(village: Village) -> None:
    order = village.paid_for()

    (mail,) = village.post_office.letters
    assert (mail.to, mail.subject) == (BUYER, PAID)
    assert "¥36.00" in mail.text
    assert "2 × Apples" in mail.text
    assert "Pick-up: Gate 3" in mail.text
    assert village.page_of(order) in mail.text
    notice = village.notice_of(order.order_id)
    assert (notice.state, notice.attempts, notice.provider_id) == ("sent", 1, "ses-1")


def test_the_same_fact_told_by_the_stream_twice_is_one_mail(village: Village) -> None:
    order = village.ordered()
    village.pays(order)
    village.pump(twice=True)
    village.told("checkout.session.completed", order, times=2)
    village.pump(twice=True)
    village.clock.advance(days=1)
    village.replay()
    village.sweep()

    assert village.post_office.subjects() == [PAID]


def test_who_left_no_address_is_told_nothing(village: Village) -> None:
    order = village.paid_for(email=None)

    assert village.notices_of(order.order_id) == []
    assert village.post_office.asked == 0


def test_ses_throttles_then_sends_once(village: Village) -> None:
    village.post_office.answer_next("Throttling")
    order = village.paid_for()
    assert village.post_office.letters == []
    assert (village.notice_of(order.order_id).state, village.notice_of(order.order_id).reason) == (
        "queued",
        "Throttling",
    )

    village.clock.advance(minutes=4)
    village.sweep()
    assert village.post_office.letters == []

    village.clock.advance(minutes=2)
    village.sweep()
    village.sweep()
    assert village.post_office.subjects() == [PAID]
    notice = village.notice_of(order.order_id)
    assert (notice.state, notice.attempts, notice.reason) == ("sent", 2, None)


def test_two_senders_at_once_send_once(village: Village) -> None:
    village.post_office.answer_next("Throttling")
    order = village.paid_for()
    now = village.clock.advance(minutes=5)
    first, second = village.notice_of(order.order_id), village.notice_of(order.order_id)

    with acting_for(village.tenant_id):
        for notice in (first, second, first):
            sending.send(village.tenant_id, notice, village.tools.post, now=now)

    assert village.post_office.subjects() == [PAID]


def test_six_senders_at_the_same_moment_send_once(village: Village) -> None:
    village.post_office.answer_next("Throttling")
    order = village.paid_for()
    now = village.clock.advance(minutes=6)

    def one_sender() -> None:
        with acting_for(village.tenant_id):
            sending.send_due(village.tenant_id, village.tools.post, now=now)

    at_once(*[one_sender] * 6)

    assert village.post_office.subjects() == [PAID]
    assert village.notice_of(order.order_id).attempts == 2


def test_killed_after_the_lease_was_taken_it_is_sent_once_the_lease_is_over(village: Village) -> None:
    village.post_office.answer_next("killed")
    order = village.ordered()
    village.pays(order)
    with pytest.raises(Killed):
        village.pump()
    village.clock.advance(seconds=LEASE.total_seconds() - 10)
    village.sweep()
    assert village.post_office.letters == []

    village.clock.advance(minutes=1)
    village.sweep()
    village.replay()
    assert village.post_office.subjects() == [PAID]
    assert village.notice_of(order.order_id).attempts == 2


def test_killed_after_ses_took_it_the_mail_comes_twice_rather_than_never(village: Village) -> None:
    village.post_office.answer_next("killed after")
    order = village.ordered()
    village.pays(order)
    with pytest.raises(Killed):
        village.pump()
    for _ in range(3):
        village.clock.advance(minutes=3)
        village.sweep()

    assert village.post_office.subjects() == [PAID, PAID]
    assert village.notice_of(order.order_id).state == "sent"


def test_a_sender_that_is_killed_each_time_does_not_go_on_for_ever(village: Village) -> None:
    village.post_office.answer_next(*["killed after"] * 9)
    order = village.ordered()
    village.pays(order)
    for _ in range(9):
        with acting_for(village.tenant_id):
            try:
                village.pump()
                sending.send_due(village.tenant_id, village.tools.post, now=village.clock())
            except Killed:
                village.clock.advance(minutes=3)

    assert len(village.post_office.letters) == MOST_TRIES
    notice = village.notice_of(order.order_id)
    assert (notice.state, notice.reason) == ("given_up", "cut")


def test_a_sender_that_comes_back_after_its_lease_changes_nothing_of_the_next_ones(village: Village) -> None:
    village.post_office.answer_next("Throttling")
    order = village.paid_for()
    slow, now = village.notice_of(order.order_id), village.clock.advance(minutes=5)
    with acting_for(village.tenant_id):
        assert store.lease(slow, now=now)
        village.clock.advance(minutes=3)
        village.sweep()
        assert not store.give_up(village.tenant_id, slow, reason="Throttling", now=village.clock())
        assert not store.put_off(village.tenant_id, slow, until=village.clock(), reason="Throttling")

    assert village.notice_of(order.order_id).state == "sent"


def test_it_is_tried_again_after_5_minutes_30_2_hours_12_and_then_given_up(village: Village) -> None:
    village.post_office.answer_next("Throttling", "timeout", "ServiceUnavailable", "Throttling", "AccountSendingPaused")
    order = village.paid_for()
    for number, wait in enumerate(WAITS, start=1):
        village.clock.advance(seconds=wait.total_seconds() - 60)
        village.sweep()
        assert village.post_office.asked == number
        village.clock.advance(minutes=2)
        village.sweep()
        assert village.post_office.asked == number + 1
    village.clock.advance(days=2)
    village.sweep()

    assert village.post_office.asked == MOST_TRIES
    assert [notice.about for notice in village.given_up()] == [order.order_id]
    assert village.given_up()[0].reason == "AccountSendingPaused"


def test_an_address_that_ses_refuses_is_given_up_at_once(village: Village) -> None:
    village.post_office.answer_next("MessageRejected")
    order = village.paid_for()
    village.clock.advance(days=1)
    village.sweep()

    assert village.post_office.asked == 1
    assert (village.notice_of(order.order_id).state, village.given_up()[0].reason) == ("given_up", "MessageRejected")


def test_the_brand_sends_again_what_was_given_up(village: Village) -> None:
    village.post_office.answer_next("MessageRejected")
    order = village.paid_for()
    notice_id = village.notice_of(order.order_id).notice_id
    village.clock.advance(hours=1)
    with acting_for(village.tenant_id):
        sending.send_again(village.tenant_id, notice_id, now=village.clock())
    village.pump(twice=True)

    assert village.post_office.subjects() == [PAID]
    assert village.given_up() == []
    with acting_for(village.tenant_id), pytest.raises(sending.NoticeNotWaiting):
        sending.send_again(village.tenant_id, notice_id, now=village.clock())


def test_a_mail_that_fails_does_not_hold_the_stream_up(village: Village, caplog: pytest.LogCaptureFixture) -> None:
    village.post_office.answer_next("bug", "Throttling")
    first, second = village.ordered(), village.ordered()
    village.pays(first)
    village.pays(second)
    with caplog.at_level(logging.INFO):
        village.pump()  # asserts that no record of any batch failed

    assert village.has(village.seller)[0] > 0
    assert village.post_office.letters == []
    for secret in (BUYER, "Li Na", "13800138000", "Gate 3"):
        assert secret not in caplog.text
    assert "ValueError at" in caplog.text

    village.clock.advance(minutes=6)
    village.sweep()
    assert village.post_office.subjects() == [PAID, PAID]


def test_commissions_come_before_mails_in_a_batch(village: Village) -> None:
    village.post_office.answer_next("Throttling")
    waiting = village.notice_of(village.paid_for().order_id)
    village.clock.advance(minutes=6)
    village.pays(village.ordered(email=None, phone="13900000000"))
    payment = village._stream.waiting()
    with acting_for(village.tenant_id):
        sending.send_again(village.tenant_id, waiting.notice_id, now=village.clock())
    stream.handle({"Records": payment}, village.tools)
    batch = village._stream.waiting()
    kinds = [record["dynamodb"]["NewImage"]["kind"]["S"] for record in batch]
    assert kinds.index("notice") < kinds.index("order")

    held, held_when_sent = village.has(village.seller)[0], list[int]()
    village.post_office.send = lambda mail: held_when_sent.append(village.has(village.seller)[0])  # type: ignore
    stream.handle({"Records": batch}, village.tools)

    assert held_when_sent == [held * 2]


def test_a_post_office_that_does_not_answer_is_left_alone_by_the_stream_for_a_minute(village: Village) -> None:
    village.post_office.answer_next(*["timeout"] * 9)
    for _ in range(4):
        village.paid_for()
    assert village.post_office.asked == 1

    village.clock.advance(minutes=1)
    village.paid_for()
    assert village.post_office.asked == 2


def test_a_batch_with_many_mails_leaves_what_takes_too_long_to_the_schedule(village: Village) -> None:
    take = village.post_office.send

    def slowly(mail: object) -> object:
        village.clock.advance(seconds=6)
        return take(mail)  # type: ignore[arg-type]

    orders = [village.ordered() for _ in range(5)]
    for order in orders:
        village.pays(order)
    village.post_office.send = slowly  # type: ignore[assignment,method-assign]
    records = village._stream.waiting()
    while records and not any(record["dynamodb"]["Keys"]["pk"]["S"].find("#notices#") > 0 for record in records):
        stream.handle({"Records": records}, village.tools)
        records = village._stream.waiting()
    stream.handle({"Records": records}, village.tools)
    assert len(village.post_office.letters) == 2

    village.clock.advance(minutes=5)
    village.sweep()
    assert village.post_office.subjects() == [PAID] * 5


def test_the_schedule_lets_nobody_wait_for_a_post_office_that_is_away(village: Village) -> None:
    village.post_office.answer_next("timeout")
    for _ in range(8):
        village.paid_for()
    village.clock.advance(minutes=6)
    village.post_office.answer_next(*["timeout"] * 8)
    asked = village.post_office.asked
    village.sweep()
    assert village.post_office.asked == asked + 5

    village.clock.advance(hours=1)
    village.post_office._moods.clear()
    village.sweep()
    assert village.post_office.subjects() == [PAID] * 8


def test_one_notices_trouble_stops_no_other(village: Village) -> None:
    village.post_office.answer_next("timeout")
    for _ in range(4):
        village.paid_for()
    village.clock.advance(minutes=6)
    village.post_office.answer_next("bug", "MessageRejected", "taken", "taken")
    village.sweep()

    assert len(village.post_office.letters) == 2
    assert len(village.given_up()) == 1


def test_a_schedule_that_did_not_fire_for_a_day_sends_all_of_it(village: Village) -> None:
    village.post_office.answer_next("timeout")
    for _ in range(3):
        village.paid_for()
    village.clock.advance(days=1)
    village.sweep()

    assert village.post_office.subjects() == [PAID] * 3


def test_what_is_told_keeps_nothing_of_a_person_and_ends_after_90_days(village: Village) -> None:
    order = village.paid_for()
    notice = village.notice_of(order.order_id)

    kept = str(notice.serialize())
    for secret in (BUYER, "Li Na", "13800138000", "Gate 3"):
        assert secret not in kept
    assert notice.ttl == int(notice.queued_at.timestamp()) + 90 * 86_400
    assert notice.gsi1pk is None
