"""How entries keep what explains them: small, and to be read for ever."""

import json
from datetime import UTC, datetime
from random import Random
from zlib import crc32

import pytest

from chalicelib.commissions import actions as commissions
from chalicelib.commissions import presets
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.sale import Line, Standing
from chalicelib.ids import encode
from chalicelib.ledger import store as ledger
from chalicelib.ledger.entries import Entry, postings
from chalicelib.ledger.store import EntryRecord, entry_of, record_of
from chalicelib.store import put, query
from tests.bench.meter import size_of
from tests.builders import START, an_order

FACTS = {
    "order": "ord_8t3wjsp3eywtmaxjxps0",
    "plan_version": 2,
    "rewards": [
        {"amount_minor": 2986, "base_minor": 29864, "kind": "retail", "leader_id": "ld_hcsxgqjpee", "rank": "owner",
         "rate_bp": 1000},
    ],
    "who": "团圆",
}  # fmt: skip
AS_KEPT = {  # `before` 22 November 2026: without leaving out what is usual
    "before": "O^!hh!XOkx@AB6yYHLj8D#nms`LVPV5KwBGZoP!Ayj$-f>|9M|UNSQaSTD%~FDlyDq#?M5o+(Z^53>suFmM`;c#sdu"
    "8sIepPYJyYz)uU{WbY=5Ng11K>SKFg&|#qeWY1t!M&=by5tYuJnlSGQRYEOAe+l#THaMcpJesjQN+v%mHj?NZ@Lg3^>zP67ZN}UCyM11;{r~",
    "since": ".L(NhaCC24h#RbNxmE|S5i4|ED1;qv!*~|!EHZ!ucFhflgAQ2OSsUjn}xFWqUs~|NMPx=6dJ}|h;GxCAbPiHTBI;Tyk761",
}


def an_entry(facts: dict[str, object]) -> Entry:
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    amounts = postings({"buyers": -20_000, "brand:cash": 20_000})
    return Entry("order#O1", 0, "order-O1-accrual", "accrual", at, "CNY", amounts, facts)


@pytest.mark.parametrize("since", AS_KEPT)
def test_facts_are_read_however_long_ago_they_were_kept(since):
    record = record_of("t" * 16, an_entry({}))
    record.facts = AS_KEPT[since]

    assert entry_of(record) == an_entry(FACTS)


def test_not_a_letter_changes_of_what_entries_leave_out():
    """All entries since then are read with it: with another letter there, they would say something else."""
    assert crc32(ledger._USUAL) == 324_291_470


@pytest.mark.parametrize("facts", [{}, FACTS, {"why": "“Tea” & 茶 \\ ." * 300}, {"1": None, "2": [True, {"3": -4}]}])
def test_whatever_facts_are_is_read_as_it_was_kept(facts):
    assert entry_of(record_of("t" * 16, an_entry(facts))).facts == facts


def test_an_order_of_eight_products_with_three_earners_is_kept_in_one_write_unit(tenant):
    document = json.loads(presets.read("breakaway"))
    document["rewards"].append({"kind": "direct_referral", "rate_bp": 300, "sellers": "all"})
    put(plans.plan_record(tenant, 1, json.dumps(document), effective_from=START, now=START))
    chance = Random(1)
    seller, inviter, head = (
        Standing(f"ld_{encode(chance.getrandbits(50), 10)}", rank, "confirmed") for rank in ("owner", "owner", "gold")
    )
    prices = [chance.randrange(900, 29_900) for _ in range(8)]
    lines = [
        Line(f"pr_{encode(chance.getrandbits(100), 20)}", 2, price, price + 500, 2 * price, rate_bp=1_500)
        for price in prices
    ]
    order_id = f"ord_{encode(chance.getrandbits(100), 20)}"
    accrued = commissions.accrue(tenant, an_order(order_id, seller, (inviter, head), lines=lines))
    [kept] = query(EntryRecord, f"{tenant}#{accrued.book}")

    assert len(accrued.facts["rewards"]) == 3
    assert size_of(kept.serialize()) <= 1024
