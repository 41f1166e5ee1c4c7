"""The demo: one brand's day on the running stack, from sign-up to paid-out commission, and its statement.

`story` has the steps, `browser` the people and programs that take them, `ledger_of_steps` what was done so far,
`printed` the statement.
"""

from datetime import UTC, datetime, timedelta

from infra.local.demo.printed import money, statement, transfers_of
from infra.local.demo.story import LEADERS, Differs, Say, Story
from infra.local.stack import Stack


def play(stack: Stack, brand: str = "demo", say: Say = print) -> None:
    """Play the day (what was played before is not played again) and print the statement.

    Raises `Differs` when an amount is not the document's, the trial balance is not zero, or Stripe's transfers are not
    what the ledger says was paid.
    """
    story = Story(stack, brand, say)
    if story.steps.done("as in the document: everybody is paid"):
        say(f"the brand “{brand}” is there from an earlier run; this is its statement")
    _leaders_join_and_sell(story)
    _the_window_passes(story)

    ids = {story.id_of(letter): name for letter, name in LEADERS.items()}
    transfers = transfers_of(stack.stripe_url, story.api.get("/v1/brand")["id"])
    say(statement(story.api, ids, transfers, "en"))
    _check(story, sum(int(transfer["amount"]) for transfer in transfers))
    say(f"\nshop of Chen (C)  {stack.url}/s/{brand}/{story.id_of('C')}")
    say(f"workspace         {stack.url}/lead/{brand}      sign in as c@{brand}.example")
    say(f"console           {stack.url}/console/{brand}   sign in as owner@{brand}.example")


def _leaders_join_and_sell(story: Story) -> None:
    """The worked example, in the document's order."""
    dear, cheap = _goods(story, "Apples", 20_000, 2_000), _goods(story, "Honey", 10_000, 1_000)
    story.leader("A", None)
    story.rank("A", "senior_gold")
    story.leader("B", "A")
    story.wait_for_entry(f"invite-{story.id_of('B')}")
    story.leader("C", "B")
    story.wait_for_entry(f"invite-{story.id_of('C')}")
    story.expect("C has joined through B", A=30_000, B=0, C=0)

    first = story.sells(1, "C", *dear)
    story.expect("C sells 200.00", A=31_000, B=0, C=4_000)
    story.rank("B", "gold")
    second = story.sells(2, "C", *dear)
    story.expect("B is gold, C sells the same again", A=31_000, B=1_000, C=8_000)
    third = story.sells(3, "B", *cheap)
    story.expect("B sells 100.00", A=31_250, B=2_000, C=8_000)
    story.leader("D", "C")
    story.wait_for_entry(f"invite-{story.id_of('D')}")
    story.expect("C has invited D", A=31_250, B=12_000, C=8_000, D=0)

    story.refunds(2, second, 5_000)
    story.expect("a quarter of order 2 was refunded", A=31_250, B=11_750, C=7_000)
    for number, order_id in enumerate((first, second, third), start=1):
        story.delivers(number, order_id)


def _goods(story: Story, title: str, price_minor: int, rate_bp: int) -> tuple[str, str]:
    """The brand adds a product and opens a campaign with it; gives the ids of both."""
    product = story.once(
        f"{title} are in stock", "/v1/products", title=title, unit="box",
        list_price_minor=price_minor, sale_price_minor=price_minor, rate_bp=rate_bp, stock=100,
    )  # fmt: skip
    opens_at = story.steps.once("opening", lambda: datetime.now(UTC).isoformat())
    closes_at = (datetime.fromisoformat(opens_at) + timedelta(days=30)).isoformat()
    campaign = story.once(
        f"{title} are on offer", "/v1/campaigns", title=f"{title} this month", opens_at=opens_at, closes_at=closes_at,
        items=[{"product_id": product["id"], "price_minor": price_minor, "quantity": 50}],
    )  # fmt: skip
    return campaign["id"], product["id"]


def _the_window_passes(story: Story) -> None:
    """Settlement after the return window, then the payouts: two by Stripe, one by the bank's file."""
    story.by_stripe("A")
    story.by_stripe("B")
    story.by_bank("C")
    then = story.lets_the_window_pass()
    if not story.steps.done("the bank's file is confirmed"):
        story.stack.settle_stream()
        story.say("nine days go by; the return window is over: what was held is settled, and paid out")
        story.fires("settle", then)
        story.fires("pay_out", then + timedelta(minutes=15))
    story.confirms_the_banks_file()


def _check(story: Story, transferred_minor: int) -> None:
    """Compare what must be equal: the document, the ledger, and Stripe."""
    story.expect("everybody is paid", A=31_250, B=11_750, C=7_000, D=0)
    paid = {letter: story.api.get(f"/v1/leaders/{story.id_of(letter)}/balance")["paid_minor"] for letter in LEADERS}
    if paid["A"] + paid["B"] != transferred_minor:
        raise Differs(f"the ledger says {paid}, Stripe transferred {money(transferred_minor)}")
    if paid != {"A": 31_250, "B": 11_750, "C": 7_000, "D": 0}:
        raise Differs(f"not everybody was paid what she earned: {paid}")
    for totals in story.api.get("/v1/trial_balance")["currencies"]:
        if totals["total_minor"]:
            raise Differs(f"the trial balance is off by {totals['total_minor']} {totals['currency']}")
    story.say("\nThe amounts are the document’s, the books balance, and Stripe transferred what the ledger says.")
