"""Crowds: hundreds of buyers at once for the last pieces, and a thousand orders of a group that failed.

A few on moto, all buyers and 200 orders on DynamoDB Local (`make conformance`); on the whole stack:
`tests/e2e/test_flash_sale.py`. The thousand itself takes some minutes: `CROWD_ORDERS=1000 .venv/bin/python -m
tests.conformance tests/campaigns/test_crowds.py -k thousand -s`.
"""

import os
import threading
from collections import Counter

import pytest
import stripe
from pynamodb.exceptions import PynamoDBException

from chalicelib.campaigns.buyers import GroupFull
from chalicelib.campaigns.terms import Goal
from chalicelib.orders import placing
from chalicelib.orders.commands import OrderedItem, Place
from chalicelib.orders.lines import Customer
from chalicelib.orders.reserving import Crowded, SoldOut
from chalicelib.tenancy import acting_for
from tests.campaigns.world import GroupBrand
from tests.conftest import ENDPOINT

BUYERS, UNITS = (300, 100) if ENDPOINT else (30, 10)
ORDERS = int(os.environ.get("CROWD_ORDERS", "200" if ENDPOINT else "20"))
TROUBLE = [
    stripe.InvalidRequestError("not enough", None, code="balance_insufficient"),
    stripe.APIConnectionError("timed out", should_retry=True),
    stripe.APIError("oops", http_status=500),
    None,  # the refund was made, and its answer lost
]


@pytest.fixture
def brand(table, clock):
    return GroupBrand(clock)


def all_at_once(brand, offered):
    """So many people press *order* in the same instant, and press again when they are told that it is crowded.

    Or when nobody answers: then they press again as well.
    """
    outcomes, start = Counter(), threading.Barrier(BUYERS)
    keeping = threading.Lock()

    def buy(number):
        command = Place(
            leader_id=brand.wang,
            campaign_id=offered[0],
            lines=[OrderedItem(product_id=offered[1], qty=1)],
            customer=Customer(name="Li Na", phone=f"139{number:08d}", pickup="Gate 3"),
        )
        start.wait()
        with acting_for(brand.tenant_id):
            outcome = "crowded"
            while outcome in ("crowded", "unanswered"):
                outcome = ordered(command, f"buyer-{number}")
                with keeping:
                    outcomes[outcome] += 1

    def ordered(command, nonce):
        try:
            placing.place(
                brand.tenant_id, command, now=brand.clock(), randbits=brand.bits, stripe=brand.stripe,
                public_url="https://shop.example", nonce=nonce,
            )  # fmt: skip
        except (SoldOut, GroupFull, Crowded) as refusal:
            return refusal.code
        except (
            PynamoDBException
        ):  # the engine did not answer in time: whatever it did, the same nonce is the same order
            return "unanswered"
        return "ordered"

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(BUYERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.parametrize("orders_per_second", [None, 60, 120])
def test_hundreds_at_once_get_every_unit_and_not_one_more(brand, orders_per_second):
    offered = brand.group(stock=UNITS, orders_per_second=orders_per_second)
    outcomes = all_at_once(brand, offered)
    print(dict(outcomes))
    assert (outcomes["ordered"], outcomes["sold_out"]) == (UNITS, BUYERS - UNITS)
    assert brand.left(offered) == 0
    assert len(brand.stripe.sessions) == UNITS


def test_the_last_unit_bought_by_a_crowd_at_once_goes_to_one_of_them(brand):
    offered = brand.group(stock=1)
    outcomes = all_at_once(brand, offered)
    assert (outcomes["ordered"], outcomes["sold_out"]) == (1, BUYERS - 1)
    assert (brand.left(offered), len(brand.stripe.sessions)) == (0, 1)


def test_hundreds_at_once_for_the_places_of_a_group(brand):
    offered = brand.group(stock=BUYERS, places=UNITS, goal=Goal(by="people", least=2))
    outcomes = all_at_once(brand, offered)
    assert (outcomes["ordered"], outcomes["group_full"]) == (UNITS, BUYERS - UNITS)
    assert brand.left(offered) == BUYERS - UNITS


def test_a_thousand_orders_of_a_failed_group_are_each_refunded_once_whatever_stripe_answers(brand):
    offered = brand.group(stock=ORDERS, goal=Goal(by="units", least=ORDERS + 1))
    orders = [brand.order(brand.wang, offered, phone=f"139{number:08d}") for number in range(ORDERS)]
    for order in orders:
        brand.pays(order)
    brand.pump()
    assert brand.counts(offered).units == len(brand.in_chain(offered)) == ORDERS

    brand.stripe.trouble_every("refunds.create", 10, TROUBLE)
    brand.deadline_passes(offered)
    progress = [brand.aftermath(offered)]
    while progress[-1].finished_at is None:
        brand.clock.advance(minutes=10)
        brand.sweeps()
        progress.append(brand.aftermath(offered))
        assert len(progress) < 100
    print([f"{one.settled} of {one.orders}" for one in progress])

    assert [brand.charged_minor(order) for order in orders] == [0] * ORDERS
    assert len(brand.stripe.refunds) == ORDERS
    assert [int(one.settled) for one in progress] == sorted(int(one.settled) for one in progress)
    assert (progress[0].settled, progress[-1].settled, progress[-1].stuck) == (ORDERS - ORDERS // 10, ORDERS, 0)
    assert progress[-1].refunded_minor == ORDERS * 1_000
    assert (brand.cash_minor(), brand.in_stock(offered)) == (0, ORDERS)
    brand.audits()
