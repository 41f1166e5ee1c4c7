"""Telling people: an outbox of messages about orders, refunds, groups, payouts and bills, each fact told once.

A notice names its fact, so that the same fact told twice is one notice; it holds no address, name or phone number. The
stream sends it as soon as it is written, the sweep what failed or was cut. Why so: `infra/decisions/0016-notices.md`.
"""
