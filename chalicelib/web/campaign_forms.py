"""The forms of a new campaign: what was typed becomes a command, and a refusal finds its field on the page again."""

from typing import get_args

from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.campaigns.items import PriceStep
from chalicelib.campaigns.terms import Goal, WhenShort
from chalicelib.delivery.ways import WAYS
from chalicelib.web.forms import Form, FormInvalid

STEPS = 3
"""So many lower prices fit on the page; the API takes more."""

_EXTRAS = ("per_person", "case_size")
_GROUP = ("goal.least", "places", "extend_hours")


def read_new(typed: Form, currency: str, timezone: str) -> CreateCampaign:
    """Read the brand's form of a new campaign. Raises `FormInvalid` that names the field."""
    return CreateCampaign(
        title=typed["title"],
        opens_at=typed.moment("opens_at", timezone),
        closes_at=typed.moment("closes_at", timezone),
        items=[_offer(typed, product_id, currency) for product_id in _checked(typed)],
        goal=read_goal(typed),
        when_short=when_short(typed),
        extend_hours=whole(typed, "extend_hours") if when_short(typed) == "extend" else None,
        ladder_by="people" if typed["ladder_by"] == "people" else "units",
        places=whole(typed, "places"),
        shown="chosen" if typed["shown"] == "chosen" else "everywhere",
        orders_per_second=whole(typed, "orders_per_second"),
        delivery=[way for way in WAYS if typed[f"way.{way}"]] or None,
    )


def chosen(typed: Form) -> list[str]:
    """List the products whose quantity is filled, in the order of the page. Raises `FormInvalid` without any."""
    found = _chosen(typed)
    if not found:
        raise FormInvalid("Give at least one product a quantity.", param="items")
    return found


def whole(typed: Form, name: str) -> int | None:
    """Read a whole number that may be left out. Raises `FormInvalid`."""
    return typed.integer(name) if typed[name].strip() else None


def read_goal(typed: Form) -> Goal | None:
    """Read the smallest group; None where none is asked for. Raises `FormInvalid`."""
    least = whole(typed, "goal.least")
    match typed["goal.by"]:
        case "people" | "units" | "cases" as by:
            return Goal(by=by, least=typed.integer("goal.least") if least is None else least)
    if least is not None:
        raise FormInvalid("Choose what is counted: people, units or cases.", param="goal.by")
    return None


def when_short(typed: Form) -> WhenShort:
    """Read what happens to a group that is short; everybody's money goes back where nothing was said."""
    return next((one for one in get_args(WhenShort) if one == typed["when_short"]), "fail")


def field_of(typed: Form, param: str) -> str:
    """Name the page's field that a refusal is about (`items.1.steps.0.at`: the second product's first lower price)."""
    first, _, rest = param.partition(".")
    number, _, what = rest.partition(".")
    products = _chosen(typed)
    if first != "items" or not number.isdigit() or int(number) >= len(products):
        return param
    product_id = products[int(number)]
    name, _, rest = what.partition(".")
    if name == "steps":
        place, _, field = rest.partition(".")
        rows = _rows(typed, product_id)
        row = rows[int(place)] if place.isdigit() and int(place) < len(rows) else 0
        return f"step.{product_id}.{row}.{'price' if field == 'price_minor' else 'at'}"
    known = {"price_minor": "price", "per_person": "per_person", "case_size": "case_size"}
    return f"{known.get(name, 'quantity')}.{product_id}"


def unfolded(typed: Form, wrong_field: str) -> set[str]:
    """Say which parts of the page are to be open: products with more than a quantity and a price, `group`, `more`."""
    found = {name.split(".")[1] for name in typed if _is_extra(name) and (typed[name].strip() or name == wrong_field)}
    has_goal = typed["goal.by"] not in ("", "none")
    if has_goal or wrong_field in ("goal.by", *_GROUP) or any(typed[name].strip() for name in _GROUP):
        found.add("group")
    if wrong_field == "orders_per_second" or typed["orders_per_second"].strip() or typed["shown"] == "chosen":
        found.add("more")
    return found


def _chosen(typed: Form) -> list[str]:
    return [product_id for product_id, units in typed.below("quantity").items() if units.strip() not in ("", "0")]


def _checked(typed: Form) -> list[str]:
    """List the products; a limit or a price that stands beside no quantity was meant for something."""
    products = chosen(typed)
    for name in typed:
        if (_is_extra(name) or name.startswith("price.")) and typed[name].strip():
            product_id = name.split(".")[1]
            if product_id not in products:
                raise FormInvalid(
                    "Give this product a quantity, or empty its other fields.", param=f"quantity.{product_id}"
                )
    return products


def _is_extra(name: str) -> bool:
    kind, _, rest = name.partition(".")
    return bool(rest) and (kind == "step" or kind in _EXTRAS)


def _offer(typed: Form, product_id: str, currency: str) -> Offer:
    price = f"price.{product_id}"
    return Offer(
        product_id=product_id,
        quantity=typed.integer(f"quantity.{product_id}"),
        price_minor=typed.money(price, currency) if typed[price].strip() else None,
        steps=[_step(typed, f"step.{product_id}.{row}", currency) for row in _rows(typed, product_id)],
        per_person=whole(typed, f"per_person.{product_id}"),
        case_size=whole(typed, f"case_size.{product_id}"),
    )


def _step(typed: Form, field: str, currency: str) -> PriceStep:
    return PriceStep(at=typed.integer(f"{field}.at"), price_minor=typed.money(f"{field}.price", currency))


def _rows(typed: Form, product_id: str) -> list[int]:
    """List the rows of a product's price ladder in which anything is typed."""
    fields = [f"step.{product_id}.{row}" for row in range(STEPS)]
    return [row for row, name in enumerate(fields) if (typed[f"{name}.at"] + typed[f"{name}.price"]).strip()]
