"""One request, as views see it: who asks, in which language, for which brand, with which form; and how to answer."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, get_args

from chalice.app import Request

from chalicelib import at_hand
from chalicelib.chinese import Language, named, written
from chalicelib.errors import NotFound, Refusal, Unauthenticated
from chalicelib.leaders import profiles
from chalicelib.leaders.store import Leader
from chalicelib.people import memberships, persons, sessions
from chalicelib.people import store as people
from chalicelib.people.rules import Role
from chalicelib.people.store import Membership, Person
from chalicelib.reading import read_ahead
from chalicelib.remembering import Remembered
from chalicelib.tenancy import acting_for
from chalicelib.tenants import store as tenants
from chalicelib.tenants.store import Tenant
from chalicelib.web import access, cookies, forms, guards, languages, rendering, uploads
from chalicelib.web.answers import ASK_AGAIN, FRESH, Answer, redirect
from chalicelib.web.auditing import FormLog
from chalicelib.web.forms import Form
from chalicelib.web.links import Links
from chalicelib.wiring import Tools

tenant_ids: Remembered[str, str] = Remembered(1_000)
"""Which brand has an address, as this process learnt it: an address is never given to another brand."""


class SignInFirst(Unauthenticated):
    """The page is for people who are signed in."""

    code = "sign_in_first"


class BrandUnknown(NotFound):
    """No brand has this address."""

    code = "brand_unknown"


@dataclass(frozen=True, slots=True)
class Desk:
    """A brand with somebody who works for it."""

    brand: Tenant
    person: Person
    membership: Membership

    @property
    def tenant_id(self) -> str:
        """The brand's id, the first argument of every action."""
        return self.brand.tenant_id


