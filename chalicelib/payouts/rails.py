"""What a payout is sent by, and how a rail answers. Pure; `stripe_rail` is the one that talks."""

from dataclasses import dataclass
from typing import Literal, Protocol

RailName = Literal["stripe", "manual"]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a leader's money goes: a Stripe account's id, or what the bank needs to know."""

    rail: RailName
    account: str


@dataclass(frozen=True, slots=True)
class Held:
    """A leader whose money waits, whatever is available: `reason` says for what."""

    reason: Literal["account_refused", "destination_changed"]


ACCOUNT_GONE = frozenset({"account_gone", "account_invalid", "account_closed"})
"""Refusals that say that the account is no more (or was never ours): another one has to be made."""
ACCOUNT_REFUSED = ACCOUNT_GONE | {"insufficient_capabilities_for_transfer", "transfers_not_allowed"}
"""Refusals that only the account's holder can do something about: until then nothing is sent there."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One payout as a rail needs it. `reference` names it for good; `key` may change only after a definite refusal."""

    reference: str
    key: str
    amount_minor: int
    currency: str
    account: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The rail made the transfer, now or earlier."""

    transfer_id: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """Nothing was transferred, for a reason that passes (the platform's balance is short): the same payout, later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was transferred, and repeating it will not help (account gone, capability revoked)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer was lost or is a server's error: the transfer may or may not have been made."""

    reason: str


Outcome = Sent | NotNow | Refused | Unknown


class Rail(Protocol):
    """A way to send money that answers at once."""

    def send(self, instruction: Instruction) -> Outcome:
        """Make the transfer once, whatever number of times this is called with one key."""

    def find(self, instruction: Instruction) -> Sent | Unknown | None:
        """Look whether the transfer was made; None: it was not. Raises `TransferMismatch`."""


class TransferMismatch(RuntimeError):
    """The rail knows this payout with another amount, currency or account. Somebody must look; nothing is sent."""
