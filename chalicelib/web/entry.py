"""The way in: the public page, signing up, signing in with a code, signing out."""

from chalicelib.commissions import presets
from chalicelib.commissions.live import LIVE_PRESETS
from chalicelib.errors import Refusal
from chalicelib.money import MINOR_DIGITS
from chalicelib.people import codes, memberships, persons, sessions
from chalicelib.people.rules import clean_email, clean_name
from chalicelib.people.store import Membership, Person
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants
from chalicelib.tenants import rules as tenant_rules
from chalicelib.tenants import store as brands
from chalicelib.tenants.commands import SignUp
from chalicelib.web import cookies, guards, languages, markets, static, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.forms import Form
from chalicelib.web.frame import action, form, page

SIGN_UP_PRESETS = tuple(name for name in words.PRESETS if name in LIVE_PRESETS)
"""The presets that can be chosen, the simplest first."""


@page("/static/{name}")
def file(ask: Ask, name: str) -> Answer:
    """Give a file of ours; its name changes with its content, so it may be kept for ever."""
    text, content_type = static.read(name)
    return Answer(text, content_type=content_type, cache="public, max-age=31536000, immutable")


# ------------------------------------------------------------------------------------------------ signing in


@form("/signin")
def sign_in(ask: Ask) -> Answer:
    """Ask for an e-mail address and send a code to it."""
    if ask.posted:
        with ask.keeping_problem():
            send_code(ask)
            return _code_page(ask)
    return ask.show("public/sign_in.html", next=_next(ask) or "")


@action("/signin/code")
def sign_in_code(ask: Ask) -> Answer:
    """Take the code and open a session."""
    if ask.posted:
        with ask.keeping_problem():
            person = confirm(ask)
            cookie = open_session(ask, person)
            next_path = _next(ask)
            if next_path:
                return Answer(
                    status=303, headers={"Location": ask.links.again(next_path)}, cache="no-store", cookie=cookie
                )
            return ask.go("me", cookie=cookie)
    return _code_page(ask)


@form("/signout")
def sign_out(ask: Ask) -> Answer:
    """Close the session here, or everywhere."""
    if ask.posted and ask.session is not None:
        if ask.form["everywhere"]:
            sessions.close_all_sessions(ask.session.person_id)
        sessions.close_session(ask.cookie, secret=ask.settings.session_secret)
        return ask.go(cookie=cookies.forget())
    ask.signed_in()
    return ask.show("public/sign_out.html")


@form("/me")
def my_places(ask: Ask) -> Answer:
    """Choose a brand and role, or change one's own name and language."""
    person = ask.signed_in()
    if ask.posted:
        with ask.keeping_problem():
            persons.rename(
                person.person_id,
                name=ask.form.text("name"),
                language=languages.of_tag(ask.form["language"]) or "zh",
            )
            return ask.go("me", done="1")
    places = [_place(ask, membership) for membership in memberships.of(person.person_id)]
    if len(places) == 1 and not ask.query("stay") and not ask.query("done") and ask.problem is None:
        return Answer(status=303, headers={"Location": places[0][2]}, cache="no-store")
    return ask.show("public/places.html", places=places, me=person, roles=words.ROLES)


def _place(ask: Ask, membership: Membership) -> tuple[str, str, str]:
    with acting_for(membership.tenant_id):
        brand = tenants.get(membership.tenant_id)
    face = "lead" if membership.role == "leader" else "console"
    return brand.name, membership.role, ask.links.path(face, brand.slug)


def _next(ask: Ask) -> str | None:
    return guards.own_path(ask.form["next"] if ask.form else ask.query("next"))


def _code_page(ask: Ask) -> Answer:
    return ask.show("public/code.html", to=["signin", "code"], keep=("email", "next"), email=ask.form["email"])


# ------------------------------------------------------------------------------------------------ signing up


_SIGN_UP = ("email", "name", "slug", "currency", "timezone", "plan_preset", "owner_name", "examples")


@form("/signup")
def sign_up(ask: Ask) -> Answer:
    """Describe a brand; a code goes to its owner's address unless they are signed in already."""
    if ask.posted:
        with ask.keeping_problem():
            command = _sign_up_command(ask)
            if ask.person is not None:
                return _signed_up(ask, command, ask.person, cookie=None)
            send_code(ask)
            ask.form = Form({**ask.form, "slug": command.slug})
            return _sign_up_code_page(ask)
    return _sign_up_page(ask)


