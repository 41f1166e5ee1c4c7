"""The order chain as people read it: numbered, by pages, with its totals; and a fingerprint that says it is unchanged.

Read only, and eventually consistent: it may be a moment behind. Numbers are places among those still in, so they need
the whole chain: above `LONGEST_NUMBERED` orders the list goes on without numbers.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import TableConnection
from pynamodb.models import Model

from chalicelib.campaigns import chain
from chalicelib.campaigns.chain import ChainEntry
from chalicelib.campaigns.store import campaign_key
from chalicelib.ids import is_id
from chalicelib.store import Record

PAGE = 20
LONGEST_NUMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """An order that is still in: its number (None in a very long chain), masked names, units by product."""

    number: int | None
    names: tuple[str, ...]
    units: int
    lines: dict[str, int]
    paid_at: datetime
    position: str


@dataclass(frozen=True, slots=True)
class Roll:
    """A page of a chain, newest first. `orders` and `units` count those still in, of the whole chain.

    `is_whole`: the chain is no longer than what was counted. `older`: the position to go on behind, if there is more.
    """

    places: list[Place]
    orders: int
    units: int
    is_whole: bool
    older: str | None


def roll_of(tenant_id: str, campaign_id: str, *, after: str | None = None, page: int = PAGE) -> Roll:
    """Read a page of a chain; `after` is the position of the last one seen. One or two requests.

    The newest `LONGEST_NUMBERED` orders are read to number the page; behind them a page is read by itself.
    """
    found = list(chain.entries(tenant_id, campaign_id, newest_first=True, limit=LONGEST_NUMBERED, consistent=False))
    is_whole = len(found) < LONGEST_NUMBERED
    still_in = [entry for entry in found if entry.left_at is None]
    numbered = _numbered(still_in, is_whole)
    behind = [one for one in numbered if after is None or one.position < after]
    if after is not None and not is_whole and after <= found[-1].sk:
        more = chain.entries(
            tenant_id, campaign_id, newest_first=True, limit=LONGEST_NUMBERED, consistent=False, after=after
        )
        behind = _numbered([entry for entry in more if entry.left_at is None], False)
    shown = behind[:page]
    older = shown[-1].position if len(behind) > page else None
    if older is None and not is_whole and shown:
        older = shown[-1].position  # there may be more behind what was read
    return Roll(shown, len(still_in), sum(one.units for one in numbered), is_whole, older)


def latest(tenant_id: str, campaign_id: str, *, most: int) -> list[ChainEntry]:
    """Give those who came last and are still in, of the last few: a glimpse, in one small request."""
    found = chain.entries(tenant_id, campaign_id, newest_first=True, limit=2 * most, consistent=False)
    return [entry for entry in found if entry.left_at is None][:most]


def _numbered(still_in: list[ChainEntry], is_whole: bool) -> list[Place]:
    return [
        Place(
            number=len(still_in) - place if is_whole else None,
            names=tuple(entry.names),
            units=int(entry.units),
            lines=entry.lines,
            paid_at=entry.paid_at,
            position=entry.sk,
        )
        for place, entry in enumerate(still_in)
    ]


# ------------------------------------------------------------------------------------------------ unchanged?


class _Counter(Model):
    """Whatever counts in a campaign's partition, unread. Without `kind`: any kind of item is wanted."""

    Meta = Record.Meta  # type: ignore[assignment]  # pynamodb's protocol asks for one class each

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    version = NumberAttribute(null=True)
    left = NumberAttribute(null=True)
    status = UnicodeAttribute(null=True)
    closes_at = UnicodeAttribute(null=True)
    items_packed = UnicodeAttribute(null=True)
    title = UnicodeAttribute(null=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        return Record._get_connection()


def fingerprint(tenant_id: str, campaign_id: str, now: datetime, *more: str) -> str | None:
    """Give what changes whenever the first page of a campaign's chain does; None without such a campaign.

    Two requests: the campaign's own partition (its state, its group's version, what is left) and the newest page of
    its chain. `more`: whatever else the answer depends on, such as its language.
    """
    if not is_id("cp", campaign_id):
        return None
    pk, sk = campaign_key(tenant_id, campaign_id)
    counters = list(_Counter.query(pk, consistent_read=False))
    campaign = next((one for one in counters if one.sk == sk), None)
    if campaign is None:
        return None
    newest = chain.entries(tenant_id, campaign_id, newest_first=True, limit=PAGE, consistent=False)
    is_over = campaign.closes_at is not None and now >= datetime.fromisoformat(campaign.closes_at)
    parts = [
        *more,
        str(is_over),
        *(f"{one.sk} {one.version} {one.left} {one.status} {one.closes_at}" for one in counters),
        f"{campaign.title} {campaign.items_packed}",
        *(f"{entry.sk} {entry.left_at}" for entry in newest),
    ]
    return sha256("\n".join(parts).encode()).hexdigest()[:32]
