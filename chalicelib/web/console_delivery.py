"""The console's delivery: what a campaign needs picked and packed, handing out, tracking numbers."""

from chalicelib.campaigns import store as campaigns
from chalicelib.imports import store as jobs
from chalicelib.imports.columns import HEADERS, NEEDED
from chalicelib.imports.store import ImportJob, ImportUnknown
from chalicelib.imports.views import ImportView
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.web import delivery_pages, import_pages, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.delivery_pages import Desk
from chalicelib.web.frame import action, form, page, upload

PAGE = 30


def _desk(ask: Ask, store: str, campaign_id: str) -> Desk:
    desk = ask.desk(store, "owner", "staff")
    campaign = campaigns.get(desk.tenant_id, campaign_id)
    return Desk(desk.tenant_id, campaign, ("console", store, "campaigns", campaign_id), desk.person.person_id)


@page("/console/{store}/deliveries")
def deliveries(ask: Ask, store: str) -> Answer:
    """List campaigns with their lists to pack and to hand out by, the last to close first."""
    desk = ask.desk(store, "owner", "staff")
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    found = campaigns.closing_latest_first(desk.tenant_id, limit=PAGE, after=after)
    cursor = encode_cursor(str(found[-1].gsi1sk)) if len(found) == PAGE else ""
    return ask.show(
        "delivery/campaigns.html",
        campaigns=found,
        running=[one.campaign_id for one in found if campaigns.takes_orders(one, ask.now)],
        older=ask.links.path("console", store, "deliveries", after=cursor) if cursor else "",
    )


@page("/console/{store}/campaigns/{campaign_id}/delivery")
def delivery(ask: Ask, store: str, campaign_id: str) -> Answer:
    """What is to be picked, and how far each leader is."""
    return delivery_pages.overview(ask, _desk(ask, store, campaign_id))


@page("/console/{store}/campaigns/{campaign_id}/packing")
def packing(ask: Ask, store: str, campaign_id: str) -> Answer:
    """The packing list, to print."""
    return delivery_pages.packing(ask, _desk(ask, store, campaign_id))


@page("/console/{store}/campaigns/{campaign_id}/labels")
def labels(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Labels, to print."""
    return delivery_pages.labels(ask, _desk(ask, store, campaign_id))


@form("/console/{store}/campaigns/{campaign_id}/handout")
def handout(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Who gets what; several orders at once can be marked as delivered."""
    return delivery_pages.handout(ask, _desk(ask, store, campaign_id))


@page("/console/{store}/campaigns/{campaign_id}/delivery_file")
def delivery_file(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Picking or packing as CSV or XLSX."""
    return delivery_pages.file(ask, _desk(ask, store, campaign_id))


@action("/console/{store}/campaigns/{campaign_id}/arrived")
def arrived(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Mark that the goods are at a leader, and tell its buyers."""
    return delivery_pages.arrived(ask, _desk(ask, store, campaign_id), ask.form["leader_id"])


# ------------------------------------------------------------------------------------------------ tracking numbers


@upload("/console/{store}/tracking")
def tracking(ask: Ask, store: str) -> Answer:
    """Send a file of tracking numbers; see those of before."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            job = import_pages.send(ask, desk, "tracking")
            return ask.go("console", store, "tracking", job.import_id)
    recent = [job for job in jobs.newest(desk.tenant_id, limit=50) if job.what == "tracking"]
    return ask.show(
        "delivery/tracking.html",
        imports=[ImportView.of(job) for job in recent],
        headers=HEADERS["tracking"],
        needed=NEEDED["tracking"],
        states=words.IMPORT_STATES,
    )


@page("/console/{store}/tracking_template")
def tracking_template(ask: Ask, store: str) -> Answer:
    """Give a file to fill in."""
    ask.desk(store, "owner", "staff")
    return import_pages.file_to_fill_in(ask, "tracking")


@form("/console/{store}/tracking/{import_id}")
def tracking_file(ask: Ask, store: str, import_id: str) -> Answer:
    """Look at every problem of a file; have it written, or give it up."""
    desk = ask.desk(store, "owner", "staff")
    job = _tracking_job(desk.tenant_id, import_id)
    if ask.posted:
        with ask.keeping_problem():
            import_pages.decide(ask, desk.tenant_id, import_id)
            return ask.go("console", store, "tracking", import_id)
        job = _tracking_job(desk.tenant_id, import_id)
    return import_pages.show(ask, job, listed_at="tracking", tab="orders")


def _tracking_job(tenant_id: str, import_id: str) -> ImportJob:
    """Read a file of tracking numbers; leaders and products are the owner's business alone (`console_imports`)."""
    job = jobs.get(tenant_id, import_id)
    if job.what != "tracking":
        raise ImportUnknown("There is no such import.", param="import_id")
    return job
