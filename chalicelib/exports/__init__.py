"""Taking along what a brand has here: orders, leaders, commissions and more, as CSV or XLSX of any size.

`sources` reads rows a page at a time, `cells` says what a cell may be, `csv_file` and `xlsx_file` write them in pieces,
`files` keeps pieces and files, `store` keeps a job, `actions` takes it from step to step (decision 0029).
"""
