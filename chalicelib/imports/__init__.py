"""Bringing along what a brand has elsewhere: its leaders and its products, from a CSV or XLSX file.

`files` reads bytes into rows, `columns` knows the headers, `leader_rows` and `product_rows` check every row (pure),
`store` keeps a job with its rows in chunks, `actions` takes it from step to step, `writing` writes the rows.
infra/decisions/0011 says how all or nothing is kept with more rows than a transaction takes.
"""
