"""An import from step to step: sent, checked, committed, written. Cut anywhere, the next run goes on.

Nothing of the file is written to the tree or the catalogue before its last row is found right and the brand has said
yes; from then on it only goes forward (infra/decisions/0011).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from chalicelib import ids, store
from chalicelib.commissions import store as plans
from chalicelib.errors import Conflict, Invalid
from chalicelib.ids import RandomBits
from chalicelib.imports import known, leader_rows, product_rows, tracking_rows, writing
from chalicelib.imports.columns import KINDS, Problem, Row, What, rows_of
from chalicelib.imports.files import read_table
from chalicelib.imports.leader_rows import Here, LeaderRow
from chalicelib.imports.product_rows import ProductRow
from chalicelib.imports.store import (
    ImportJob,
    chunks_of,
    get,
    job_key,
    moved,
    newest,
    read_chunk,
    read_part,
    write_chunk,
)
from chalicelib.imports.tracking_rows import OrderHere, TrackingRow
from chalicelib.tenants import actions as tenants

KeepGoing = Callable[[], bool]

_LOOK_BACK = 20
"""How many of a brand's latest imports the sweep looks at."""


class ImportNotReady(Conflict):
    """The import is not in a state in which this can be done."""

    code = "import_not_ready"


def send(
    tenant_id: str, what: str, content: bytes, *, file_name: str, by: str, now: datetime, randbits: RandomBits
) -> ImportJob:
    """Take in a file: read it, keep its rows, begin to check them. Nothing else is written.

    what: `leaders`, `products` or `tracking`. Raises `Invalid`, `FileUnreadable`.
    """
    kind = _kind(what)
    rows, problems = rows_of(kind, read_table(content))
    chunks = chunks_of(rows)
    import_id = ids.new_id("imp", now, randbits)
    job = ImportJob(
        *job_key(tenant_id, import_id),
        import_id=import_id,
        what=kind,
        file_name=" ".join(file_name.split())[:100] or kind,
        rows=len(rows),
        steps=len(chunks),
        seed=f"{randbits(128):032x}",
        made_by=by,
        made_at=now,
    )
    if problems:
        _keep_problems(tenant_id, job, problems)
        job.state, job.problems = "refused", len(problems)
    for number, chunk in enumerate(chunks):
        write_chunk(tenant_id, job, "rows", number, chunk)
    store.put(job)  # last: a job whose rows are not all there does not exist
    return job


def _kind(what: str) -> What:
    for kind in KINDS:
        if what == kind:
            return kind
    raise Invalid("Choose leaders, products or tracking.", param="what")


def commit(tenant_id: str, import_id: str, *, now: datetime) -> ImportJob:
    """Say yes to a checked import: from now on all of it will be written, whatever is cut or killed.

    When the plan has changed since the check, it is checked again. Saying it twice changes nothing.
    Raises `ImportUnknown`, `ImportNotReady`.
    """
    job = get(tenant_id, import_id)
    if job.state in ("committing", "done"):
        return job
    if job.state != "ready":
        raise ImportNotReady("Only an import without any problem can be written. Correct the file and send it again.")
    if job.what == "leaders" and job.plan_version != plans.in_force(tenant_id, on=now).number:
        moved(job, state="checking", steps_done=0)
        raise ImportNotReady("The plan has changed since the check. The rows are checked again; look once more.")
    moved(job, state="committing", steps_done=0, committed_at=now)
    return job


def withdraw(tenant_id: str, import_id: str) -> ImportJob:
    """Give up an import that was not committed. Raises `ImportUnknown`, `ImportNotReady`."""
    job = get(tenant_id, import_id)
    if job.state in ("committing", "done"):
        raise ImportNotReady("This import is being written, or was. It cannot be taken back.")
    moved(job, state="withdrawn")
    return job


