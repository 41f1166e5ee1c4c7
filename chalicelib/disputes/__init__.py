"""Disputes: a buyer's bank takes a payment back until it has decided.

`intake` finds whose order it is and stores what Stripe tells; from the stream `actions` keeps each dispute as Stripe
last told it, and has the ledger follow (`commissions.disputes`): freeze, then take back (lost) or restore (won), once.
`rules` says which of two tellings is the later one, and what a disputed order may still be refunded.
"""
