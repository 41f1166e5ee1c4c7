"""What leaders and their teams sell and whom they brought: rolled up from the table's stream, exact, cheap to read.

`rules` says what a fact changes, `store` keeps one item a leader, `rollup` takes the stream in, `progress` raises and
confirms by the plan's rules, `rebuild` reckons everything anew from the ledger, `check` compares the two.
"""
