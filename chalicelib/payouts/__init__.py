"""Payouts: what a leader has available is reserved in the ledger, sent by a rail, confirmed; once, wherever it is cut.

    reserved ──▶ sending ──▶ paid          Stripe transfer (`stripe_rail`)
        │           └──────▶ failed        (compensated: back to `available`)
        └──────▶ exported ─▶ paid | failed batch file for the bank (`batches`), confirmed line by line

`payable` says who may be paid, `store` keeps payouts, `steps` has the three steps of one, `actions` the run over all.
"""
