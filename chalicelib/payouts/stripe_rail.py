"""Payouts as Stripe transfers from the platform's balance to a leader's connected account.

https://docs.stripe.com/connect/separate-charges-and-transfers · https://docs.stripe.com/api/idempotent_requests
"""

from typing import TYPE_CHECKING

from chalicelib.payouts.rails import Instruction, NotNow, Outcome, Refused, Sent, TransferMismatch, Unknown

if TYPE_CHECKING:
    from stripe import StripeClient, StripeError, Transfer


class StripeRail:
    """Sends by transfer. `transfer_group` carries the payout's reference, which Stripe keeps for good; its idempotency
    keys are forgotten after 24 hours."""

    def __init__(self, client: "StripeClient") -> None:
        self._client = client

    def send(self, instruction: Instruction) -> Outcome:
        """Create the transfer under the instruction's key, and say what became of it."""
        import stripe

        try:
            transfer = self._client.v1.transfers.create(
                params={
                    "amount": instruction.amount_minor,
                    "currency": instruction.currency.lower(),
                    "destination": instruction.account,
                    "transfer_group": instruction.reference,
                    "metadata": {"payout": instruction.reference},
                },
                options={"idempotency_key": instruction.key},
            )
        except stripe.IdempotencyError as error:
            if error.http_status == 409:  # another worker is in the middle of this very call
                return Unknown("Stripe is still working on it")
            raise TransferMismatch(f"{instruction.reference} was sent before with other details") from error
        except stripe.StripeError as error:
            return _outcome_of(error)
        return Sent(transfer.id)

    def find(self, instruction: Instruction) -> Sent | Unknown | None:
        """Look the transfer up by its group. Raises `TransferMismatch` when it is there with other details."""
        import stripe

        try:
            found = self._client.v1.transfers.list(params={"transfer_group": instruction.reference, "limit": 2}).data
        except stripe.StripeError as error:
            return Unknown(_reason(error))
        if len(found) > 1:
            raise TransferMismatch(f"{instruction.reference} has more than one transfer")
        return Sent(_checked(found[0], instruction)) if found else None


def _checked(transfer: "Transfer", instruction: Instruction) -> str:
    expected = (instruction.amount_minor, instruction.currency.lower(), instruction.account)
    if (transfer.amount, transfer.currency, transfer.destination) != expected:
        raise TransferMismatch(f"{instruction.reference} has a transfer with other details: {transfer.id}")
    return transfer.id


def _outcome_of(error: "StripeError") -> Outcome:
    """Sort an error: certainly not done and passing, certainly not done for good, or nobody knows."""
    import stripe

    status = error.http_status
    if isinstance(error, stripe.APIConnectionError) or status is None or status >= 500 or status == 409:
        return Unknown(_reason(error))
    if isinstance(error, stripe.RateLimitError | stripe.AuthenticationError) or error.code == "balance_insufficient":
        return NotNow(_reason(error))
    if error.code == "resource_missing" and getattr(error, "param", None) == "destination":
        return Refused("account_gone")
    return Refused(_reason(error))


def _reason(error: "StripeError") -> str:
    return error.code or type(error).__name__
