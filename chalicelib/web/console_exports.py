"""Taking along what a brand has: choose what, watch it being made, fetch it for a week."""

import time
from datetime import datetime, timedelta

from chalicelib.exports import actions as exports
from chalicelib.exports import store as jobs
from chalicelib.exports.columns import BY_TIME, KINDS, WITHOUT_CUSTOMERS, What
from chalicelib.exports.store import ExportJob, ExportUnknown
from chalicelib.exports.views import ExportView
from chalicelib.web import order_search, words
from chalicelib.web.answers import Answer, redirect
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import form, page

AT_ONCE_S = 8.0
"""How long a request works on an export itself; the rest is the schedule's."""


def kinds_for(role: str) -> tuple[What, ...]:
    """Give what somebody of a role may take along."""
    return WITHOUT_CUSTOMERS if role == "accountant" else KINDS


def begin(ask: Ask, desk: Desk, what: str, as_format: str, **wanted: object) -> ExportJob:
    """Begin an export for whoever asks, and work on it for a few seconds. Raises what `exports.ask` raises."""
    if what not in kinds_for(desk.membership.role):
        raise FormInvalid("Choose one of these.", param="what")
    job = exports.ask(
        desk.tenant_id,
        what,
        as_format,
        by=desk.person.person_id,
        language=ask.language,
        now=ask.now,
        export_id=ask.form_id("exp"),
        **wanted,  # type: ignore[arg-type]
    )
    ask.noted = {"export": (None, f"{job.what}, {job.format}")}
    ends = time.monotonic() + AT_ONCE_S
    files, now = ask.tools.files, ask.now
    return exports.drive(desk.tenant_id, job, files=files, now=now, keep_going=lambda: time.monotonic() < ends)


@form("/console/{store}/exports")
def export_list(ask: Ask, store: str) -> Answer:
    """Choose what to take along; see the exports of the last week."""
    desk = ask.desk(store, "owner", "staff")
    kinds = kinds_for(desk.membership.role)
    if ask.posted:
        with ask.keeping_problem():
            since, until = _day(ask, desk, "since"), _day(ask, desk, "until")
            until = until + timedelta(days=1) if until else None
            job = begin(ask, desk, ask.form["what"], ask.form["format"], since=since, until=until)
            return ask.go("console", store, "exports", job.export_id)
    found = jobs.newest(desk.tenant_id, now=ask.now, limit=30)
    return ask.show(
        "console/exports.html",
        exports=[ExportView.of(job) for job in found if job.what in kinds],
        kinds=[(kind, ask.say(words.EXPORT_KINDS[kind])) for kind in kinds],
        by_time=[ask.say(words.EXPORT_KINDS[kind]) for kind in kinds if kind in BY_TIME],
        kind_names=words.EXPORT_KINDS,
        states=words.EXPORT_STATES,
        wanted=ask.query("what"),
    )


@page("/console/{store}/exports/{export_id}")
def export_page(ask: Ask, store: str, export_id: str) -> Answer:
    """Show how far an export is, and where it can be fetched."""
    desk = ask.desk(store, "owner", "staff")
    job = _job(ask, desk, export_id)
    return ask.show(
        "console/export.html",
        job=ExportView.of(job),
        kind_names=words.EXPORT_KINDS,
        states=words.EXPORT_STATES,
        size=_size(int(job.size_bytes or 0)),
        only=order_search.asking_for(job.only),
        case_lists=words.CASE_LISTS,
    )


@page("/console/{store}/exports/{export_id}/file")
def export_file(ask: Ask, store: str, export_id: str) -> Answer:
    """Lead to the file, for a minute: whoever is handed that address later finds nothing."""
    desk = ask.desk(store, "owner", "staff")
    return redirect(exports.link(desk.tenant_id, _job(ask, desk, export_id), files=ask.tools.files))


def _job(ask: Ask, desk: Desk, export_id: str) -> ExportJob:
    job = jobs.get(desk.tenant_id, export_id, now=ask.now)
    if job.what not in kinds_for(desk.membership.role):
        raise ExportUnknown("There is no such export. They are kept for a week.", param="export_id")
    return job


def _day(ask: Ask, desk: Desk, name: str) -> datetime | None:
    """Read a day on the brand's clock, its beginning. Raises `FormInvalid`."""
    typed = ask.form[name].strip()
    if not typed:
        return None
    if len(typed) != 10:
        raise FormInvalid("Choose a day here.", param=name)
    return ask.form.moment(name, desk.brand.timezone)


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1_000_000:.1f} MB" if size_bytes >= 100_000 else f"{-(-size_bytes // 1000)} kB"
