"""Joining a brand as a leader, by the link of whoever invites."""

from chalicelib.leaders import joining
from chalicelib.leaders.commands import Register
from chalicelib.people import codes
from chalicelib.people.rules import clean_email, clean_name, clean_phone
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.entry import confirm, open_session, send_code
from chalicelib.web.frame import action, form

_FIELDS = ("name", "phone", "email", "group_size")


@form("/join/{store}/{code}")
def join(ask: Ask, store: str, code: str) -> Answer:
    """Show who invites, and take the newcomer's data; a code goes to their address unless they are signed in."""
    brand = ask.enter(store)
    if ask.posted:
        with ask.keeping_problem():
            command = _command(ask, code)
            if ask.person is not None:
                joining.register(
                    brand.tenant_id, command, ask.person.person_id, now=ask.now, randbits=ask.tools.randbits
                )
                return ask.go("lead", store)
            clean_email(ask.form["email"])
            joining.invitation(brand.tenant_id, code, now=ask.now)
            send_code(ask)
            return _code_page(ask, store, code)
    return _join_page(ask, code)


@action("/join/{store}/{code}/confirm")
def join_confirm(ask: Ask, store: str, code: str) -> Answer:
    """Take the code, make the leader, open a session, go to the workspace."""
    brand = ask.enter(store)
    if not ask.posted:
        return _code_page(ask, store, code)
    cookie = None
    with ask.keeping_problem():
        command = _command(ask, code)
        try:
            person = confirm(ask, name=command.name)
        except codes.CodeRefused as refusal:
            ask.problem = refusal
            return _code_page(ask, store, code)
        cookie = open_session(ask, person)
        joining.register(brand.tenant_id, command, person.person_id, now=ask.now, randbits=ask.tools.randbits)
        return ask.go("lead", store, cookie=cookie)
    # The code is used: whoever is refused now is signed in, and sends the form again without another one.
    return ask.go("join", store, code, cookie=cookie) if cookie else _join_page(ask, code)


def _command(ask: Ask, code: str) -> Register:
    typed = ask.form
    return Register(
        code=code,
        name=clean_name(typed["name"]),
        phone=clean_phone(typed["phone"]),
        group_size=max(0, typed.integer("group_size", empty=0)) or None,
        language=ask.language,
    )


def _join_page(ask: Ask, code: str) -> Answer:
    assert ask.brand is not None  # noqa: S101 - both views enter the brand first
    open_invitation = joining.invitation(ask.brand.tenant_id, code, now=ask.now)
    return ask.show(
        "workspace/join.html",
        code=code,
        inviter=open_invitation.inviter,
        min_group_size=open_invitation.min_group_size,
    )


def _code_page(ask: Ask, store: str, code: str) -> Answer:
    return ask.show("public/code.html", to=["join", store, code, "confirm"], keep=_FIELDS, email=ask.form["email"])
