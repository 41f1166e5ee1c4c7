"""What every resource answers alike: retrieve by id, list with cursors, and `expand`."""

from collections.abc import Callable

from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.refusals import Json, Refused
from infra.local.stripe_sandbox.routing import Call, Handler

DEFAULT_LIMIT = 10
_PAGING = {"created", "ending_before", "expand", "limit", "starting_after"}
_COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def retrieve(kind: str) -> Handler:
    """A handler that gives the object named by the path."""
    return lambda call: call.books.get(kind, call.id)


def listing(kind: str, *filters: str, under: str | None = None) -> Handler:
    """A handler that pages through a kind, filtered by parameters of those names.

    `under` names the field that must equal the path's id, for lists inside another object.
    """

    def answer(call: Call) -> Json:
        call.refuse_unsupported(*sorted(call.params.keys() - _PAGING - set(filters)))
        equal_to = {name: call.params[name] for name in filters if name in call.params}
        if under is not None:
            equal_to[under] = call.id
        data, has_more = call.books.page(
            kind,
            equal_to=equal_to,
            created=_created(call.params.get("created")),
            after=call.params.get("starting_after"),
            before=call.params.get("ending_before"),
            limit=call.params.get("limit", DEFAULT_LIMIT),
        )
        return list_object(data, call.path, has_more)

    return answer


def _created(wanted: int | dict[str, int] | None) -> dict[str, int]:
    if wanted is None:
        return {}
    if isinstance(wanted, int):
        return {"=": wanted}
    return {_COMPARISONS[name]: moment for name, moment in wanted.items()}


def list_object(data: list[Json], url: str, has_more: bool = False) -> Json:
    """Stripe's list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


# Fields that exist only when asked for: (kind, field) → how to make them.
Expansion = Callable[[Books, Json], Json]
EXPANSIONS: dict[tuple[str, str], Expansion] = {}


def expand(books: Books, body: Json, paths: list[str]) -> Json:
    """Replace the ids at `paths` (such as `data.payment_intent.latest_charge`) by the objects they name."""
    for path in paths:
        _expand_one(books, body, path.split("."), path)
    return body


def _expand_one(books: Books, body: Json, steps: list[str], path: str) -> None:
    first, rest = steps[0], steps[1:]
    if (make := EXPANSIONS.get((body.get("object", ""), first))) is not None:
        body.setdefault(first, make(books, body))
    elif isinstance(named := body.get(first), str):
        found = books.find(named) or books.on("").find(named)
        if found is None:
            raise Refused(f"This property cannot be expanded ({path}).", param="expand")
        body[first] = found
    elif first not in body:
        raise Refused(f"This property cannot be expanded ({path}).", param="expand")
    inner = body[first]
    for one in inner if isinstance(inner, list) else [inner]:
        if rest and isinstance(one, dict):
            _expand_one(books, one, rest, path)


def changed(body: Json, params: Json, *names: str) -> Json:
    """Set those parameters that were given on the object, merging metadata as Stripe does."""
    for name in names:
        if name in params:
            body[name] = params[name] if params[name] != "" else None
    if "metadata" in params:
        body["metadata"] = merged_metadata(body["metadata"], params["metadata"])
    return body


def merged_metadata(old: Json, given: Json | str) -> Json:
    """New keys over old ones; an empty value unsets its key, an empty string all of them."""
    if isinstance(given, str):
        return {}
    return {name: value for name, value in {**old, **given}.items() if value != ""}


def metadata_of(params: Json) -> Json:
    """The metadata of a new object."""
    return merged_metadata({}, params.get("metadata", {}))
