"""Empty: the sample app keeps everything in app.py, but packaging looks for this folder."""
