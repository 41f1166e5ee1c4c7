"""The demo's day: the worked example of preset `breakaway` (OPERATING_MODELS.md, Presets 4), lived on the real stack.

Every step goes over HTTP to the deployed template and to the Stripe sandbox, and can be repeated: the driver may be
killed anywhere. The amounts expected are those of the document; the story ends with an error where they differ.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from infra.local.demo.browser import Answer, Person, Program, Refused, forms_of
from infra.local.demo.ledger_of_steps import Steps
from infra.local.stack import Stack

Say = Callable[[str], None]
ADDRESS_TAKEN = 409
CODE = re.compile(r"\b(\d{6})\b")
RETURN_WINDOW_AND_MORE = timedelta(days=9)
LEADERS = {"A": "An (A)", "B": "Bo (B)", "C": "Chen (C)", "D": "Du (D)"}


class Differs(RuntimeError):
    """The running system and the document disagree on an amount."""


class Story:
    """One brand's day."""

    def __init__(self, stack: Stack, brand: str, say: Say) -> None:
        self.stack = stack
        self.brand = brand
        self.say = say
        self.steps = Steps(stack.settings.directory / f"demo-{brand}.json")
        self.api = Program(stack.url, self.steps.once("api key", self._sign_up))

    # --------------------------------------------------------------------------------------------- the brand opens

    def _sign_up(self) -> str:
        """Sign up on the site as a person does (or sign in, when a killed driver did that before), make an API key."""
        self.say("the brand's owner signs up with her e-mail address")
        email = f"owner@{self.brand}.example"
        owner = Person(self.stack.url)
        try:
            page, code_form = self._asks_to_sign_up(owner, email), "/signup/code"
        except Refused as refused:
            if refused.status != ADDRESS_TAKEN:
                raise
            # A killed driver signed up before, and did not come to write down its key.
            page, code_form = owner.send(owner.open("/signin"), "/signin", {"email": email}), "/signin/code"
        return self._new_api_key(owner, page, email, code_form)

    def _asks_to_sign_up(self, owner: Person, email: str) -> Answer:
        return owner.send(
            owner.open("/signup"),
            "/signup",
            {
                "name": "Green Village 绿村",
                "slug": self.brand,
                "email": email,
                "currency": "CNY",
                "timezone": "Asia/Shanghai",
                "plan_preset": "breakaway",
                "examples": "",
            },
        )

    def _new_api_key(self, owner: Person, page: Answer, email: str, code_form: str) -> str:
        owner.send(page, code_form, {"code": self._code_for(email)})
        keys = owner.send(owner.open(f"/console/{self.brand}/keys"), "/keys", {"name": "demo"})
        found = re.search(r"ty_live_\w+", keys.text)
        if found is None:
            raise Differs("the console did not show the new API key")
        return found.group()

    def _code_for(self, email: str) -> str:
        def newest() -> str | None:
            codes = [
                match.group(1)
                for mail in self.stack.mails()
                if email in mail["To"] and (match := CODE.search(mail["Subject"] + " " + mail["BodyText"]))
            ]
            return codes[-1] if codes else None

        return self.stack.wait_until(newest, f"the code for {email} arrives") or ""

    # --------------------------------------------------------------------------------------------- what people do

    def once(self, name: str, path: str, /, **body: Any) -> Any:
        """Post something to `/v1`, once."""
        return self.steps.once(name, lambda: self.api.post(path, f"{self.brand}-{name}".replace(" ", "-"), **body))

    def leader(self, letter: str, inviter: str | None) -> str:
        """Somebody joins by an invitation link and says where her money is to go; gives the leader's id."""
        name = LEADERS[letter]
        if not self.steps.done(f"{letter} joins"):
            self.say(f"{name} joins by {LEADERS[inviter] + '’s' if inviter else 'the brand’s'} link")
        invitation = {} if inviter is None else {"leader_id": self.id_of(inviter)}
        code = self.once(f"{letter} is invited", "/v1/invitations", **invitation)["code"]
        email, phone = f"{letter.lower()}@{self.brand}.example", f"1390000000{ord(letter) - 64}"
        joined = self.once(f"{letter} joins", "/v1/leaders", code=code, name=name, phone=phone, email=email)
        return str(joined["id"])

    def id_of(self, letter: str) -> str:
        """Give a leader's id by its letter in the document."""
        return str(self.steps.once(f"{letter} joins", lambda: None)["id"])

    def rank(self, letter: str, rank: str) -> None:
        """The brand gives a leader a rank by hand."""
        if not self.steps.done(f"{letter} is {rank}"):
            self.say(f"the brand makes {LEADERS[letter]} {rank.replace('_', ' ')}")
        self.once(f"{letter} is {rank}", f"/v1/leaders/{self.id_of(letter)}/rank", rank=rank, reason="demo")

    def by_stripe(self, letter: str) -> None:
        """A leader sets up a Stripe account for her payouts, on Stripe's own page."""

        def onboard() -> bool:
            link = self.api.post(
                f"/v1/leaders/{self.id_of(letter)}/stripe_onboarding",
                f"{self.brand}-{letter}-{uuid4()}",  # a link opens once: each try asks for a new one
                return_url=self.stack.url,
                refresh_url=self.stack.url,
            )
            leader = Person(self.stack.stripe_url)
            leader.send(leader.open(link["url"]), "", {})
            return True

        self.steps.once(f"{letter} has a Stripe account", onboard)

    def by_bank(self, letter: str) -> None:
        """A leader is paid by the brand's batch file."""
        path = f"/v1/leaders/{self.id_of(letter)}/bank_account"
        self.once(f"{letter} has a bank account", path, bank_details=f"ICBC 6222 0200 {LEADERS[letter]}")

    def sells(self, number: int, letter: str, campaign: str, product: str) -> str:
        """A guest orders on the leader's page and pays at Stripe; gives the order's id once commissions are posted."""
        name = f"order {number}"
        if not self.steps.done(f"{name} is paid"):
            self.say(f"a customer buys from {LEADERS[letter]} and pays at Stripe Checkout")
        order = self.once(
            name,
            "/v1/orders",
            leader_id=self.id_of(letter),
            campaign_id=campaign,
            lines=[{"product_id": product, "qty": 1}],
            customer={"name": "Li Na", "phone": f"138001380{number:02d}", "pickup": "Gate 3"},
        )

        def pay() -> bool:
            if self.api.get(f"/v1/orders/{order['id']}")["state"] == "awaiting_payment":
                buyer = Person(self.stack.stripe_url)
                checkout = buyer.open(order["checkout_url"])
                if forms_of(checkout):  # a killed driver may have pressed the button before
                    buyer.send(checkout, "", {"action": "pay", "name": "Li Na"})
            self.wait_for_entry(f"order-{order['id']}-accrual")
            return True

        self.steps.once(f"{name} is paid", pay)
        return str(order["id"])

    def refunds(self, number: int, order_id: str, amount_minor: int) -> None:
        """The brand refunds a part of an order."""
        if not self.steps.done(f"order {number} is refunded"):
            self.say(f"one box was spoilt: the brand refunds {amount_minor / 100:.2f} of order {number}")
        path = f"/v1/orders/{order_id}/refunds"
        self.once(f"order {number} is refunded", path, amount_minor=amount_minor, reason="one box was spoilt")
        self.wait_for_entry(f"order-{order_id}-reversal-1")

    def delivers(self, number: int, order_id: str) -> None:
        """The goods are handed out, and the return window runs."""
        self.once(f"order {number} is delivered", f"/v1/orders/{order_id}/deliver")

    # --------------------------------------------------------------------------------------------- what time does

    def lets_the_window_pass(self) -> datetime:
        """Nine days go by: the schedules fire with that time."""
        then = self.steps.once(
            "the return window is over", lambda: (datetime.now(UTC) + RETURN_WINDOW_AND_MORE).isoformat()
        )
        return datetime.fromisoformat(str(then))

    def fires(self, schedule: str, at: datetime) -> None:
        """A schedule fires, and the stream takes in what it did."""
        self.stack.fire_schedule(schedule, at)
        self.stack.settle_stream()

    def confirms_the_banks_file(self) -> None:
        """The brand exports the file for its bank, pays it, and confirms it line by line."""

        def confirm() -> bool:
            lines = self.api.post("/v1/payout_batches", f"{self.brand}-batch")["lines"]
            said = [
                {
                    "batch": line["batch"],
                    "payout": line["payout"],
                    "amount": line["amount"],
                    "result": "paid",
                    "reference": f"ICBC-{line['payout']}",
                }
                for line in lines
            ]
            self.api.post("/v1/payout_batches/confirm", f"{self.brand}-confirm", lines=said)
            return True

        self.steps.once("the bank's file is confirmed", confirm)
        self.stack.settle_stream()

    # --------------------------------------------------------------------------------------------- looking

    def wait_for_entry(self, entry_id: str) -> None:
        """Wait until the ledger has an entry."""
        self.stack.wait_until(lambda: self.has_entry(entry_id), f"the ledger has {entry_id}", 60)

    def has_entry(self, entry_id: str) -> bool:
        """Tell whether the ledger has an entry."""
        return any(entry["entry"] == entry_id for entry in self.api.all("/v1/ledger_entries"))

    def earned(self, letter: str) -> int:
        """What a leader has earned so far, whatever became of it (minor units)."""
        balance = self.api.get(f"/v1/leaders/{self.id_of(letter)}/balance")
        return int(sum(balance[f"{name}_minor"] for name in ("held", "available", "reserved", "paid")))

    def expect(self, moment: str, **earned_minor: int) -> None:
        """Compare what leaders have earned with the document, once, at this moment of the story."""

        def compare() -> bool:
            for letter, expected in earned_minor.items():
                found = self.earned(letter)
                if found != expected:
                    raise Differs(f"{moment}: {LEADERS[letter]} has {found}, the document says {expected}")
            return True

        if not self.steps.done(f"as in the document: {moment}"):
            shown = ", ".join(f"{letter} {amount / 100:.2f}" for letter, amount in earned_minor.items())
            self.steps.once(f"as in the document: {moment}", compare)
            self.say(f"   earned so far, as in the document: {shown}")
