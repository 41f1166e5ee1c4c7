"""Subscriptions: started, renewed by the clock, changed without proration, canceled now or at the period's end."""

from infra.local.stripe_sandbox import invoices
from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.events import emit
from infra.local.stripe_sandbox.lists import DEFAULT_LIMIT, changed, list_object, listing, metadata_of, retrieve
from infra.local.stripe_sandbox.periods import period_end
from infra.local.stripe_sandbox.products import price_of
from infra.local.stripe_sandbox.refusals import BadParameter, Json, Refused
from infra.local.stripe_sandbox.routing import Call, Route

DAY_S = 24 * 3600
_ABSENT = (
    "application",
    "application_fee_percent",
    "cancel_at",
    "canceled_at",
    "default_source",
    "ended_at",
    "on_behalf_of",
    "pause_collection",
    "pending_setup_intent",
    "pending_update",
    "schedule",
    "test_clock",
    "transfer_data",
)


def create(call: Call) -> Json:
    """`POST /v1/subscriptions`."""
    if not call.params.get("items"):
        raise BadParameter("Missing required param: items.", param="items", code="parameter_missing")
    call.books.get("customer", call.params["customer"], "customer")
    return _start(call.books, call.params)


def start_from_checkout(books: Books, session: Json) -> Json:
    """The subscription that a paid session in `subscription` mode begins."""
    private = books.private(session["id"])
    items = [
        {"price": line["price"]["id"], "quantity": line["quantity"]}
        for line in private["line_items"]
        if line["price"]["type"] == "recurring"
    ]
    return _start(books, {**private["subscription_data"], "customer": session["customer"], "items": items})


def _start(books: Books, params: Json) -> Json:
    subscription_id = books.new_id("sub_")
    trial_end = _trial_end(books, params)
    items = [_new_item(books, subscription_id, item, n) for n, item in enumerate(params["items"])]
    subscription: Json = {
        "id": subscription_id,
        "object": "subscription",
        "automatic_tax": {"enabled": False, "disabled_reason": None, "liability": None},
        "billing_cycle_anchor": trial_end or books.now,
        "billing_mode": {"type": "flexible"},
        "billing_schedules": [],
        "cancel_at_period_end": params.get("cancel_at_period_end", False),
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": books.now,
        "currency": items[0]["price"]["currency"],
        "customer": params["customer"],
        "default_payment_method": params.get("default_payment_method"),
        "description": params.get("description"),
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": list_object(items, f"/v1/subscription_items?subscription={subscription_id}"),
        "latest_invoice": None,
        "livemode": False,
        "metadata": metadata_of(params),
        "start_date": books.now,
        "status": "trialing" if trial_end else "active",
        "trial_end": trial_end,
        "trial_start": books.now if trial_end else None,
        **dict.fromkeys(_ABSENT),
    }
    books.insert(subscription, {"periods": 0})
    _begin_period(books, subscription, books.now, trial_end, "subscription_create")
    emit(books, "customer.subscription.created", subscription)
    return subscription


def _trial_end(books: Books, params: Json) -> int | None:
    if "trial_period_days" in params:
        return int(books.now + params["trial_period_days"] * DAY_S)
    end = params.get("trial_end")
    return end if isinstance(end, int) else None


def _new_item(books: Books, subscription_id: str, wanted: Json, number: int) -> Json:
    price = price_of(books, wanted, f"items[{number}]")
    if price["recurring"] is None:
        message = "The price specified is set to `type=one_time` but this field only accepts recurring prices."
        raise BadParameter(message, param=f"items[{number}][price]")
    return {
        "id": books.new_id("si_"),
        "object": "subscription_item",
        "created": books.now,
        "current_period_end": books.now,
        "current_period_start": books.now,
        "discounts": [],
        "metadata": metadata_of(wanted),
        "plan": _plan(price),
        "price": price,
        "quantity": wanted.get("quantity", 1),
        "subscription": subscription_id,
        "tax_rates": [],
    }


def _plan(price: Json) -> Json:
    """The older shape of a price, which items still carry."""
    same = ("id", "active", "billing_scheme", "created", "currency", "livemode", "metadata", "nickname", "product")
    interval = {name: price["recurring"][name] for name in ("interval", "interval_count", "usage_type")}
    amount = {"amount": price["unit_amount"], "amount_decimal": price["unit_amount_decimal"]}
    return {"object": "plan", **{name: price[name] for name in same}, **interval, **amount}


def _begin_period(books: Books, subscription: Json, start: int, trial_end: int | None, reason: str) -> None:
    """Set the period, draw up and collect its invoice, and wake up at its end. A trial costs nothing."""
    items = subscription["items"]["data"]
    periods = books.private(subscription["id"])["periods"] + (0 if trial_end else 1)
    books.keep_private(subscription["id"], {"periods": periods})
    recurring = items[0]["price"]["recurring"]
    end = trial_end or period_end(subscription["billing_cycle_anchor"], recurring, periods)
    for item in items:
        item["current_period_start"], item["current_period_end"] = start, end
    if not trial_end:
        invoice = invoices.draw_up(books, subscription, reason, start, end)
        subscription["latest_invoice"] = invoice["id"]
        unpaid = "incomplete" if reason == "subscription_create" else "past_due"
        subscription["status"] = "active" if invoices.collect(books, invoice) else unpaid
    books.save(subscription)
    books.set_timer(subscription["id"], "renew_subscription", end)


