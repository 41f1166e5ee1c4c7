"""The log of a brand: what was done, by whom, when; what was changed from what to what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.audit import begun
from chalicelib.audit import store as log
from chalicelib.audit.begun import AuditOnce
from chalicelib.audit.kinds import KINDS
from chalicelib.audit.store import SCHEDULE, AuditEntry
from chalicelib.people import api_keys, memberships
from chalicelib.people import store as people
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.web import audit_words, things, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.auditing import way_to
from chalicelib.web.frame import page
from chalicelib.web.rendering import money, percent

PAGE = 50
_NAMES: Mapping[str, Mapping[str, str]] = {
    "kinds": words.BOARD_KINDS,
    "role": words.ROLES,
    "export": words.EXPORT_KINDS,
    "jurisdictions": words.PLACES,
    "channels": words.PLACES,
    "status": words.LEADER_STATUSES,
}
"""What the values of some settings are called."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the page shows it; `changes`: name, before and after, written out."""

    at: datetime
    what: str
    who: str
    name: str
    way: tuple[str, ...]
    changes: list[tuple[str, str, str]]


@page("/console/{store}/audit")
def audit_log(ask: Ask, store: str) -> Answer:
    """Show the log, newest first; of a kind, of somebody, or both. Owners only."""
    desk = ask.desk(store, "owner")
    what = ask.query("what") if ask.query("what") in KINDS else ""
    who, after = ask.query("who")[:60], ask.query("after")
    found, further = log.newest(
        desk.tenant_id, limit=PAGE, what=what, who=who, after=decode_cursor(after) if after else None
    )
    broken_off = [] if what or who or after else begun.unfinished(desk.tenant_id, now=ask.now, limit=PAGE)
    abouts = [entry.about for entry in found] + [one.about for one in broken_off]
    seen = {entry.who for entry in found} | {str(one.who) for one in broken_off}
    doers = _doers(ask, desk, seen | ({who} if who else set()))
    cursor = encode_cursor(further) if further else None
    return ask.show(
        "console/audit.html",
        lines=[_line(ask, desk, entry, doers) for entry in found],
        broken_off=[_begun(ask, one, doers) for one in broken_off],
        kinds=[("", ask.say("Everything")), *((kind, ask.say(audit_words.KINDS[kind])) for kind in KINDS)],
        doers=[("", ask.say("Everybody")), *sorted(doers.items(), key=lambda one: one[1])],
        asked_what=what,
        asked_who=who,
        things=things.names_of(desk.tenant_id, [way_to(about or "") for about in abouts]),
        older=ask.links.path("console", store, "audit", what=what, who=who, after=cursor) if cursor else "",
    )


def _doers(ask: Ask, desk: Desk, seen: set[str]) -> dict[str, str]:
    """Name everybody who works for the brand, its keys, and who else is on the page, by what the log calls them."""
    named = {person.person_id: person.name or person.email for person, _ in memberships.team(desk.tenant_id)}
    gone = [who for who in seen if who.startswith("prs_") and who not in named]
    named |= {who: person.name or person.email for who, person in people.persons(gone).items()}
    keys = {f"api:{key.last_four}": f"{key.name} …{key.last_four}" for key in api_keys.list_api_keys(desk.tenant_id)}
    named |= keys | {who: who for who in seen if who not in named and who not in keys}
    named[SCHEDULE] = ask.say("By itself")
    return named


def _begun(ask: Ask, one: AuditOnce, doers: dict[str, str]) -> Line:
    """Show what was begun and never noted: what came of it is not known."""
    assert one.begun_at is not None  # noqa: S101 - else it is noted, and not listed
    what = ask.say(audit_words.KINDS.get(str(one.what), audit_words.KINDS["other"]))
    who = str(one.who)
    return Line(one.begun_at, what, who, doers.get(who, who), way_to(one.about or ""), [])


def _line(ask: Ask, desk: Desk, entry: AuditEntry, doers: dict[str, str]) -> Line:
    return Line(
        at=entry.at,
        what=ask.say(audit_words.KINDS.get(entry.what, audit_words.KINDS["other"])),
        who=entry.who,
        name=doers.get(entry.who, entry.who),
        way=way_to(entry.about or ""),
        changes=[
            (_field(ask, name), _written(ask, desk, name, before), _written(ask, desk, name, after))
            for name, (before, after) in entry.changes.items()
        ],
    )


def _field(ask: Ask, name: str) -> str:
    return ask.say(audit_words.FIELDS[name]) if name in audit_words.FIELDS else name


def _written(ask: Ask, desk: Desk, name: str, value: Any) -> str:
    """Write a value of a setting as people read it; nothing where there was none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return ask.say("Yes") if value else ask.say("No")
    if name.endswith("_minor") and isinstance(value, int):
        return money(value, desk.brand.currency)
    if name.endswith("_bp") and isinstance(value, int):
        return percent(value)
    if name not in _NAMES:
        return str(value)
    names, parts = _NAMES[name], str(value).replace(",", " ").split()
    return ", ".join(ask.say(names[part]) if part in names else part for part in parts)
