"""The linter: reads a plan as a regulator and as a cheat would, and says what it finds in words of a brand owner.

Pure: it neither reads nor writes. `check.lint` runs every rule, `report.render` makes text of what it found;
`findings.blocking` says what still waits for an owner's override. It is no legal advice.
"""
