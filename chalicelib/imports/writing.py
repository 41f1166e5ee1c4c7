"""Writing the checked rows of a chunk. Each row can be written any number of times and is there once.

A row's leader id, product id and invitation code come from the job's seed and the row's number, so a try that was cut
left either nothing of a row or exactly what the next try finds.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from pynamodb.attributes import UnicodeAttribute

from chalicelib import store
from chalicelib.catalog import actions as catalog
from chalicelib.commissions.rules.plan import Plan
from chalicelib.delivery import tracking
from chalicelib.errors import Conflict
from chalicelib.ids import RandomBits
from chalicelib.imports.leader_rows import LeaderRow
from chalicelib.imports.product_rows import ProductRow
from chalicelib.imports.store import ImportJob
from chalicelib.imports.tracking_rows import TrackingRow
from chalicelib.leaders import joining, places, rules
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.orders.rules import NotDeliverable
from chalicelib.orders.store import OrderNotFound
from chalicelib.people import persons
from chalicelib.people import store as people
from chalicelib.store import Record

_ATTEMPTS = 20
_log = logging.getLogger(__name__)


class ImportBusy(Conflict):
    """The tree above a row kept changing while it was to be written. The next run goes on."""

    code = "try_again"


class SameLeader(Record, discriminator="import-same"):
    """A row whose person joined by itself between check and commit: that leader stands for the row."""

    leader_id = UnicodeAttribute()


def bits_for(job: ImportJob, number: int) -> RandomBits:
    """Give the bits of a row: the same in every try, nobody's to guess."""
    drawn = 0

    def bits(count: int) -> int:
        nonlocal drawn
        drawn += 1
        digest = sha256(f"{job.seed}#{job.import_id}#{number}#{drawn}".encode()).digest()
        return int.from_bytes(digest) >> (256 - count)

    return bits


def leader_id_of(job: ImportJob, number: int) -> str:
    """Give the id of a row's leader."""
    return rules.new_leader_id(bits_for(job, number))


def write_products(tenant_id: str, job: ImportJob, rows: Sequence[ProductRow]) -> None:
    """Write products; those that are there already stay as they are."""
    for row in rows:
        catalog.create(tenant_id, row.product, now=_committed_at(job), randbits=bits_for(job, row.number))


def write_leaders(tenant_id: str, job: ImportJob, rows: Sequence[LeaderRow], plan: Plan) -> None:
    """Write leaders below their inviters, who are in an earlier row, or here already. Raises `ImportBusy`."""
    ids = [leader_id_of(job, row.number) for row in rows]
    written = leaders.get_many(tenant_id, tuple(ids))
    for row, leader_id in zip(rows, ids, strict=True):
        if leader_id not in written:
            _write(tenant_id, job, row, leader_id, plan)


def _write(tenant_id: str, job: ImportJob, row: LeaderRow, leader_id: str, plan: Plan) -> None:
    person = persons.ensure(row.email, now=_committed_at(job), randbits=bits_for(job, -row.number), name=row.name)
    for _ in range(_ATTEMPTS):
        inviter = _inviter(tenant_id, job, row)
        leader = _leader(tenant_id, job, row, leader_id, person.person_id, inviter, plan)
        if joining.enroll(tenant_id, leader, inviter):
            return
        if leaders.get(tenant_id, leader_id) is not None or _leads_already(tenant_id, job, row, person.person_id):
            return
    raise ImportBusy("Others are changing the same team. The import goes on in a moment.")


def _leads_already(tenant_id: str, job: ImportJob, row: LeaderRow, person_id: str) -> bool:
    """Let the leader that a person became by itself since the check stand for its row: nobody is in the tree twice."""
    for membership in people.memberships(person_id, tenant_id):
        if membership.role == "leader" and membership.leader_id:
            store.put(SameLeader(*_same_key(tenant_id, job, row.number), leader_id=membership.leader_id))
            return True
    return False


def _same_key(tenant_id: str, job: ImportJob, number: int) -> tuple[str, str]:
    return f"{tenant_id}#import#{job.import_id}", f"same#{number:06d}"


def _inviter(tenant_id: str, job: ImportJob, row: LeaderRow) -> Leader | None:
    if row.inviter is None:
        return None
    if isinstance(row.inviter, str):
        return leaders.get(tenant_id, row.inviter)
    found = leaders.get(tenant_id, leader_id_of(job, row.inviter))
    if found is None:
        same = store.get(SameLeader, *_same_key(tenant_id, job, row.inviter))
        found = leaders.get(tenant_id, same.leader_id) if same else None
    if found is None:
        raise ImportBusy("The row of the inviter is being written. The import goes on in a moment.")
    return found


def write_tracking(tenant_id: str, job: ImportJob, rows: Sequence[TrackingRow]) -> None:
    """Note the parcels of a chunk on their orders. One that cannot be shipped any more (given back or handed out
    since the check) is left as it is: there is nothing to put right, and the others go on."""
    for row in rows:
        try:
            tracking.ship(tenant_id, row.order_id, row.carrier, row.tracking_number, now=_committed_at(job))
        except (NotDeliverable, OrderNotFound) as refusal:
            _log.warning("row %s of import %s: %s", row.number, job.import_id, refusal)


def _leader(
    tenant_id: str, job: ImportJob, row: LeaderRow, leader_id: str, person_id: str, inviter: Leader | None, plan: Plan
) -> Leader:
    """Make the profile: confirmed, of the rank that the file says, from the moment of the commit on."""
    since = _committed_at(job)
    bits = bits_for(job, row.number)
    rules.new_leader_id(bits)  # the first draw is the id
    if inviter is not None:
        place = places.below(inviter.place, leader_id, row.rank)
    else:
        place = places.at_the_top(leader_id, row.rank, places.kept_ranks(plan))
    leader = Leader(
        *leaders.leader_key(tenant_id, leader_id),
        leader_id=leader_id,
        person_id=person_id,
        name=row.name,
        phone=row.phone,
        inviter_id=inviter.leader_id if inviter else None,
        invite_code=rules.new_code(bits),
        import_id=job.import_id,
        joined_at=row.joined_at or since,
        rank=row.rank,
        rank_since=since,
        status="confirmed",
        status_since=since,
        standing_since=since,
        confirmed_at=since,
        **leaders.place_attributes(place),
    )
    leader.gsi1pk = leaders.listing_key(tenant_id, store.shard_of(leader_id))
    leader.gsi1sk = leaders.position(leader)
    return leader


def _committed_at(job: ImportJob) -> datetime:
    assert job.committed_at is not None  # noqa: S101 - rows are written after the commit only
    return job.committed_at