@action("/signup/code")
def sign_up_code(ask: Ask) -> Answer:
    """Take the code, make the brand, open a session, go to its shop or its console."""
    if not ask.posted:
        return _sign_up_code_page(ask)
    cookie = None
    with ask.keeping_problem():
        command = _sign_up_command(ask, check_free=False)
        try:
            person = confirm(ask, name=command.owner_name)
        except codes.CodeRefused as refusal:
            ask.problem = refusal
            return _sign_up_code_page(ask)
        cookie = open_session(ask, person)
        return _signed_up(ask, command, person, cookie=cookie)
    # The code is used, the address was taken meanwhile: signed in, they send the form again without another code.
    return ask.go("signup", cookie=cookie, taken="1") if cookie else _sign_up_page(ask)


def _sign_up_command(ask: Ask, *, check_free: bool = True) -> SignUp:
    """Check all that can be checked before a code is sent. Raises what signing up would."""
    form = ask.form
    email = ask.person.email if ask.person else form["email"]
    name, is_free = clean_name(form["name"]), not check_free or ask.person is not None
    command = SignUp(
        name=name,
        slug=tenant_rules.check_slug(form["slug"]) if form["slug"].strip() else _free_slug(ask, name),
        email=clean_email(email),
        currency=tenant_rules.check_currency(form["currency"]),
        timezone=tenant_rules.check_timezone(form["timezone"]),
        plan_preset=form["plan_preset"],
        owner_name=clean_name(form["owner_name"], param="owner_name") if form["owner_name"].strip() else "",
    )
    try:
        presets.load(command.plan_preset)
    except presets.PresetUnknown as refusal:
        raise Refusal(refusal.message, param="plan_preset") from refusal
    if not is_free and brands.by_slug(command.slug) is not None:
        raise tenants.AddressTaken("This address is another brand's already. Choose another one.", param="slug")
    return command


def _free_slug(ask: Ask, name: str) -> str:
    """Suggest an address that no brand has."""
    suggested = tenant_rules.suggest_slug(name, 0)
    if brands.by_slug(suggested) is None:
        return suggested
    return tenant_rules.suggest_slug(name, 1 + ask.tools.randbits(19))


def _signed_up(ask: Ask, command: SignUp, owner: Person, *, cookie: str | None) -> Answer:
    brand = tenants.sign_up(command, now=ask.now, randbits=ask.tools.randbits)
    if not ask.form["examples"]:
        return ask.go("console", brand.slug, cookie=cookie)
    from chalicelib.tenants import examples  # with all that makes products and campaigns: not at a cold start

    with acting_for(brand.tenant_id):
        name = command.owner_name or owner.name or brand.name
        examples.fill(
            brand, owner.person_id, name, language=ask.language, now=ask.now, randbits=ask.tools.randbits,
            photos=ask.tools.photos,
        )  # fmt: skip
    return ask.go("console", brand.slug, "ready", cookie=cookie)


def _sign_up_page(ask: Ask) -> Answer:
    if ask.query("taken") and ask.problem is None:
        ask.problem = tenants.AddressTaken("This address is another brand's already. Choose another one.", param="slug")
    from chalicelib.planning import sample

    market = markets.guessed(ask.headers.get("accept-language", ""))
    return ask.show(
        "public/sign_up.html",
        presets={name: words.PRESETS[name] for name in SIGN_UP_PRESETS},
        examples={name: sample.one_order(presets.load(name)) for name in SIGN_UP_PRESETS},
        example_order_minor=sample.LIST_PRICE_MINOR,
        currencies=tuple(MINOR_DIGITS),
        zones=tuple(dict.fromkeys((market.timezone, *words.TIME_ZONES))),
        market=market,
        with_examples=not ask.posted or bool(ask.form["examples"]),
    )


def _sign_up_code_page(ask: Ask) -> Answer:
    return ask.show("public/code.html", to=["signup", "code"], keep=_SIGN_UP, email=ask.form["email"])


# ------------------------------------------------------------------------------------------------ codes


def send_code(ask: Ask) -> None:
    """Send a code to the form's address. Raises `Invalid`, `TooManyCodes`."""
    tools = ask.tools
    codes.send_code(
        ask.form["email"],
        now=ask.now,
        randbits=tools.randbits,
        mailer=tools.mailer,
        secret=tools.settings.session_secret,
        language=ask.language,
    )


def confirm(ask: Ask, *, name: str = "") -> Person:
    """Give the person whose code was typed. Raises `CodeRefused`, `Invalid`."""
    return codes.confirm_code(
        ask.form["email"],
        ask.form["code"],
        now=ask.now,
        randbits=ask.tools.randbits,
        secret=ask.settings.session_secret,
        name=name,
        language=ask.language,
    )


def open_session(ask: Ask, person: Person) -> str:
    """Sign a person in and give the header that keeps it. The session that was there before is closed."""
    secret = ask.settings.session_secret
    sessions.close_session(ask.cookie, secret=secret)
    value = sessions.open_session(person.person_id, now=ask.now, randbits=ask.tools.randbits, secret=secret)
    return cookies.keep(value)