def renew_by_clock(books: Books, subscription_id: str) -> None:
    """A period is over: end a subscription that was to be canceled, else begin the next period."""
    subscription = books.get("subscription", subscription_id)
    if subscription["status"] in ("canceled", "incomplete"):
        return
    if subscription["cancel_at_period_end"]:
        _end(books, subscription)
        return
    previous = {"status": subscription["status"], "latest_invoice": subscription["latest_invoice"]}
    _begin_period(books, subscription, books.now, None, "subscription_cycle")
    emit(books, "customer.subscription.updated", subscription, previous)


def update(call: Call) -> Json:
    """`POST /v1/subscriptions/{id}`: items, metadata, cancel at the period's end. Nothing is prorated."""
    books, params = call.books, call.params
    subscription = books.get("subscription", call.id)
    if subscription["status"] == "canceled":
        raise Refused("A canceled subscription can only update its cancellation_details and metadata.")
    named = ("cancel_at_period_end", "metadata", "items")
    previous: Json = {name: subscription[name] for name in named if name in params}
    changed(subscription, params, "description", "default_payment_method")
    if "cancel_at_period_end" in params:
        _plan_end(books, subscription, params["cancel_at_period_end"])
    if params.get("items"):
        previous["items"] = {**subscription["items"], "data": list(subscription["items"]["data"])}
        _change_items(books, subscription, params["items"])
    books.save(subscription)
    emit(books, "customer.subscription.updated", subscription, previous)
    return subscription


def _plan_end(books: Books, subscription: Json, is_ending: bool) -> None:
    end = subscription["items"]["data"][0]["current_period_end"]
    subscription["cancel_at_period_end"] = is_ending
    subscription["cancel_at"] = end if is_ending else None
    subscription["canceled_at"] = books.now if is_ending else None


def _change_items(books: Books, subscription: Json, wanted: list[Json]) -> None:
    items = {item["id"]: item for item in subscription["items"]["data"]}
    template = subscription["items"]["data"][0]
    for number, change in enumerate(wanted):
        if change.get("deleted"):
            items.pop(change.get("id", ""), None)
            continue
        old = items.get(change.get("id", ""))
        if "id" in change and old is None:
            message = f"No such subscription item: '{change['id']}'"
            raise Refused(message, param=f"items[{number}][id]", code="resource_missing")
        base = {"price": old["price"]["id"], "quantity": old["quantity"]} if old else {}
        new = _new_item(books, subscription["id"], {**base, **change}, number)
        for name in ("current_period_start", "current_period_end"):
            new[name] = template[name]
        new["id"] = old["id"] if old else new["id"]
        items[new["id"]] = new
    subscription["items"]["data"] = list(items.values())


def cancel(call: Call) -> Json:
    """`DELETE /v1/subscriptions/{id}`: at once."""
    subscription = call.books.get("subscription", call.id)
    if subscription["status"] == "canceled":
        raise Refused(f"No such subscription: '{call.id}'", param="id", code="resource_missing")
    return _end(call.books, subscription)


def list_all(call: Call) -> Json:
    """`GET /v1/subscriptions`: without `status` all but the canceled ones, with `all` every one."""
    status = call.params.get("status")
    if status not in (None, "all", "ended"):
        return _listed(call)
    call.refuse_unsupported(*sorted(call.params.keys() - {"customer", "status", "limit", "expand"}))
    of_customer = {"customer": call.params["customer"]} if "customer" in call.params else {}
    found = call.books.all("subscription", **of_customer)[::-1]
    if status != "all":
        found = [one for one in found if (one["status"] == "canceled") == (status == "ended")]
    limit = call.params.get("limit", DEFAULT_LIMIT)
    return list_object(found[:limit], call.path, len(found) > limit)


_listed = listing("subscription", "customer", "status")


def _end(books: Books, subscription: Json) -> Json:
    subscription["status"], subscription["ended_at"] = "canceled", books.now
    subscription["canceled_at"] = subscription["canceled_at"] or books.now
    books.clear_timer(subscription["id"], "renew_subscription")
    books.save(subscription)
    emit(books, "customer.subscription.deleted", subscription)
    return subscription


_ADDRESS = "/v1/subscriptions"
ROUTES = [
    Route("POST", _ADDRESS, "SubscriptionCreateParams", create),
    Route("GET", _ADDRESS, "SubscriptionListParams", list_all),
    Route("GET", _ADDRESS + "/{id}", "SubscriptionRetrieveParams", retrieve("subscription")),
    Route("POST", _ADDRESS + "/{id}", "SubscriptionUpdateParams", update),
    Route("DELETE", _ADDRESS + "/{id}", "SubscriptionCancelParams", cancel),
]
