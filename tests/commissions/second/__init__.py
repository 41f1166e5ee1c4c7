"""The simulator a second time, plainly and slowly, written from OPERATING_MODELS.md alone.

Nothing of the product is imported here and the presets' numbers are written out in Python: what both
say of a history has been worked out twice.
"""
