"""Text pasted from a chat's order chain (接龙), read into lines. Pure: the page and the API show what it made of it.

`reading.read` is the way in. Nothing is guessed silently: what is not sure carries a doubt with its reason, what cannot
be read is kept as text. `goods` knows the campaign's titles, `tokens` cuts a line, `names` finds whose it is, `items`
pairs goods with quantities, `lexicon` has the words people use.
"""
