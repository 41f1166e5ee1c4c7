"""Pages of a file brought along, the same for leaders and products (owners) and for tracking numbers (staff)."""

import time

from chalicelib.errors import Invalid
from chalicelib.imports import actions as imports
from chalicelib.imports import tracking_rows
from chalicelib.imports.columns import What, template
from chalicelib.imports.store import ImportJob
from chalicelib.imports.views import ImportView
from chalicelib.web import words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.console_money import csv_file
from chalicelib.web.forms import FormInvalid

AT_ONCE_S = 8.0
"""How long a request works on a file itself; the rest is the schedule's."""
MOST_PROBLEMS = 200


def send(ask: Ask, desk: Desk, what: str) -> ImportJob:
    """Take in the file of the form, and begin to check it. Raises `FormInvalid`, `Invalid`, `FileUnreadable`."""
    name, content = ask.files.get("file", ("", b""))
    if not content:
        raise FormInvalid("Choose a file.", param="file")
    by, now = desk.person.person_id, ask.now
    job = imports.send(desk.tenant_id, what, content, file_name=name, by=by, now=now, randbits=ask.tools.randbits)
    _drive(ask, desk.tenant_id, job)
    return job


def decide(ask: Ask, tenant_id: str, import_id: str) -> None:
    """Have a checked file written, or give it up, as the form says. Raises `Invalid` and what imports refuse."""
    if ask.form["change"] == "withdraw":
        imports.withdraw(tenant_id, import_id)
    elif ask.form["change"] == "commit":
        _drive(ask, tenant_id, imports.commit(tenant_id, import_id, now=ask.now))
    else:
        raise Invalid("Choose what is to be done with the file.", param="change")


def show(ask: Ask, job: ImportJob, *, listed_at: str, tab: str) -> Answer:
    """Show how far a file is, and every problem of it. `listed_at`: the list it is in, a part of the address."""
    tenant_id, import_id = job.pk.partition("#")[0], job.import_id
    return ask.show(
        "console/import.html",
        job=ImportView.of(job),
        problems=imports.problems_of(tenant_id, import_id, limit=MOST_PROBLEMS) if job.problems else [],
        problem_words=words.IMPORT_PROBLEMS | tracking_rows.SAID,
        what_names=words.IMPORT_KINDS,
        states=words.IMPORT_STATES,
        listed_at=listed_at,
        tab=tab,
    )


def file_to_fill_in(ask: Ask, what: What) -> Answer:
    """Give a CSV file with headers in the reader's language."""
    return csv_file(what, template(what, language=ask.language).decode())


def _drive(ask: Ask, tenant_id: str, job: ImportJob) -> None:
    ends = time.monotonic() + AT_ONCE_S
    imports.drive(tenant_id, job, now=ask.now, keep_going=lambda: time.monotonic() < ends)
