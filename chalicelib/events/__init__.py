"""What the triggers call. `stream` hands every stored fact to whoever needs it, `schedules` does what is due.

Both may run twice, late, or be cut: everything they call is written so that doing it again is harmless.
"""
