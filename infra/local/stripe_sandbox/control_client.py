"""A client of the control API, for drivers and tests: one method per call, JSON objects as dicts."""

import json
import urllib.error
import urllib.request

from infra.local.stripe_sandbox.refusals import Json


class ControlRefused(ValueError):
    """The control API refused; the message is its sentence."""


class NotQuiet(TimeoutError):
    """Webhooks are still undelivered; the message says what their endpoints last answered."""


class Control:
    """Speaks to a sandbox that runs at `url`, in this process or another."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def call(self, method: str, path: str, wanted: Json | None = None, timeout_s: float = 90.0) -> Json:
        """Any call by its path after `/_sandbox/`; raises `ControlRefused`."""
        body = None if wanted is None else json.dumps(wanted).encode()
        request = urllib.request.Request(f"{self._url}/_sandbox/{path}", body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as response:
                answer: Json = json.load(response)
        except urllib.error.HTTPError as refusal:
            raise ControlRefused(json.load(refusal)["error"]["message"]) from refusal
        return answer

    def now(self) -> int:
        """The sandbox clock, in seconds since the epoch."""
        return int(self.call("GET", "clock")["now"])

    def advance_clock(self, seconds: int) -> int:
        """Move the clock forward and do all that falls due; gives the new time."""
        return int(self.call("POST", "clock", {"advance_seconds": seconds})["now"])

    def pay(self, session_id: str, **buyer: str) -> Json:
        """Pay a session as the page does; `email`, `name` and `phone` may be given."""
        return self.call("POST", f"checkout_sessions/{session_id}/pay", dict(buyer))

    def fail(self, session_id: str) -> Json:
        """Try a card that is declined."""
        return self.call("POST", f"checkout_sessions/{session_id}/fail", {})

    def pay_async(self, session_id: str, **buyer: str) -> Json:
        """Choose an asynchronous method; `settle_async` or `fail_async` brings the bank's answer."""
        return self.call("POST", f"checkout_sessions/{session_id}/pay_async", dict(buyer))

    def settle_async(self, session_id: str) -> Json:
        """The bank pays."""
        return self.call("POST", f"checkout_sessions/{session_id}/settle_async", {})

    def fail_async(self, session_id: str) -> Json:
        """The bank does not pay."""
        return self.call("POST", f"checkout_sessions/{session_id}/fail_async", {})

    def dispute(self, charge: str | None = None, **wanted: str | int) -> Json:
        """A buyer's bank takes `charge` (or that of a `payment_intent`) back; `amount` and `reason` may be given, and
        `inquiry=True` when it only asks.
        """
        return self.call("POST", "disputes", ({"charge": charge} if charge else {}) | wanted)

    def escalate_dispute(self, dispute_id: str) -> Json:
        """An inquiry becomes a dispute."""
        return self.call("POST", f"disputes/{dispute_id}/escalate", {})

    def close_dispute(self, dispute_id: str, status: str) -> Json:
        """The bank decides: `won` or `lost`."""
        return self.call("POST", f"disputes/{dispute_id}/close", {"status": status})

    def fail_refund(self, refund_id: str) -> Json:
        """The bank sends a refund back."""
        return self.call("POST", f"refunds/{refund_id}/fail", {})

    def finish_onboarding(self, account_id: str) -> Json:
        """The owner of a connected account gives all details; its capabilities become active."""
        return self.call("POST", f"accounts/{account_id}/finish_onboarding", {})

    def revoke_capability(self, account_id: str, capability: str = "transfers") -> Json:
        """Stripe takes a capability away."""
        return self.call("POST", f"accounts/{account_id}/revoke_capability", {"capability": capability})

    def set_card(self, customer_id: str, *, works: bool) -> Json:
        """From now on the customer's subscription payments succeed, or fail."""
        return self.call("POST", f"customers/{customer_id}/card", {"works": works})

    def set_balance(self, available: int, currency: str = "usd", account: str = "") -> Json:
        """Set the available balance (minor units) of the platform or of a connected account."""
        return self.call("POST", "balance", {"available": available, "currency": currency, "account": account})

    def transfers(self) -> list[Json]:
        """Every transfer the sandbox holds, oldest first."""
        transfers: list[Json] = self.call("GET", "transfers")["transfers"]
        return transfers

    def add_fault(self, kind: str, **rule: object) -> Json:
        """Set a fault rule; README.md lists kinds and fields."""
        return self.call("POST", "faults", {"kind": kind, **rule})

    def clear_faults(self) -> None:
        """Forget every fault rule."""
        self.call("DELETE", "faults")

    def settings(self, **wanted: object) -> Json:
        """Set `available_after_seconds` or `refunds_stay_pending`."""
        return self.call("POST", "settings", dict(wanted))

    def deliver(self, **manner: object) -> Json:
        """How webhooks are delivered from now on: `copies`, `shuffle`, `paused`."""
        return self.call("POST", "deliveries", dict(manner))

    def retry_deliveries(self) -> Json:
        """Try all undelivered webhooks now rather than when their delay is over."""
        return self.call("POST", "deliveries/retry", {})

    def resend(self, event_id: str) -> Json:
        """Deliver an event once more."""
        return self.call("POST", f"events/{event_id}/resend", {})

    def deliveries(self) -> Json:
        """How many webhooks are undelivered, delivered and given up."""
        return self.call("GET", "deliveries")

    def wait_until_delivered(self, seconds: float = 30.0) -> Json:
        """Wait until every webhook was taken; raises `NotQuiet` when some were not in that time."""
        counts = self.call("GET", f"deliveries?wait_seconds={seconds}", timeout_s=seconds + 30)
        if counts["undelivered"]:
            raise NotQuiet(f"{counts['undelivered']} webhooks undelivered: {counts['waiting'][:3]}")
        return counts
