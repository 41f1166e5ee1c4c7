"""What was done to a brand, by whom: an append-only log of its console, its API keys and its schedules.

`kinds` says what is noted of each way in, `looks` reads settings before and after, `store` keeps the entries. The
frames of pages and of `/v1` note by themselves whatever succeeded: a new form cannot be forgotten (decision 0029).
"""
