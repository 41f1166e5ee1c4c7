"""What an entry of the ledger says of the brand's day and of its products: for the dashboard, not for rules. Pure.

By day (`paid_in-2026-11-22`), of the `BRAND`. Each is a sum of postings, so over all days it is an account's balance:

| figure | is |
|---|---|
| `paid_in` | what buyers paid on accruals (`buyers`, its sign turned) |
| `given_back` | what went back to them by refunds and banks; below zero what a bank returned (`buyers`) |
| `commission` | what leaders were promised, less what was taken back (`brand:commission`, its sign turned) |
| `paid_out` | what leaders were paid (`leader:…:paid`) |
| `orders`, `new_leaders` | orders paid, given back later or not; leaders confirmed, those of imported files left out |

By month, of each product: `sales-2026-11` (minor units, refunds taken off) and `units-2026-11` (as they were paid for).
"""

from collections import Counter

from chalicelib.figures.rules import BRAND, Counts, over
from chalicelib.ledger.entries import Entry, leader_of

DAILY = ("paid_in", "given_back", "commission", "paid_out", "orders", "new_leaders")
_PRODUCT = "product:"


def product_name(product_id: str) -> str:
    """Give what stands in place of a leader's id for the figures of a product."""
    return _PRODUCT + product_id


def is_product(name: str) -> bool:
    """Tell the name of a product's figures from a leader's id."""
    return name.startswith(_PRODUCT)


def of_entry(entry: Entry, day: str) -> dict[str, Counts]:
    """Give what an entry changes, for the `BRAND` and for products. `day`: the brand's day of the entry."""
    changes = {
        product_name(sku): counts for sku, counts in _of_products(entry, day[:7]).items() if any(counts.values())
    }
    counted = Counter({over(name, day): amount for name, amount in _of_day(entry).items() if amount})
    return {BRAND: counted, **changes} if counted else changes


def of_new_leader(day: str) -> dict[str, Counts]:
    """Give what a newly confirmed leader changes for the `BRAND`."""
    return {BRAND: Counter({over("new_leaders", day): 1})}


def _of_day(entry: Entry) -> Counts:
    found: Counts = Counter({"orders": int(entry.kind == "accrual")})
    for posting in entry.postings:
        if posting.account == "buyers" and entry.kind == "accrual":
            found["paid_in"] -= posting.amount_minor
        elif posting.account == "buyers":
            found["given_back"] += posting.amount_minor
        elif posting.account == "brand:commission":
            found["commission"] -= posting.amount_minor
        elif leader_of(posting.account) and posting.account.endswith(":paid"):
            found["paid_out"] += posting.amount_minor
    return found


def _of_products(entry: Entry, month: str) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    if entry.kind == "accrual":
        for line in entry.facts["sale"]["lines"]:
            counts = found.setdefault(line["sku"], Counter())
            counts.update({over("sales", month): line["paid"], over("units", month): line["qty"]})
    elif entry.kind == "reversal":
        for sku, taken_minor in entry.facts["taken"].items():
            found[sku] = Counter({over("sales", month): -taken_minor})
    return found
