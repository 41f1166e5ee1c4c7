"""Connected accounts, their capabilities, and the links by which their owners finish onboarding."""

from infra.local.stripe_sandbox.books import PLATFORM, Books
from infra.local.stripe_sandbox.events import emit
from infra.local.stripe_sandbox.lists import changed, listing, metadata_of
from infra.local.stripe_sandbox.refusals import BadParameter, Json, NoAccess, Refused
from infra.local.stripe_sandbox.routing import Call, Route

LINK_LIVES_S = 300
# Countries whose people transfers do not reach; those leaders are paid by batch file.
UNSUPPORTED_COUNTRIES = {"CN", "CU", "IR", "KP", "RU", "SY"}
_DUE = ["individual.first_name", "individual.last_name", "external_account", "tos_acceptance.date"]


def get(books: Books, account_id: str) -> Json:
    """The account, which its platform may see; one that is deleted or unknown is refused as Stripe does."""
    account = books.on(PLATFORM).find(account_id)
    if account is None or account["object"] != "account" or account.get("deleted"):
        raise NoAccess(
            f"The provided key does not have access to account '{account_id}' (or that account does not exist). "
            "Application access may have been revoked."
        )
    return account


def create(call: Call) -> Json:
    """`POST /v1/accounts`: capabilities asked for stay inactive until the owner has finished onboarding."""
    params = call.params
    country = params.get("country", "US")
    if country in UNSUPPORTED_COUNTRIES:
        message = f"{country} is not currently supported by Stripe."
        raise Refused(message, param="country", code="country_unsupported")
    account = {
        "id": call.books.new_id("acct_"),
        "object": "account",
        "business_profile": params.get("business_profile") or {"name": None, "url": None},
        "business_type": params.get("business_type"),
        "capabilities": {},
        "charges_enabled": False,
        "controller": _controller(params),
        "country": country,
        "created": call.books.now,
        "default_currency": params.get("default_currency", "usd"),
        "details_submitted": False,
        "email": params.get("email"),
        "external_accounts": _list(call, "external_accounts"),
        "metadata": metadata_of(params),
        "payouts_enabled": False,
        "requirements": _requirements(_DUE),
        "settings": params.get("settings") or {},
        "tos_acceptance": {"date": None},
        "type": params.get("type", "none" if "controller" in params else "standard"),
    }
    _request(account, params)
    return call.books.on(PLATFORM).insert(account)


def _list(call: Call, name: str) -> Json:
    return {"object": "list", "data": [], "has_more": False, "url": f"{call.path}/{name}"}


def _controller(params: Json) -> Json:
    return {"type": "application", "is_controller": True, **params.get("controller", {})}


def _requirements(due: list[str]) -> Json:
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": due,
        "disabled_reason": "requirements.past_due" if due else None,
        "errors": [],
        "eventually_due": due,
        "past_due": due,
        "pending_verification": [],
    }


def _request(account: Json, params: Json) -> None:
    for name, wanted in params.get("capabilities", {}).items():
        if wanted.get("requested") is False:
            account["capabilities"].pop(name, None)
        elif name not in account["capabilities"]:
            account["capabilities"][name] = "active" if account["details_submitted"] else "inactive"


def retrieve(call: Call) -> Json:
    """`GET /v1/accounts/{id}`."""
    return get(call.books, call.id)


def retrieve_own(call: Call) -> Json:
    """`GET /v1/account`: the connected account acted for. The platform's own has no id here."""
    if call.books.account == PLATFORM:
        raise BadParameter("The sandbox's platform has no account object; set the Stripe-Account header.")
    return get(call.books, call.books.account)


def update(call: Call) -> Json:
    """`POST /v1/accounts/{id}`."""
    account = get(call.books, call.id)
    before = dict(account, capabilities=dict(account["capabilities"]))
    changed(account, call.params, "email", "business_type", "business_profile", "default_currency", "settings")
    _request(account, call.params)
    return _updated(call.books, before, account)


def delete(call: Call) -> Json:
    """`DELETE /v1/accounts/{id}`."""
    return call.books.on(PLATFORM).delete(get(call.books, call.id))


def finish_onboarding(books: Books, account_id: str) -> Json:
    """The owner has given all details: every capability asked for becomes active. Used by page and control API."""
    account = get(books, account_id)
    before = dict(account)
    account["capabilities"] = dict.fromkeys(account["capabilities"], "active")
    account["details_submitted"] = account["payouts_enabled"] = True
    account["charges_enabled"] = "card_payments" in account["capabilities"]
    account["requirements"] = _requirements([])
    return _updated(books, before, account)


def revoke_capability(books: Books, account_id: str, capability: str) -> Json:
    """Stripe takes a capability away, as it does when a deadline for documents has passed."""
    account = get(books, account_id)
    before = dict(account)
    account["capabilities"] = {**account["capabilities"], capability: "inactive"}
    account["payouts_enabled"] = False
    account["requirements"] = _requirements(["individual.verification.document"])
    return _updated(books, before, account)


def _updated(books: Books, before: Json, account: Json) -> Json:
    previous = {name: before[name] for name in before if before[name] != account[name]}
    books.on(PLATFORM).save(account)
    if previous:
        emit(books.on(account["id"]), "account.updated", account, previous)
    return account


def create_link(call: Call) -> Json:
    """`POST /v1/account_links`: an address for the owner, good for one visit within five minutes."""
    account = get(call.books, call.params["account"])
    if call.params["type"] == "account_onboarding":
        for name in ("refresh_url", "return_url"):
            if name not in call.params:
                message = f"Missing required param: {name}."
                raise BadParameter(message, param=name, code="parameter_missing")
    token = call.books.new_id("acctlink_")
    link = {
        "object": "account_link",
        "created": call.books.now,
        "expires_at": call.books.now + LINK_LIVES_S,
        "url": f"{call.books.base_url}/setup/{token}",
    }
    urls = {name: call.params.get(name) for name in ("refresh_url", "return_url")}
    call.books.on(PLATFORM).insert({**link, "id": token}, {"account": account["id"], "used": False, **urls})
    return link


ROUTES = [
    Route("POST", "/v1/accounts", "AccountCreateParams", create),
    Route("GET", "/v1/accounts", "AccountListParams", listing("account")),
    Route("GET", "/v1/account", "AccountRetrieveCurrentParams", retrieve_own),
    Route("GET", "/v1/accounts/{id}", "AccountRetrieveParams", retrieve),
    Route("POST", "/v1/accounts/{id}", "AccountUpdateParams", update),
    Route("DELETE", "/v1/accounts/{id}", "AccountDeleteParams", delete),
    Route("POST", "/v1/account_links", "AccountLinkCreateParams", create_link),
]
