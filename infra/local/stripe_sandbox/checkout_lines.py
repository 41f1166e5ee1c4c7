"""The lines of a Checkout Session, and the way its goods are sent."""

from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.products import price_of
from infra.local.stripe_sandbox.refusals import BadParameter, Json


def line_items(books: Books, wanted: list[Json]) -> list[Json]:
    """Lines with their amounts; all must be in one currency."""
    lines = [_line(books, item, f"line_items[{number}]") for number, item in enumerate(wanted)]
    if len({line["currency"] for line in lines}) > 1:
        message = "You cannot combine currencies on a single Checkout Session."
        raise BadParameter(message, param="line_items")
    return lines


def _line(books: Books, item: Json, path: str) -> Json:
    price = price_of(books, item, path)
    quantity = item.get("quantity")
    if not quantity:
        raise BadParameter(f"Missing required param: {path}[quantity].", param=f"{path}[quantity]")
    total = price["unit_amount"] * quantity
    return {
        "id": books.new_id("li_"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": price["currency"],
        "description": books.get("product", price["product"])["name"],
        "metadata": item.get("metadata", {}),
        "price": price,
        "quantity": quantity,
    }


def check_kinds_of_price(mode: str, lines: list[Json]) -> None:
    """A payment has one-time prices only, a subscription at least one that recurs."""
    has_recurring = any(line["price"]["type"] == "recurring" for line in lines)
    if mode == "payment" and has_recurring:
        message = "You specified `payment` mode but passed a recurring price."
        raise BadParameter(message, param="line_items")
    if mode == "subscription" and not has_recurring:
        message = "You must provide at least one recurring price in `subscription` mode."
        raise BadParameter(message, param="line_items")


def shipping_choice(books: Books, options: list[Json]) -> Json:
    """`shipping_options` and the `shipping_cost` of the first, which the page has chosen already."""
    shown = []
    for number, option in enumerate(options):
        data = option.get("shipping_rate_data")
        if data is None or "fixed_amount" not in data:
            message = "The local sandbox takes shipping rates by shipping_rate_data with a fixed_amount."
            raise BadParameter(message, param=f"shipping_options[{number}]", code="sandbox_unsupported")
        amount = data["fixed_amount"]["amount"]
        shown.append({"shipping_amount": amount, "shipping_rate": books.new_id("shr_")})
    if not shown:
        return {"shipping_options": [], "shipping_cost": None}
    first = shown[0]
    cost = {"amount_subtotal": first["shipping_amount"], "amount_tax": 0, "amount_total": first["shipping_amount"]}
    return {"shipping_options": shown, "shipping_cost": {**cost, "shipping_rate": first["shipping_rate"]}}
