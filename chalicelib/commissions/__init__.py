"""Who earns what on a sale. `rules` decides (pure), `presets` are plans as data, `store` keeps a brand's versions,
`actions` read, decide and post to the ledger when an order is paid or refunded and when a leader is confirmed.

Nothing here knows of orders, baskets or Stripe: selling code hands over a `PaidOrder`.
"""
