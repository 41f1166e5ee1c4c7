"""The console's page about how a brand looks: its colour, its logo, and a preview of both before they are kept."""

from chalicelib.errors import Refusal
from chalicelib.media.store import PUBLIC
from chalicelib.tenants import actions as tenants
from chalicelib.tenants.commands import UpdateSettings
from chalicelib.tenants.rules import check_accent
from chalicelib.tenants.store import Tenant
from chalicelib.web import looks
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import upload


@upload("/console/{store}/look")
def look_page(ask: Ask, store: str) -> Answer:
    """Choose a brand's colour and logo, look at them first, or go back to ours. Owners only."""
    desk = ask.desk(store, "owner")
    ours = looks.ours()[0]["--brand"]
    if ask.posted:
        with ask.keeping_problem():
            if ask.form["do"] != "preview":
                _change(ask, desk)
                return ask.go("console", store, "look", done="1")
            check_accent(_typed_colour(ask, desk.brand) or ours)  # who tries what is no colour is told so
    colour = _shown_colour(ask, desk.brand) or ours
    is_kept = colour == (desk.brand.accent or ours)
    return ask.show("console/look.html", colour=colour, ours=ours, is_kept=is_kept)


def _change(ask: Ask, desk: Desk) -> None:
    if ask.form["do"] == "reset":
        tenants.update_settings(desk.tenant_id, UpdateSettings(accent=""), now=ask.now)
        tenants.set_logo(desk.tenant_id, None, now=ask.now)
        return
    accent, (_, logo) = _typed_colour(ask, desk.brand), ask.files.get("logo", ("", b""))
    if accent:
        check_accent(accent)  # before a photo is kept
    if logo:
        tenants.set_logo(desk.tenant_id, _kept(ask, desk.tenant_id, logo), now=ask.now)
    elif ask.form["remove_logo"]:
        tenants.set_logo(desk.tenant_id, None, now=ask.now)
    tenants.update_settings(desk.tenant_id, UpdateSettings(accent=accent), now=ask.now)


def _kept(ask: Ask, tenant_id: str, content: bytes) -> str:
    """Keep a logo, small and made anew from its pixels; gives its name. Raises `FormInvalid` that names the field."""
    from chalicelib.media.resizing import resized

    try:
        return ask.tools.photos.put(tenant_id, PUBLIC, resized(content).small)
    except Refusal as refusal:
        raise FormInvalid(refusal.message, param="logo") from refusal


def _typed_colour(ask: Ask, brand: Tenant) -> str:
    """Give the colour that the form asks for; empty for ours.

    It stands there twice, as a text and as what the browser lets one pick: the one that was touched counts.
    """
    ours = looks.ours()[0]["--brand"]
    text, picked = ask.form["accent"].strip(), ask.form["picked"].strip()
    shown = ask.form["shown"] or brand.accent or ours
    wanted = picked if text == shown and picked else text
    return "" if wanted.lower() in ("", ours) else wanted


def _shown_colour(ask: Ask, brand: Tenant) -> str | None:
    """Give the colour that the page is shown in, None for ours: the one tried, unless it is none, else the brand's."""
    if not ask.posted:
        return brand.accent
    wanted = _typed_colour(ask, brand)
    try:
        return check_accent(wanted) if wanted else None
    except Refusal:
        return brand.accent
