"""Benchmarks: figures to look at, never assertions on time. `make bench` runs them all, `… cold_start` one of them."""
