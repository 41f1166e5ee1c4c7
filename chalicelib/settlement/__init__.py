"""Settlement: when the return window of a day's deliveries is over, what was held becomes available.

`days` says which day something falls due and when a day may be closed (pure), `store` keeps what falls due on each
day and how far the tenant has been closed, `actions` closes and settles in chunks that can be cut anywhere.
"""
