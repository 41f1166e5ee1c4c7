"""All that the sandbox offers: every address of the API, and everything the clock may set off."""

from infra.local.stripe_sandbox import (
    accounts,
    balance,
    billing_portal,
    charges,
    checkout,
    customers,
    disputes,
    invoices,
    payments,
    products,
    refunds,
    subscriptions,
    transfers,
    webhooks,
)

ROUTES = [
    *checkout.ROUTES,
    *payments.ROUTES,
    *charges.ROUTES,
    *refunds.ROUTES,
    *transfers.ROUTES,
    *accounts.ROUTES,
    *balance.ROUTES,
    *customers.ROUTES,
    *disputes.ROUTES,
    *products.ROUTES,
    *subscriptions.ROUTES,
    *invoices.ROUTES,
    *billing_portal.ROUTES,
    *webhooks.ROUTES,
]

ACTIONS = {
    "expire_session": checkout.expire_by_clock,
    "renew_subscription": subscriptions.renew_by_clock,
}
