"""What is kept of invite bonuses that wait: those to be decided, who has brought one, how many a month has seen.

None of it is taken back: a newcomer brings one bonus at most, and one that is taken back later makes no room.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.ledger import book
from chalicelib.ledger.book import Beside
from chalicelib.store import Record


class DueBonus(Record, discriminator="due-bonus"):
    """A bonus to be decided at its instant: `{tenant}#bonuses` / `{instant}#{order or newcomer}`.

    order_id: the order of the newcomer that may bring it. reward_packed: of one without an order, what it would be.
    """

    newcomer_id = UnicodeAttribute()
    order_id = UnicodeAttribute(null=True)
    reward_packed = UnicodeAttribute(null=True)
    plan_version = NumberAttribute()
    currency = UnicodeAttribute()

    @property
    def at(self) -> datetime:
        """The instant that decides: when an order's return window is over, or when the newcomer was confirmed."""
        return datetime.fromisoformat(self.sk.partition("#")[0])


class BroughtBonus(Record, discriminator="brought-bonus"):
    """That a newcomer has brought its bonus, paid or lost: `{tenant}#bonus-by#{newcomer}` / `brought`."""

    cause = UnicodeAttribute()


class BonusesInMonth(Record, discriminator="bonuses-in-month"):
    """How many an earner has had, where the plan sets a limit: `{tenant}#bonuses-to#{leader}` / `2026-11`."""

    given = NumberAttribute()


def place(tenant_id: str, at: datetime, name: str) -> tuple[str, str]:
    """Give the key of a bonus to be decided: by its instant."""
    return f"{tenant_id}#bonuses", f"{_instant(at)}#{name}"


def due_by(tenant_id: str, at: datetime) -> Iterator[DueBonus]:
    """List what is to be decided up to a moment, the earliest first."""
    return store.query(DueBonus, f"{tenant_id}#bonuses", DueBonus.sk < f"{_instant(at)}#~")


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def seen_to_have_brought(tenant_id: str, newcomer_id: str) -> bool:
    """Say whether a newcomer surely has brought its bonus, at half price: a moment later this may miss it."""
    return store.get(BroughtBonus, *_brought_key(tenant_id, newcomer_id), consistent=False) is not None


def has_brought(tenant_id: str, newcomer_id: str) -> bool:
    """Say whether a newcomer has brought its bonus, also when it was confirmed under a plan that paid at once."""
    if store.get(BroughtBonus, *_brought_key(tenant_id, newcomer_id)) is not None:
        return True
    invitation = book.entries_in(tenant_id, f"invite#{newcomer_id}")
    return any(move["kind"] == "invite_bonus" for entry in invitation for move in entry.facts["rewards"])


def brings(tenant_id: str, newcomer_id: str, cause: str) -> Beside:
    """Note that a newcomer brings its bonus now, on the condition that it has brought none."""
    brought = BroughtBonus(*_brought_key(tenant_id, newcomer_id), cause=cause)

    def note(write: TransactWrite) -> None:
        write.save(brought, condition=BroughtBonus.pk.does_not_exist())

    return note


def has_room(tenant_id: str, leader_id: str, month: str, limit: int | None) -> bool:
    """Say whether an earner may have one more in a month (`2026-11`)."""
    if limit is None:
        return True
    found = store.get(BonusesInMonth, *_month_key(tenant_id, leader_id, month))
    return found is None or found.given < limit


def takes_room(tenant_id: str, leader_id: str, month: str, limit: int) -> Beside:
    """Count one more for an earner in a month, on the condition that the limit leaves room for it."""

    def count(write: TransactWrite) -> None:
        write.update(
            BonusesInMonth(*_month_key(tenant_id, leader_id, month)),
            actions=[BonusesInMonth.kind.set(BonusesInMonth), BonusesInMonth.given.add(1)],
            condition=BonusesInMonth.given.does_not_exist() | (BonusesInMonth.given < limit),
        )

    return count


def _brought_key(tenant_id: str, newcomer_id: str) -> tuple[str, str]:
    return f"{tenant_id}#bonus-by#{newcomer_id}", "brought"


def _month_key(tenant_id: str, leader_id: str, month: str) -> tuple[str, str]:
    return f"{tenant_id}#bonuses-to#{leader_id}", month
