"""Statements: what a leader (or the brand) sees of the ledger, each entry with its reason, down to the arithmetic.

`lines` keeps a line for every leader an entry touches, written from the stream; `sentences` turns the facts that an
entry keeps into Chinese or English (`phrases` has the words); `views` puts both together for the page, JSON and CSV.
`explanations` gives the whole calculation behind an entry: `steps` are its arithmetic, `of_order` reckons an order's
rewards anew from the kept sale and plan version, `of_fixed` the other rewards, `causes` says of which entries a
settlement or a payout consists.
"""