def problems_of(tenant_id: str, import_id: str, *, limit: int, after: int = 0) -> list[Problem]:
    """List what is wrong, in the order of the rows, on from the number of problems already seen."""
    found: list[Problem] = []
    for number, problem in enumerate(read_part(tenant_id, import_id, "problems", Problem)):
        if number >= after and len(found) < limit:
            found.append(problem)
    return found


# ------------------------------------------------------------------------------------------------ going on


def drive_all(tenant_id: str, *, now: datetime, keep_going: KeepGoing) -> int:
    """Go on with every import of a brand that is under way; gives how many were."""
    under_way = [job for job in newest(tenant_id, limit=_LOOK_BACK) if job.is_under_way]
    for job in under_way:
        drive(tenant_id, job, now=now, keep_going=keep_going)
    return len(under_way)


def drive(tenant_id: str, job: ImportJob, *, now: datetime, keep_going: KeepGoing) -> ImportJob:
    """Do the next steps of an import until it waits for somebody, is done, or `keep_going` says no."""
    while job.is_under_way and keep_going():
        if job.state == "checking":
            _check_step(tenant_id, job, now)
        else:
            _write_step(tenant_id, job, now)
    return job


def _check_step(tenant_id: str, job: ImportJob, now: datetime) -> None:
    """Find out what the table knows of a chunk's rows; after the last one, check all rows together."""
    done = int(job.steps_done)
    if done < int(job.steps):
        if job.what == "leaders":
            rows = read_chunk(tenant_id, job.import_id, "rows", done, Row)
            write_chunk(tenant_id, job, "here", done, known.named_by(tenant_id, rows, now=now))
        elif job.what == "tracking":
            rows = read_chunk(tenant_id, job.import_id, "rows", done, Row)
            write_chunk(tenant_id, job, "here", done, known.orders_in(tenant_id, rows))
        moved(job, steps_done=done + 1)
        return
    version = plans.in_force(tenant_id, on=now)
    rows = list(read_part(tenant_id, job.import_id, "rows", Row))
    brand = tenants.get(tenant_id)
    placed: Sequence[LeaderRow | ProductRow | TrackingRow]
    if job.what == "leaders":
        here = dict(read_part(tenant_id, job.import_id, "here", tuple[str, Here]))
        placed, problems = leader_rows.check(rows, leader_rows.Setting(version.plan, brand.timezone, now, here))
    elif job.what == "tracking":
        orders = dict(read_part(tenant_id, job.import_id, "here", tuple[str, OrderHere]))
        placed, problems = tracking_rows.check(rows, orders)
    else:
        placed, problems = product_rows.check(rows, brand.currency)
    for number, chunk in enumerate(chunks_of(placed)):
        write_chunk(tenant_id, job, "plan", number, chunk)
    _keep_problems(tenant_id, job, problems)
    state = "refused" if problems else "ready"
    moved(job, state=state, problems=len(problems), plan_version=version.number, steps_done=0)


def _keep_problems(tenant_id: str, job: ImportJob, problems: Iterable[Problem]) -> None:
    for number, chunk in enumerate(chunks_of(list(problems))):
        write_chunk(tenant_id, job, "problems", number, chunk)


def _write_step(tenant_id: str, job: ImportJob, now: datetime) -> None:
    """Write the rows of a chunk, and note that they are written."""
    done = int(job.steps_done)
    if job.what == "leaders":
        plan = plans.version(tenant_id, int(job.plan_version)).plan
        rows = read_chunk(tenant_id, job.import_id, "plan", done, LeaderRow)
        writing.write_leaders(tenant_id, job, rows, plan)
    elif job.what == "tracking":
        writing.write_tracking(tenant_id, job, read_chunk(tenant_id, job.import_id, "plan", done, TrackingRow))
    else:
        writing.write_products(tenant_id, job, read_chunk(tenant_id, job.import_id, "plan", done, ProductRow))
    if done + 1 < int(job.steps):
        moved(job, steps_done=done + 1)
    else:
        moved(job, steps_done=done + 1, state="done", done_at=now)
