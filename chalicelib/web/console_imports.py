"""Bringing leaders and products along from a file: send it, look at every problem, say yes, watch it being written."""

import time

from chalicelib.imports import actions as imports
from chalicelib.imports import store as jobs
from chalicelib.imports.columns import HEADERS, KINDS, NEEDED, template
from chalicelib.imports.store import ImportJob, ImportUnknown
from chalicelib.imports.views import ImportView
from chalicelib.web import words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import action, page, upload

AT_ONCE_S = 8.0
"""How long a request works on an import itself; the rest is the schedule's."""
MOST_PROBLEMS = 200


@upload("/console/{store}/imports")
def import_list(ask: Ask, store: str) -> Answer:
    """Send a file; see the imports of before. Owners only: a file makes leaders."""
    desk = ask.desk(store, "owner")
    if ask.posted:
        with ask.keeping_problem():
            name, content = ask.files.get("file", ("", b""))
            if not content:
                raise FormInvalid("Choose a file.", param="file")
            job = imports.send(
                desk.tenant_id,
                ask.form["what"],
                content,
                file_name=name,
                by=desk.person.person_id,
                now=ask.now,
                randbits=ask.tools.randbits,
            )
            _drive(ask, desk.tenant_id, job)
            return ask.go("console", store, "imports", job.import_id)
    return ask.show(
        "console/imports.html",
        imports=[ImportView.of(job) for job in jobs.newest(desk.tenant_id, limit=20)],
        kinds=KINDS,
        headers=HEADERS,
        needed=NEEDED,
        what_names=words.IMPORT_KINDS,
        states=words.IMPORT_STATES,
    )


@page("/console/{store}/import_template")
def import_template(ask: Ask, store: str) -> Answer:
    """Give a file to fill in, with headers in the reader's language."""
    ask.desk(store, "owner")
    for kind in KINDS:
        if ask.query("what") == kind:
            body = template(kind, language=ask.language).decode()
            headers = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
            return Answer(body, content_type="text/csv; charset=utf-8", cache="no-store", headers=headers)
    raise ImportUnknown("There is a template for leaders and one for products.")


@page("/console/{store}/imports/{import_id}")
def import_page(ask: Ask, store: str, import_id: str) -> Answer:
    """Show an import: how far it is, what is wrong, whether it can be written."""
    desk = ask.desk(store, "owner")
    return _page(ask, desk.tenant_id, import_id)


@action("/console/{store}/imports/{import_id}")
def decide(ask: Ask, store: str, import_id: str) -> Answer:
    """Say yes to an import, or give it up."""
    desk = ask.desk(store, "owner")
    if ask.posted:
        with ask.keeping_problem():
            if ask.form["change"] == "withdraw":
                imports.withdraw(desk.tenant_id, import_id)
            else:
                _drive(ask, desk.tenant_id, imports.commit(desk.tenant_id, import_id, now=ask.now))
            return ask.go("console", store, "imports", import_id)
    return _page(ask, desk.tenant_id, import_id)


def _drive(ask: Ask, tenant_id: str, job: ImportJob) -> None:
    ends = time.monotonic() + AT_ONCE_S
    imports.drive(tenant_id, job, now=ask.now, keep_going=lambda: time.monotonic() < ends)


def _page(ask: Ask, tenant_id: str, import_id: str) -> Answer:
    job = jobs.get(tenant_id, import_id)
    return ask.show(
        "console/import.html",
        job=ImportView.of(job),
        problems=imports.problems_of(tenant_id, import_id, limit=MOST_PROBLEMS) if job.problems else [],
        problem_words=words.IMPORT_PROBLEMS,
        what_names=words.IMPORT_KINDS,
        states=words.IMPORT_STATES,
    )
