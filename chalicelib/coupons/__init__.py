"""Coupons: issued by the stream, used at checkout, given back when the order falls through, ended by the sweep.

`rules` decides (pure), `store` keeps them, `checkout` puts one on an order inside the order's own transaction,
`actions` moves them on afterwards and posts what each move means to the ledger. infra/decisions/0010 says what the
plans left open.
"""
