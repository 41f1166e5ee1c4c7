"""Statements: what a leader (or the brand) sees of the ledger, each entry with its reason in a sentence.

`lines` keeps a line for every leader an entry touches, written from the stream; `sentences` turns the facts that an
entry keeps into Chinese or English; `views` puts both together for the page, JSON and CSV.
"""
