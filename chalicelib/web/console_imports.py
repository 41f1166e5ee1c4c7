"""Bringing leaders and products along from a file: send it, look at every problem, say yes, watch it being written."""

from chalicelib.imports import store as jobs
from chalicelib.imports.columns import HEADERS, KINDS, NEEDED
from chalicelib.imports.store import ImportUnknown
from chalicelib.imports.views import ImportView
from chalicelib.web import import_pages, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import form, page, upload


@upload("/console/{store}/imports")
def import_list(ask: Ask, store: str) -> Answer:
    """Send a file; see the imports of before. Owners only: a file makes leaders."""
    desk = ask.desk(store, "owner")
    if ask.posted:
        with ask.keeping_problem():
            job = import_pages.send(ask, desk, ask.form["what"])
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
    """Give a file to fill in."""
    ask.desk(store, "owner")
    for kind in KINDS:
        if ask.query("what") == kind:
            return import_pages.file_to_fill_in(ask, kind)
    raise ImportUnknown("There is a template for leaders and one for products.")


@form("/console/{store}/imports/{import_id}")
def import_page(ask: Ask, store: str, import_id: str) -> Answer:
    """Show an import: how far it is, what is wrong, whether it can be written; say yes to it, or give it up."""
    desk = ask.desk(store, "owner")
    job = jobs.get(desk.tenant_id, import_id)
    if ask.posted:
        with ask.keeping_problem():
            import_pages.decide(ask, desk.tenant_id, import_id)
            return ask.go("console", store, "imports", import_id)
        job = jobs.get(desk.tenant_id, import_id)
    return import_pages.show(ask, job, listed_at="imports", tab="leaders")