class Ask:
    """A request. `posted` is True when a form came that may be acted upon.

    route: the path of the view, `/console/{store}/team`. noted: what the log says of a form beside what it sees by
    itself, before and after by name. nothing_done: a form did nothing (yet): its answer
    asks further, or all in it was refused.
    """

    def __init__(self, request: Request, tools: Tools, inside: ExitStack) -> None:
        self.tools, self.settings = tools, tools.settings
        self.now = tools.now()
        self.headers = request.headers
        self._query: Mapping[str, str] = request.query_params or {}
        self._request, self._inside = request, inside
        self.posted, self.form = False, Form({})
        self.files: Mapping[str, tuple[str, bytes]] = {}
        self.problem: Refusal | None = None
        self.brand: Tenant | None = None
        self.method = request.method
        self.route, self.role = "", ""
        self.log: FormLog | None = None
        self.noted: dict[str, tuple[Any, Any]] = {}
        self.nothing_done = False

    def query(self, name: str) -> str:
        """Give a value of the address's query; empty when it is not there."""
        return str(self._query.get(name, ""))[:500]

    # ------------------------------------------------------------------------------------------------ who

    @cached_property
    def cookie(self) -> str:
        """The session cookie's value, empty when there is none."""
        return cookies.session_cookie_of(self.headers.get("cookie", ""))

    @cached_property
    def session(self) -> sessions.Session | None:
        """The session of the browser; a visitor without the cookie costs no read."""
        return sessions.session_of(self.cookie, now=self.now, secret=self.settings.session_secret)

    @cached_property
    def person(self) -> Person | None:
        """Who is signed in."""
        return persons.get(self.session.person_id) if self.session else None

    def signed_in(self) -> Person:
        """Give who is signed in. Raises `SignInFirst`."""
        if self.person is None:
            raise SignInFirst("Please sign in first.")
        return self.person

    @cached_property
    def language(self) -> Language:
        """The language of the page."""
        own = self.person.language if self.person else None
        return languages.choose(self.query("lang"), own, self.headers.get("accept-language", ""))

    @cached_property
    def links(self) -> Links:
        """Writes addresses; carries a language along that the address asked for."""
        return Links(self.settings.public_url, self.language if self.query("lang") else None)

    def say(self, sentence: str, /, **values: Any) -> str:
        """Give a sentence in the page's language."""
        return languages.say(self.language, sentence, **values)

    # ------------------------------------------------------------------------------------------------ for which brand

    def enter(self, store: str) -> Tenant:
        """Act for the brand of an address from here to the end of the request. Raises `BrandUnknown`."""
        brand = self._act_for(tenant_ids.get(store))
        if brand is None or brand.slug != store:
            brand = self._act_for(tenants.by_slug(store))
        if brand is None:
            raise BrandUnknown("There is no such brand. Check the address, or ask for a new link.")
        tenant_ids.put(store, brand.tenant_id)
        self.brand = brand
        return brand

    def _act_for(self, tenant_id: str | None) -> Tenant | None:
        if tenant_id is None:
            return None
        self._inside.enter_context(acting_for(tenant_id))
        return tenants.get(tenant_id)

    def look_for(self, tenant_id: str) -> None:
        """Act for a brand to look only, with nothing read ahead yet, to the end of the request (`looking.enter`)."""
        self._inside.enter_context(acting_for(tenant_id))
        self._inside.enter_context(at_hand.looking())

    def desk(self, store: str, *roles: Role) -> Desk:
        """Enter a brand as somebody who works for it: in one of the roles, or in one that `access` lets in here.

        Raises `SignInFirst`, `NotYourBrand`, `RoleMissing`, `BeginsElsewhere`.
        """
        with self._read_at_the_door(store):
            person = self.signed_in()  # before the brand: a stranger does not learn which brands there are
            brand = self.enter(store)
            open_to = (*roles, *access.also(self.method, self.route))
            try:
                membership = memberships.require_role(brand.tenant_id, person.person_id, *open_to)
            except memberships.RoleMissing as refusal:
                homes = [access.HOMES[role] for role in refusal.held if role in access.HOMES]
                if homes and self.route == "/console/{store}":
                    raise access.BeginsElsewhere(store, homes[0]) from refusal
                raise
        self.role = membership.role
        desk = Desk(brand, person, membership)
        if self.log is not None:
            self.log.at_desk(desk)
        return desk

    @contextmanager
    def _read_at_the_door(self, store: str) -> Iterator[None]:
        """Read who asks, the brand and what the one may do there in one request, where it is known which brand.

        In a hand that is closed behind the door: what a form does reads for itself.
        """
        tenant_id = tenant_ids.get(store)
        if self.session is None or tenant_id is None:
            yield
            return
        with at_hand.looking():
            with acting_for(tenant_id):
                person_id = self.session.person_id
                mine = [people.membership_key(tenant_id, person_id, role) for role in get_args(Role)]
                read_ahead(
                    [(people.person_key(person_id), "profile"), tenants.tenant_key(tenant_id), *mine], consistent=True
                )
            yield

    def leading(self, store: str) -> tuple[Desk, Leader]:
        """Enter a brand as one of its leaders. Raises what `desk` raises."""
        desk = self.desk(store, "leader")
        return desk, profiles.get(desk.tenant_id, desk.membership.leader_id or "")

    # ------------------------------------------------------------------------------------------------ the form

    def take_form(self) -> None:
        """Read a posted form and see that it is one of ours; else `problem` says why and nothing may be done.

        Raises `ForeignForm` when another site sent it, and what `forms.read` raises.
        """
        guards.check_origin(self.headers, self.settings.public_url)
        content_type = self.headers.get("content-type", "")
        if content_type.startswith(uploads.MULTIPART):
            body = self._request.raw_body
            self.form, self.files = uploads.read(body.encode() if isinstance(body, str) else body, content_type)
        else:
            self.form = forms.read(self._request.raw_body)
        try:
            if self.session is None:
                self.nonce()
            else:
                guards.check_session_token(
                    self.form["csrf"], self.settings.session_secret, self.session.token_fingerprint
                )
        except (guards.FormTooOld, guards.ForeignForm) as refusal:
            self.problem = refusal
        else:
            self.posted = True

    def show_again(self, typed: Mapping[str, str]) -> None:
        """Take what was typed into the address as the fields that forms of the page are shown with."""
        self.form = Form(typed)

    def nonce(self) -> str:
        """Give what names this very form: sent twice, it is the same. Raises `FormTooOld`."""
        return guards.check_nonce(self.form["nonce"], self.settings.session_secret, now=self.now)

    def form_id(self, prefix: str) -> str:
        """Give the id of what this very form makes: sent twice, it is one thing. Raises `FormTooOld`."""
        self.nonce()
        return guards.id_of_form(self.form["nonce"], prefix)

    @contextmanager
    def keeping_problem(self) -> Iterator[None]:
        """Run what a form asks for; a refusal becomes the `problem` that the form is shown with again."""
        try:
            yield
        except (NotFound, Unauthenticated):
            raise
        except Refusal as refusal:
            self.problem = refusal

    # ------------------------------------------------------------------------------------------------ answers

    def show(
        self, template: str, *, status: int = 200, cookie: str | None = None, public: bool = False, **values: Any
    ) -> Answer:
        """Answer with a page; with the status of the problem if there is one.

        public: it holds no form and nothing of the one who asks, so that a shared cache may give it to others as well.
        """
        if self.problem is not None:
            status = self.problem.status
        field = values.pop("wrong_field", "") or (self.problem.param if self.problem else "") or ""
        body = rendering.html(template, **self._frame_values(), problem_field=field, **values)
        is_shared = public and not self.cookie and self.problem is None
        cache = FRESH if is_shared else ASK_AGAIN  # of who is signed in, and by an order's link: `frame`
        return Answer(body, status, cache=cache, cookie=cookie)

    def go(self, *parts: str, cookie: str | None = None, **query: str | None) -> Answer:
        """Answer with a redirect to a page of ours."""
        return redirect(self.links.path(*parts, **query), cookie=cookie)

    def _frame_values(self) -> dict[str, Any]:
        zone, secret = self.brand.timezone if self.brand else "UTC", self.settings.session_secret
        session = self.session
        return {
            "_": self.say,
            "ask": self,
            "lang": self.language,
            "tag": languages.TAGS[self.language],
            "languages": languages.NAMES,
            "named": lambda one: named(one, self.language),
            "in_chinese": lambda text: written(text, self.language),
            "path": self.links.path,
            "file": self.links.file,
            "brand": self.brand,
            "leads_to": lambda way: access.leads_to(self.role, way),
            "person": self.person,
            "currency": self.brand.currency if self.brand else "CNY",
            "typed": self.form,
            "problem": self.problem,
            "problem_text": languages.explain(self.language, self.problem) if self.problem else "",
            "notice": self.query("done"),
            "csrf": guards.session_token(secret, session.token_fingerprint) if session else "",
            "nonce": guards.new_nonce(secret, now=self.now, randbits=self.tools.randbits),
            "moment": lambda at, **how: rendering.moment(at, zone, self.language, **how),
            "instant": datetime.fromisoformat,
            "on_day": lambda day: rendering.day_label(day, self.language, year=True),
            "in_month": lambda month: rendering.month_label(month, self.language),
            "typed_moment": lambda at: rendering.typed_moment(at, zone),
        }
