"""What Stripe refuses, in Stripe's error shape: `{"error": {"type", "code", "message", "param", "doc_url"}}`."""

from typing import Any

Json = dict[str, Any]


class StripeRefusal(Exception):
    """An answer other than success. `is_saved` says whether an idempotency key remembers it."""

    status = 400
    type = "invalid_request_error"
    code: str | None = None
    is_saved = True

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code or self.code
        self.details = details

    def body(self) -> Json:
        """The JSON that Stripe's libraries turn into their exceptions."""
        error: Json = {"message": self.message, "type": self.type, **self.details}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param:
            error["param"] = self.param
        return {"error": error}


class BadParameter(StripeRefusal):
    """The parameters fail validation. No endpoint began to run, so no key remembers this answer."""

    is_saved = False


class Refused(StripeRefusal):
    """The endpoint ran and said no."""


class Missing(StripeRefusal):
    """The object of the address does not exist."""

    status = 404
    code = "resource_missing"


class CardDeclined(StripeRefusal):
    """The buyer's card was declined."""

    status = 402
    type = "card_error"
    code = "card_declined"


class BadKey(StripeRefusal):
    """No API key, or not one of test mode."""

    status = 401
    is_saved = False


class NoAccess(StripeRefusal):
    """The `Stripe-Account` header names an account that does not exist."""

    status = 403
    code = "account_invalid"
    is_saved = False


class UnknownAddress(StripeRefusal):
    """No such method and path."""

    status = 404
    is_saved = False


class KeyReused(StripeRefusal):
    """The idempotency key was first used with other parameters."""

    type = "idempotency_error"
    is_saved = False


class KeyInUse(StripeRefusal):
    """Another request with the same idempotency key is under way."""

    status = 409
    code = "idempotency_key_in_use"
    is_saved = False


class SlowDown(StripeRefusal):
    """Too many requests."""

    status = 429
    code = "rate_limit"
    is_saved = False


class Broken(StripeRefusal):
    """Stripe's own failure: status 500, which a key remembers as well."""

    status = 500
    type = "api_error"
