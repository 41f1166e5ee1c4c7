"""The frame around every view: reads the request, holds the tenant's fence, turns refusals into pages."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from chalice.app import Blueprint, Request, Response

from chalicelib.errors import Refusal, Unauthenticated
from chalicelib.web import guards, languages, rendering
from chalicelib.web.access import BeginsElsewhere
from chalicelib.web.answers import NOT_KEPT, Answer, redirect, response
from chalicelib.web.ask import Ask
from chalicelib.web.auditing import FormLog
from chalicelib.web.links import Links
from chalicelib.web.uploads import MULTIPART
from chalicelib.wiring import Tools

View = Callable[..., Answer]
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Route:
    """A view with its way in."""

    method: str
    path: str
    view: View
    takes: tuple[str, ...] = (FORM,)


ROUTES: list[Route] = []
"""Every page, in the order in which the modules of views were imported (`routes`)."""


def page(path: str) -> Callable[[View], View]:
    """Make a function the view of a path; it is given the `Ask` and the parts of the path by name."""

    def register(view: View) -> View:
        ROUTES.append(Route("GET", path, view))
        return view

    return register


def action(path: str) -> Callable[[View], View]:
    """Make a function the view of a path that only takes a form."""

    def register(view: View) -> View:
        ROUTES.append(Route("POST", path, view))
        return view

    return register


def form(path: str) -> Callable[[View], View]:
    """Make a function the view of a page with a form on it, shown and sent to the same path."""

    def register(view: View) -> View:
        return action(path)(page(path)(view))

    return register


def upload(path: str) -> Callable[[View], View]:
    """Make a function the view of a page with a form that carries a file (`ask.files`)."""

    def register(view: View) -> View:
        ROUTES.append(Route("POST", path, view, takes=(FORM, MULTIPART)))
        return page(path)(view)

    return register


def pages_blueprint(routes: list[Route], tools: Callable[[], Tools]) -> Blueprint:
    """Make the blueprint; `tools` is asked for at the first request, not before."""
    blueprint = Blueprint(__name__)
    for route in routes:
        types = {"content_types": list(route.takes)} if route.method == "POST" else {}
        register = blueprint.route(route.path, methods=[route.method], name=_name_of(route), **types)
        register(_framed(blueprint, route, tools))
    blueprint.register_middleware(_in_words(tools), "http")
    return blueprint


def _in_words(tools: Callable[[], Tools]) -> Callable[[Any, Callable[[Any], Response]], Response]:
    """Turn what chalice itself answers outside of `/v1` (wrong method or content type, a defect of ours) into a page.

    Nothing is read for it: whatever broke may be broken still.
    """

    def middleware(request: Request | None, get_response: Callable[[Any], Response]) -> Response:
        answer = get_response(request)
        if request is None or request.path.startswith("/v1/") or not isinstance(answer.body, dict):
            return answer
        language = languages.choose("", None, request.headers.get("accept-language", ""))
        text = _OUR_FAULT if answer.status_code >= 500 else _WRONG_WAY
        body = rendering.html(
            "broken.html",
            tag=languages.TAGS[language],
            text=languages.say(language, text),
            back=languages.say(language, "Go back"),
            path=Links(tools().settings.public_url).path,
            file=Links(tools().settings.public_url).file,
        )
        return response(Answer(body, answer.status_code, cache=NOT_KEPT), tools().settings)

    return middleware


_OUR_FAULT = "Something went wrong on our side. Please try again in a moment."
_WRONG_WAY = "This address cannot be used in this way. Go back and try again."


def _name_of(route: Route) -> str:
    return f"{route.method.lower()}_{route.view.__name__}"


def _framed(blueprint: Blueprint, route: Route, tools: Callable[[], Tools]) -> Callable[..., Response]:
    def answer(**parts: str) -> Response:
        world, request = tools(), blueprint.current_request
        with ExitStack() as inside:
            ask = Ask(request, world, inside)
            return response(_kept(route, ask, _answer(route, ask, request, parts)), world.settings)

    return answer


def _kept(route: Route, ask: Ask, answer: Answer) -> Answer:
    """Keep what is somebody's own out of all caches, whatever its view says; what is public stays so.

    A phone is shared, a browser restores tabs: nobody shall find another one's earnings or address by going back.
    """
    is_own = ask.cookie or answer.cookie or "{order_token}" in route.path or answer.cache == "no-store"
    return replace(answer, cache=NOT_KEPT) if is_own and not answer.cache.startswith("public") else answer


def _answer(route: Route, ask: Ask, request: Request, parts: Mapping[str, str]) -> Answer:
    try:
        ask.route = route.path
        if route.method != "POST":
            return route.view(ask, **parts)
        ask.take_form()
        ask.log = FormLog(ask, route.path, parts) if route.path.startswith("/console/") else None
        answer = route.view(ask, **parts)
        if ask.log is not None:
            ask.log.answered(answer)
        return answer
    except Refusal as refusal:
        if ask.log is not None:
            ask.log.refused(refusal)
        return _refused(route, ask, refusal, parts)


def _refused(route: Route, ask: Ask, refusal: Refusal, parts: Mapping[str, str]) -> Answer:
    if isinstance(refusal, BeginsElsewhere):
        return redirect(ask.links.path("console", refusal.store, refusal.place))
    if isinstance(refusal, Unauthenticated):
        return redirect(ask.links.path("signin", next=_way_back(route, parts)))
    return _error_page(ask, refusal)


def _error_page(ask: Ask, refusal: Refusal) -> Answer:
    ask.problem = None  # its sentence is the page itself
    text = languages.explain(ask.language, refusal)
    return ask.show("error.html", status=refusal.status, text=text, missing=refusal.status == 404)


def _way_back(route: Route, parts: Mapping[str, str]) -> str | None:
    """Give the path asked for, to go on with after signing in; a form's target is left out."""
    if route.method != "GET":
        return None
    way = route.path
    for name, value in parts.items():
        way = way.replace("{" + name + "}", value)
    return guards.own_path(way)
