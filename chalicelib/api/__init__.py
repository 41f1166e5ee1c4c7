"""The brand's own systems come in here: the `/v1` JSON API in Stripe's manners, and Stripe's webhook.

`routes` is the one table of what can be asked; `blueprint` makes chalice's routes of it, `openapi` the document.
A request goes through `serving`: key → brand → body (`reading`) → once (`idempotency`) → `resources` → JSON.
"""
