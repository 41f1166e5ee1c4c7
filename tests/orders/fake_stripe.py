"""A Stripe of a few dozen lines: sessions and refunds, keys that replay, answers that get lost."""

import itertools
import json
import time
from collections import Counter
from types import SimpleNamespace

import stripe
from stripe import WebhookSignature

SECRET = "whsec_test"


class FakeStripe:
    """Speaks like `StripeClient` for the calls that orders make.

    `lose_answer("refunds.create")`: the next such call happens, but its answer never arrives.
    `fail("refunds.create", error)`: the next such call does not happen; the error comes back.
    """

    def __init__(self, clock):
        self.clock, self.pay_at = clock, "https://pay.example"
        self.sessions, self.refunds, self.calls = {}, {}, Counter()
        self.refund_status = "succeeded"
        self._by_key, self._lost, self._failures, self._trouble = {}, Counter(), {}, {}
        self.v1 = SimpleNamespace(
            checkout=SimpleNamespace(
                sessions=SimpleNamespace(
                    create=self._called("sessions.create", self._create_session),
                    retrieve=self._called("sessions.retrieve", self._session),
                    expire=self._called("sessions.expire", self._expire_session),
                )
            ),
            payment_intents=SimpleNamespace(retrieve=self._called("payment_intents.retrieve", self._payment)),
            refunds=SimpleNamespace(
                create=self._called("refunds.create", self._create_refund),
                retrieve=self._called("refunds.retrieve", lambda refund_id: refund_of(self.refunds[refund_id])),
                list=self._called("refunds.list", self._list_refunds),
            ),
        )

    # ---------------------------------------------------------------------------------------- what tests arrange

    def lose_answer(self, call):
        self._lost[call] += 1

    def fail(self, call, error, times=1):
        self._failures[call] = [error] * times

    def trouble_every(self, call, number, errors):
        """Each so-many-th such call goes wrong, with these errors in turn; None: done, but its answer is lost."""
        self._trouble[call] = (number, itertools.cycle(errors))

    def forget_keys(self):
        """24 hours later."""
        self._by_key.clear()

    def pay(self, session_id, *, later=False):
        """The buyer presses *pay*; `later`: with a method that takes days."""
        session = self.sessions[session_id]
        assert session["status"] == "open"
        session |= {
            "status": "complete",
            "payment_status": "unpaid" if later else "paid",
            "payment_intent": f"pi_{session_id}",
        }

    def succeed_later(self, session_id):
        self.sessions[session_id]["payment_status"] = "paid"

    # ---------------------------------------------------------------------------------------- what orders call

    def _called(self, name, answer):
        def call(*arguments):
            self.calls[name] += 1
            if self._failures.get(name):
                raise self._failures[name].pop()
            number, errors = self._trouble.get(name, (0, ()))
            goes_wrong = number and self.calls[name] % number == 0
            if goes_wrong and (error := next(errors)) is not None:
                raise error
            result = answer(*arguments)
            if self._lost[name] or goes_wrong:
                self._lost[name] -= not goes_wrong
                raise stripe.APIConnectionError("timed out", should_retry=True)
            return result

        return call

    def _once(self, options, params, make):
        key = options["idempotency_key"]
        if key not in self._by_key:
            self._by_key[key] = (params, make())
        before, answer = self._by_key[key]
        if before != params:
            raise stripe.IdempotencyError("Keys for idempotent requests can only be used with the same parameters")
        return answer

    def _create_session(self, params, options):
        def make():
            if params["expires_at"] < self.clock().timestamp() + 30 * 60:
                raise stripe.InvalidRequestError("`expires_at` must be at least 30 minutes ahead", "expires_at", None)
            session_id = f"cs_test_{len(self.sessions) + 1}"
            amount = sum(line["quantity"] * line["price_data"]["unit_amount"] for line in params["line_items"])
            self.sessions[session_id] = {
                "id": session_id,
                "object": "checkout.session",
                "status": "open",
                "payment_status": "unpaid",
                "amount_total": amount,
                "currency": params["line_items"][0]["price_data"]["currency"],
                "payment_intent": None,
                "url": f"{self.pay_at}/{session_id}",
                "metadata": params["metadata"],
                "expires_at": params["expires_at"],
            }
            return dict(self.sessions[session_id])

        return session_of(self._once(options, params, make))

    def _session(self, session_id):
        if session_id not in self.sessions:
            raise stripe.InvalidRequestError("No such checkout.session", "id", code="resource_missing")
        session = self.sessions[session_id]
        if session["status"] == "open" and session["expires_at"] <= self.clock().timestamp():
            session |= {"status": "expired", "url": None}
        return session_of(session)

    def _payment(self, payment_intent_id):
        for session in self.sessions.values():
            if session["payment_intent"] == payment_intent_id:
                fields = {"id": payment_intent_id, "object": "payment_intent", "metadata": session["metadata"]}
                return stripe.PaymentIntent.construct_from(fields, "sk_test")
        raise stripe.InvalidRequestError("No such payment_intent", "intent", code="resource_missing")

    def _expire_session(self, session_id):
        session = self.sessions[session_id]
        if session["status"] != "open":
            raise stripe.InvalidRequestError("This session cannot be expired", "id")
        session |= {"status": "expired", "url": None}
        return session_of(session)

    def _create_refund(self, params, options):
        def make():
            payment = params["payment_intent"]
            paid = next(one["amount_total"] for one in self.sessions.values() if one["payment_intent"] == payment)
            refunded = sum(one["amount"] for one in self.refunds.values() if one["payment_intent"] == payment)
            if refunded + params["amount"] > paid:
                raise stripe.InvalidRequestError("more than is left", "amount", code="charge_already_refunded")
            refund_id = f"re_{len(self.refunds) + 1}"
            self.refunds[refund_id] = params | {"id": refund_id, "object": "refund", "status": self.refund_status}
            return self.refunds[refund_id]

        return refund_of(self._once(options, params, make))

    def _list_refunds(self, params):
        found = [one for one in self.refunds.values() if one["payment_intent"] == params["payment_intent"]]
        page = {"object": "list", "has_more": False, "url": "/v1/refunds", "data": found}
        return stripe.ListObject.construct_from(page, "sk_test")


def session_of(fields):
    return stripe.checkout.Session.construct_from(dict(fields), "sk_test")


def refund_of(fields):
    return stripe.Refund.construct_from(dict(fields), "sk_test")


def message(event_type, told, *, created, event_id="evt_1"):
    """Write an event as Stripe sends it."""
    body = {
        "id": event_id,
        "object": "event",
        "type": event_type,
        "created": int(created.timestamp()),
        "livemode": False,
        "data": {"object": told},
    }
    return json.dumps(body).encode()


def signed(payload, *, at=None, secret=SECRET):
    """Write the `Stripe-Signature` header."""
    timestamp = int(time.time() if at is None else at.timestamp())
    return WebhookSignature.generate_signature_header(payload.decode(), secret, timestamp)
