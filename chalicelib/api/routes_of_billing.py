"""Ways into `/v1`: the brand's own bill."""

from chalicelib.api.resources import billing
from chalicelib.api.route import Route, get

ROUTES: tuple[Route, ...] = (
    get("/v1/billing", "Show the brand's tier and what it uses", billing.retrieve, billing.Billing),
)
