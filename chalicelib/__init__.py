"""Tuanyuan (团圆). One order's journey, in the order in which to read:

1. `web.storefront`     a customer opens a leader's page and fills a basket
2. `orders.place`       stock is reserved with the order, a Stripe Checkout session opened
3. `api.stripe_webhook` Stripe's event is verified and stored, and answered at once
4. `events.stream`      every stored fact comes by here, at least once, and goes to whoever needs it
5. `orders.payment`     the order becomes paid, once
6. `commissions`        pure rules say who earns what; the inputs are kept with the order
7. `ledger`             one entry, double, append only; balances move with it
8. `orders.delivery`    delivered: the return window runs, the earnings fall due on a day
9. `settlement`         the day is closed: what was held is available
10. `payouts`           reserve, send, confirm: by Stripe transfer, or a batch file for the bank
"""
