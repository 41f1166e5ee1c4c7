"""The frame around every view: reads the request, holds the tenant's fence, turns refusals into pages."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from chalice.app import Blueprint, Request, Response

from chalicelib.errors import Refusal, Unauthenticated
from chalicelib.web import guards, languages
from chalicelib.web.answers import Answer, redirect, response
from chalicelib.web.ask import Ask
from chalicelib.wiring import Tools

View = Callable[..., Answer]
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Route:
    """A view with its way in."""

    method: str
    path: str
    view: View


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


def pages_blueprint(routes: list[Route], tools: Callable[[], Tools]) -> Blueprint:
    """Make the blueprint; `tools` is asked for at the first request, not before."""
    blueprint = Blueprint(__name__)
    for route in routes:
        types = {"content_types": [FORM]} if route.method == "POST" else {}
        register = blueprint.route(route.path, methods=[route.method], name=_name_of(route), **types)
        register(_framed(blueprint, route, tools))
    return blueprint


def _name_of(route: Route) -> str:
    return f"{route.method.lower()}_{route.view.__name__}"


def _framed(blueprint: Blueprint, route: Route, tools: Callable[[], Tools]) -> Callable[..., Response]:
    def answer(**parts: str) -> Response:
        world, request = tools(), blueprint.current_request
        with ExitStack() as inside:
            ask = Ask(request, world, inside)
            return response(_answer(route, ask, request, parts), world.settings)

    return answer


def _answer(route: Route, ask: Ask, request: Request, parts: Mapping[str, str]) -> Answer:
    try:
        if route.method == "POST":
            ask.take_form()
        return route.view(ask, **parts)
    except Unauthenticated:
        return redirect(ask.links.path("signin", next=_way_back(route, parts)))
    except Refusal as refusal:
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
